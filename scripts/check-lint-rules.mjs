// Shows that the lint rules fire: plants one violation of each in a copy of the folder tree and runs the linter over it. A rule
// that is switched off by a typing error in .oxlintrc.json would else go unnoticed.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const KERNEL = 'packages/engine/src/kernel';
const lines = (count) => Array.from({ length: count }, (_, i) => `export const line${i} = ${i};`).join('\n');
const importing = (name) => `import { thing } from '${name}';\nexport const planted = thing;`;
const IMPORTS = 'eslint(no-restricted-imports)';
const GLOBALS = 'eslint(no-restricted-globals)';

/** Folder, source, and the rule that has to fire; undefined where none may. `name` is the file's, where it matters. */
const CASES = [
  ['packages/sdk/src/plugin', importing('@bookrunner/engine'), IMPORTS],
  ['packages/sdk/src/plugin', importing('node:fs'), IMPORTS],
  ['packages/sdk/src/plugin', importing('zod/v4/core'), IMPORTS],
  ['packages/sdk/src/plugin', importing('zod')],
  ['packages/sdk/src/testing/venue-contract', importing('@jest/globals'), IMPORTS],
  ['packages/sdk/src/model', importing('../interfaces/feed.js'), IMPORTS],
  ['packages/sdk/src/model', importing('../errors.js')],
  ['packages/sdk/src/interfaces', importing('../plugin/context.js'), IMPORTS],
  ['packages/sdk/src/interfaces', importing('../model/tick.js')],
  ['packages/sdk/src/features', importing('../testing/random.js'), IMPORTS],
  ['packages/engine/src/runtime', importing('@bookrunner/plugins-ibkr'), IMPORTS],
  ['packages/engine/src/runtime', importing('@bookrunner/plugins-ibkr/simulator'), IMPORTS],
  ['packages/engine/src/runtime', importing('tsyringe'), IMPORTS],
  ['packages/engine/src', importing('tsyringe'), undefined, 'composition-root.ts'],
  ['packages/engine/src/runtime', importing('node:fs')],
  ['packages/engine/src/runtime/recorded', importing('../live/live-run.js'), IMPORTS],
  ['packages/engine/src/runtime/recorded', importing('tsyringe'), IMPORTS],
  ['packages/engine/src/runtime/recorded', importing('../driver.js')],
  ['packages/engine/src/runtime/brokers', importing('../session/paper.js'), IMPORTS],
  ['packages/engine/src/runtime/brokers', importing('../synchronous-venue.js')],
  ['packages/engine/src/runtime/live', importing('../session/paper.js'), IMPORTS],
  ['packages/engine/src/runtime/live', importing('@bookrunner/plugins-ibkr'), IMPORTS],
  ['packages/engine/src/runtime/live', importing('../brokers/brokers.js')],
  ...[
    '../cli/command.js',
    '../runtime/driver.js',
    '../report/html.js',
    '../store/store.js',
    '../feeds/catalog-feed.js',
  ].map((name) => [KERNEL, importing(name), IMPORTS]),
  ...['node:fs', 'node:timers/promises', 'zod', '@bookrunner/sdk/testing'].map((name) => [
    KERNEL,
    importing(name),
    IMPORTS,
  ]),
  ['packages/engine/src/numbers', importing('../cli/command.js'), IMPORTS],
  [KERNEL, importing('@bookrunner/sdk')],
  [KERNEL, importing('../execution/execution.js')],
  [KERNEL, 'export const planted = (): number => Date.now();', GLOBALS],
  [KERNEL, 'export const planted = (): Date => new Date();', GLOBALS],
  [KERNEL, 'export const planted = (): number => performance.now();', GLOBALS],
  [KERNEL, 'export const planted = (act: () => void): unknown => setTimeout(act, 1);', GLOBALS],
  [KERNEL, 'export const planted = (act: () => void): void => queueMicrotask(act);', GLOBALS],
  [KERNEL, 'export const planted = (): unknown => globalThis.Date;', GLOBALS],
  [KERNEL, 'export const planted = (): number => Math.random();', 'eslint(no-restricted-properties)'],
  [KERNEL, 'export async function planted(): Promise<void> {}', 'oxc(no-async-await)'],
  ['packages/engine/src/signals', 'export const planted = (): number => Date.now();', GLOBALS],
  [
    'packages/engine/src/bars',
    'export const planted = (): number => Math.random();',
    'eslint(no-restricted-properties)',
  ],
  ['packages/engine/src/simulated-venue', 'export const planted = (): number => Date.now();', GLOBALS],
  ['packages/engine/src/runtime', 'export const planted = (): number => Date.now();'],
  ['strategies/own/src', importing('@bookrunner/engine'), IMPORTS],
  ['strategies/own/src', importing('node:fs'), IMPORTS],
  ['strategies/own/src', importing('@bookrunner/sdk')],
  ['strategies/own/src', 'export const planted = (): number => Math.random();', 'eslint(no-restricted-properties)'],
  ['strategies/own/src', 'export default 1;', undefined, 'index.ts'],
  ['strategies/own/src', 'export default 1;', 'import(no-default-export)'],
  ['templates/own/src', importing('@bookrunner/engine'), IMPORTS],
  ['templates/own/src', importing('some-broker-client')],
  ['packages/plugins-own/src', importing('@bookrunner/plugins-other/simulator'), IMPORTS],
  [
    'packages/engine/src/runtime',
    "import { b } from './cycle-b.js';\nexport const a = (): unknown => b;",
    'import(no-cycle)',
    'cycle-a.ts',
  ],
  [
    'packages/engine/src/runtime',
    "import { a } from './cycle-a.js';\nexport const b = (): unknown => a;",
    'import(no-cycle)',
    'cycle-b.ts',
  ],
  ['packages/engine/src/runtime', lines(301), 'eslint(max-lines)'],
  ['packages/engine/src/runtime', lines(300)],
  ['packages/engine/src/runtime', lines(501), 'eslint(max-lines)', 'long.test.ts'],
  [
    'packages/engine/src/runtime',
    `export function planted(): void {\n${'  void 0;\n'.repeat(50)}}`,
    'eslint(max-lines-per-function)',
  ],
  [
    'packages/engine/src/runtime',
    `export function planted(x: number): number {\n${'  if (x > 1) return x;\n'.repeat(12)}  return 0;\n}`,
    'eslint(complexity)',
  ],
  [
    'packages/engine/src/runtime',
    'export const planted = (a: 1, b: 2, c: 3, d: 4): unknown[] => [a, b, c, d];',
    'eslint(max-params)',
  ],
  ['packages/engine/src/runtime', 'export const planted = (x: any): unknown => x;', 'typescript(no-explicit-any)'],
  [
    'packages/engine/src/runtime',
    'export function planted(): void {\n  Promise.resolve(1);\n}',
    'typescript(no-floating-promises)',
  ],
  [
    'packages/engine/src/runtime',
    "export function planted(): void {\n  throw 'text';\n}",
    'typescript(only-throw-error)',
  ],
  [
    'packages/engine/src/runtime',
    'export class Planted {\n  constructor(readonly name: string) {}\n}',
    'typescript(parameter-properties)',
  ],
  [
    'packages/engine/src/runtime',
    "export function planted(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n}",
    'typescript(switch-exhaustiveness-check)',
  ],
  ['packages/engine/src/runtime', "export const planted = (): void => console.log('x');", 'eslint(no-console)'],
  ['packages/engine/src/runtime', '// TODO: later\nexport const planted = 1;', 'eslint(no-warning-comments)'],
  ['packages/engine/src/runtime', 'export const planted = 1;', 'unicorn(filename-case)', 'PlantedName.ts'],
  [
    'packages/engine/src/runtime',
    "import { it } from '@jest/globals';\nit.only('runs', () => {});",
    'jest(no-focused-tests)',
    'only.test.ts',
  ],
];

/** Writes the cases into the folder and gives the rule expected of each file. */
function plant(folder) {
  for (const name of ['.oxlintrc.json', 'tsconfig.base.json']) copyFileSync(join(ROOT, name), join(folder, name));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const config = { extends: './tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['**/src/**/*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  return CASES.map(([under, source, rule, name], i) => {
    const path = `${under}/${name ?? `planted-${i}.ts`}`;
    mkdirSync(join(folder, under), { recursive: true });
    writeFileSync(join(folder, path), `${source}\n`);
    return { path, rule, source };
  });
}

/** Rules fired, by file. */
function lint(folder) {
  const linter = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const words = [linter, '--type-aware', '--deny-warnings', '-f', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  let document;
  try {
    document = JSON.parse(stdout);
  } catch {
    throw new Error(`The linter gave no report: ${stdout}${stderr}`);
  }
  const fired = new Map();
  for (const { filename, code } of document.diagnostics) fired.set(filename, [...(fired.get(filename) ?? []), code]);
  return fired;
}

function judge({ path, rule, source }, fired) {
  const codes = [...new Set(fired.get(path) ?? [])];
  if (rule === undefined ? codes.length === 0 : codes.includes(rule)) return undefined;
  const wanted = rule === undefined ? 'nothing' : rule;
  const got = codes.length === 0 ? 'nothing' : codes.join(', ');
  return `${path}: ${wanted} has to fire, ${got} did, on\n    ${source.split('\n').slice(0, 3).join('\n    ')}`;
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'bookrunner-lint-')));
try {
  const planted = plant(folder);
  const fired = lint(folder);
  const faults = planted.map((planting) => judge(planting, fired)).filter((fault) => fault !== undefined);
  for (const fault of faults) console.error(fault);
  console.log(`Lint rules: ${planted.length - faults.length} of ${planted.length} plantings as expected.`);
  if (faults.length > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
