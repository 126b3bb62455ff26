// The state of simulated venues and what lies between them and the kernel, taken over by name into another set-up.
import { type Money, toMoney } from '@bookrunner/sdk';
import type { SavedOrderRef, SavedVenue } from '../simulated-venue/venue-state.js';
import type { Kernel } from '../kernel/kernel.js';
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
  const queue = old.queue.map((request) => ({
    ...request,
    orders: request.orders.flatMap((ref) => carryRef(ref, kernels)),
  }));
  return {
    ...old,
    slots: old.slots
      .filter(({ symbol }) => symbols.has(symbol))
      .map((slot) => ({ ...slot, resting: slot.resting.map((resting) => ({ ...resting, runEpoch })) })),
    accounts: old.accounts
      .filter(({ name }) => accounts.has(name))
      .map((account) => carryAccount(account, symbols, kernels)),
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

/** Capital of books that are new comes in and that of books that are gone leaves. What flat holdings that are gone have moved stays. */
function carryAccount(
  account: SavedVenue['accounts'][number],
  symbols: ReadonlySet<string>,
  { folded, kernel }: CarriedKernels,
): SavedVenue['accounts'][number] {
  const initial = new Map(account.initial.map(([currency, money]) => [currency, BigInt(money)]));
  const move = (currency: string, money: Money): void => {
    if (money !== 0n) initial.set(currency, (initial.get(currency) ?? 0n) + money);
  };
  for (const { base, capital } of without(kernel, folded, account.name)) move(base, toMoney(capital));
  for (const { base, capital } of without(folded, kernel, account.name)) move(base, -toMoney(capital));
  for (const { symbol, traded } of account.holdings.filter((holding) => !symbols.has(holding.symbol))) {
    const state = folded.parts.market.instruments.find(({ instrument }) => instrument.symbol === symbol);
    if (state !== undefined) move(state.instrument.quote, -BigInt(traded) * state.moneyFactor);
  }
  return {
    ...account,
    initial: [...initial].map(([currency, money]) => [currency, String(money)] as const),
    holdings: account.holdings.filter(({ symbol }) => symbols.has(symbol)),
  };
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

/** What the venue has said and nobody has heard, with the instruments of the set-up that goes on. */
export function carryEnds(ends: OpenEnds, kernels: CarriedKernels): OpenEnds {
  return { ...ends, statements: ends.statements.map((statement) => carryStatement(statement, kernels)) };
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
