// Wires the kernel's parts from a set-up. Order matters only here; nothing runs before the first event.
import type { EngineNotice, TimeInForce } from '@bookrunner/sdk';
import { Execution } from '../execution/execution.js';
import { Guards } from '../execution/guards.js';
import { ClosedScopes, GuardedScope } from '../execution/guarded-scope.js';
import { OrderDesk } from '../execution/order-desk.js';
import { OrderRateCounter } from '../execution/order-rate-counter.js';
import { RiskGate } from '../execution/risk-gate.js';
import { BookMoney, GlobalMoney, type ScopeMoney, StrategyMoney } from '../execution/scope-money.js';
import { ScopeView } from '../execution/scope-view.js';
import { TargetRule } from '../execution/target-rule.js';
import { TargetSlot } from '../execution/target-slot.js';
import { BarStream } from '../market/bar-stream.js';
import { CurrencyConverter } from '../market/currency-converter.js';
import { InstrumentState } from '../market/instrument-state.js';
import { Market } from '../market/market.js';
import { Book } from '../portfolio/book.js';
import { Marks } from '../portfolio/marks.js';
import { Portfolio } from '../portfolio/portfolio.js';
import { RingBarWindow } from '../signals/bar-window.js';
import { loneReaderOf } from '../signals/lone-reader.js';
import type { DueList } from '../signals/due-list.js';
import { SignalStage } from '../signals/signal-stage.js';
import { type OnFeatureThrew, StrategyRunner } from '../signals/strategy-runner.js';
import type { Reconciler } from '../reconciliation/reconciler.js';
import { makeReconciler, makeSuspense } from './build-brokers.js';
import { DecisionHash } from './decision-hash.js';
import { KernelTime } from './kernel-time.js';
import type { KernelListener } from './listener.js';
import { Outbox } from './outbox.js';
import { closeLater } from '../reconciliation/panic-closing.js';
import { PanicWatch } from './panic-watch.js';
import type { KernelSetup, StrategySetup } from './setup.js';

/** The parts of a kernel, each one folder. */
export interface KernelParts {
  readonly time: KernelTime;
  readonly outbox: Outbox;
  readonly converter: CurrencyConverter;
  readonly market: Market;
  readonly portfolio: Portfolio;
  readonly desk: OrderDesk;
  readonly execution: Execution;
  readonly signals: SignalStage;
  readonly guards: Guards;
  readonly hash: DecisionHash;
  /** Scopes by strategy index, by book index, and the global one. */
  readonly scopes: {
    readonly strategies: readonly GuardedScope[];
    readonly books: readonly GuardedScope[];
    readonly global: GuardedScope;
  };
  readonly listener: KernelListener;
  /** Undefined where all fills are simulated. */
  readonly reconciler: Reconciler | undefined;
  readonly panics: PanicWatch;
}

export function buildKernel(
  setup: KernelSetup,
  listener: KernelListener,
  notify: (notice: EngineNotice) => void,
): KernelParts {
  const time = new KernelTime();
  const instruments = setup.instruments.map(
    ({ instrument, calendar }, index) => new InstrumentState(index, instrument, calendar),
  );
  const converter = new CurrencyConverter(instruments);
  const marks = new Marks();
  const books = setup.books.map((book, index) => new Book(index, book, converter, marks));
  const slots = setup.strategies.map((strategy, index) =>
    makeSlots(setup.runEpoch, { strategy, index, books, instruments }),
  );
  const brokers = makeSuspense(setup, { instruments, converter });
  const allSlots = [...slots.flat(), ...brokers.flatMap(({ accounts }) => accounts.flatMap((one) => one.slots))];
  const streams = makeStreams(setup, instruments);
  const { closeDelayMs, barGraceMs } = setup;
  const portfolio = new Portfolio({
    books,
    instrumentCount: instruments.length,
    converter,
    baseCurrency: setup.baseCurrency,
    listener,
    time,
    ...{ closeDelayMs, barGraceMs, marks, streams },
  });
  const hash = new DecisionHash();
  const outbox = new Outbox();
  const desk = new OrderDesk(outbox, listener, hash);
  const { venueReplaces } = setup;
  const closed = new ClosedScopes();
  const rule = new TargetRule({ desk, gate: new RiskGate(closed, time), listener, notify, venueReplaces, time });
  const execution = new Execution({
    desk,
    rule,
    listener,
    hash,
    notify,
    slots: allSlots,
  });
  const signals = new SignalStage({
    execution,
    notify,
    time,
    tradeFrom: setup.tradeFrom ?? Number.NEGATIVE_INFINITY,
    runners: (due, onFeatureThrew) =>
      setup.strategies.map((strategy, index) =>
        makeRunner(strategy, { index, slots, streams, time, due, onFeatureThrew }),
      ),
  });
  const scopes = makeScopes(setup, { slots, books, portfolio, instruments, runners: signals.runners, closed, desk });
  for (const stream of streams) {
    stream.loneReader = loneReaderOf(stream, signals.runners, portfolio.positionsOf(stream.state.index));
  }
  const market = new Market({ instruments, streams, closeDelayMs, barGraceMs, time, portfolio });
  const guards = new Guards([...scopes.strategies, ...scopes.books, scopes.global], notify, time);
  const shown = { time, outbox, converter, market, portfolio, desk };
  const parts = { ...shown, execution, signals, guards, hash, scopes, listener };
  const around = { slots: allSlots, runners: signals.runners, instruments, notify };
  const reconciler = makeReconciler(brokers, setup, { ...parts, ...around });
  const panics = new PanicWatch({
    ...{ slots: allSlots.filter((slot) => slot.isOwn), notify, time, proof: reconciler },
    close: (open, at) => closeLater({ execution, reconciler }, open, at),
  });
  return { ...parts, reconciler, panics };
}

/** All of them, as texts of the code: V8 compares such by where they are, and one that was read from a file letter by letter. */
const TIMES_IN_FORCE: readonly TimeInForce[] = ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'];

function makeSlots(
  runEpoch: string,
  parts: { strategy: StrategySetup; index: number; books: readonly Book[]; instruments: readonly InstrumentState[] },
): readonly TargetSlot[] {
  const { strategy, index } = parts;
  const book = parts.books[strategy.bookIndex] as Book;
  return strategy.instrumentIndexes.map((instrumentIndex, place) => {
    const position = book.addPosition(parts.instruments[instrumentIndex] as InstrumentState, index);
    return new TargetSlot({
      runEpoch,
      strategy: strategy.name,
      strategyIndex: index,
      place,
      position,
      defaultTif: TIMES_IN_FORCE.find((tif) => tif === strategy.defaultTif) ?? 'DAY',
    });
  });
}

/** Windows are shared by all readers of a stream and as long as the most patient of them asks. */
function makeStreams(setup: KernelSetup, instruments: readonly InstrumentState[]): readonly BarStream[] {
  const lookbacks = setup.streams.map(() => 1);
  for (const strategy of setup.strategies) {
    const lookback = strategy.definition.lookback(strategy.params);
    for (const index of strategy.streams.flat()) lookbacks[index] = Math.max(lookbacks[index] ?? 1, lookback);
  }
  const streams = setup.streams.map((stream, index) => {
    const state = instruments[stream.instrumentIndex] as InstrumentState;
    const window = new RingBarWindow(state.instrument.symbol, lookbacks[index] ?? 1);
    const builder = stream.source === 'feed' ? undefined : stream.builder?.();
    return new BarStream({ index, state, spec: stream.spec, barMs: stream.barMs, window, builder });
  });
  setup.streams.forEach((stream, index) => {
    if (stream.source === 'bars') streams[stream.parent]?.addChild(streams[index] as BarStream);
  });
  return streams;
}

function makeRunner(
  setup: StrategySetup,
  parts: {
    index: number;
    slots: readonly (readonly TargetSlot[])[];
    streams: readonly BarStream[];
    time: KernelTime;
    due: DueList;
    onFeatureThrew: OnFeatureThrew;
  },
): StrategyRunner {
  const windows = setup.streams.map((row) => row.map((index) => (parts.streams[index] as BarStream).window));
  const slots = parts.slots[parts.index] as readonly TargetSlot[];
  const runner = new StrategyRunner({
    index: parts.index,
    setup,
    slots,
    windows,
    time: parts.time,
    due: parts.due,
    onFeatureThrew: parts.onFeatureThrew,
  });
  setup.streams.forEach((row, timeframe) => {
    row.forEach((streamIndex, symbolIndex) => {
      const consumer = runner.consumers[timeframe]?.[symbolIndex];
      if (consumer !== undefined) parts.streams[streamIndex]?.addConsumer(consumer);
    });
  });
  return runner;
}

function makeScopes(
  setup: KernelSetup,
  parts: {
    slots: readonly (readonly TargetSlot[])[];
    books: readonly Book[];
    portfolio: Portfolio;
    instruments: readonly InstrumentState[];
    runners: readonly StrategyRunner[];
    closed: ClosedScopes;
    desk: OrderDesk;
  },
): KernelParts['scopes'] {
  const instruments = new Map(parts.instruments.map((state) => [state.instrument.symbol, state] as const));
  const scope = (
    view: { scope: ScopeView['scope']; name: string; money: ScopeMoney },
    policy: GuardedScope['policy'],
    part: { of: GuardedScope; isAll: boolean } | undefined,
  ): GuardedScope => {
    const around = part?.of.view.rate;
    // A part that is all there is has the same orders.
    const rate = part?.isAll === true && around !== undefined ? around : new OrderRateCounter(around);
    const { marks } = parts.portfolio;
    const { working } = parts.desk;
    return new GuardedScope({
      view: new ScopeView({ ...view, instruments, rate, marks, working }),
      policy,
      around: part?.of,
      closed: parts.closed,
    });
  };
  const global = scope({ scope: 'global', name: '', money: new GlobalMoney(parts.portfolio) }, setup.policy, undefined);
  const isOnlyBook = parts.books.length === 1;
  const books = parts.books.map((book, index) =>
    scope({ scope: 'book', name: book.name, money: new BookMoney(book, isOnlyBook) }, setup.books[index]?.policy, {
      of: global,
      isAll: isOnlyBook,
    }),
  );
  const strategies = setup.strategies.map((strategy, index) => {
    const { name, bookIndex } = strategy;
    const money = new StrategyMoney(
      parts.runners[index] as StrategyRunner,
      parts.slots[index] as readonly TargetSlot[],
      parts.books[bookIndex] as Book,
    );
    const isAll = setup.strategies.every((other) => other === strategy || other.bookIndex !== bookIndex);
    return scope({ scope: 'strategy', name, money }, strategy.policy, { of: books[bookIndex] as GuardedScope, isAll });
  });
  strategies.forEach((strategy, index) => {
    for (const slot of parts.slots[index] as readonly TargetSlot[]) {
      slot.scopes = [strategy, books[slot.bookOf.index] as GuardedScope, global];
      slot.policed = strategy.policed;
      slot.rate = strategy.view.rate;
      for (const { view } of slot.scopes) view.addSlot(slot);
    }
  });
  return { strategies, books, global };
}
