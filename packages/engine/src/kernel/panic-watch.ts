// Says when a panic is complete, and only then: at a broker, when a snapshot asked for after the last fill shows it.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import { HOLD } from '../execution/hold.js';
import type { OrderRecord } from '../execution/order-record.js';
import type { TargetSlot } from '../execution/target-slot.js';
import type { KernelTime } from './kernel-time.js';

/** What a panic concerns: a book, the books of a venue, or everything. */
export interface PanicScope {
  readonly book?: string;
  readonly venue?: string;
}

/** A panic that is under way, as plain values. */
export interface Panic extends PanicScope {
  /** When it was asked for; where kernel time is behind that, as with recorded data, when it began. */
  readonly at: EpochMs;
  /** Wall clock of the command that asked for it, the last one where it was asked for again. */
  readonly askedAt?: EpochMs;
  /** When it was last taken up: it began, or a start or a person asked for it again. */
  readonly takenUpAt?: EpochMs;
  /** Orders at work and positions held when it began. */
  readonly orders: number;
  readonly positions: number;
  /** It was said what keeps it open. */
  readonly isTold: boolean;
  /** When something came to light after it had been complete; absent where nothing did. */
  readonly reopenedAt?: EpochMs;
  /** Since when the books know of nothing that is left; absent while they do. */
  readonly flatSince?: EpochMs;
  /** It was complete: it is kept until a person resumes, since what comes to light later is closed as well. */
  readonly isDone?: true;
}

/** A panic that is not complete. */
export interface UnfinishedPanic {
  readonly scope: PanicScope;
  /** The scope for a person. */
  readonly name: string;
  /** What is open of it, a sentence for a person. */
  readonly left: string;
}

/** Whether brokers show what the books say. */
export interface FlatProof {
  /**
   * Undefined where snapshots asked for at or after `since` show that nothing is left on the accounts: nothing at all on exclusive ones where
   * `isWhole`. Else what is missing; whoever has not been asked is asked.
   */
  missing(accounts: ReadonlySet<string>, isWhole: boolean, since: EpochMs, at: EpochMs): string | undefined;
}

/** How long exits may take to fill, and a broker then to show that it is flat, before a person hears of it. */
const PROOF_MS = 10_000;
/** Most positions that one message tells of: it has to fit a pager. */
const MOST_TOLD = 10;

/** What {@link PanicWatch} works with. */
export interface PanicParts {
  /** All that a panic may close. */
  readonly slots: readonly TargetSlot[];
  readonly notify: (notice: EngineNotice) => void;
  readonly time: KernelTime;
  /** Without one everything is known at once. */
  readonly proof: FlatProof | undefined;
  /** Makes slots flat. */
  readonly close: (slots: readonly TargetSlot[], at: EpochMs) => void;
}

/** Follows panics until nothing of their scope is working, unknown or held. */
export class PanicWatch {
  readonly #slots: readonly TargetSlot[];
  readonly #notify: (notice: EngineNotice) => void;
  readonly #time: KernelTime;
  readonly #proof: FlatProof | undefined;
  readonly #close: (slots: readonly TargetSlot[], at: EpochMs) => void;
  /** A journal is folded: it says what was told. */
  isFolding = false;
  /** A panic is in force; kept in place, since it is read after every event. */
  hasAny = false;
  #panics: Panic[] = [];
  /** Slots of each: looked for once, since a panic is looked at after every event until a person resumes. */
  #slotsOf: (readonly TargetSlot[])[] = [];

  constructor({ slots, notify, time, proof, close }: PanicParts) {
    this.#slots = slots;
    this.#notify = notify;
    this.#time = time;
    this.#proof = proof;
    this.#close = close;
  }

  /**
   * To be called before orders are cancelled, so that they are counted. One that is not complete goes on where it is asked for again, as at
   * a start: it counts from when it was first asked for. One that was complete is looked at anew.
   */
  begin(scope: PanicScope, askedAt: EpochMs, at: EpochMs): void {
    const slots = this.#of(scope);
    const known = this.#panics.find((panic) => isOfScope(panic, scope));
    const panic = known === undefined || isOver(known, askedAt) ? { at: Math.min(askedAt, at) } : goingOn(known, at);
    const orders = slots.reduce((sum, slot) => sum + slot.entries.length + slot.protection.length, 0);
    const positions = slots.filter((slot) => slot.heldScaled !== 0).length;
    this.end(scope);
    if (known?.isDone === true && !isOver(known, askedAt)) {
      this.#tellReopened(scope, at, { level: 'info', why: 'it is asked for again, and looked at anew.' });
    }
    this.#put([...this.#panics, { ...scope, orders, positions, ...panic, askedAt, takenUpAt: at, isTold: false }]);
  }

  /** As a run has said it: that one is complete, or what keeps it open. */
  said(scope: PanicScope, what: { readonly isDone: true } | { readonly isTold: true }): void {
    this.#put(this.#panics.map((panic) => (isOfScope(panic, scope) ? { ...panic, ...what } : panic)));
    this.#aim();
  }

  /** A person took it back. */
  end(scope: PanicScope): void {
    this.#put(this.#panics.filter((panic) => !isOfScope(panic, scope)));
    this.#aim();
  }

  /** Whether one that is in force closes it. */
  covers(slot: TargetSlot): boolean {
    return this.#slotsOf.some((slots) => slots.includes(slot));
  }

  /** Looks once, after an event. One that is complete, and of which nothing came to light since, costs no memory. */
  look(at: EpochMs): void {
    const panics = this.#panics;
    for (let i = 0; i < panics.length; i++) {
      panics[i] = this.#after(panics[i] as Panic, this.#slotsOf[i] as readonly TargetSlot[], at);
    }
    this.#aim();
  }

  /** What is left of those that are not complete. */
  unfinished(at: EpochMs): readonly UnfinishedPanic[] {
    return this.#panics.flatMap((panic, i) => {
      if (panic.isDone === true) return [];
      const open = (this.#slotsOf[i] as readonly TargetSlot[]).filter(isOpen);
      const left = open.length === 0 ? 'its broker has not shown that nothing is left.' : openText(open, at);
      return [{ scope: scopeOf(panic), name: nameOf(panic), left }];
    });
  }

  save(): readonly Panic[] {
    return [...this.#panics];
  }

  load(panics: readonly Panic[]): void {
    this.#put([...panics]);
    this.#aim();
  }

  #put(panics: Panic[]): void {
    this.#panics = panics;
    this.hasAny = panics.length > 0;
    this.#slotsOf = panics.map((panic) => this.#of(panic));
  }

  /** When somebody has to hear of one, whether or not anything happens until then. */
  #aim(): void {
    let panicAt = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#panics.length && !this.isFolding; i++) {
      panicAt = Math.min(panicAt, tellAt(this.#panics[i] as Panic));
    }
    // Of a panic that was carried over it may be past.
    panicAt = Math.max(panicAt, this.#time.now);
    if (panicAt === this.#time.panicAt) return;
    this.#time.panicAt = panicAt;
    this.#time.aim();
  }

  #after(before: Panic, slots: readonly TargetSlot[], at: EpochMs): Panic {
    // What came to light since: a fill nobody knew of, a position no book explains.
    const hasAnew = hasOne(slots, isAnew);
    if (before.isDone === true && !hasAnew) return before;
    if (before.isDone === true) {
      const why = `something came to light after it was complete: ${openText(slots.filter(isAnew), at)}`;
      this.#tellReopened(before, at, { level: 'warning', why });
    }
    const panic = before.isDone === true ? reopened(before, at) : before;
    if (hasAnew) this.#close(slots.filter(isAnew), at);
    if (hasOne(slots, isOpen)) return this.#wait(withoutFlat(panic), slots, at);
    const { flatSince = at } = panic;
    const accounts = new Set(slots.map(({ account }) => account));
    const missing = this.#proof?.missing(accounts, panic.book === undefined, flatSince, at);
    if (missing !== undefined) return this.#unproven({ ...panic, flatSince }, missing, at);
    this.#complete(panic, slots, at);
    return { ...panic, flatSince, isDone: true };
  }

  /** A closed market is told of at once, whatever else keeps it open when exits had time to fill; once. */
  #wait(panic: Panic, slots: readonly TargetSlot[], at: EpochMs): Panic {
    if (panic.isTold || this.isFolding) return panic;
    const open = slots.filter(isOpen);
    if (at >= tellAt(panic)) {
      const symbols = symbolsOf(open);
      return this.#tell(panic, at, openText(open, at), { symbols });
    }
    const symbols = symbolsOf(open.filter((slot) => isClosed(slot, at)));
    if (symbols.length === 0) return panic;
    return this.#tell(panic, at, `no market for ${symbols.join(', ')}. What is left is closed when there is one.`, {
      symbols,
    });
  }

  /** The books are flat, and the broker has not shown it for a while. */
  #unproven(panic: Panic & { readonly flatSince: EpochMs }, missing: string, at: EpochMs): Panic {
    if (panic.isTold || at < tellAt(panic)) return panic;
    return this.#tell(panic, at, `${missing}.`, {});
  }

  #tell(panic: Panic, at: EpochMs, why: string, details: Readonly<Record<string, unknown>>): Panic {
    this.#notify({
      ts: at,
      level: 'alarm',
      code: 'PANIC_PENDING',
      message: `The panic of ${nameOf(panic)} waits: ${why}`,
      details: { ...scopeOf(panic), ...details },
    });
    return { ...panic, isTold: true };
  }

  /** At once, not only where it stays open: a start that took it for complete would take it back. */
  #tellReopened(scope: PanicScope, at: EpochMs, { level, why }: Pick<EngineNotice, 'level'> & { why: string }): void {
    this.#notify({
      ...{ ts: at, level, code: 'PANIC_REOPENED', details: scopeOf(scope) },
      message: `The panic of ${nameOf(scope)} goes on: ${why}`,
    });
  }

  #complete(panic: Panic, slots: readonly TargetSlot[], at: EpochMs): void {
    const { orders, positions, reopenedAt, askedAt = panic.at } = panic;
    const elapsedMs = at - (reopenedAt ?? panic.at);
    const took =
      reopenedAt === undefined
        ? `It took ${elapsedMs} ms from when it was asked for, for ${orders} orders and ${positions} positions.`
        : `It was complete before, and was looked at anew ${elapsedMs} ms ago.`;
    this.#notify({
      ts: at,
      level: 'info',
      code: 'PANIC_COMPLETE',
      message: `The panic of ${nameOf(panic)} is complete: nothing is working, unknown or held. ${took}${restText(slots)}`,
      details: { ...scopeOf(panic), orders, positions, elapsedMs, askedAt },
    });
  }

  #of({ book, venue }: PanicScope): readonly TargetSlot[] {
    return this.#slots.filter(
      (slot) => (book === undefined || slot.book === book) && (venue === undefined || slot.bookOf.venue === venue),
    );
  }
}

/** When a person hears of a panic that is not complete until then; infinity where that was so, or it is. */
function tellAt({ at, takenUpAt = at, reopenedAt = at, flatSince, isTold, isDone }: Panic): EpochMs {
  if (isTold || isDone === true) return Number.POSITIVE_INFINITY;
  return (flatSince ?? Math.max(takenUpAt, reopenedAt)) + PROOF_MS;
}

function isOfScope(panic: Panic, { book, venue }: PanicScope): boolean {
  return panic.book === book && panic.venue === venue;
}

/** It was complete before this was asked for. */
function isOver({ isDone, at, askedAt = at }: Panic, asked: EpochMs): boolean {
  return isDone === true && asked > askedAt;
}

/** The same, asked for again: who is to show that nothing is left is asked anew. */
function goingOn(known: Panic, at: EpochMs): Panic {
  return known.isDone === true ? reopened(known, at) : withoutFlat(known);
}

/** A person heard that it was complete, so what keeps it open now is news. */
function reopened({ isDone: _isDone, flatSince: _flatSince, ...panic }: Panic, at: EpochMs): Panic {
  return { ...panic, isTold: false, reopenedAt: at };
}

/** The same while the books know of something that is left. */
function withoutFlat(panic: Panic): Panic {
  if (panic.flatSince === undefined) return panic;
  const { flatSince: _flatSince, ...rest } = panic;
  return rest;
}

/** As `some`, of which a compiler may make an object for every call. */
function hasOne(slots: readonly TargetSlot[], is: (slot: TargetSlot) => boolean): boolean {
  for (let i = 0; i < slots.length; i++) if (is(slots[i] as TargetSlot)) return true;
  return false;
}

function isAnew(slot: TargetSlot): boolean {
  return !slot.isFlattening && !slot.isFlat;
}

function symbolsOf(slots: readonly TargetSlot[]): readonly string[] {
  return [...new Set(slots.map(({ instrument }) => instrument.symbol))];
}

function openText(open: readonly TargetSlot[], at: EpochMs): string {
  const texts = open.slice(0, MOST_TOLD).map((slot) => leftText(slot, at));
  const more = open.length > MOST_TOLD ? `; and ${open.length - MOST_TOLD} more` : '';
  return `${texts.join('; ')}${more}.`;
}

/** What is open of a slot: what it holds, the orders it waits for, and why no more is sent. */
function leftText(slot: TargetSlot, at: EpochMs): string {
  const { position, instrument, strategy, book, keptScaled } = slot;
  const orders = [...slot.entries, ...slot.protection].map(orderText);
  const reasons = [
    ...(keptScaled === 0
      ? []
      : ['the broker shows less than the books have, and what is in doubt is not sold before it is known']),
    ...((slot.holds & HOLD.gate) === 0 ? [] : ['its broker is away or has not said what is there']),
    ...(isClosed(slot, at) ? ['there is no market'] : []),
  ];
  const parts = [`${position.holding.qty} held`, ...orders, ...reasons].join(', ');
  return `${instrument.symbol} of ${strategy} in ${book}: ${parts}`;
}

function orderText({ clientOrderId, status, side, leavesQty }: OrderRecord): string {
  return `order ${clientOrderId} to ${side} ${leavesQty} is ${status}`;
}

function isOpen(slot: TargetSlot): boolean {
  return !slot.isFlat || slot.protection.length > 0 || slot.pendingCount > 0;
}

/** No price, or a calendar that says closed; one that does not know says nothing. */
function isClosed({ state }: TargetSlot, at: EpochMs): boolean {
  if (!Number.isFinite(state.price)) return true;
  const { calendar } = state;
  return at >= calendar.validFrom && at < calendar.validTo && !calendar.isOpen(at);
}

/** What is less than a lot no order closes. */
function restText(slots: readonly TargetSlot[]): string {
  const rests = slots.filter((slot) => slot.heldScaled !== 0);
  const texts = rests.map(
    ({ position, instrument, book }) => `${position.holding.qty} ${instrument.symbol} in ${book}`,
  );
  return rests.length === 0 ? '' : ` Less than a lot stays: ${texts.join(', ')}.`;
}

function scopeOf({ book, venue }: PanicScope): PanicScope & EngineNotice['details'] {
  return { ...(book === undefined ? {} : { book }), ...(venue === undefined ? {} : { venue }) };
}

function nameOf({ book, venue }: PanicScope): string {
  if (book !== undefined) return `book ${book}`;
  return venue === undefined ? 'everything' : `venue ${venue}`;
}
