// Test support: journalled paper sessions over a feed and a clock that the test moves.
import { join } from 'node:path';
import type { Command, EngineNotice, Feed, FeedSink, Instrument } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { composeEngine } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader } from '../src/journal/journal-reader.js';
import { compareRun, type CompareRunOptions } from '../src/parity/compare-run.js';
import type { ParityResult } from '../src/parity/parity-result.js';
import type { RunResult } from '../src/report/run-result.js';
import { LiveRun } from '../src/runtime/live/live-run.js';
import type { WorkerData } from '../src/runtime/session/paper-messages.js';
import { Turns } from '../src/runtime/live/pace-turns.js';
import { journalOpener } from '../src/runtime/session/worker-journal.js';
import { WorkerSession } from '../src/runtime/session/worker-session.js';
import { PaperProject } from './paper-project.fixture.js';

/** Tuesday 2024-01-02, 12:00 UTC. */
export const NOON = Date.UTC(2024, 0, 2, 12);
export const BAR_MS = 10_000;

/** Long, short and flat in turn, with a stop and a take-profit. */
const TURNS = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
/** Draws that go on from the session to the backtest: the same in each run of a test, and another for each of the two. */
let drawn = 7;
const draw = () => {
  drawn = (Math.imul(drawn, 1664525) + 1013904223) >>> 0;
  return drawn / 4294967296;
};
const turns = defineStrategy({
  name: 'turns',
  params: z.strictObject({ size: z.number().default(0.5) }),
  state: () => ({}),
  warmup: () => 1,
  gapToleranceMs: 60000,
  onBar({ params, bar: { ts, close } }) {
    const turn = Math.floor(ts / 10000) % 6;
    if (turn === 0) return { share: params.size, protect: { stop: close * 0.9995, takeProfit: close * 1.002 } };
    if (turn === 2) return 0;
    if (turn === 3) return -params.size;
    if (turn === 5) return 0;
    return undefined;
  },
});
/** Decides by chance, so that no backtest can know. */
const chance = defineStrategy({
  name: 'chance',
  params: z.strictObject({}),
  state: () => ({}),
  warmup: () => 1,
  onBar: () => (draw() < 0.5 ? 1 : -1),
});
/** Long at the thirtieth bar it is asked about, flat at the thirty-second. */
const counted = defineStrategy({
  name: 'counted',
  params: z.strictObject({}),
  state: () => ({ bars: 0 }),
  warmup: () => 1,
  gapToleranceMs: 60000,
  onBar({ state }) {
    state.bars += 1;
    return state.bars === 30 ? 0.5 : state.bars === 32 ? 0 : undefined;
  },
});
/** By chance from the second minute of the hour on; counts what it was asked about. */
const lateChance = defineStrategy({
  name: 'late-chance',
  params: z.strictObject({}),
  state: () => ({ bars: 0 }),
  warmup: () => 1,
  gapToleranceMs: 60000,
  onBar({ state, bar }) {
    state.bars += 1;
    return bar.ts % 3600000 < 120000 ? undefined : draw() < 0.5 ? 1 : -1;
  },
});
export default definePlugin({ id: 'turns', apiVersion: API_VERSION, strategies: { turns, chance, counted, 'late-chance': lateChance } });
`;

/** Configuration of the sessions. */
export function parityYaml({
  use = 'turns',
  venue = '{ fees: { model: bps, bps: 1 } }',
  staleMs = 600_000,
  instruments = '',
  strategies = '',
} = {}): string {
  return `
engine: { name: parity-test, dataDir: ./var }
plugins: [./turns.mjs]
instruments: { ${instruments}EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x7 } }
feeds: { data: { use: synthetic, options: { seed: 1, days: 1, startPrice: 1.1 } } }
venues: { sim: { use: simulated, options: ${venue} } }
books: { MAIN: { capital: 100000 } }
risk: { use: standard, options: { stale: { feedMs: ${staleMs} } } }
strategies:
  turns: { use: ${use}, symbols: [EURUSD], bars: { use: time, options: { seconds: 10, price: mid } } }
${strategies}`;
}

class PushFeed implements Feed {
  readonly capabilities = { quotes: true };
  sink!: FeedSink;
  resolve(instrument: Instrument) {
    return Promise.resolve({ instrument, sourceId: instrument.symbol });
  }
  async open(): Promise<void> {}
  async close(): Promise<void> {}
  subscribe(_instruments: readonly Instrument[], sink: FeedSink) {
    this.sink = sink;
    return Promise.resolve({ close: () => Promise.resolve() });
  }
}

/** One data folder with its sessions. */
export class ParityProject {
  readonly project: PaperProject;

  constructor(yaml = parityYaml()) {
    this.project = new PaperProject(yaml, { 'turns.mjs': TURNS });
  }

  get dataDir(): string {
    return join(this.project.folder, 'var');
  }

  remove(): void {
    this.project.remove();
  }

  async session(runId: string, at = NOON): Promise<Session> {
    return Session.begin(this.project.configPath, { runId, at });
  }

  async compare(options: Partial<CompareRunOptions> = {}): Promise<ParityResult> {
    const { dataDir } = this;
    const reader = new JournalReader(dataDir, DRIVER);
    try {
      return await compareRun({ reader, dataDir, run: 'latest', ...options });
    } finally {
      reader.close();
    }
  }
}

/** A running paper session. */
export class Session {
  readonly notices: EngineNotice[] = [];
  readonly #clock: FakeClock;
  readonly #feed = new PushFeed();
  readonly #stop = new AbortController();
  #worker!: WorkerSession;
  #result!: Promise<RunResult>;

  private constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  static async begin(
    configPath: string,
    { runId, at }: { readonly runId: string; readonly at: number },
  ): Promise<Session> {
    const session = new Session(new FakeClock(at));
    await session.#begin(configPath, runId);
    return session;
  }

  async #begin(configPath: string, runId: string): Promise<void> {
    const log = { level: 'silent', format: 'json' } as const;
    const clock = this.#clock;
    const engine = await composeEngine({
      ...{ config: loadConfig(configPath, {}), mode: 'paper', clock, log: { ...log, write: () => {} } },
    });
    const data: WorkerData = {
      ...{ runId, mode: 'paper', configPath, overrides: [], env: {}, speed: 1, first: [], html: false, isFresh: false },
      ...{ beatEveryMs: 100, log, beat: new SharedArrayBuffer(16) },
    };
    const onFault = (error: unknown): void => {
      throw error;
    };
    const openJournal = await journalOpener({ engine, data, isRecorded: false, onFault });
    let begun!: () => void;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const source: LiveRun = new LiveRun({
      ...{ data, turns: new Turns({ beat: () => {} }), beat: () => {}, signal: this.#stop.signal },
      engine: { ...engine, parts: { ...engine.parts, feeds: new Map([['data', this.#feed]]) } },
      session: () => this.#worker,
      onNotice: (notice) => this.notices.push(notice),
      onBegun: () => begun(),
      ...(openJournal === undefined ? {} : { openJournal }),
    });
    this.#worker = new WorkerSession({ runId, name: 'n', source, wallClock: () => clock.nowUtc() });
    this.#result = source.run();
    await Promise.race([hasBegun, this.#result]);
  }

  /**
   * A quote each half second of each symbol; the price is of the time, that of the second half the first one's, and so on. Ticks of `late`
   * are received that much after they happened.
   */
  quotes(
    seconds: number,
    {
      late = () => 0,
      symbols = ['EURUSD'],
    }: { readonly late?: (ts: number) => number; readonly symbols?: readonly string[] } = {},
  ): void {
    for (let left = seconds * 2; left > 0; left--) {
      this.#clock.advance(500);
      const now = this.#clock.nowUtc();
      const sizes = { bidSize: 1e6, askSize: 1e6, last: Number.NaN, size: Number.NaN };
      const ts = now - late(now);
      symbols.forEach((symbol, place) => {
        const bid = Number((priceAt(now) / (place + 1)).toFixed(5));
        this.#feed.sink.tick({ ts, recvTs: now, symbol, venue: 'push', bid, ask: bid + 0.0001, ...sizes });
      });
    }
  }

  silence(seconds: number): void {
    for (let left = seconds; left > 0; left--) this.#clock.advance(1_000);
  }

  command(name: Command['name'], args: Command['args'] = {}): void {
    this.#worker.command({ ts: this.#clock.nowUtc(), name, args, actor: 'ops' }, () => {});
  }

  finish(): Promise<RunResult> {
    this.#stop.abort();
    return this.#result;
  }

  /** Dies in the middle: nothing of the end is written. */
  async kill(): Promise<void> {
    const tick = {
      ...{ ts: NOON, recvTs: NOON, symbol: 'EURUSD' },
      get bid(): number {
        throw new Error('killed');
      },
    };
    this.#feed.sink.tick(tick as never);
    await this.#result.catch(() => {});
  }
}

function priceAt(ts: number): number {
  const seconds = (ts - NOON) / 1000;
  return Number((1.1 + 0.004 * Math.sin(seconds / 37) + 0.0007 * Math.sin(seconds / 3.1)).toFixed(5));
}
