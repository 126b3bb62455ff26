import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  barsCsv,
  engineYaml,
  type Finished,
  FLIP,
  onlyJson,
  Project,
  sawBars,
  strategyModule,
} from './command-line.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(120_000);

let project: Project;

beforeEach(() => {
  project = new Project()
    .write('flip.mjs', FLIP)
    .write('engine.yaml', engineYaml(['flip']))
    .write('bars.csv', barsCsv(sawBars(200)));
});

afterEach(() => project.remove());

interface Document {
  readonly run: string;
  readonly runDir: string;
  readonly decisionHash: string;
  readonly fills: readonly { readonly ts: number; readonly side: string; readonly tag: string }[];
  readonly fillsTotal: number;
}

async function document(...words: readonly string[]): Promise<Document> {
  const { code, stdout, stderr } = await project.run(['backtest', '--json', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return onlyJson(stdout) as unknown as Document;
}

describe('bookrunner backtest as a process', () => {
  it('leaves a run folder and prints one document', async () => {
    const result = await document();
    expect(result).toMatchObject({ status: 'done', bars: 200, ticks: 0, rejectedRows: 0, errors: [] });
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining([
        'run',
        'strategyHashes',
        'decisionHash',
        'elapsedMs',
        'metrics',
        'books',
        'warnings',
        'runDir',
      ]),
    );
    expect(result.fillsTotal).toBeGreaterThan(10);
    expect(result.fills).toHaveLength(result.fillsTotal);
    expect(result.fills[0]?.tag).toMatch(/^flip\|MAIN\|2024\d{4}$/);
    expect(result.runDir.endsWith(join('var', 'runs', result.run))).toBe(true);
    expect(result.run).toMatch(/^\d{8}-\d{6}-[0-9a-f]{6}$/);
    expect(readdirSync(result.runDir).toSorted()).toEqual(
      expect.arrayContaining([
        'config.yaml',
        'equity.parquet',
        'fills.parquet',
        'metrics.json',
        'orders.parquet',
        'report.html',
      ]),
    );
  });

  it('decides the same twice, and something else with another parameter', async () => {
    const first = await document('--fills', '0');
    const second = await document('--fills', 'all', '--report', 'none');
    const other = await document('--fills', '2', '--set', 'strategies.flip.allocation=0.2');
    expect(second.decisionHash).toBe(first.decisionHash);
    expect(other.decisionHash).not.toBe(first.decisionHash);
    expect([first.fills.length, second.fills.length, other.fills.length]).toEqual([0, second.fillsTotal, 2]);
    expect(existsSync(join(first.runDir, 'report.html'))).toBe(true);
    expect(existsSync(join(second.runDir, 'report.html'))).toBe(false);
  });

  it('trades inside --from and --to only', async () => {
    const result = await document('--from', '2024-01-02T01:00', '--to', '2024-01-02T02:00Z', '--fills', 'all');
    const times = result.fills.map((fill) => fill.ts);
    expect(times.length).toBeGreaterThan(0);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(Date.UTC(2024, 0, 2, 1));
    expect(Math.max(...times)).toBeLessThan(Date.UTC(2024, 0, 2, 2));
  });

  it('tells people the figures and where the report is', async () => {
    const { code, stdout, stderr } = await project.run(['backtest']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('Final equity (USD)');
    const path = /^Report +(.+)$/m.exec(stdout)?.[1] as string;
    expect(readFileSync(path, 'utf8')).toContain('<!doctype html>');
  });

  it('renders the report of a finished run again', async () => {
    const { run, runDir } = await document('--report', 'none');
    for (const named of [runDir, run, 'latest']) {
      const { code, stdout } = await project.run(['report', named, '--json']);
      expect({ code, document: onlyJson(stdout) }).toEqual({
        code: 0,
        document: { run, report: join(runDir, 'report.html') },
      });
    }
    expect(readFileSync(join(runDir, 'report.html'), 'utf8')).toContain(run);
  });

  it('says before it runs that its folder cannot be made', async () => {
    project
      .write('var', 'a file in the place of the folder')
      .write('loud.mjs', strategyModule('loud', "process.stderr.write('called');"))
      .write('engine.yaml', engineYaml(['loud']));
    const { code, stdout, stderr } = await project.run(['backtest', '--json']);
    expect(code).toBe(1);
    expect(onlyJson(stdout)).toMatchObject({ error: { code: 'REPORT_WRITE_FAILED' } });
    expect(stderr).not.toContain('called');
  });

  it('says nothing of a reader that has gone', async () => {
    const { code, stderr } = await project.run(['schema'], { isDeaf: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('loads nothing that it does not need', async () => {
    const coverage = join(project.folder, 'coverage');
    mkdirSync(coverage);
    const { code } = await project.run(['backtest', '--report', 'none', '--quiet'], {
      env: { NODE_V8_COVERAGE: coverage },
    });
    expect(code).toBe(0);
    const loaded = readdirSync(coverage).flatMap((name) => {
      const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as {
        result: readonly { url: string }[];
      };
      return result.map(({ url }) => url);
    });
    // The kernel is a module of its own, or part of the bundle where that is current.
    expect(loaded.some((url) => /\/kernel\/kernel\.js|\/bundle\/run-backtest-command/.test(url))).toBe(true);
    const heavy = /node_modules\/(typeorm|@duckdb|better-sqlite3|pg|pino|cli-progress|uplot|yargs)\//;
    expect(loaded.filter((url) => heavy.test(url))).toEqual([]);
  });
});

describe('Ctrl-C during a backtest', () => {
  const HANGS = "writeSync(2, 'hanging\\n'); for (;;);";

  const PROGRESS = ' rows, at ';
  const HANGS_LATER = `if (context.state.bars % 1_000 === 0 && existsSync('HANG')) { ${HANGS} }`;

  /** Runs a strategy over years of bars, and acts when a text is in its standard error. `first`: what its module does when loaded. */
  function interrupted(
    { body = '', first = '' }: { readonly body?: string; readonly first?: string },
    text: string,
    act: (child: ChildProcess) => void,
  ): Promise<Finished> {
    const synthetic = '{ use: synthetic, options: { days: 40000, kind: bars, seconds: 60 } }';
    project
      .write('busy.mjs', `import { existsSync, writeSync } from 'node:fs';\n${first}\n${strategyModule('busy', body)}`)
      .write('engine.yaml', engineYaml(['busy']).replace(/bars: \{ use: csv.*\}/, `bars: ${synthetic}`));
    return project.run(['backtest', '--json'], { at: { text, act } });
  }

  /** Acts once, when a text is in what the process says in its standard error from now on. */
  function onNext(child: ChildProcess, text: string, act: () => void): void {
    let said = '';
    const hear = (piece: string): void => {
      said += piece;
      if (!said.includes(text)) return;
      child.stderr?.off('data', hear);
      act();
    };
    child.stderr?.on('data', hear);
  }

  /** Acts once Ctrl-C is caught: that begins by the first line of progress, takes some milliseconds, and has two seconds here. */
  function whenCaught(body: string, act: (child: ChildProcess) => void): Promise<Finished> {
    return interrupted({ body }, PROGRESS, (child) => onNext(child, PROGRESS, () => act(child)));
  }

  /** Lets the strategy hang once Ctrl-C is caught, and acts then. */
  function whenHanging(act: (child: ChildProcess) => void): Promise<Finished> {
    return whenCaught(HANGS_LATER, (child) => {
      onNext(child, 'hanging', () => act(child));
      project.write('HANG', '');
    });
  }

  it('ends the run between two blocks, and the result says that it is partial', async () => {
    const { code, stdout, stderr } = await whenCaught('', (child) => child.kill('SIGINT'));
    expect(code).toBe(1);
    expect(onlyJson(stdout)).toMatchObject({ status: 'interrupted', errors: [{ code: 'CLI_INTERRUPTED' }] });
    expect(stderr).toContain('CLI_INTERRUPTED');
    expect((onlyJson(stdout) as { bars: number }).bars).toBeLessThan(40_000 * 1440);
  });

  it('ends the process at the second where a strategy never returns', async () => {
    let isAliveAfterFirst = false;
    const { signal, stdout } = await whenHanging((child) => {
      child.kill('SIGINT');
      setTimeout(() => {
        isAliveAfterFirst = child.signalCode === null && child.exitCode === null;
        child.kill('SIGINT');
      }, 2_000);
    });
    expect({ signal, stdout, isAliveAfterFirst }).toEqual({ signal: 'SIGINT', stdout: '', isAliveAfterFirst: true });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends the process at once where nothing is done yet (%s)', async (name) => {
    const { signal } = await interrupted({ first: HANGS }, 'hanging', (child) => child.kill(name));
    expect(signal).toBe(name);
  });

  it('leaves SIGTERM what it is: the end of the process, whatever a strategy does', async () => {
    const { signal } = await whenHanging((child) => child.kill('SIGTERM'));
    expect(signal).toBe('SIGTERM');
  });
});
