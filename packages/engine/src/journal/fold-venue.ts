// The state of simulated venues and what lies between them and the kernel, taken over by name into another set-up.
import { type Money, toMoney } from '@bookrunner/sdk';
import { FoldScales } from '../kernel/fold-scale.js';
import { type SavedOrderRef, type SavedSlot, type SavedVenue, withQuantities } from '../simulated-venue/venue-state.js';
import type { Kernel } from '../kernel/kernel.js';
import type { InstrumentState } from '../market/instrument-state.js';
import type { JournalledEntry } from './journal-record.js';
import type { OpenEnds, Statement } from './open-ends.js';

/** Venue states, and the names they belong to. */
export interface NamedVenues {
  readonly names: readonly string[];
  readonly states: readonly SavedVenue[];
}

/** The kernel whose run ended, and the one that goes on. */
export interface CarriedKernels {
  readonly folded: Kernel;
  readonly kernel: Kernel;
}

/** Of instruments and accounts that are gone nothing is left but what they earned. `fresh` is the state of the new venues. */
export function carryVenues(old: NamedVenues, fresh: NamedVenues, kernels: CarriedKernels): readonly SavedVenue[] {
  return fresh.states.map((state, place) => {
    const before = old.states[old.names.indexOf(fresh.names[place] as string)];
    return before === undefined ? state : carryVenue(before, state, kernels);
  });
}

function carryVenue(old: SavedVenue, fresh: SavedVenue, kernels: CarriedKernels): SavedVenue {
  const symbols = new Set(fresh.slots.map(({ symbol }) => symbol));
  const accounts = new Set(fresh.accounts.map(({ name }) => name));
  const { runEpoch } = kernels.kernel.setup;
  const scales = FoldScales.between(kernels.folded, kernels.kernel);
  const queue = old.queue.map((request) => ({
    ...request,
    orders: request.orders.flatMap((ref) => carryRef(ref, kernels)),
  }));
  return {
    ...old,
    slots: old.slots
      .filter(({ symbol }) => symbols.has(symbol))
      .map((slot) => rescaled(slot, scales))
      .map((slot) => ({ ...slot, resting: slot.resting.map((resting) => ({ ...resting, runEpoch })) })),
    accounts: old.accounts
      .filter(({ name }) => accounts.has(name))
      .map((account) => carryAccount(account, symbols, { ...kernels, scales })),
    seen: old.seen.map(([epoch, ranges]) => [epoch === kernels.folded.setup.runEpoch ? runEpoch : epoch, ranges]),
    queue: queue.filter(({ orders }) => orders.length > 0),
  };
}

/** Names an order as the kernel that goes on does; nothing where its instrument is gone, and the order with it. */
function carryRef(ref: SavedOrderRef, kernels: CarriedKernels): readonly SavedOrderRef[] {
  const { runEpoch } = kernels.kernel.setup;
  if (ref.instrumentIndex === undefined) return [{ ...ref, runEpoch }];
  const instrumentIndex = carryIndex(ref.instrumentIndex, kernels);
  return instrumentIndex < 0 ? [] : [{ ...ref, runEpoch, instrumentIndex }];
}

function rescaled(slot: SavedSlot, scales: FoldScales): SavedSlot {
  const scale = scales.of(slot.symbol);
  if (scale.isSame) return slot;
  return withQuantities(slot, { quantity: (value) => scale.quantity(value), share: (value) => scale.share(value) });
}

/**
 * Capital of books that are new comes in and that of books that are gone leaves. What flat holdings that are gone have moved stays, as does
 * what holdings at other scales cannot say any more.
 */
function carryAccount(
  account: SavedVenue['accounts'][number],
  symbols: ReadonlySet<string>,
  { folded, kernel, scales }: CarriedKernels & { readonly scales: FoldScales },
): SavedVenue['accounts'][number] {
  const initial = new Map(account.initial.map(([currency, money]) => [currency, BigInt(money)]));
  const move = (currency: string, money: Money): void => {
    if (money !== 0n) initial.set(currency, (initial.get(currency) ?? 0n) + money);
  };
  for (const { base, capital } of without(kernel, folded, account.name)) move(base, toMoney(capital));
  for (const { base, capital } of without(folded, kernel, account.name)) move(base, -toMoney(capital));
  const holdings = account.holdings.flatMap((holding) => {
    const { symbol, qty, cost } = holding;
    const scale = scales.of(symbol);
    const traded = symbols.has(symbol) ? scale.value(BigInt(holding.traded)) : 0n;
    const before = stateOf(folded, symbol);
    const factor = stateOf(kernel, symbol)?.moneyFactor ?? 0n;
    if (before !== undefined)
      move(before.instrument.quote, traded * factor - BigInt(holding.traded) * before.moneyFactor);
    if (!symbols.has(symbol)) return [];
    return { ...holding, qty: scale.quantity(qty), cost: scale.valueShare(cost), traded: String(traded) };
  });
  return {
    ...account,
    initial: [...initial].map(([currency, money]) => [currency, String(money)] as const),
    holdings,
  };
}

function stateOf({ parts }: Kernel, symbol: string): InstrumentState | undefined {
  return parts.market.instruments.find(({ instrument }) => instrument.symbol === symbol);
}

/** Books of an account that one set-up has and the other has not. */
function without({ setup }: Kernel, other: Kernel, account: string): Kernel['setup']['books'] {
  const names = new Set(other.setup.books.map(({ name }) => name));
  return setup.books.filter((book) => book.account === account && !names.has(book.name));
}

/** Place of an instrument in the set-up that goes on; -1 where it is gone. */
function carryIndex(index: number, { folded, kernel }: CarriedKernels): number {
  const symbol = folded.setup.instruments[index]?.instrument.symbol;
  return kernel.setup.instruments.findIndex(({ instrument }) => instrument.symbol === symbol);
}

/** What the venue has said and nobody has heard, and what no record tells, with the instruments of the set-up that goes on. */
export function carryEnds(ends: OpenEnds, kernels: CarriedKernels): OpenEnds {
  return {
    ...ends,
    statements: ends.statements.map((statement) => carryStatement(statement, kernels)),
    unrecorded: ends.unrecorded.map((entry) => carryEntry(entry, kernels)),
  };
}

/** It is recorded as it leaves the kernel that goes on, and a replay compares it with this. */
function carryEntry(entry: JournalledEntry, kernels: CarriedKernels): JournalledEntry {
  if (entry.kind !== 'submit') return entry;
  const { folded, kernel } = kernels;
  const scales = FoldScales.between(folded, kernel);
  const orders = entry.orders.map((order) => {
    const scale = scales.of(folded.setup.instruments[order.instrumentIndex]?.instrument.symbol ?? '');
    const instrumentIndex = carryIndex(order.instrumentIndex, kernels);
    const { qtyScaled, filledScaled } = order;
    const quantities = { qtyScaled: scale.quantity(qtyScaled), filledScaled: scale.quantity(filledScaled) };
    return { ...order, ...quantities, instrumentIndex };
  });
  return { ...entry, orders };
}

function carryStatement(statement: Statement, kernels: CarriedKernels): Statement {
  switch (statement.kind) {
    case 'report': {
      const { report } = statement;
      return { ...statement, report: { ...report, instrumentIndex: carryIndex(report.instrumentIndex, kernels) } };
    }
    case 'venue-cash': {
      const { cash } = statement;
      return { ...statement, cash: { ...cash, instrumentIndex: carryIndex(cash.instrumentIndex, kernels) } };
    }
    case 'liquidation': {
      const { liquidation } = statement;
      const instrumentIndex = carryIndex(liquidation.instrumentIndex, kernels);
      return { ...statement, liquidation: { ...liquidation, instrumentIndex } };
    }
    case 'cash':
      return statement;
  }
}
