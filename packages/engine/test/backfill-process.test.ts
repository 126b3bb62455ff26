// A paper session as a user has it, over a feed that breaks: each bar its strategy sees is the bar of an unbroken feed.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { onlyJson, Project, strategyModule } from './command-line.fixture.js';
import { hasBegun, killed } from './restart.fixture.js';

// Processes on a busy machine take their time; nothing here measures it.
jest.setTimeout(300_000);

const GRID_MS = 50;

/** Bid at an instant; the feed has the same line. */
const bidAt = (ts: number): number => Math.round((1.1 + 0.01 * Math.sin(ts / 700)) * 1e5) / 1e5;

/** Quotes on a grid of instants; where it BREAKS away for a while some seconds after its start, with all of it in its history. */
const BREAKING = `
import { appendFileSync, existsSync } from 'node:fs';
import { API_VERSION, definePlugin } from '@bookrunner/sdk';
const bidAt = (ts) => Math.round((1.1 + 0.01 * Math.sin(ts / 700)) * 1e5) / 1e5;
const capabilities = { quotes: true, historyBars: true, historyTicks: true };
const unknown = NaN;
export default definePlugin({
  id: 'breaking', apiVersion: API_VERSION,
  feeds: { breaking: { capabilities, create: ({ clock }) => {
    let timer;
    return {
      capabilities,
      async resolve(instrument) { return { instrument, sourceId: instrument.symbol }; },
      async open() {},
      async close() { clearInterval(timer); },
      async *history({ instrument: { symbol }, from, to, bars }) {
        const first = Math.ceil(from / ${GRID_MS}) * ${GRID_MS};
        if (bars !== undefined) {
          const start = Math.max(Math.ceil(from / 1000) * 1000, Math.floor(to / 1000) * 1000 - 20000);
          const ts = [];
          for (let at = start; at + 1000 <= to; at += 1000) ts.push(at);
          const mids = (at) => Array.from({ length: 1000 / ${GRID_MS} }, (_, place) => bidAt(at + place * ${GRID_MS}) + 0.00005);
          const column = (of) => Float64Array.from(ts, of);
          yield { kind: 'bars', spec: bars, columns: { symbol, length: ts.length, ts: column((at) => at), open: column((at) => mids(at)[0]), high: column((at) => Math.max(...mids(at))), low: column((at) => Math.min(...mids(at))), close: column((at) => mids(at).at(-1)), volume: column(() => 0) } };
          return;
        }
        appendFileSync('asked.txt', 'x');
        const ts = [];
        for (let at = first; at < to; at += ${GRID_MS}) ts.push(at);
        const bid = Float64Array.from(ts, bidAt);
        yield { kind: 'ticks', columns: { symbol, venue: 'breaking', length: ts.length, ts: Float64Array.from(ts), bid, ask: bid.map((price) => price + 0.0001) } };
      },
      async subscribe([{ symbol }], sink) {
        const begun = clock.nowUtc();
        let next = Math.ceil(begun / ${GRID_MS}) * ${GRID_MS};
        let isAway = false;
        let backAt;
        timer = setInterval(() => {
          const now = clock.nowUtc();
          // Away for that long from the turn that says so, however late it is.
          if (backAt === undefined && existsSync('BREAKS') && now > begun + 2300) backAt = now + 2400;
          const away = backAt !== undefined && now < backAt;
          if (away !== isAway) {
            isAway = away;
            sink.status({ ts: now, feed: 'data', state: away ? 'disconnected' : 'live', reason: '', message: '' });
          }
          for (; next <= now; next += ${GRID_MS}) {
            const bid = bidAt(next);
            if (!away) sink.tick({ ts: next, recvTs: now, symbol, venue: 'breaking', bid, ask: bid + 0.0001, bidSize: unknown, askSize: unknown, last: unknown, size: unknown });
          }
        }, 10);
        return { async close() { clearInterval(timer); } };
      },
    };
  } } },
});
`;

const SEER = strategyModule(
  'seer',
  `const { bars } = context;
   const rows = Array.from({ length: Math.min(12, bars.length) }, (_, ago) => [bars.ts(ago), bars.open(ago), bars.close(ago)]);
   appendFileSync('seer.txt', JSON.stringify(rows) + '\\n'); return context.state.bars % 2 === 0 ? 0.5 : -0.5;`,
)
  .replace('warmup: () => 1,', 'warmup: () => 12,')
  .replace('import { z }', "import { appendFileSync } from 'node:fs';\nimport { z }");

const YAML = `engine: { name: test, closeDelayMs: 2500 }
plugins: [./seer.mjs, ./breaking.mjs]
instruments: { EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7, marginRate: 0.1 } }
feeds: { data: { use: breaking } }
venues: { sim: { use: simulated } }
risk: { use: standard, options: { maxLeverage: 20, stale: { feedMs: 60000 } } }
strategies:
  seer: { use: seer, symbols: [EURUSD], bars: { use: time, options: { seconds: 1, price: mid } } }
`;

let project: Project;

beforeEach(() => {
  project = new Project().write('seer.mjs', SEER).write('breaking.mjs', BREAKING).write('engine.yaml', YAML);
});

afterEach(() => project.remove());

/** Starts of the bars the strategy was asked about, each with all before it as the unbroken feed has them. */
function askedAbout(): readonly number[] {
  const lines = readFileSync(join(project.folder, 'seer.txt'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const rows = JSON.parse(line) as [number, number, number][];
    const [[newest] = [Number.NaN]] = rows;
    expect(rows.map(([ts]) => ts)).toEqual(Array.from({ length: 12 }, (_, ago) => newest - ago * 1_000));
    for (const [ts, open, close] of rows) {
      expect([ts, open]).toEqual([ts, expect.closeTo(bidAt(ts) + 0.00005, 8)]);
      expect([ts, close]).toEqual([ts, expect.closeTo(bidAt(ts + 1_000 - GRID_MS) + 0.00005, 8)]);
    }
    return newest;
  });
}

function ticksAskedFor(): number {
  return readFileSync(join(project.folder, 'asked.txt'), 'utf8').length;
}

async function isReplayedAlike(run: string): Promise<void> {
  const { stdout } = await project.run(['replay', run, '--verify', '--json']);
  expect(onlyJson(stdout)).toMatchObject({ isSame: true });
}

describe('a paper session whose feed breaks', () => {
  it('sees the bars of an unbroken feed', async () => {
    project.write('BREAKS', '');
    const { code, stderr, stdout } = await project.run(['paper', '--report', 'none', '--json', '--duration', '12s']);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('FEED_BACKFILL_FAILED')]);
    const asked = askedAbout();
    expect(asked.length).toBeGreaterThan(3);
    expect(asked).toEqual([...new Set(asked)]);
    // The bar under way at the start, then the outage.
    expect(ticksAskedFor()).toBe(2);
    await isReplayedAlike((onlyJson(stdout) as { readonly run: string }).run);
  });

  it('sees them after it was killed and goes on, too', async () => {
    // Not before it has its history, and with no outage until then.
    await killed(project, 1_700, () => existsSync(join(project.folder, 'asked.txt')) && hasBegun(project));
    project.write('BREAKS', '');
    const { code, stderr, stdout } = await project.run(['paper', '--report', 'none', '--json', '--duration', '12s']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('RUN_CONTINUED')]);
    expect(stderr).not.toContain('FEED_BACKFILL_FAILED');
    expect(askedAbout().length).toBeGreaterThan(3);
    // The time without an engine in place of a warm-up.
    expect(ticksAskedFor()).toBe(3);
    await isReplayedAlike((onlyJson(stdout) as { readonly run: string }).run);
  });
});
