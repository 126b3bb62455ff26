// Holds the documentation to the code: links lead somewhere, and the functions that docs/architecture.md names exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const faults = [];
/** Names of the language itself. */
const BUILT_IN = new Set(['Symbol', 'Intl', 'Math', 'Number', 'JSON']);

function filesBelow(folder, ending) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (['node_modules', 'dist', 'var', '.git'].includes(entry.name)) return [];
    if (entry.isDirectory()) return filesBelow(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

/** Anchor of a heading, as repositories show it. */
function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function checkLinks(page) {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(file)) {
      faults.push(`${relative(ROOT, page)}: ${target} leads nowhere.`);
    } else if (anchor !== undefined && file.endsWith('.md')) {
      const anchors = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map((match) => anchorOf(match[1]));
      if (!anchors.includes(anchor)) faults.push(`${relative(ROOT, page)}: ${target} has no such heading.`);
    }
  }
}

/** Every `Class.method`, file and bare function that the page puts in backticks. */
function checkNames(page, sources) {
  const text = readFileSync(page, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  const all = sources.map((path) => readFileSync(path, 'utf8'));
  for (const [, name] of text.matchAll(/`([^`\s]+)`/g)) {
    const method = /^([A-Z]\w+)\.(\w+)$/.exec(name);
    if (BUILT_IN.has(method?.[1])) continue;
    if (method !== null) {
      const [, owner, member] = method;
      const declared = new RegExp(`(?:class|interface) ${owner}\\b[\\s\\S]*?^  (?:get |async )*${member}[(:]`, 'm');
      if (!all.some((source) => declared.test(source)))
        faults.push(`${relative(ROOT, page)}: \`${name}\` does not exist.`);
    } else if (/^[\w/-]+\/[\w-]+\.ts$/.test(name)) {
      if (!sources.some((path) => path.endsWith(`/${name}`)))
        faults.push(`${relative(ROOT, page)}: \`${name}\` does not exist.`);
    } else if (/^[a-z]+[A-Z]\w+$/.test(name) && !all.some((source) => new RegExp(`\\b${name}\\b`).test(source))) {
      faults.push(`${relative(ROOT, page)}: \`${name}\` is nowhere in the code.`);
    }
  }
}

const pages = filesBelow(ROOT, '.md');
for (const page of pages) checkLinks(page);
const sources = [...filesBelow(join(ROOT, 'packages'), '.ts')].filter((path) => !/\.(?:test|fixture)\.ts$/.test(path));
for (const page of [join(ROOT, 'docs/architecture.md'), ...filesBelow(join(ROOT, 'docs/adr'), '.md')])
  checkNames(page, sources);
for (const fault of faults) console.error(fault);
console.log(`Documentation: ${pages.length} pages, ${faults.length} faults.`);
if (faults.length > 0) process.exitCode = 1;
