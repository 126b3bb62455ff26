// From a folded kernel into one of another set-up: what happened is taken over by name, what was thought is not.
import type { EntryInstruction, Money, SignalGap } from '@bookrunner/sdk';
import { HOLD } from '../execution/hold.js';
import { isEntry } from '../execution/order-desk.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { InstrumentState } from '../market/instrument-state.js';
import type { Book, BookState, Position } from '../portfolio/book.js';
import type { HoldingState } from '../portfolio/holding.js';
import type { BrokerState } from '../reconciliation/broker-watch.js';
import { SUSPENSE } from '../reconciliation/suspense.js';
import { cashBesides, type FoldScale, FoldScales } from './fold-scale.js';
import type { Kernel } from './kernel.js';
import type { KernelSnapshot } from './snapshot.js';

type Halt = KernelSnapshot['halts'][number];
type SlotState = KernelSnapshot['slots'][number];
type Runner = KernelSnapshot['runners'][number];

/** The kernel that was folded into, the one that goes on, and what integers of the one are in the other. */
interface Kernels {
  readonly folded: Kernel;
  readonly kernel: Kernel;
  readonly scales: FoldScales;
}

/** Names a slot in every set-up. */
export function slotKey({ strategy, book, instrument }: Pick<TargetSlot, 'strategy' | 'book' | 'instrument'>): string {
  return JSON.stringify([strategy, book, instrument.symbol]);
}

/**
 * The state of a fresh kernel that goes on from a folded one. Orders, positions, cash, halts, limits and allocations set by command
 * are as they were. Strategies begin as at a first start, those that were there before hear of the `gap` with their first answer;
 * until then their positions stay as they are. To be called before the fresh kernel's first event, and once. Whatever is left of
 * strategies and books that are gone has to be nothing, and the scales of the fresh kernel have to hold what there is.
 */
export function carryOver(folded: Kernel, kernel: Kernel, gap: SignalGap): KernelSnapshot {
  const { now } = folded;
  for (const book of folded.parts.portfolio.books) book.markAll();
  const old = folded.snapshot();
  begin(kernel, now);
  const fresh = kernel.snapshot();
  const kernels = { folded, kernel, scales: FoldScales.between(folded, kernel) };
  return {
    ...fresh,
    ...{ now, sequence: old.sequence, hash: old.hash, executions: executionsOf(kernels, old.executions) },
    instruments: byName(symbolsOf(folded), old.instruments, symbolsOf(kernel), fresh.instruments),
    books: kernel.parts.portfolio.books.map((book, place) => {
      const before = folded.parts.portfolio.books.find(({ name }) => name === book.name);
      return bookOf(book, before, kernels, fresh.books[place] as BookState);
    }),
    runners: runnersOf(kernels, fresh.runners, gap),
    slots: slotsOf(kernels, old.slots, fresh.slots),
    orders: ordersOf(kernels, old.orders),
    halts: haltsOf(kernels, old.halts, fresh.halts),
    ...(old.ended === undefined ? {} : { ended: old.ended }),
    ...(old.skipped === undefined ? {} : { skipped: old.skipped }),
    ...(old.panics === undefined ? {} : { panics: old.panics }),
    ...(fresh.brokers === undefined ? {} : { brokers: brokersOf(kernels, fresh.brokers) }),
  };
}

function slotsOf({ folded, kernel, scales }: Kernels, old: readonly SlotState[], fresh: readonly SlotState[]) {
  const before = folded.parts.execution.slots;
  const places = new Map(before.map((slot, place) => [slotKey(slot), place]));
  return kernel.parts.execution.slots.map((slot, place) => {
    const from = places.get(slotKey(slot)) ?? -1;
    const anew = fresh[place] as SlotState;
    return from < 0 ? anew : slotOf(before[from] as TargetSlot, old[from] as SlotState, anew, scales);
  });
}

function ordersOf({ folded, kernel, scales }: Kernels, orders: KernelSnapshot['orders']): KernelSnapshot['orders'] {
  const places = new Map(kernel.parts.execution.slots.map((slot, place) => [slotKey(slot), place]));
  return orders.flatMap((order) => {
    const owner = folded.parts.execution.slots[order.slot] as TargetSlot;
    const slot = places.get(slotKey(owner));
    const scale = scales.of(owner.instrument.symbol);
    const { qtyScaled, filledScaled } = order;
    return slot === undefined
      ? []
      : [{ ...order, slot, qtyScaled: scale.quantity(qtyScaled), filledScaled: scale.quantity(filledScaled) }];
  });
}

/** Executions stay known; those of slots that are gone can be changed no more, nor can those that the scales of now cannot say. */
function executionsOf(
  { folded, kernel, scales }: Kernels,
  old: KernelSnapshot['executions'],
): KernelSnapshot['executions'] {
  const places = new Map(kernel.parts.execution.slots.map((slot, place) => [slotKey(slot), place]));
  const booked = old.booked.map(([key, execution]) => {
    const owner = folded.parts.execution.slots[execution.slot];
    const slot = owner === undefined ? -1 : (places.get(slotKey(owner)) ?? -1);
    const scale = scales.of(owner?.instrument.symbol ?? '');
    const { signedScaled } = execution;
    if (!scale.isWhole(signedScaled)) return [key, { ...execution, slot: -1, signedScaled: 0 }] as const;
    return [key, { ...execution, slot, signedScaled: scale.quantity(signedScaled) }] as const;
  });
  return { ...old, booked };
}

/** Sessions begin anew; what is in suspense stays there, by account and symbol. */
function brokersOf(kernels: Kernels, fresh: readonly BrokerState[]): readonly BrokerState[] {
  const { folded, kernel, scales } = kernels;
  const old = new Map(folded.parts.reconciler?.watches.map((watch) => [watch.venue, watch]));
  const places = new Map(symbolsOf(kernel).map((symbol, place) => [symbol, place]));
  const symbols = symbolsOf(folded);
  const placeOf = (place: number): readonly number[] => {
    const now = places.get(symbols[place] ?? '');
    return now === undefined ? [] : [now];
  };
  return (kernel.parts.reconciler?.watches ?? []).map((watch, index) => {
    const anew = fresh[index] as BrokerState;
    const before = old.get(watch.venue);
    if (before === undefined) return anew;
    const accounts = watch.accounts.map((account, place) => {
      const was = before.accountOf(account.account);
      const empty = anew.accounts[place] as BrokerState['accounts'][number];
      if (was === undefined) return empty;
      const { closing, foreign } = was;
      const placed = <Value>(map: ReadonlyMap<number, Value>, scaled: (value: Value, scale: FoldScale) => Value) =>
        [...map].flatMap(([at, value]) =>
          placeOf(at).map((now) => [now, scaled(value, scales.of(symbols[at] ?? ''))] as const),
        );
      const explained = placed(was.explained, (value, scale) => scale.quantity(value));
      const ignored = placed(was.ignored, (value, scale) => scale.quantity(value));
      const told = placed(was.told, ({ scaled, at }, scale) => ({ scaled: scale.share(scaled), at }));
      const book = bookOf(account.book, was.book, kernels, empty.book);
      const unheld = [...was.unheld].flatMap(placeOf);
      const rest = { closing: [...closing].flatMap(placeOf), foreign: [...foreign] };
      const some = { ...(told.length === 0 ? {} : { told }), ...(unheld.length === 0 ? {} : { unheld }) };
      return { book, explained, ignored, ...rest, ...some };
    });
    return { ...anew, isBaselined: before.isBaselined, query: before.query, accounts };
  });
}

/** What a kernel does at its first event, but that nothing happens. */
function begin({ parts }: Kernel, at: number): void {
  parts.portfolio.start(at);
  for (const { view } of parts.scopes.strategies) view.openDay();
  parts.signals.schedule.start(at);
}

/** Rows of the old names where there are some, fresh ones elsewhere. */
function byName<T>(
  oldNames: readonly string[],
  old: readonly T[],
  names: readonly string[],
  fresh: readonly T[],
): readonly T[] {
  const known = new Map(oldNames.map((name, place) => [name, old[place] as T]));
  return names.map((name, place) => known.get(name) ?? (fresh[place] as T));
}

function symbolsOf({ setup }: Kernel): readonly string[] {
  return setup.instruments.map(({ instrument }) => instrument.symbol);
}

/** Names a line of a book's ledger in every set-up. */
function lineKey({ setup }: Kernel, { strategyIndex, state }: Position): string {
  return JSON.stringify([setup.strategies[strategyIndex]?.name, state.instrument.symbol]);
}

/** Lines of the ledger that are gone are flat: what they earned stays as cash, as does what a line cannot say any more. */
function bookOf(book: Book, before: Book | undefined, kernels: Kernels, fresh: BookState): BookState {
  const { folded, kernel, scales } = kernels;
  if (before === undefined) return fresh;
  const saved = before.save();
  const left = new Map(before.positions.map((position, place) => [lineKey(folded, position), { position, place }]));
  const cash = new Map(saved.otherCash.map(([currency, amount]) => [currency, BigInt(amount)]));
  const add = ({ instrument: { quote } }: InstrumentState, amount: Money): void => {
    if (amount !== 0n) cash.set(quote, (cash.get(quote) ?? 0n) + amount);
  };
  const holdings: HoldingState[] = [];
  const values: number[] = [];
  book.positions.forEach((position, place) => {
    const key = lineKey(kernel, position);
    const line = left.get(key);
    left.delete(key);
    values.push(saved.values[line?.place ?? -1] ?? 0);
    if (line === undefined) return void holdings.push(fresh.holdings[place] as HoldingState);
    const { state } = position;
    const was = { saved: saved.holdings[line.place] as HoldingState, state: line.position.state };
    const now = { saved: scales.of(state.instrument.symbol).holding(was.saved), state };
    holdings.push(now.saved);
    add(state, cashBesides(was, now));
  });
  for (const { position } of left.values()) add(position.state, position.holding.cashMoved);
  const otherCash = [...cash].map(([currency, amount]) => [currency, String(amount)] as const);
  return { ...saved, holdings, values, otherCash, isDirty: false };
}

/** A strategy that was there before hears of the gap; what engine.yaml says of it counts where it says something new. */
function runnersOf({ folded, kernel }: Kernels, fresh: readonly Runner[], gap: SignalGap): readonly Runner[] {
  const before = new Map(folded.parts.signals.runners.map((runner) => [runner.name, runner]));
  return kernel.parts.signals.runners.map((runner, place) => {
    const old = before.get(runner.name);
    const anew = fresh[place] as Runner;
    if (old === undefined) return anew;
    const { status, statusReason } = old;
    const isSame = old.setup.allocation === runner.setup.allocation;
    return { ...anew, status, statusReason, gap, allocation: isSame ? old.allocation : anew.allocation };
  });
}

/** What works and what protects stays; there is no wish until the strategy's first answer. */
function slotOf(slot: TargetSlot, old: SlotState, fresh: SlotState, scales: FoldScales): SlotState {
  const entries = slot.entries.filter(isEntry);
  const { isWaiting } = old;
  const targetOf = (): number => scales.of(slot.instrument.symbol).quantity(old.targetScaled);
  return {
    ...fresh,
    entry: entryOf(entries.at(-1)),
    protect: slot.heldScaled === 0 && slot.entries.length === 0 ? undefined : old.protect,
    wishSide: old.wishSide,
    kept: old.kept,
    isEntryStale: old.isEntryStale && entries.length > 0,
    isFlattening: old.isFlattening && !slot.isFlat,
    isReplaceRefused: old.isReplaceRefused,
    isExitHeld: old.isExitHeld,
    isProtectionRefused: old.isProtectionRefused,
    filledGroup: old.filledGroup,
    // A person has not decided yet.
    holds: fresh.holds | (old.holds & HOLD.frozen),
    // Nobody else says what the suspense book is to close.
    ...(slot.strategy === SUSPENSE ? { targetScaled: targetOf(), isWaiting } : {}),
  };
}

/** The prices of a working entry, so that an answer with others replaces it. */
function entryOf(order: OrderRecord | undefined): EntryInstruction | undefined {
  if (order === undefined || order.orderType === 'market') return undefined;
  const { limitPrice, stopPrice } = order;
  return {
    ...(Number.isNaN(limitPrice) ? {} : { limit: limitPrice }),
    ...(Number.isNaN(stopPrice) ? {} : { stop: stopPrice }),
  };
}

/** Halts and limits by scope. Which feeds are away is said anew by the run that goes on, and that the last one was ending is over. */
function haltsOf({ folded, kernel }: Kernels, old: readonly Halt[], fresh: readonly Halt[]): readonly Halt[] {
  return byName(scopesOf(folded), old, scopesOf(kernel), fresh).map(({ stop: _stop, ...halt }) => ({
    ...halt,
    paused: '',
  }));
}

/** In the order of a snapshot's halts. */
function scopesOf({ parts: { scopes } }: Kernel): readonly string[] {
  return [...scopes.strategies, ...scopes.books, scopes.global].map(({ view }) => `${view.scope} ${view.name}`);
}
