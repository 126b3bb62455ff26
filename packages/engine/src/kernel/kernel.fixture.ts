// A whole kernel with driver and scripted venue for the tests of the engine's core.
import {
  type BarSpec,
  type CommandName,
  defineInstrument,
  defineStrategy,
  type EngineNotice,
  type EpochMs,
  type Instrument,
  type InstrumentOptions,
  marketCalendar,
  MINUTE_MS,
  type RiskPolicy,
  type Signal,
  type SignalAnswer,
  type SignalContext,
  type Sizer,
  type StrategyDefinition,
} from '@bookrunner/sdk';
import { z } from 'zod';
import { timeBars } from '../bars/bars.fixture.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { Book, BookSetup } from '../portfolio/book.js';
import { Driver } from '../runtime/driver.js';
import { ReportRelay } from '../runtime/report-relay.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';
import type { StrategyRunner } from '../signals/strategy-runner.js';
import type { BarEvent, KernelEvent, TickEvent } from './event.js';
import { Kernel } from './kernel.js';
import { RecordingListener } from './recording-listener.fixture.js';
import { ScriptedVenue } from './scripted-venue.fixture.js';
import type { KernelSetup, StrategySetup, StreamSetup } from './setup.js';

/** Monday 2014-05-05 00:00 UTC: when every scene starts. */
export const START = Date.UTC(2014, 4, 5);

/** One share is 100 units, so that wishes and orders are easy to read. */
export const HUNDRED_UNITS: Sizer = { size: ({ share }) => ({ kind: 'sized', units: share * 100 }) };

/** Step 0.25, lot 1, around the clock. */
export function instrumentOf(options: Partial<InstrumentOptions> = {}): Instrument {
  return defineInstrument({ symbol: 'AAA', assetClass: 'equity', quote: 'USD', priceStep: 0.25, ...options });
}

/** A strategy of a scene. Without a definition it answers what {@link Scene.answer} was told last. */
export interface SceneStrategy {
  readonly name?: string;
  readonly definition?: StrategyDefinition;
  readonly instruments?: readonly number[];
  readonly streams?: readonly (readonly number[])[];
  readonly book?: number;
  readonly allocation?: number;
  readonly sizer?: Sizer;
  readonly policy?: RiskPolicy;
  readonly feed?: string;
  readonly onBar?: (context: SignalContext) => SignalAnswer;
}

/** What a scene is made of; everything has a default. */
export interface SceneOptions {
  readonly instruments?: readonly Instrument[];
  readonly calendar?: string;
  readonly dayCalendars?: readonly string[];
  readonly streams?: readonly StreamSetup[];
  readonly books?: readonly (Partial<BookSetup> & { readonly name: string; readonly policy?: RiskPolicy })[];
  readonly strategies?: readonly SceneStrategy[];
  readonly policy?: RiskPolicy;
  readonly closeDelayMs?: number;
  readonly barGraceMs?: number;
  readonly venueReplaces?: boolean;
  readonly tradeFrom?: EpochMs;
  readonly start?: EpochMs;
  readonly brokers?: KernelSetup['brokers'];
  readonly reconcile?: KernelSetup['reconcile'];
  /** Trades there in place of {@link Scene.venue}. */
  readonly venueOf?: (scene: Scene) => SynchronousVenue;
  /** Makes the kernel; a plain one unless given. */
  readonly kernelOf?: (setup: KernelSetup, listener: RecordingListener) => Kernel;
}

const TIME_BARS: BarSpec = { use: 'time', options: { seconds: 60 } };

/** A stream of one-minute bars that a feed delivers. */
export function feedStream(instrumentIndex: number, barMs = MINUTE_MS): StreamSetup {
  const spec = { ...TIME_BARS, options: { seconds: barMs / 1_000 } };
  return { instrumentIndex, spec, barMs, source: 'feed', parent: -1 };
}

/** A stream of time bars built from ticks (mid prices), or from the bars of `parent`. */
export function builtStream(instrumentIndex: number, barMs = MINUTE_MS, parent = -1): StreamSetup {
  return {
    ...feedStream(instrumentIndex, barMs),
    source: parent < 0 ? 'ticks' : 'bars',
    parent,
    builder: () => timeBars({ seconds: barMs / 1_000, price: 'mid' }),
  };
}

/** A strategy definition around a function; warm after `warmup` bars. */
export function strategyOf(
  onBar: (context: SignalContext) => SignalAnswer,
  options: Partial<Pick<StrategyDefinition, 'times' | 'gapToleranceMs'>> &
    Partial<Omit<Signal, 'onBar'>> & { warmup?: number } = {},
): StrategyDefinition {
  const { warmup, times, gapToleranceMs, ...signal } = options;
  const definition = defineStrategy({ name: 'scripted', params: z.object({}), warmup: () => warmup ?? 1, onBar });
  return {
    ...definition,
    times: times ?? definition.times,
    gapToleranceMs: gapToleranceMs ?? definition.gapToleranceMs,
    signal: { onBar, ...signal },
  };
}

/** A kernel, its venue and everything they said. */
export class Scene {
  readonly options: SceneOptions;
  readonly setup: KernelSetup;
  readonly kernel: Kernel;
  readonly driver: Driver;
  readonly venue: ScriptedVenue;
  readonly listener = new RecordingListener();
  readonly notices: EngineNotice[] = [];
  /** Every event the kernel took, venue reports included, in order. */
  readonly journal: KernelEvent[] = [];
  /** What the strategies of the scene answer from now on. */
  readonly answers: SignalAnswer[] = [];
  now: EpochMs;

  constructor(options: SceneOptions = {}) {
    this.options = options;
    this.now = options.start ?? START;
    this.setup = setupOf(options, this.answers);
    this.kernel = options.kernelOf?.(this.setup, this.listener) ?? new Kernel(this.setup, this.listener);
    const process = this.kernel.process.bind(this.kernel);
    this.kernel.process = (event) => {
      this.journal.push({ ...event });
      process(event);
    };
    const relay = new ReportRelay(() => {});
    relay.connect(this.kernel);
    this.venue = new ScriptedVenue(relay);
    const onNotice = (notice: EngineNotice): void => void this.notices.push(notice);
    const venue = options.venueOf?.(this) ?? this.venue;
    this.driver = new Driver({ kernel: this.kernel, venue, relay, onNotice });
  }

  get slots(): readonly TargetSlot[] {
    return this.kernel.parts.execution.slots;
  }
  get slot(): TargetSlot {
    return this.slots[0] as TargetSlot;
  }
  get book(): Book {
    return this.kernel.parts.portfolio.books[0] as Book;
  }
  get runner(): StrategyRunner {
    return this.kernel.parts.signals.runners[0] as StrategyRunner;
  }
  /** Units held by a slot, in order of strategies and their instruments. */
  held(slot = 0): number {
    return this.slots[slot]?.position.holding.qty ?? Number.NaN;
  }
  codes(): readonly string[] {
    return this.notices.map((notice) => notice.code);
  }

  /** The strategy answers this to the bar of each instrument that now closes. */
  answer(answer: SignalAnswer, price = 100, strategy = 0): void {
    this.answers[strategy] = answer;
    this.bars(price);
  }

  /** One minute passes; every feed stream of a minute gives a bar at the price. */
  bars(price = 100): void {
    const ts = this.now;
    this.now += MINUTE_MS;
    const events = this.setup.streams.flatMap((stream, index) =>
      stream.source === 'feed' && stream.barMs === MINUTE_MS ? [this.barEvent({ streamIndex: index, ts, price })] : [],
    );
    for (const event of events) this.driver.barOpen(this.setup.streams[event.streamIndex]?.instrumentIndex ?? 0, event);
    for (const event of events) {
      this.driver.barRange(this.setup.streams[event.streamIndex]?.instrumentIndex ?? 0, event);
      this.driver.bar(event);
    }
    this.driver.advanceTo(this.now);
  }

  barEvent(fields: { streamIndex: number; ts: EpochMs; price: number; isWarmup?: boolean }): BarEvent {
    const { streamIndex, ts, price, isWarmup = false } = fields;
    const stream = this.setup.streams[streamIndex] as StreamSetup;
    const symbol = this.setup.instruments[stream.instrumentIndex]?.instrument.symbol ?? '';
    const endTs = ts + stream.barMs;
    const at = endTs + this.setup.closeDelayMs;
    const prices = { open: price, high: price, low: price, close: price, volume: 1, nTicks: 1, vwap: Number.NaN };
    return { kind: 'bar', at, streamIndex, isWarmup, isLast: false, ts, endTs, symbol, ...prices };
  }

  /** A quote around a price at an instant, which becomes now. */
  tick(ts: EpochMs, price = 100, fields: Partial<TickEvent> = {}): void {
    const at = fields.at ?? ts;
    this.now = Math.max(this.now, at);
    const instrumentIndex = fields.instrumentIndex ?? 0;
    this.driver.tick({
      kind: 'tick',
      at,
      ts,
      recvTs: at,
      instrumentIndex,
      symbol: this.setup.instruments[instrumentIndex]?.instrument.symbol ?? '',
      venue: 'test',
      bid: price - 0.25,
      ask: price + 0.25,
      bidSize: 1,
      askSize: 1,
      last: Number.NaN,
      size: Number.NaN,
      ...fields,
    });
  }

  /** The venue says something of its own accord, now; what follows is carried out. */
  report(act: (venue: ScriptedVenue) => void): void {
    this.venue.at(this.now, () => act(this.venue));
    this.driver.advanceTo(this.now);
  }

  command(name: CommandName, args: object = {}): void {
    const command = { ts: this.now, name, args: { ...args }, actor: 'ada' };
    this.driver.event({ kind: 'command', at: this.now, command });
  }

  /** A kernel of the same set-up that has seen nothing; it answers the same from now on. */
  fresh(): Scene {
    const scene = new Scene(this.options);
    scene.answers.push(...this.answers);
    scene.now = this.now;
    return scene;
  }
}

function setupOf(options: SceneOptions, answers: SignalAnswer[]): KernelSetup {
  const calendar = marketCalendar(options.calendar ?? '24x7');
  const instruments = options.instruments ?? [instrumentOf()];
  const streams = options.streams ?? instruments.map((_, index) => feedStream(index));
  const books = options.books ?? [{ name: 'CORE' }];
  return {
    runEpoch: 'testtest',
    baseCurrency: 'USD',
    instruments: instruments.map((instrument) => ({ instrument, calendar })),
    streams,
    books: books.map((book, index) => ({
      account: 'ACC',
      base: 'USD',
      capital: 1_000_000,
      dayCalendar: marketCalendar(options.dayCalendars?.[index] ?? '24x7'),
      ...book,
    })),
    strategies: (options.strategies ?? [{}]).map((strategy, index) =>
      strategySetup(strategy, { index, instruments, answers }),
    ),
    ...(options.policy === undefined ? {} : { policy: options.policy }),
    ...(options.tradeFrom === undefined ? {} : { tradeFrom: options.tradeFrom }),
    ...(options.brokers === undefined ? {} : { brokers: options.brokers }),
    ...(options.reconcile === undefined ? {} : { reconcile: options.reconcile }),
    closeDelayMs: options.closeDelayMs ?? 0,
    ...(options.barGraceMs === undefined ? {} : { barGraceMs: options.barGraceMs }),
    venueReplaces: options.venueReplaces ?? true,
  };
}

function strategySetup(
  strategy: SceneStrategy,
  scene: { index: number; instruments: readonly Instrument[]; answers: SignalAnswer[] },
): StrategySetup {
  const instrumentIndexes = strategy.instruments ?? scene.instruments.map((_, index) => index);
  return {
    name: strategy.name ?? `s${scene.index}`,
    definition: strategy.definition ?? strategyOf(strategy.onBar ?? (() => scene.answers[scene.index])),
    params: {},
    bookIndex: strategy.book ?? 0,
    instrumentIndexes,
    streams: strategy.streams ?? [instrumentIndexes],
    sizer: strategy.sizer ?? HUNDRED_UNITS,
    sizerFeatures: {},
    allocation: strategy.allocation ?? 1,
    ...(strategy.policy === undefined ? {} : { policy: strategy.policy }),
    feed: strategy.feed ?? 'feed',
  };
}
