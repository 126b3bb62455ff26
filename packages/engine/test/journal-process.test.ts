// The journal through the command line, and through processes that are killed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FLIP, onlyJson, Project, strategyModule } from './command-line.fixture.js';
import { TICKER } from './live-feed.fixture.js';
import { chain, hasBegun, killed, liveUntil } from './restart.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(180_000);

const COMMAND = fileURLToPath(new URL('../bin/bookrunner.js', import.meta.url));
const DIST = fileURLToPath(new URL('../dist/journal/', import.meta.url));

let project: Project;

beforeEach(() => {
  project = new Project().write('flip.mjs', FLIP).write('ticker.mjs', TICKER);
});

afterEach(() => project.remove());

const INSTRUMENT =
  'EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: CALENDAR, marginRate: 1 }';
/** So little to spare that the venue closes positions by itself, and interest every day. */
const MARGIN =
  ', margin: { maintenance: 1 }, fees: { model: bps, bps: 2 }, financing: { model: rate, longPct: 5, shortPct: 5 }';

/** `flip` over a synthetic market, on bars or on ticks, or over the live ticker. */
function yaml(feed: 'bars' | 'ticks' | 'live' | 'margin'): string {
  const recorded = {
    bars: '{ use: synthetic, options: { seed: 3, days: 2, startPrice: 1.1, kind: bars, seconds: 60 } }',
    ticks: '{ use: synthetic, options: { seed: 3, days: 1, startPrice: 1.1, ticksPerMinute: 20 } }',
    live: '{ use: ticker }',
    margin: '{ use: synthetic, options: { seed: 3, days: 4, startPrice: 1.1, kind: bars, seconds: 60 } }',
  };
  return `engine: { name: test, journal: ${feed === 'live' ? 'auto' : 'on'} }
plugins: [./flip.mjs, ./ticker.mjs]
instruments: { ${INSTRUMENT.replace('CALENDAR', feed === 'live' ? '24x7' : '24x5')} }
feeds: { data: ${recorded[feed]} }
venues: { sim: { use: simulated, options: { latency: { submitMs: 40, cancelMs: 40, replaceMs: 40 }${feed === 'margin' ? MARGIN : ''} } } }
books: { MAIN: { capital: 100000 } }
risk: { use: standard, options: { maxLossDayBps: 9000, maxLeverage: 20 } }
strategies:
  flip: { use: flip, symbols: [EURUSD], bars: { use: time, options: { seconds: ${feed === 'live' ? 1 : 60}, price: mid } } }
`;
}

const paper = ['paper', '--speed', 'max', '--report', 'none', '--json'];

async function json(words: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const finished = await project.run([...words, '--json']);
  expect([words.join(' '), finished.code, code === 0 ? finished.stderr : '']).toEqual([words.join(' '), code, '']);
  return onlyJson(finished.stdout);
}

// Where calls cannot be traced, the settings read back are what is left to look at; see journal-writer.test.ts.
const canTrace = spawnSync('strace', ['-e', 'trace=write', 'true']).status === 0;
const traced = canTrace ? it : it.skip;

describe('the journal of a paper run over recorded data', () => {
  it.each([{}, { files: ['flip.mjs'] }])('replays beside the plugin it was made from: %j', async (manifest) => {
    const plugin = { id: 'flip', apiVersion: 1, provides: ['strategy'] };
    const file = { name: 'flip', version: '1.0.0', type: 'module', exports: './flip.mjs', bookrunner: { plugin } };
    project
      .write('package.json', JSON.stringify({ ...file, ...manifest }))
      .write('engine.yaml', yaml('bars').replace('./flip.mjs, ./ticker.mjs', '"."'));
    await project.run(paper);
    await project.run(['backtest', '--set', 'engine.dataDir=./other']);
    expect(existsSync(join(project.folder, 'var'))).toBe(true);
    expect(await json(['replay', 'latest', '--verify'])).toMatchObject({ isSame: true });
    project.write('flip.mjs', `${FLIP}// changed\n`);
    expect(await json(['replay', 'latest'], 3)).toMatchObject({ error: { code: 'JOURNAL_SETUP_CHANGED' } });
  });

  it.each(['bars', 'ticks', 'margin'] as const)('replays hash for hash: %s', async (feed) => {
    project.write('engine.yaml', yaml(feed));
    const run = onlyJson((await project.run(paper)).stdout);
    expect(await json(['journal', 'verify'])).toMatchObject({ isWhole: true, segments: [{ faults: [] }] });
    const replayed = await json(['replay', 'latest', '--verify']);
    expect(replayed).toMatchObject({
      isSame: true,
      isFinished: true,
      snapshots: 1,
      difference: null,
      decisionHash: run['decisionHash'],
    });
    expect(replayed['orders']).toBeGreaterThan(20);
    const kinds = await json(['journal', 'show', 'latest', '--kind', 'liquidation']);
    expect((kinds['records'] as unknown[]).length > 0).toBe(feed === 'margin');
  });

  it('is kept when asked for, and not at full speed by itself', async () => {
    project.write('engine.yaml', yaml('bars'));
    await project.run([...paper, '--set', 'engine.journal=auto']);
    expect(existsSync(join(project.folder, 'var/journal.db'))).toBe(false);
    await project.run(['paper', '--speed', '1000000', '--report', 'none', '--json', '--set', 'engine.journal=auto']);
    expect(existsSync(join(project.folder, 'var/journal.db'))).toBe(true);
  });

  it('is not replayed through another strategy or configuration unless told so, and then names what differs', async () => {
    project.write('engine.yaml', yaml('bars'));
    await project.run(paper);
    project.write('flip.mjs', strategyModule('flip', 'return context.state.bars % 22 < 11 ? 1 : -1;'));
    const refused = await json(['replay', 'latest', '--verify'], 3);
    expect(refused).toMatchObject({ error: { code: 'JOURNAL_SETUP_CHANGED' } });
    expect(JSON.stringify(refused)).toContain("Strategy 'flip'");
    expect(await json(['replay', 'latest', '--verify', '--anyway'], 1)).toMatchObject({
      isSame: false,
      difference: { what: 'outbox', recorded: expect.stringContaining('order'), sequence: expect.any(Number) },
    });
    project.write('flip.mjs', FLIP).write('other.yaml', yaml('bars').replace('capital: 100000', 'capital: 50000'));
    expect(JSON.stringify(await json(['replay', 'latest', '--with', 'other.yaml'], 3))).toContain('The configuration');
    expect(await json(['replay', 'latest', '--verify', '--with', 'engine.yaml'])).toMatchObject({ isSame: true });
  });

  it('is replayed with what --set says, of its own configuration or of another one', async () => {
    project.write('engine.yaml', yaml('bars'));
    await project.run(paper);
    const set = ['--set', 'books.MAIN.capital=50000'];
    for (const words of [set, ['--with', 'engine.yaml', ...set]]) {
      const refused = await json(['replay', 'latest', '--verify', ...words], 3);
      expect(refused).toMatchObject({ error: { code: 'JOURNAL_SETUP_CHANGED' } });
      expect(JSON.stringify(refused)).toContain('The configuration');
    }
    expect(await json(['replay', 'latest', '--verify', '--anyway', ...set], 1)).toMatchObject({ isSame: false });
    expect(await json(['replay', 'latest', '--set', 'strategies.flop.allocation=1'], 2)).toMatchObject({
      error: { code: expect.stringMatching(/^CONFIG_/) },
    });
    // Where the journal lies is not of the run's configuration; what is set to what it was has not changed.
    const same = ['--set', 'engine.dataDir=./var', '--set', 'books.MAIN.capital=100000'];
    expect(await json(['replay', 'latest', '--verify', ...same])).toMatchObject({ isSame: true });
  });

  it('is listed, shown, exported and compacted', async () => {
    project.write('engine.yaml', yaml('ticks'));
    await project.run(paper);
    expect(await json(['journal', 'list'])).toMatchObject({ segments: [{ part: 1, state: 'ended', first: 1 }] });
    const shown = (await json(['journal', 'show', 'latest', '--kind', 'outbox', '--limit', '2'])) as {
      records: { kind: string; sequence: number }[];
    };
    expect(shown.records.map(({ kind }) => kind)).toEqual(['outbox', 'outbox']);
    const exported = await json(['journal', 'export', 'latest', 'out.jsonl']);
    const lines = readFileSync(join(project.folder, 'out.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(exported['records'] as number);
    expect(JSON.parse(lines[shown.records[0]!.sequence - 1]!)).toEqual(shown.records[0]);
    expect(await json(['journal', 'export', 'latest', 'out.jsonl'], 2)).toMatchObject({
      error: { code: 'JOURNAL_EXPORT_FAILED' },
    });
    expect(await json(['journal', 'compact'])).toMatchObject({ dropped: [], kept: 1 });
    expect(await json(['journal', 'compact', '--keep-days', '0', '--dry-run'])).toMatchObject({ kept: 0 });
    expect(await json(['journal', 'compact', '--keep-days', '0'])).toMatchObject({ dropped: [{ part: 1 }] });
    expect(await json(['journal', 'list'])).toEqual({ segments: [] });
    expect(await json(['replay', 'latest'], 2)).toMatchObject({ error: { code: 'JOURNAL_RUN_UNKNOWN' } });
  });

  it('ends the run with an alarm and a halt when the disk takes no more', async () => {
    project.write('engine.yaml', yaml('ticks'));
    // A file may not grow beyond half a megabyte: writes fail with EFBIG, as they do with EIO on a broken disk.
    const words = ['-c', `trap '' XFSZ; ulimit -f 512; exec "$0" "$@"`, process.execPath, COMMAND, ...paper];
    const { status, stderr, stdout } = spawnSync('bash', words, { cwd: project.folder, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('alarm: JOURNAL_WRITE_FAILED');
    expect(onlyJson(stdout)).toMatchObject({ error: { code: 'JOURNAL_WRITE_FAILED' } });
    expect(readFileSync(join(project.folder, 'var/HALTED'), 'utf8')).toContain('"actor": "journal"');
    expect(await json(['journal', 'verify'])).toMatchObject({ isWhole: true });
    expect(await json(['replay', 'latest', '--verify'])).toMatchObject({ isSame: true, isFinished: false });
  });
});

describe('the journal of a paper run over live feeds', () => {
  it('is kept by itself, and replays hash for hash', async () => {
    project.write('engine.yaml', yaml('live'));
    const finished = await liveUntil(project, () => chain(project).orders.length > 0);
    const run = onlyJson(finished.stdout);
    const replayed = await json(['replay', 'latest', '--verify']);
    expect(replayed).toMatchObject({ isSame: true, isFinished: true, decisionHash: run['decisionHash'] });
    expect(replayed['orders']).toBeGreaterThan(0);
  });

  it('is whole and replays to its end after the process was killed, at any moment', async () => {
    project.write('engine.yaml', yaml('live'));
    for (const [before, afterMs] of [1_500, 2_300, 3_100].entries()) {
      await killed(project, afterMs, () => hasBegun(project, before));
      expect(await json(['journal', 'verify', 'latest'])).toMatchObject({ isWhole: true });
      const replayed = await json(['replay', 'latest', '--verify']);
      expect(replayed).toMatchObject({ isSame: true, isFinished: false });
    }
    const { segments } = (await json(['journal', 'list'])) as { segments: { state: string }[] };
    expect(segments.map(({ state }) => state)).toEqual(['continued', 'continued', 'open']);
  });
});

/** Writes record after record; says the sequence of the last one after each commit, before anything else. */
const WRITER = `
import { writeSync } from 'node:fs';
import { loadDriver } from ${JSON.stringify(`${DIST}journal-connection.js`)};
import { JournalWriter } from ${JSON.stringify(`${DIST}journal-writer.js`)};
const facts = { run: process.argv[2], name: 'n', source: 'live', runEpoch: '0', startedAt: 0, tradeFrom: 0, instruments: [],
  fingerprint: { engine: '', node: '', config: '', plugins: {}, strategies: {} }, configPath: '', config: '' };
const writer = new JournalWriter({ dataDir: process.argv[3], driver: await loadDriver(), facts, now: Date.now });
const most = Number(process.argv[4]);
for (let round = 0; round < most; round++) {
  for (let i = 0; i < 1 + (round % 50); i++) writer.add((records) => records.seam('S'.repeat(round % 97), round, true));
  writer.commit();
  writeSync(1, 'handed ' + writer.durable + '\\n');
}
writer.close();
`;

describe('a process that is killed while it writes', () => {
  it('loses nothing of what it had committed', async () => {
    const path = join(project.folder, 'writer.mjs');
    project.write('writer.mjs', WRITER);
    const acknowledged = new Map<string, number>();
    for (let kill = 0; kill < 12; kill++) {
      const run = `run-${kill}`;
      const least = kill === 11 ? 101 : 1;
      acknowledged.set(run, await killedWriter(path, { run, afterMs: 20 + 37 * kill, least }));
    }
    expect(await json(['journal', 'verify', '--data-dir', join(project.folder, 'data')])).toMatchObject({
      isWhole: true,
    });
    const { segments } = (await json(['journal', 'list', '--data-dir', join(project.folder, 'data')])) as {
      segments: { run: string; last: number }[];
    };
    expect(Math.max(...acknowledged.values())).toBeGreaterThan(100);
    for (const [run, handed] of acknowledged) {
      const last = segments.find((segment) => segment.run === run)?.last ?? 0;
      expect([run, last >= handed]).toEqual([run, true]);
    }
  });

  traced('has synced each commit before what follows it, also in a file that is opened again', () => {
    const path = join(project.folder, 'writer.mjs');
    project.write('writer.mjs', WRITER);
    const folder = join(project.folder, 'data');
    spawnSync(process.execPath, [path, 'first', folder, '1']);
    const trace = spawnSync(
      'strace',
      ['-f', '-e', 'trace=fsync,fdatasync,write', '-s', '16', process.execPath, path, 'second', folder, '20'],
      { encoding: 'utf8' },
    );
    const order = trace.stderr.split('\n').flatMap((line) => {
      if (/\b(fsync|fdatasync)\(/.test(line)) return ['sync'];
      return line.includes('"handed') ? ['handed'] : [];
    });
    const handed = order.flatMap((what, place) => (what === 'handed' ? [place] : []));
    expect(handed).toHaveLength(20);
    for (const place of handed) expect(order[place - 1]).toBe('sync');
  });
});

interface WriterKill {
  readonly run: string;
  /** From its first word on. */
  readonly afterMs: number;
  /** The sequence it must have handed out by then. */
  readonly least: number;
}

/** Kills a writer and gives the last sequence it said was on disk. */
function killedWriter(path: string, { run, afterMs, least }: WriterKill): Promise<number> {
  const child = spawn(process.execPath, [path, run, join(project.folder, 'data'), '1000000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let isTime = false;
  const handed = (): number => Number(said.split('\n').at(-2)?.split(' ')[1] ?? 0);
  const killOnceThere = (): void => void (isTime && handed() >= least && child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (said === '') {
      setTimeout(() => {
        isTime = true;
        killOnceThere();
      }, afterMs);
    }
    said += text;
    killOnceThere();
  });
  return new Promise((resolve) => child.on('close', () => resolve(handed())));
}
