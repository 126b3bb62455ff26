// Node, npm and the two native packages.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import semver from 'semver';
import { checkSqliteBinary, hasEnvironmentHooks } from '../../store/sqlite-binary.js';
import { fail, ok, reasonOf, warn, type Finding } from './finding.js';

const NPM_TIMEOUT_MS = 10_000;
/** First npm that runs install scripts only of packages listed under `allowScripts`. */
const NPM_BLOCKS_SCRIPTS = 12;

/** Whether this Node is one the engine runs on. */
export function nodeFinding(version = process.versions.node): Finding {
  const range = (
    JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { engines: { node: string } }
  ).engines.node;
  if (semver.satisfies(version, range)) return ok('Node', `${version} is in ${range}`);
  return fail('Node', `${version} is not in ${range}`, `Install a Node of ${range}.`);
}

/** Whether SQLite, the journal and the store, can be opened. */
export function sqliteFinding(isUnsafe: () => boolean = hasEnvironmentHooks): Finding {
  const check = checkSqliteBinary();
  if (!check.ok) {
    return fail(
      'better-sqlite3',
      `its native part does not load: ${reasonOf(check.error.cause ?? check.error)}`,
      'Its install script was probably not run: list it in package.json as "allowScripts": { "better-sqlite3": true }, then run `npm rebuild better-sqlite3` (needs a C++ compiler where there is no prebuilt binary).',
    );
  }
  if (isUnsafe()) {
    return fail(
      'better-sqlite3',
      `SQLite ${check.sqliteVersion}, but its native part was compiled with headers of Node 24.19 or later and may abort the process at any time`,
      'Compile it with older headers, which fit the same Node 24: `npm rebuild better-sqlite3 --build-from-source --target=24.18.1`; or use Node 22.',
    );
  }
  return ok('better-sqlite3', `SQLite ${check.sqliteVersion}`);
}

/** Whether DuckDB, which reads and writes Parquet, can be opened. */
export async function duckdbFinding(): Promise<Finding> {
  try {
    const { DuckDBInstance, version } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    instance.closeSync();
    return ok('@duckdb/node-api', `DuckDB ${version()}`);
  } catch (error) {
    return fail(
      '@duckdb/node-api',
      `its native part does not load: ${reasonOf(error)}`,
      'Install it for this platform: `npm install` without --omit=optional; backtests over CSV and synthetic data work without it.',
    );
  }
}

/** Which npm there is: newer ones block install scripts without an error. */
export async function npmFinding(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)('npm', ['--version'], {
      timeout: NPM_TIMEOUT_MS,
      shell: process.platform === 'win32',
    });
    const version = stdout.trim();
    if (semver.valid(version) === null || semver.major(version) < NPM_BLOCKS_SCRIPTS) return ok('npm', version);
    return warn(
      'npm',
      `${version} blocks install scripts that are not listed, and says so with exit code 0`,
      'In your own project list "allowScripts": { "better-sqlite3": true } in package.json before `npm install`.',
    );
  } catch {
    return warn('npm', 'there is no npm on the PATH', 'Install npm to add plugins; the engine runs without it.');
  }
}
