// The SDK's public surface as text: every export of its entry points with its declaration, comments left out, so that a change of
// the contract shows in review. `node scripts/api-report.mjs` compares the built SDK with docs/api/sdk.txt and fails where they
// differ or where an export has no doc comment; `--write` writes the file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const SDK = join(ROOT, 'packages/sdk');
const REPORT = join(ROOT, 'docs/api/sdk.txt');

const DECLARED = /^export (?:declare )?(?:abstract )?(?:class|const|function|interface|type|enum) (\w+)/;

/** Top-level statements of a declaration file: `{ name, text, isDocumented }`. */
function statementsOf(path) {
  const statements = [];
  let lines = [];
  let isDocumented = false;
  let depth = 0;
  for (const { code, isDoc } of codeOf(path)) {
    if (isDoc && lines.length === 0) isDocumented = true;
    if (code === '') continue;
    lines.push(code);
    depth += count(code, /[{([]/g) - count(code, /[})\]]/g);
    if (depth > 0 || !/[;}]$/.test(code)) continue;
    statements.push(statementOf(lines.join('\n'), isDocumented, statements.at(-1)));
    lines = [];
    isDocumented = false;
  }
  return statements;
}

/** One comment may speak for a row of constants: seconds, minutes, hours. */
function statementOf(text, isDocumented, before) {
  const isRow = / const /.test(text) && / const /.test(before?.text ?? '');
  return { name: DECLARED.exec(text)?.[1], text, isDocumented: isDocumented || (isRow && before.isDocumented) };
}

/** Lines without their comments, and whether a doc comment begins there. */
function* codeOf(path) {
  let isInside = false;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const { code, stillComment } = withoutComments(line, isInside);
    yield { code: line.startsWith('//#') ? '' : code.trimEnd(), isDoc: !isInside && line.startsWith('/**') };
    isInside = stillComment;
  }
}

function count(text, pattern) {
  // Brackets inside text are none of the structure.
  return text.replaceAll(/'[^']*'|"[^"]*"/g, '').match(pattern)?.length ?? 0;
}

function withoutComments(line, isInside) {
  let code = line;
  if (isInside) {
    const end = code.indexOf('*/');
    if (end < 0) return { code: '', stillComment: true };
    code = code.slice(end + 2);
  }
  code = code.replaceAll(/\/\*.*?\*\//g, '');
  const start = code.indexOf('/*');
  return start < 0 ? { code, stillComment: false } : { code: code.slice(0, start), stillComment: true };
}

/** Exported names of an entry point: `{ name, shownAs, file }`, in order of name. */
function exportsOf(entry) {
  const names = [];
  const text = statementsOf(entry)
    .map((statement) => statement.text)
    .join('\n');
  if (/^export \*/m.test(text))
    throw new Error(`${relative(ROOT, entry)} exports everything of a file: list the names.`);
  for (const [, list, from] of text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)'/gm)) {
    const file = join(dirname(entry), from.replace(/\.js$/, '.d.ts'));
    for (const item of list.split(',').map((word) => word.trim())) {
      if (item === '') continue;
      const [name, shownAs = name] = item.replace(/^type /, '').split(' as ');
      names.push({ name, shownAs, file });
    }
  }
  return names.toSorted((a, b) => (a.shownAs < b.shownAs ? -1 : 1));
}

/** Declarations of a name, followed through files that only pass it on. */
function declarationOf({ name, file }) {
  const found = statementsOf(file).filter((statement) => statement.name === name);
  if (found.length > 0) return found;
  const passed = exportsOf(file).find((other) => other.shownAs === name);
  if (passed === undefined) throw new Error(`${name} is not declared in ${relative(ROOT, file)}.`);
  return declarationOf(passed);
}

function report() {
  const { name: packageName, exports } = JSON.parse(readFileSync(join(SDK, 'package.json'), 'utf8'));
  const undocumented = [];
  const parts = [];
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    const entry = packageName + path.slice(1);
    const declarations = exportsOf(join(SDK, target.types)).map((exported) => {
      const found = declarationOf(exported);
      if (!found.some((statement) => statement.isDocumented)) undocumented.push(`${entry}: ${exported.shownAs}`);
      const alias = exported.shownAs === exported.name ? '' : `// exported as ${exported.shownAs}\n`;
      return alias + found.map((statement) => statement.text).join('\n');
    });
    parts.push(`===== ${entry}: ${declarations.length} exports =====\n\n${declarations.join('\n\n')}\n`);
  }
  return { text: parts.join('\n'), undocumented };
}

function main() {
  const { text, undocumented } = report();
  for (const name of undocumented) console.error(`No doc comment: ${name}`);
  if (process.argv.includes('--write')) {
    mkdirSync(dirname(REPORT), { recursive: true });
    writeFileSync(REPORT, text);
  }
  const written = readFileSync(REPORT, 'utf8');
  if (written !== text) {
    const [now, before] = [text.split('\n'), written.split('\n')];
    const line = now.findIndex((row, i) => row !== before[i]);
    console.error(
      `docs/api/sdk.txt:${line + 1} is not what is built: run \`node scripts/api-report.mjs --write\` and look at the change.`,
    );
    console.error(`  written: ${before[line] ?? '(end)'}\n  built:   ${now[line] ?? '(end)'}`);
  }
  console.log(
    `SDK surface: ${text.match(/^export /gm)?.length ?? 0} declarations, ${undocumented.length} without a doc comment.`,
  );
  if (written !== text || undocumented.length > 0) process.exitCode = 1;
}

main();
