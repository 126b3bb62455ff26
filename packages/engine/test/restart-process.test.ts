// A paper session over live feeds that is killed and started again: nothing is lost, nothing is done twice.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader, type SegmentLine, type StoredSnapshot } from '../src/journal/journal-reader.js';
import { decodeSnapshot } from '../src/journal/run-snapshot.js';
import type { SavedVenue } from '../src/simulated-venue/venue-state.js';
import { onlyJson, Project, strategyModule } from './command-line.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(300_000);

const COMMAND = fileURLToPath(new URL('../bin/bookrunner.js', import.meta.url));

/** A live feed whose quotes move by the clock, so that they are others after each start; history only where asked for. */
const MOVER = `
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
const price = (ts) => 1.1 + 0.01 * Math.sin(ts / 700);
export default definePlugin({
  id: 'mover',
  apiVersion: API_VERSION,
  feeds: {
    mover: {
      capabilities: { quotes: true },
      create: ({ clock }) => {
        let timer;
        return {
          capabilities: { quotes: true },
          async resolve(instrument) { return { instrument, sourceId: instrument.symbol }; },
          async open() {},
          async close() { clearInterval(timer); },
          async subscribe([{ symbol }], sink) {
            const unknown = NaN;
            timer = setInterval(() => {
              const ts = clock.nowUtc();
              const bid = Math.round(price(ts) * 1e5) / 1e5;
              sink.tick({ ts, recvTs: ts, symbol, venue: 'mover', bid, ask: bid + 0.0001, bidSize: unknown, askSize: unknown, last: unknown, size: unknown });
            }, 5);
            return { async close() { clearInterval(timer); } };
          },
        };
      },
    },
  },
});
`;

/** Other side each bar, with a stop so near that it is often hit, and a limit order in between. */
const BUSY = strategyModule(
  'busy',
  `const side = context.state.bars % 2 === 0 ? 1 : -1;
   const { close } = context.bar;
   return { share: 0.5 * side, entry: context.state.bars % 3 === 0 ? { limit: close - side * 0.0005 } : undefined, protect: { stop: close - side * 0.001 } };`,
);

/** Long from the first bar on. */
const STEADY = strategyModule('steady', 'return 0.5;');

/** Bars of a second up to the instant asked for. */
const HISTORY = `async *history({ instrument: { symbol }, from, to, bars }) {
            const ts = [];
            for (let at = Math.ceil((to - 20_000) / 1000) * 1000; at + 1000 <= to; at += 1000) ts.push(at);
            const column = (of) => Float64Array.from(ts, of);
            const prices = column(price);
            yield { kind: 'bars', spec: bars, columns: { symbol, length: ts.length, ts: column((at) => at), open: prices, high: prices, low: prices, close: prices, volume: column(() => 1) } };
          },
          async subscribe`;

function heldOf({ accounts }: SavedVenue): readonly number[] {
  return accounts.flatMap(({ holdings }) => holdings.map(({ qty }) => qty));
}

function yaml({ bars = 1, capital = 100_000 } = {}): string {
  return `engine: { name: test }
plugins: [./busy.mjs, ./mover.mjs]
instruments: { EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7, marginRate: 0.1 } }
feeds: { data: { use: mover } }
venues: { sim: { use: simulated, options: { latency: { submitMs: 15, cancelMs: 15, replaceMs: 15 }, fees: { model: bps, bps: 0.2 } } } }
books: { MAIN: { capital: ${capital} } }
risk: { use: standard, options: { maxLossDayBps: 9000, maxLeverage: 20 } }
strategies:
  busy: { use: busy, symbols: [EURUSD], bars: { use: time, options: { seconds: ${bars}, price: mid } } }
`;
}

let project: Project;

beforeEach(() => {
  project = new Project().write('busy.mjs', BUSY).write('mover.mjs', MOVER).write('engine.yaml', yaml());
});

afterEach(() => project.remove());

async function json(words: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const finished = await project.run([...words, '--json']);
  expect([words.join(' '), finished.code, code === 0 ? finished.stderr : '']).toEqual([words.join(' '), code, '']);
  return onlyJson(finished.stdout);
}

/** Kills the engine some time after it has begun; what it said. */
function killed(afterMs: number): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, 'paper', '--report', 'none'], {
    cwd: project.folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (!said.includes('Paper trading') && `${said}${text}`.includes('Paper trading')) {
      setTimeout(() => child.kill('SIGKILL'), afterMs);
    }
    said += text;
  });
  return new Promise((resolve) => child.on('close', () => resolve(said)));
}

/** What the chain of runs has in its journal: orders sent, fills heard, and the venue's own executions at its end. */
function chain() {
  const reader = new JournalReader(join(project.folder, 'var'), DRIVER);
  try {
    const segments = reader.segments();
    const records = segments.flatMap((segment) => [...reader.records(segment)].map(({ record }) => record));
    const orders = records.flatMap((record) =>
      record.kind === 'outbox' && record.entry.kind === 'submit'
        ? record.entry.orders.map(({ sequence }) => sequence)
        : [],
    );
    const fills = records.flatMap((record) =>
      record.kind === 'event' && record.event.kind === 'venue-report' && record.event.report === 'filled'
        ? [[record.event.at, record.event.qty, record.event.price, record.event.fee]]
        : [],
    );
    const [last] = reader.snapshots(segments.at(-1) as SegmentLine).slice(-1) as [StoredSnapshot];
    const executed = decodeSnapshot(last.payload).venues.flatMap((venue) => venue.executions.fills);
    const held = last === undefined ? [] : decodeSnapshot(last.payload).venues.flatMap(heldOf);
    const numbers = segments.map(({ first, last: end }) => [first, end] as const);
    return { orders, fills, executed: executed.map(({ ts, qty, price, fee }) => [ts, qty, price, fee]), numbers, held };
  } finally {
    reader.close();
  }
}

interface Listed {
  readonly segments: readonly { readonly run: string; readonly state: string; readonly continues: string | null }[];
}

const list = async (): Promise<Listed['segments']> => ((await json(['journal', 'list'])) as unknown as Listed).segments;
const live = (...words: string[]) => project.run(['paper', '--report', 'none', '--json', ...words]);

describe('a paper session over live feeds', () => {
  it('goes on after every kill: no order twice, no fill lost, every run begins with what the one before came to', async () => {
    for (let kill = 0; kill < 6; kill++) await killed(300 + Math.floor(Math.random() * 3_000));
    expect(await live('--duration', '3s')).toMatchObject({ code: 0 });
    const { orders, fills, executed, numbers } = chain();
    expect(orders).toEqual(orders.map((_, place) => place + 1));
    expect(orders.length).toBeGreaterThan(5);
    expect(executed.length).toBeGreaterThan(3);
    expect(fills).toEqual(executed);
    numbers.slice(1).forEach(([first], place) => expect(first).toBe((numbers[place]?.[1] ?? 0) + 1));
    const segments = await list();
    expect(segments.map(({ continues }) => continues)).toEqual([null, ...segments.slice(0, -1).map(({ run }) => run)]);
    expect(segments.map(({ state }) => state)).toEqual([...segments.slice(1).map(() => 'continued'), 'ended']);
    for (const { run } of segments) expect(await json(['replay', run, '--verify'])).toMatchObject({ isSame: true });
    expect(await json(['journal', 'verify'])).toMatchObject({ isWhole: true });
  });

  it('goes on after a clean stop, and keeps halts until they are taken back', async () => {
    await live('--duration', '3s');
    project.write('var/HALTED', '');
    const halted = await live('--duration', '2s');
    expect(halted.stderr).toContain('RUN_CONTINUED');
    const { executed } = chain();
    expect(executed.length).toBeGreaterThan(0);
    await live('--duration', '2s', '--resume');
    const after = chain();
    expect(after.executed.slice(0, executed.length)).toEqual(executed);
    expect(after.executed.length).toBeGreaterThan(executed.length);
    for (const { run } of await list()) expect(await json(['replay', run, '--verify'])).toMatchObject({ isSame: true });
  });

  it('closes at the start what a panic left open', async () => {
    project.write('steady.mjs', STEADY).write('engine.yaml', yaml().replaceAll('busy', 'steady'));
    await killed(3_000);
    const panic = { level: 'panic', reason: 'test', actor: 'ada', at: 1 };
    project.write('var/HALTED', JSON.stringify({ halted: [panic] }));
    await live('--duration', '2s');
    const { executed, held } = chain();
    expect([executed.length, held]).toEqual([2, [0]]);
  });

  it('warms up from history what begins anew, and keeps the window of what goes on', async () => {
    project.write(
      'mover.mjs',
      MOVER.replaceAll('{ quotes: true }', '{ quotes: true, historyBars: true }').replace('async subscribe', HISTORY),
    );
    const watch = (name: string, tolerance: string): string =>
      strategyModule(
        name,
        `const starts = Array.from({ length: Math.min(5, context.bars.length) }, (_, ago) => context.bars.ts(ago));
         appendFileSync('${name}.txt', JSON.stringify({ bars: context.state.bars, starts }) + '\\n'); return 1;`,
      )
        .replace(
          'warmup: () => 1,',
          `warmup: () => 5, ${tolerance} onReset() { appendFileSync('${name}.txt', '"reset"\\n'); },`,
        )
        .replace('import { z }', "import { appendFileSync } from 'node:fs';\nimport { z }");
    for (const [name, tolerance] of [
      ['short', 'gapToleranceMs: 1,'],
      ['long', ''],
    ] as const) {
      rmSync(join(project.folder, 'var'), { recursive: true, force: true });
      project.write(`${name}.mjs`, watch(name, tolerance)).write('engine.yaml', yaml().replaceAll('busy', name));
      await killed(2_500);
      await live('--duration', '3s');
      const lines = readFileSync(join(project.folder, `${name}.txt`), 'utf8')
        .trim()
        .split('\n');
      const seen = lines.map((line) => JSON.parse(line) as 'reset' | { bars: number; starts: number[] });
      const again = seen.indexOf('reset');
      expect([name, again > 0]).toEqual([name, name === 'short']);
      const asked = seen.filter((one) => one !== 'reset');
      // Without a reset the count goes on over the restart; what is processed again for it is asked again, and says the same.
      const counts = [...new Set(asked.map(({ bars }) => bars))];
      if (name === 'long') expect(counts).toEqual(counts.map((_, place) => place + 1));
      else expect(seen[again + 1]).toMatchObject({ bars: 1 });
      for (const { starts } of asked) {
        expect(starts).toHaveLength(5);
        expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => b - a));
      }
      // History follows without a hole; the bar under way between it and the first live one is dropped.
      const { starts } = (name === 'short' ? seen[again + 1] : asked[0]) as { starts: number[] };
      const steps = starts.slice(1).map((ts, place) => (starts[place] as number) - ts);
      expect([name, (steps[0] as number) <= 2_000, steps.slice(1)]).toEqual([name, true, [1_000, 1_000, 1_000]]);
    }
  });

  it('refuses to go on with another set-up, and begins flat when told so', async () => {
    await killed(2_500);
    project.write('busy.mjs', BUSY.replace('0.001', '0.002'));
    const refused = await live('--duration', '1s');
    expect([refused.code, onlyJson(refused.stdout)]).toMatchObject([3, { error: { code: 'JOURNAL_RESTART_CHANGED' } }]);
    expect(refused.stdout).toContain("Strategy 'busy'");
    expect(refused.stdout).toContain('--fresh');
    expect(await list()).toHaveLength(1);
    const fresh = await live('--duration', '1s', '--fresh');
    expect([fresh.code, fresh.stderr.includes('RUN_CONTINUED')]).toEqual([0, false]);
    expect((await list()).map(({ continues }) => continues)).toEqual([null, null]);
  });

  it('refuses to go on from a damaged journal', async () => {
    await killed(2_500);
    const raw = new DRIVER(join(project.folder, 'var/journal.db'));
    raw.exec('UPDATE blocks SET payload = zeroblob(length(payload)) WHERE id = (SELECT max(id) FROM blocks)');
    raw.close();
    const refused = await live('--duration', '1s');
    expect([refused.code, onlyJson(refused.stdout)]).toMatchObject([3, { error: { code: 'JOURNAL_RESTART_DAMAGED' } }]);
    expect(await live('--duration', '1s', '--fresh')).toMatchObject({ code: 0 });
  });

  it('refuses to go on where the records lead to something else now', async () => {
    // A size of its own in every process: records of the first are decided otherwise in the second.
    project.write(
      'busy.mjs',
      BUSY.replace('const side', 'const side = (globalThis.side ??= 0.2 + Math.random() * 0.7); const unused'),
    );
    await killed(4_500);
    const refused = await live('--duration', '1s');
    expect([refused.code, onlyJson(refused.stdout)]).toMatchObject([3, { error: { code: 'JOURNAL_RESTART_DIFFERS' } }]);
  });

  it('begins strategies anew whose tolerance the time away exceeded, and those alone', async () => {
    const reset = (name: string, tolerance: string): string =>
      strategyModule(name, 'return 1;')
        .replace(
          'warmup: () => 1,',
          `warmup: () => 1, ${tolerance} onReset({ state }, gap) { appendFileSync('resets.txt', '${name} ' + (gap.to > gap.from) + ' ' + state.bars + '\\n'); },`,
        )
        .replace('import { z }', "import { appendFileSync } from 'node:fs';\nimport { z }");
    project.write('short.mjs', reset('short', 'gapToleranceMs: 1,')).write('long.mjs', reset('long', ''));
    const strategies = ['short', 'long'].map(
      (name) =>
        `  ${name}: { use: ${name}, symbols: [EURUSD], allocation: 0.1, bars: { use: time, options: { seconds: 1, price: mid } } }`,
    );
    project.write(
      'engine.yaml',
      `${yaml().split('strategies:')[0]?.replace('./busy.mjs', './short.mjs, ./long.mjs') ?? ''}strategies:\n${strategies.join('\n')}\n`,
    );
    await killed(2_600);
    await live('--duration', '3s');
    expect(readFileSync(join(project.folder, 'resets.txt'), 'utf8').trim()).toBe('short true 0');
  });
});
