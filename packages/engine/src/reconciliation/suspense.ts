import { type Currency, type EpochMs, type MarketCalendar, type Money, moneyToNumber } from '@bookrunner/sdk';
import { TargetSlot } from '../execution/target-slot.js';
import type { CurrencyConverter } from '../market/currency-converter.js';
import type { InstrumentState } from '../market/instrument-state.js';
import { Book, type BookState } from '../portfolio/book.js';

/** Owner of what is in suspense, in tags and records; its books are named after it and their account. */
export const SUSPENSE = 'SUSPENSE';

/** Name of the suspense book of an account. */
export function suspenseBook(account: string): string {
  return `${SUSPENSE}:${account}`;
}

/** How much a person was told that he has to decide on, scaled and signed, and when last. */
export interface Told {
  readonly scaled: number;
  readonly at: EpochMs;
}

/** What a suspense account is made from. */
export interface SuspenseSetup {
  readonly venue: string;
  readonly account: string;
  readonly isExclusive: boolean;
  readonly runEpoch: string;
  readonly base: Currency;
  readonly dayCalendar: MarketCalendar;
  readonly instruments: readonly InstrumentState[];
  readonly converter: CurrencyConverter;
  /** Of the book among all books, and of its slots among all strategies: behind those of engine.yaml. */
  readonly bookIndex: number;
  readonly strategyIndex: number;
}

/**
 * The suspense book of one account: what the broker has and no book of engine.yaml explains. Money nobody allocated, interest, what
 * others trade, and differences a person has to decide on. No strategy ever sees it, no equity and no limit counts it.
 */
export class SuspenseAccount {
  readonly account: string;
  readonly isExclusive: boolean;
  readonly book: Book;
  /** By instrument. */
  readonly slots: readonly TargetSlot[];
  /**
   * Scaled quantity that the book holds beside one that nobody explains, by instrument: these instruments are frozen. What is more or less
   * than that is unexplained, so that whatever the book's own orders close is explained by it.
   */
  readonly explained = new Map<number, number>();
  /** Scaled quantity that a person said is somebody else's for good, by instrument. */
  readonly ignored = new Map<number, number>();
  /** Instruments whose unexplained quantity a person lets close. */
  readonly closing = new Set<number>();
  /** Those of them where nothing was frozen when he said so: strategies trade on meanwhile, and afterwards. */
  readonly unheld = new Set<number>();
  /** What a person was told last of what he has to decide on, by instrument. */
  readonly told = new Map<number, Told>();
  /** Units of what the engine does not trade, by symbol, as the broker last said. */
  foreign: ReadonlyMap<string, number> = new Map();

  constructor(setup: SuspenseSetup) {
    const { account, runEpoch, strategyIndex, isExclusive } = setup;
    this.account = account;
    this.isExclusive = isExclusive;
    const { base, dayCalendar, converter, venue } = setup;
    this.book = new Book(
      setup.bookIndex,
      { name: suspenseBook(account), account, base, capital: 0, dayCalendar, venue },
      converter,
    );
    this.slots = setup.instruments.map((state) => {
      const position = this.book.addPosition(state, strategyIndex);
      const owner = { runEpoch, strategy: SUSPENSE, strategyIndex, place: 0, position, defaultTif: 'DAY' } as const;
      return new TargetSlot({ ...owner, isOwn: isExclusive, onlyCloses: true });
    });
  }

  slotOf(instrumentIndex: number): TargetSlot {
    return this.slots[instrumentIndex] as TargetSlot;
  }

  /** Scaled quantity that nobody explains, by instrument. */
  get unexplained(): ReadonlyMap<number, number> {
    return new Map([...this.explained.keys()].map((index) => [index, this.unexplainedOf(index)]));
  }

  unexplainedOf(instrumentIndex: number): number {
    const explained = this.explained.get(instrumentIndex);
    return explained === undefined ? 0 : this.slotOf(instrumentIndex).heldScaled - explained;
  }

  /** Whether strategies are held back until a person decides. */
  isFrozen(instrumentIndex: number): boolean {
    return this.explained.has(instrumentIndex) && !this.unheld.has(instrumentIndex);
  }

  /**
   * Scaled quantity that a person can decide on. On an exclusive account all that stands here and nobody said is somebody else's. On a shared
   * one, where others trade, that only where nothing is frozen: where something is, he is asked about no more.
   */
  openOf(instrumentIndex: number): number {
    if (!this.isExclusive && this.explained.has(instrumentIndex)) return this.unexplainedOf(instrumentIndex);
    return this.slotOf(instrumentIndex).heldScaled - (this.ignored.get(instrumentIndex) ?? 0);
  }

  /** Whether nothing is left to decide on: nobody traded what is not explained, or what others traded sets it off. */
  isSettled(instrumentIndex: number): boolean {
    return this.unexplainedOf(instrumentIndex) === 0 || (this.isExclusive && this.openOf(instrumentIndex) === 0);
  }

  /** What moves the book and is nothing that a person has to decide on. */
  explain(instrumentIndex: number, signedScaled: number): void {
    const explained = this.explained.get(instrumentIndex);
    if (explained !== undefined) this.explained.set(instrumentIndex, explained + signedScaled);
  }

  /** So much of what the book holds is for a person to decide on. */
  ask(instrumentIndex: number, unexplainedScaled: number): void {
    this.explained.set(instrumentIndex, this.slotOf(instrumentIndex).heldScaled - unexplainedScaled);
  }

  /** A person said that it belongs to somebody else. */
  ignore(instrumentIndex: number, signedScaled: number): void {
    this.ignored.set(instrumentIndex, (this.ignored.get(instrumentIndex) ?? 0) + signedScaled);
  }

  /** Others traded: what they close of what belongs to somebody else is there no more. */
  closeIgnored(instrumentIndex: number, tradedScaled: number): void {
    const ignored = this.ignored.get(instrumentIndex) ?? 0;
    if (ignored === 0 || ignored > 0 === tradedScaled > 0) return;
    const closed = Math.sign(tradedScaled) * Math.min(Math.abs(tradedScaled), Math.abs(ignored));
    this.ignored.set(instrumentIndex, ignored + closed);
  }

  /** Nobody has to decide on it any more. */
  decided(instrumentIndex: number): void {
    this.explained.delete(instrumentIndex);
    this.closing.delete(instrumentIndex);
    this.unheld.delete(instrumentIndex);
  }

  addCash(currency: Currency, amount: Money): void {
    this.book.addCash(currency, amount);
  }

  /** For a person. */
  cash(currency: Currency): number {
    return moneyToNumber(this.book.cash(currency));
  }

  save(): SuspenseState {
    const { explained, ignored, closing, foreign } = this;
    return {
      book: this.book.save(),
      explained: [...explained],
      ignored: [...ignored],
      closing: [...closing],
      foreign: [...foreign],
      ...(this.told.size === 0 ? {} : { told: [...this.told] }),
      ...(this.unheld.size === 0 ? {} : { unheld: [...this.unheld] }),
    };
  }

  load(saved: SuspenseState): void {
    this.book.load(saved.book);
    refill(this.explained, saved.explained);
    refill(this.ignored, saved.ignored);
    refill(this.told, saved.told ?? []);
    this.closing.clear();
    for (const index of saved.closing) this.closing.add(index);
    this.unheld.clear();
    for (const index of saved.unheld ?? []) this.unheld.add(index);
    this.foreign = new Map(saved.foreign);
  }
}

/** As plain values. */
export interface SuspenseState {
  readonly book: BookState;
  readonly explained: readonly (readonly [number, number])[];
  readonly ignored: readonly (readonly [number, number])[];
  readonly closing: readonly number[];
  readonly foreign: readonly (readonly [string, number])[];
  /** Absent where there is none. */
  readonly told?: readonly (readonly [number, Told])[];
  /** Absent where there is none. */
  readonly unheld?: readonly number[];
}

/** Key of a doubted position. */
export function doubtKey({ account }: SuspenseAccount, index: number): string {
  return `${account}|${index}`;
}

/** Gives a map these entries and no others. */
export function refill<Key, Value>(map: Map<Key, Value>, entries: readonly (readonly [Key, Value])[]): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
