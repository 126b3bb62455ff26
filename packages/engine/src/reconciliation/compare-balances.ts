// Positions and cash: sum of books and suspense against what the broker says.
import { type AccountState, divideRounded, type EpochMs, type Money, moneyToNumber, toMoney } from '@bookrunner/sdk';
import type { VenuePosition, VenueSnapshot } from '@bookrunner/sdk';
import type { Execution } from '../execution/execution.js';
import { HOLD } from '../execution/hold.js';
import type { OrderDesk } from '../execution/order-desk.js';
import type { InstrumentState } from '../market/instrument-state.js';
import type { Portfolio } from '../portfolio/portfolio.js';
import type { BrokerWatch } from './broker-watch.js';
import type { ReportDraft } from './difference.js';
import { cancelEntriesAt, holdAt, takenAt } from './freeze.js';
import { frozenAction, tellUndecided } from './undecided.js';
import { doubtKey, type SuspenseAccount } from './suspense.js';

/** How long a symbol may never be quiet while brokers answer before it is made so. */
const LONGEST_BUSY_MS = 300_000;
/** Cash below half a cent is moved without a word: it is what rounding leaves. */
const LEAST_CASH = 0.005;

/** What the comparison works with. */
export interface BalanceComparisonParts {
  readonly execution: Execution;
  readonly desk: OrderDesk;
  readonly portfolio: Portfolio;
  readonly instruments: readonly InstrumentState[];
  /** Index of a symbol of engine.yaml. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly settleMs: number;
  /** How long something may stay in doubt before a person has to know. */
  readonly pageMs: number;
}

/** One position as all sides have it; scaled. */
interface Sums {
  readonly books: number;
  readonly suspense: number;
  readonly broker: number;
}

/** Compares positions and cash of one complete answer. */
export class BalanceComparison {
  readonly #parts: BalanceComparisonParts;
  readonly #watch: BrokerWatch;
  readonly #at: EpochMs;
  readonly #draft: ReportDraft;

  constructor(
    parts: BalanceComparisonParts,
    { watch, at, draft }: { readonly watch: BrokerWatch; readonly at: EpochMs; readonly draft: ReportDraft },
  ) {
    this.#parts = parts;
    this.#watch = watch;
    this.#at = at;
    this.#draft = draft;
  }

  compare(snapshot: VenueSnapshot): void {
    for (const account of this.#watch.accounts) {
      const theirs = snapshot.positions.items.filter((position) => position.account === account.account);
      this.#positions(account, theirs);
      this.#cash(account, snapshot);
    }
  }

  #positions(account: SuspenseAccount, theirs: readonly VenuePosition[]): void {
    const { instruments, indexOf } = this.#parts;
    account.foreign = new Map(
      theirs.filter(({ symbol, qty }) => !indexOf.has(symbol) && qty !== 0).map(({ symbol, qty }) => [symbol, qty]),
    );
    for (const state of instruments) {
      const position = theirs.find(({ symbol }) => symbol === state.instrument.symbol);
      const broker = state.scaled(position?.qty ?? 0);
      const isBusy = this.#watch.isBusy(state.index);
      if (isBusy) this.#busy(account, state);
      else this.#position(account, state, { broker, avgPrice: position?.avgPrice ?? Number.NaN });
      this.#line(account, state, { ...this.#sums(account, state), broker }, isBusy);
      if (!isBusy) tellUndecided({ watch: this.#watch, account, index: state.index }, this.#at, this.#draft);
    }
  }

  #position(
    account: SuspenseAccount,
    state: InstrumentState,
    { broker, avgPrice }: { readonly broker: number; readonly avgPrice: number },
  ): void {
    const { index } = state;
    const key = doubtKey(account, index);
    const { books, suspense } = this.#sums(account, state);
    let residue = broker - books - suspense;
    const unexplained = account.unexplainedOf(index);
    if (residue !== 0 && unexplained !== 0 && residue > 0 !== unexplained > 0) {
      const offset = Math.sign(residue) * Math.min(Math.abs(residue), Math.abs(unexplained));
      this.#explain(account, state, offset);
      residue -= offset;
    }
    const known = this.#watch.doubts.get(key);
    const wasBusy = this.#watch.busy.delete(key);
    if (residue === 0) {
      if (known !== undefined || wasBusy) this.#clearDoubt(account, index);
      return;
    }
    const { askedAt } = this.#watch;
    const { settleMs, pageMs } = this.#parts;
    const isSame = known?.residueScaled === residue;
    const { since, first } = known ?? { since: this.#at, first: this.#at };
    if (!isSame) this.#watch.doubts.set(key, { residueScaled: residue, since: this.#at, first });
    holdAt({ watch: this.#watch, account, index }, HOLD.doubt);
    // One that is another one each time is somebody's trading that nobody tells of: a person has to know.
    const isProven = (isSame && askedAt - since >= settleMs) || (known !== undefined && askedAt - first >= pageMs);
    if (!isProven) return;
    this.#clearDoubt(account, index);
    this.#freeze(account, state, { residue, avgPrice });
  }

  /** A residue that stays: to the suspense book, and a person decides. */
  #freeze(
    account: SuspenseAccount,
    state: InstrumentState,
    { residue, avgPrice }: { readonly residue: number; readonly avgPrice: number },
  ): void {
    const { index, instrument } = state;
    const own = account.slotOf(index);
    if (!account.explained.has(index)) account.explained.set(index, own.heldScaled);
    account.unheld.delete(index);
    // More than a person has let close: nothing is closed before somebody decides on all of it.
    if (account.closing.delete(index)) {
      own.targetScaled = Number.NaN;
      for (const order of [...own.entries]) this.#parts.desk.takeBack(order);
    }
    moveSuspense(this.#parts.execution, account, { state, scaled: residue, price: avgPrice, at: this.#at });
    const place = { watch: this.#watch, account, index };
    const what = { cause: 'position', account: account.account, symbol: instrument.symbol } as const;
    const evidence = `the broker has ${state.units(residue)} more than all books, in more than one answer`;
    // It sets off what others had traded before: the broker has what the books have.
    if (account.isSettled(index)) {
      account.decided(index);
      release(this.#parts.execution, this.#watch, { account, index, hold: HOLD.frozen });
      return this.#draft.add({
        ...what,
        evidence,
        action: 'it sets off what others traded before: nothing is left to decide',
      });
    }
    holdAt(place, HOLD.frozen);
    cancelEntriesAt(place, this.#parts.desk);
    this.#draft.add({ ...what, evidence, action: frozenAction(place, this.#at) }, true);
  }

  /** Reports came between question and answer, as they did before: one that is never quiet is made so for a moment. */
  #busy(account: SuspenseAccount, { index, instrument }: InstrumentState): void {
    const key = doubtKey(account, index);
    const { since, isQuietened } = this.#watch.busy.get(key) ?? { since: this.#at, isQuietened: false };
    const isLong = this.#at - since >= LONGEST_BUSY_MS;
    this.#watch.busy.set(key, { since, isQuietened: isLong });
    if (!isLong) return;
    const place = { watch: this.#watch, account, index };
    holdAt(place, HOLD.doubt);
    cancelEntriesAt(place, this.#parts.desk);
    if (isQuietened) return;
    this.#draft.add({
      cause: 'never-quiet',
      account: account.account,
      symbol: instrument.symbol,
      evidence: `reports came during every answer for ${LONGEST_BUSY_MS / 60_000} minutes, so that it could not be compared`,
      action: 'entries are cancelled, and nothing is sent until it has been',
    });
  }

  /** What became known explains what could not be explained. */
  #explain(account: SuspenseAccount, state: InstrumentState, scaled: number): void {
    const { index, instrument } = state;
    const before = account.unexplainedOf(index);
    moveSuspense(this.#parts.execution, account, { state, scaled, price: Number.NaN, at: this.#at });
    // Explained, and yet taken off a position of the books: that stays for a person to decide.
    const taken = takenAt({ watch: this.#watch, account, index });
    if (taken !== 0 && taken > 0 === before > 0) {
      const most = Math.max(Math.abs(account.unexplainedOf(index)), Math.min(Math.abs(taken), Math.abs(before)));
      account.ask(index, Math.sign(taken) * most);
    }
    const rest = account.isSettled(index) ? 0 : account.unexplainedOf(index);
    if (rest === 0) account.decided(index);
    if (rest === 0) release(this.#parts.execution, this.#watch, { account, index, hold: HOLD.frozen });
    this.#draft.add({
      cause: 'position-explained',
      account: account.account,
      symbol: instrument.symbol,
      evidence: `executions that came late explain ${state.units(-scaled)} of what nobody could explain`,
      action: rest === 0 ? 'no longer frozen' : `${state.units(rest)} stay frozen`,
    });
  }

  #clearDoubt(account: SuspenseAccount, index: number): void {
    this.#watch.doubts.delete(doubtKey(account, index));
    release(this.#parts.execution, this.#watch, { account, index, hold: HOLD.doubt });
  }

  #sums(account: SuspenseAccount, state: InstrumentState): Omit<Sums, 'broker'> {
    const suspenseSlot = account.slotOf(state.index);
    let books = 0;
    for (const slot of this.#watch.slots) {
      const isConcerned = slot.account === account.account && slot.instrumentIndex === state.index;
      if (isConcerned && slot !== suspenseSlot) books += slot.heldScaled;
    }
    return { books, suspense: suspenseSlot.heldScaled };
  }

  #line(account: SuspenseAccount, state: InstrumentState, sums: Sums, isBusy: boolean): void {
    const { books, suspense, broker } = sums;
    if (books === 0 && suspense === 0 && broker === 0 && account.unexplainedOf(state.index) === 0) return;
    this.#draft.balances.push({
      account: account.account,
      kind: 'position',
      name: state.instrument.symbol,
      books: state.units(books),
      suspense: state.units(suspense),
      broker: state.units(broker),
      isBusy,
      difference: isBusy ? null : state.units(broker - books - suspense),
    });
  }

  #cash(account: SuspenseAccount, { accounts }: VenueSnapshot): void {
    const isBusy = this.#parts.instruments.some((state) => this.#watch.isBusy(state.index));
    // A position nobody can explain yet has moved cash nobody can explain yet.
    const isDoubted = this.#parts.instruments.some(({ index }) => this.#watch.doubts.has(doubtKey(account, index)));
    for (const state of accounts.items) {
      if (state.account !== account.account || !Number.isFinite(state.cash)) continue;
      this.#cashIn(account, state, isBusy || isDoubted);
    }
  }

  #cashIn(account: SuspenseAccount, { currency, cash, cashStep }: AccountState, isBusy: boolean): void {
    const { isMarginSettled } = this.#watch.setup;
    let books = 0n;
    for (const book of this.#parts.portfolio.books) {
      if (book.account !== account.account) continue;
      books += book.cash(currency);
      if (isMarginSettled) books += book.costIn(currency);
    }
    const held = account.book.cash(currency) + (isMarginSettled ? account.book.costIn(currency) : 0n);
    const moved = isBusy ? 0n : beyondRounding(toMoney(cash) - books - held, cashStep);
    if (moved !== 0n) this.#moveCash(account, currency, moved);
    this.#draft.balances.push({
      ...{ account: account.account, kind: 'cash', name: currency, isBusy, broker: cash },
      ...{ books: moneyToNumber(books), suspense: moneyToNumber(held + moved), difference: isBusy ? null : 0 },
    });
  }

  #moveCash(account: SuspenseAccount, currency: string, moved: Money): void {
    account.addCash(currency, moved);
    const amount = moneyToNumber(moved);
    if (Math.abs(amount) < LEAST_CASH) return;
    const evidence = `the broker has ${amount} ${currency} that no trade explains`;
    this.#draft.add({ cause: 'cash', account: account.account, symbol: '', evidence, action: 'to the suspense book' });
  }
}

/**
 * What of a difference in cash the broker's rounding does not explain: nothing up to a step, since a broker may cut off as well as round to
 * the nearest, else the nearest whole number of steps, so that what rounding leaves is not moved with it and missed the next time.
 */
function beyondRounding(difference: Money, step: number | undefined): Money {
  if (step === undefined || !Number.isFinite(step) || step <= 0) return difference;
  const unit = toMoney(step);
  const size = difference < 0n ? -difference : difference;
  return unit === 0n || size <= unit ? 0n : divideRounded(difference, unit) * unit;
}

/** Books a quantity into the suspense book, at a price; at the market's where none is known. */
export function moveSuspense(
  execution: Execution,
  account: SuspenseAccount,
  {
    state,
    scaled,
    price,
    at,
  }: { readonly state: InstrumentState; readonly scaled: number; readonly price: number; readonly at: EpochMs },
): void {
  const slot = account.slotOf(state.index);
  const known = [price, slot.position.holding.avgPrice, state.price].find((candidate) => Number.isFinite(candidate));
  execution.bookOutside(slot, {
    at,
    side: scaled > 0 ? 'buy' : 'sell',
    qty: state.units(Math.abs(scaled)),
    price: known ?? 0,
    fee: 0,
    feeCurrency: state.instrument.quote,
    liquidity: 'unknown',
    executionId: '',
  });
}

/** Takes a hold off the slots of an instrument on an account: they go on with the next answer of their strategies. */
export function release(
  execution: Execution,
  watch: BrokerWatch,
  { account, index, hold }: { readonly account: SuspenseAccount; readonly index: number; readonly hold: number },
): void {
  for (const slot of watch.slots) {
    if (slot.account !== account.account || slot.instrumentIndex !== index || (slot.holds & hold) === 0) continue;
    slot.holds &= ~hold;
    if (hold === HOLD.frozen) slot.isProtectionRefused = false;
    if (!slot.isFlattening) slot.isExitHeld = true;
    execution.evaluate(slot);
  }
}
