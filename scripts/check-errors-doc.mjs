// Holds docs/errors.md and the error tables of the built packages equal, in both directions: every code is on the page with its
// severity and remedy, and every code on the page exists. `--write` writes severities, remedies and new rows; what a code means
// is written by hand and kept. Codes of notices and refusals have to be on some page of docs/.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PAGE = join(ROOT, 'docs/errors.md');
const BEGIN = '<!-- tables: scripts/check-errors-doc.mjs --write -->';
const END = '<!-- end of tables -->';
const TITLES = {
  SDK: 'SDK',
  CLI: 'Command line',
  METRICS: 'Metrics',
  DATA: 'Data and catalog',
  RUNTIME: 'Runs',
  LIVE: 'Paper and live',
  BACKUP: 'Backup and restore',
  LEASE: 'Leases of accounts',
  IBKR: 'Interactive Brokers',
};
/** Text in capitals that is no code of ours: of the machine, of databases, of the environment, of the test kit's paper venue, of IB. */
const FOREIGN = /^(?:E[A-Z]+_AGAIN|ERR_|UND_ERR_|SQLITE_|MODULE_|BOOKRUNNER_|PAPER_|BID_ASK$)/;

/** Built modules whose source still exists, as paths from the root. */
function builtModules() {
  const modules = [];
  const walk = (folder, source) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const from = join(source, entry.name.replace(/\.js$/, '.ts'));
      if (entry.isDirectory()) walk(path, from);
      else if (entry.name.endsWith('.js') && isFile(from)) modules.push(path);
    }
  };
  for (const name of readdirSync(join(ROOT, 'packages')).toSorted(
    (a, b) => Number(b === 'sdk') - Number(a === 'sdk'),
  )) {
    const folder = join(ROOT, 'packages', name);
    if (isFile(join(folder, 'package.json'))) walk(join(folder, 'dist'), join(folder, 'src'));
  }
  return modules;
}

function isFile(path) {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Every `…_ERRORS` export: `{ name, file, rows: { CODE: { severity, remedy } } }`. */
async function tablesOf(modules) {
  const tables = [];
  for (const path of modules) {
    const names = [...readFileSync(path, 'utf8').matchAll(/^export const ([A-Z_]+_ERRORS)\b/gm)].map(
      (match) => match[1],
    );
    if (names.length === 0) continue;
    const module = await import(pathToFileURL(path).href);
    const file = relative(ROOT, path).replace('/dist/', '/src/').replace(/\.js$/, '.ts');
    for (const name of names) tables.push({ name, file, rows: module[name] });
  }
  return tables;
}

function titleOf(table) {
  const area = table.name.replace(/_ERRORS$/, '');
  const words = area.toLowerCase().replaceAll('_', ' ');
  return TITLES[area] ?? `${words[0].toUpperCase()}${words.slice(1)}`;
}

/** Rows of the page: code to `{ severity, meaning, remedy }`. */
function rowsOfPage(text) {
  const rows = new Map();
  for (const line of text.split('\n')) {
    const match = /^\| `([A-Z_]+)` \| ([^|]*) \| ((?:[^|\\]|\\.)*) \| ((?:[^|\\]|\\.)*) \|$/.exec(line);
    if (match !== null) rows.set(match[1], { severity: match[2], meaning: match[3].trim(), remedy: match[4] });
  }
  return rows;
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

function tablesAsText(tables, known) {
  return tables
    .map((table) => {
      const rows = Object.entries(table.rows).map(
        ([code, { severity, remedy }]) =>
          `| \`${code}\` | ${severity} | ${known.get(code)?.meaning ?? ''} | ${cell(remedy)} |`,
      );
      const head = `### ${titleOf(table)}\n\nIn \`${table.file}\`.`;
      return `${head}\n\n| code | severity | what happened | what to do |\n|---|---|---|---|\n${rows.join('\n')}`;
    })
    .join('\n\n');
}

/** What is wrong with the page. */
function faultsOf(tables, page) {
  const known = rowsOfPage(page);
  const faults = [];
  const owners = new Map();
  for (const table of tables) {
    for (const [code, { severity, remedy }] of Object.entries(table.rows)) {
      if (owners.has(code)) faults.push(`${code} is in two tables: ${owners.get(code)} and ${table.file}.`);
      owners.set(code, table.file);
      const row = known.get(code);
      if (row === undefined) faults.push(`${code} (${table.file}) is not on the page.`);
      else if (row.meaning === '') faults.push(`${code} has no words on what happened.`);
      else if (row.severity !== severity || row.remedy !== cell(remedy))
        faults.push(`${code} reads differently in ${table.file}.`);
    }
  }
  for (const code of known.keys()) if (!owners.has(code)) faults.push(`${code} is on the page and in no table.`);
  return faults;
}

/** Codes of notices and refusals that no page explains. */
function unexplained(modules, tables) {
  const errors = new Set(tables.flatMap((table) => Object.keys(table.rows)));
  const folder = join(ROOT, 'docs');
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
  const text = pages.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const faults = new Map();
  for (const path of modules) {
    if (path.includes('/testing/')) continue;
    for (const [, code] of readFileSync(path, 'utf8').matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)) {
      const isKnown = errors.has(code) || FOREIGN.test(code) || text.includes(`\`${code}\``);
      if (!isKnown) faults.set(code, `${code} (${relative(ROOT, path)}) is on no page of docs/.`);
    }
  }
  return [...faults.values()];
}

const modules = builtModules();
const tables = await tablesOf(modules);
if (tables.length === 0) throw new Error('No error table is built. Run `npx tsc -b` first.');
let page = readFileSync(PAGE, 'utf8');
if (process.argv.includes('--write')) {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error('docs/errors.md lacks the lines between which the tables stand.');
  page = `${before}${BEGIN}\n\n${tablesAsText(tables, rowsOfPage(page))}\n\n${END}${after}`;
  writeFileSync(PAGE, page);
}
const faults = [...faultsOf(tables, page), ...unexplained(modules, tables)];
for (const fault of faults) console.error(fault);
const count = tables.reduce((sum, table) => sum + Object.keys(table.rows).length, 0);
console.log(`Error codes: ${count} in ${tables.length} tables, ${faults.length} faults.`);
if (faults.length > 0) process.exitCode = 1;
