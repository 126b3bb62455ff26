// Test support: a live run over a feed and a broker that the test moves, with a real journal.
import type {
  Feed,
  HistoryBlock,
  Instrument,
  Order,
  SubmitOutcome,
  Venue,
  VenueReport,
  VenueSink,
  VenueSnapshot,
} from '@bookrunner/sdk';
import { FakeClock, PaperVenue } from '@bookrunner/sdk/testing';
import { composeEngine, type EngineComposition } from '../src/composition-root.js';
import { loadConfig } from '../src/config/index.js';
import { DRIVER } from '../src/journal/journal.fixture.js';
import { JournalReader, type SegmentLine } from '../src/journal/journal-reader.js';
import type { JournalRecord } from '../src/journal/journal-record.js';
import type { RunFacts } from '../src/journal/segment-header.js';
import type { RunResult } from '../src/report/run-result.js';
import { brokerVenues } from '../src/runtime/brokers/broker-setup.js';
import { Brokers } from '../src/runtime/brokers/brokers.js';
import { LiveSession, type LiveSessionParts, MINUTE, newProject, NOON } from './live-session.fixture.js';
import { NearFeed } from './near-feed.fixture.js';
import type { PaperProject } from './paper-project.fixture.js';

/** A broker as a plugin declares it; the tests put real venues in its place. */
export const BROKER = `
import { API_VERSION, definePlugin, defineStrategy } from '@bookrunner/sdk';
import { z } from 'zod';
const capabilities = {
  orderTypes: ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'],
  timeInForce: ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'],
  oco: true, replace: true, shortSale: true,
};
const unused = () => ({ capabilities });
const params = z.strictObject({});
// Long, protected, from the second bar on flat again.
const once = defineStrategy({
  name: 'once', params, warmup: () => 1, state: () => ({ bars: 0 }),
  onBar({ state }) { state.bars += 1; return state.bars === 1 ? 1 : state.bars === 2 ? 0 : undefined; },
});
const resting = defineStrategy({
  name: 'resting', params, warmup: () => 1, onBar: ({ bar }) => ({ share: 1, entry: { limit: bar.close - 0.05, tif: 'GTC' } }),
});
// Long at a limit, from the second bar on at the market; flat at the fourth.
const switching = defineStrategy({
  name: 'switching', params, warmup: () => 1, state: () => ({ bars: 0 }),
  onBar({ state, bar }) {
    state.bars += 1;
    if (state.bars === 1) return { share: 1, entry: { limit: bar.close - 0.05, tif: 'GTC' } };
    return state.bars === 2 ? 1 : state.bars === 4 ? 0 : undefined;
  },
});
const guarded = defineStrategy({
  name: 'guarded', params, warmup: () => 1, state: () => ({ bars: 0 }),
  onBar({ state, bar }) {
    state.bars += 1;
    return state.bars === 1 ? { share: 1, protect: { stop: bar.close - 0.05, takeProfit: bar.close + 0.05 } } : undefined;
  },
});
// Long and protected, at every bar anew.
const steady = defineStrategy({
  name: 'steady', params, warmup: () => 1,
  onBar: ({ bar }) => ({ share: 1, protect: { stop: bar.close - 0.05, takeProfit: bar.close + 0.05 } }),
});
// Long at the fifteenth bar it is asked about, flat at the seventeenth.
const late = defineStrategy({
  name: 'late', params, warmup: () => 1, state: () => ({ bars: 0 }),
  onBar({ state }) { state.bars += 1; return state.bars === 15 ? 1 : state.bars === 17 ? 0 : undefined; },
});
// The same in each run of a test; whoever asks later, such as the backtest of a session, hears something else.
let drawn = 7;
const random = () => (drawn = (drawn * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
// By chance from the twelfth minute on; counts what it was asked about.
const chance = defineStrategy({
  name: 'chance', params, warmup: () => 1, state: () => ({ bars: 0 }),
  onBar({ state, bar }) {
    state.bars += 1;
    return bar.ts % 3_600_000 < 720_000 ? undefined : random() < 0.5 ? 1 : -1;
  },
});
// Long with protection, flat, short with protection, flat, by the minute.
const turns = defineStrategy({
  name: 'turns', params, warmup: () => 1,
  onBar({ bar: { ts, close } }) {
    const turn = Math.floor(ts / 60_000) % 8;
    if (turn === 0) return { share: 0.5, protect: { stop: close * 0.99, takeProfit: close * 1.01 } };
    if (turn === 3 || turn === 7) return 0;
    return turn === 4 ? { share: -0.5, protect: { stop: close * 1.01 } } : undefined;
  },
});
export default definePlugin({
  id: 'broker', apiVersion: API_VERSION,
  feeds: { hand: { capabilities: { quotes: true }, create: unused } },
  venues: {
    broker: { capabilities, create: unused }, fixed: { capabilities: { ...capabilities, replace: false }, create: unused },
    poor: { capabilities: { orderTypes: ['market'], timeInForce: ['DAY'] }, create: unused },
  },
  strategies: { once, resting, switching, guarded, steady, late, chance, turns },
});
`;

/** One strategy at one broker. */
export function brokerYaml(strategy = 'once', more: { readonly engine?: string; readonly rest?: string } = {}): string {
  return `
engine: { name: live-test, baseCurrency: USD, dataDir: ./var, reconcile: { settleMs: 100 }${more.engine ?? ''} }
plugins: [./broker.mjs]
instruments:
  EURUSD: { assetClass: fx, base: EUR, quote: USD, priceStep: 0.00001, lotStep: 1000, calendar: 24x5 }
feeds: { data: { use: hand } }
venues: { ib: { use: broker }, sim: { use: simulated } }
accounts: { main: { venue: ib, id: DU1, exclusive: true }, test: { venue: sim } }
books: { MAIN: { account: main, capital: 100000 }, TEST: { account: test, capital: 100000 } }
risk: { use: standard, options: { stale: { feedMs: 600000 }, maxLeverage: 3 } }
strategies:
  mine: { use: ${strategy}, book: MAIN, symbols: [EURUSD], bars: { use: time, options: { seconds: 60, price: mid } } }
${more.rest ?? ''}`;
}

/** The same strategy at two brokers, of which each has an account and a book. */
export function twoBrokersYaml(strategy: string): string {
  const bars = 'bars: { use: time, options: { seconds: 60, price: mid } }';
  return brokerYaml(strategy, { rest: `  beside: { use: ${strategy}, book: OTHER, symbols: [EURUSD], ${bars} }` })
    .replace('venues: { ib: { use: broker },', 'venues: { ib: { use: broker }, other: { use: broker },')
    .replace('accounts: {', 'accounts: { beside: { venue: other, id: DU2, exclusive: true },')
    .replace('books: {', 'books: { OTHER: { account: beside, capital: 100000 },');
}

/** A feed that delivers what the test says. */
class HandFeed extends NearFeed {
  readonly capabilities = { quotes: true } as const;

  async *history(): AsyncGenerator<HistoryBlock> {}
}

/** A venue in front of another, whose calls a test may answer in its own way. */
export class WatchedVenue implements Venue {
  readonly inner: Venue;
  readonly calls: string[] = [];
  readonly orders: Order[] = [];
  sink!: VenueSink;
  /** In place of the inner venue's answer. */
  onSubmit: ((group: readonly Order[]) => Promise<SubmitOutcome> | undefined) | undefined;
  onSnapshot: (() => Promise<VenueSnapshot> | undefined) | undefined;
  resolve?: (instrument: Instrument) => Promise<Instrument>;
  isClosed = false;

  constructor(inner: Venue) {
    this.inner = inner;
  }
  get capabilities() {
    return this.inner.capabilities;
  }
  open(sink: VenueSink): Promise<void> {
    this.sink = sink;
    return this.inner.open(sink);
  }
  close(): Promise<void> {
    this.isClosed = true;
    return this.inner.close();
  }
  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    this.orders.push(...group);
    this.calls.push(`submit ${group.length}`);
    return this.onSubmit?.(group) ?? this.inner.submit(group);
  }
  cancel(order: { readonly clientOrderId: string; readonly symbol: string }) {
    this.calls.push('cancel');
    return this.inner.cancel(order);
  }
  replace(order: { readonly clientOrderId: string; readonly symbol: string }, change: object) {
    this.calls.push('replace');
    return this.inner.replace!(order, change);
  }
  snapshot(): Promise<VenueSnapshot> {
    this.calls.push('snapshot');
    return this.onSnapshot?.() ?? this.inner.snapshot();
  }
  report(report: VenueReport): void {
    this.sink.report(report);
  }
}

/** What {@link LiveBench.begin} may be given. */
export interface LiveBenchOptions {
  readonly clock?: FakeClock;
  readonly project?: PaperProject;
  readonly runId?: string;
  /** Wraps the paper venue behind the watched one. */
  readonly wrap?: (venue: PaperVenue, clock: FakeClock) => Venue;
  readonly prepare?: (venue: WatchedVenue) => void;
  readonly first?: LiveSessionParts['first'];
  /** In place of one without history. */
  readonly feed?: NearFeed;
  /** A second feed, of name `other`. */
  readonly other?: NearFeed;
  readonly watched?: LiveSessionParts['watched'];
  /** A second broker, of name `other`, with the account `DU2`; it numbers its executions as the first one does. */
  readonly hasTwo?: boolean;
}

/** One live run at one broker of name `ib`, account `DU1`. */
export class LiveBench extends LiveSession {
  readonly feed: NearFeed;
  paper!: PaperVenue;
  beside: PaperVenue | undefined;
  venue!: WatchedVenue;
  engine!: EngineComposition;
  brokers!: Brokers;
  #isOver = false;

  private constructor(yaml: string, options: LiveBenchOptions) {
    super({
      clock: options.clock ?? new FakeClock(NOON),
      project: options.project ?? newProject(yaml, { 'broker.mjs': BROKER }),
      runId: options.runId,
      turns: 5,
    });
    this.feed = options.feed ?? new HandFeed();
  }

  static async begin(yaml: string, options: LiveBenchOptions = {}): Promise<LiveBench> {
    const bench = new LiveBench(yaml, options);
    await bench.#begin(options);
    return bench;
  }

  async #begin(options: LiveBenchOptions): Promise<void> {
    const { clock } = this;
    const config = loadConfig(this.project.configPath, {});
    const log = { level: 'silent', format: 'json', write: () => {} } as const;
    const engine = await composeEngine({ config, mode: 'live', log, clock });
    const feeds = new Map<string, Feed>([['data', this.feed]]);
    if (options.other !== undefined) feeds.set('other', options.other);
    this.engine = { ...engine, parts: { ...engine.parts, feeds } };
    const paper = (account: string): PaperVenue =>
      new PaperVenue({ instruments: Object.values(config.instruments), clock, name: 'paper', account });
    this.paper = paper('DU1');
    this.venue = new WatchedVenue(options.wrap?.(this.paper, clock) ?? this.paper);
    options.prepare?.(this.venue);
    const venues = new Map<string, Venue>([['ib', this.venue]]);
    if (options.hasTwo === true) venues.set('other', (this.beside = paper('DU2')));
    const brokers = new Brokers({ brokers: brokerVenues(config, 'live'), venues, config, clock, log: engine.log });
    for (const { open } of brokers.openables()) await open();
    this.brokers = brokers;
    const { first, watched } = options;
    await this.start({ engine: this.engine, brokers, ...(first && { first }), ...(watched && { watched }) });
    await this.settle();
  }

  /** As the kernel asks. */
  ask(query: number): void {
    this.brokers.query('ib', query);
  }

  /** A folder as a cut now would leave it. */
  cutOff(): PaperProject {
    return this.copy({ 'broker.mjs': BROKER });
  }

  /** The market moves, at the feed and at the broker. */
  quote(bid: number): void {
    const ts = this.clock.nowUtc();
    const sizes = { bidSize: 1e6, askSize: 1e6, last: Number.NaN, size: Number.NaN };
    for (const paper of [this.paper, this.beside]) paper?.quote('EURUSD', bid, bid + 0.0001);
    this.feed.sink.tick({ ts, recvTs: ts, symbol: 'EURUSD', venue: 'hand', bid, ask: bid + 0.0001, ...sizes });
  }

  /** Time passes, and everything that waits for it happens. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  /** A quote, and the bar that closes on it. */
  async bar(bid = 1.1): Promise<void> {
    await this.pass(1_000);
    this.quote(bid);
    await this.pass(MINUTE - (this.clock.nowUtc() % MINUTE));
  }

  /** Bars that have closed, the newest last. */
  bars(stream = 0): readonly { readonly ts: number; readonly open: number; readonly close: number }[] {
    const window = this.kernel?.parts.market.streams[stream]?.window;
    return Array.from({ length: window?.length ?? 0 }, (_, ago) => ({
      ...{ ts: window?.ts(ago) ?? NaN, open: window?.open(ago) ?? NaN, close: window?.close(ago) ?? NaN },
    })).toReversed();
  }

  qty(strategy = 0): number | undefined {
    return this.session.snapshot()?.strategies[strategy]?.positions[0]?.qty;
  }

  /** What happened so far, without the rows of the market. */
  records(run = this.runId): readonly JournalRecord[] {
    if (!this.#isOver) this.journal?.writer.commit();
    return this.onDisk(run);
  }

  /** What of it is on disk. */
  onDisk(run = this.runId): readonly JournalRecord[] {
    return this.#read((reader) =>
      reader
        .segmentsOf(run)
        .flatMap((segment) => [...reader.records(segment)])
        .map(({ record }) => record)
        .filter(({ kind }) => kind !== 'tick'),
    );
  }

  /** Events of one kind on disk. */
  events(kind: string): readonly Readonly<Record<string, unknown>>[] {
    return this.records().flatMap((record) =>
      record.kind === 'event' && record.event.kind === kind ? [record.event as never] : [],
    );
  }

  reports(): readonly string[] {
    return this.events('venue-report').map(({ report }) => String(report));
  }

  facts(run = this.runId): RunFacts {
    return this.#read((reader) => reader.facts(reader.segmentsOf(run)[0] as SegmentLine));
  }

  /** Asks it to end, and lets so much time pass. */
  async beginStop(ms: number): Promise<void> {
    this.stop();
    await this.settle();
    for (let passed = 0; passed < ms; passed += 50) await this.pass(50);
  }

  /** Ends it in the usual way; time passes for what waits for it. */
  async finish(): Promise<RunResult> {
    this.stop();
    const over = (): void => {
      this.#isOver = true;
    };
    this.result.then(over, over);
    await this.settle();
    while (!this.#isOver) await this.pass(50);
    return this.result;
  }

  #read<Answer>(read: (reader: JournalReader) => Answer): Answer {
    const reader = new JournalReader(this.project.dataDir, DRIVER);
    try {
      return read(reader);
    } finally {
      reader.close();
    }
  }
}
