// Says when a panic is complete, and only then: at a broker, when a snapshot asked for after the last fill shows it.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { TargetSlot } from '../execution/target-slot.js';

/** What a panic concerns: a book, the books of a venue, or everything. */
export interface PanicScope {
  readonly book?: string;
  readonly venue?: string;
}

/** A panic that is under way, as plain values. */
export interface Panic extends PanicScope {
  readonly at: EpochMs;
  /** Orders at work and positions held when it began. */
  readonly orders: number;
  readonly positions: number;
  /** It was said what keeps it open. */
  readonly isTold: boolean;
  /** Since when the books know of nothing that is left; absent while they do. */
  readonly flatSince?: EpochMs;
  /** It was complete: it is kept until a person resumes, since what comes to light later is closed as well. */
  readonly isDone?: true;
}

/** Whether brokers show what the books say. */
export interface FlatProof {
  /**
   * Undefined where snapshots asked for at or after `since` show that nothing is left on the accounts: nothing at all on exclusive ones where
   * `isWhole`. Else what is missing; whoever has not been asked is asked.
   */
  missing(accounts: ReadonlySet<string>, isWhole: boolean, since: EpochMs, at: EpochMs): string | undefined;
}

/** How long a broker may take to show that it is flat before a person hears of it. */
const PROOF_MS = 10_000;

/** What {@link PanicWatch} works with. */
export interface PanicParts {
  /** All that a panic may close. */
  readonly slots: readonly TargetSlot[];
  readonly notify: (notice: EngineNotice) => void;
  /** Without one everything is known at once. */
  readonly proof: FlatProof | undefined;
  /** Makes slots flat. */
  readonly close: (slots: readonly TargetSlot[]) => void;
}

/** Follows panics until nothing of their scope is working, unknown or held. */
export class PanicWatch {
  readonly #slots: readonly TargetSlot[];
  readonly #notify: (notice: EngineNotice) => void;
  readonly #proof: FlatProof | undefined;
  readonly #close: (slots: readonly TargetSlot[]) => void;
  #panics: Panic[] = [];

  constructor({ slots, notify, proof, close }: PanicParts) {
    this.#slots = slots;
    this.#notify = notify;
    this.#proof = proof;
    this.#close = close;
  }

  get isIdle(): boolean {
    return this.#panics.length === 0;
  }

  /** To be called before orders are cancelled, so that they are counted. */
  begin(scope: PanicScope, at: EpochMs): void {
    const slots = this.#of(scope);
    if (slots.length === 0) return;
    this.end(scope);
    const orders = slots.reduce((sum, slot) => sum + slot.entries.length + slot.protection.length, 0);
    const positions = slots.filter((slot) => slot.heldScaled !== 0).length;
    this.#panics.push({ ...scope, at, orders, positions, isTold: false });
  }

  /** As a run has said it. */
  done({ book, venue }: PanicScope): void {
    this.#panics = this.#panics.map((panic) =>
      panic.book === book && panic.venue === venue ? { ...panic, isDone: true } : panic,
    );
  }

  /** A person took it back. */
  end({ book, venue }: PanicScope): void {
    this.#panics = this.#panics.filter((panic) => panic.book !== book || panic.venue !== venue);
  }

  /** Looks once, after an event. */
  look(at: EpochMs): void {
    this.#panics = this.#panics.map((panic) => this.#after(panic, at));
  }

  save(): readonly Panic[] {
    return this.#panics;
  }

  load(panics: readonly Panic[]): void {
    this.#panics = [...panics];
  }

  #after(before: Panic, at: EpochMs): Panic {
    const slots = this.#of(before);
    // What came to light since: a fill nobody knew of, a position no book explains.
    const anew = slots.filter((slot) => !slot.isFlattening && !slot.isFlat);
    if (before.isDone === true && anew.length === 0) return before;
    const { isDone: _isDone, ...panic } = before;
    if (anew.length > 0) this.#close(anew);
    const open = slots.filter(isOpen);
    if (open.length > 0) {
      const { flatSince: _flatSince, ...rest } = panic;
      return this.#wait(rest, open, at);
    }
    const { flatSince = at } = panic;
    const accounts = new Set(slots.map(({ account }) => account));
    const missing = this.#proof?.missing(accounts, panic.book === undefined, flatSince, at);
    if (missing !== undefined) return this.#unproven({ ...panic, flatSince }, missing, at);
    this.#complete(panic, slots, at);
    return { ...panic, flatSince, isDone: true };
  }

  /** A closed market keeps it open, and what a shared account may not hold: that is said once. */
  #wait(panic: Panic, open: readonly TargetSlot[], at: EpochMs): Panic {
    const kept = open.filter(({ keptScaled }) => keptScaled !== 0);
    if (!panic.isTold && kept.length > 0 && at - panic.at >= PROOF_MS) {
      const symbols = [...new Set(kept.map((slot) => slot.instrument.symbol))];
      const why = `the broker shows less of ${symbols.join(', ')} than the books have. What is in doubt is not sold before it is known.`;
      return this.#tell(panic, at, why, { symbols });
    }
    const waiting = panic.isTold ? [] : open.filter((slot) => isClosed(slot, at));
    if (waiting.length === 0) return panic;
    const symbols = [...new Set(waiting.map((slot) => slot.instrument.symbol))];
    return this.#tell(panic, at, `no market for ${symbols.join(', ')}. What is left is closed when there is one.`, {
      symbols,
    });
  }

  /** The books are flat, and the broker has not shown it for a while. */
  #unproven(panic: Panic & { readonly flatSince: EpochMs }, missing: string, at: EpochMs): Panic {
    if (panic.isTold || at - panic.flatSince < PROOF_MS) return panic;
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

  #complete(panic: Panic, slots: readonly TargetSlot[], at: EpochMs): void {
    const { orders, positions } = panic;
    const elapsedMs = at - panic.at;
    this.#notify({
      ts: at,
      level: 'info',
      code: 'PANIC_COMPLETE',
      message: `The panic of ${nameOf(panic)} is complete: nothing is working, unknown or held. It took ${elapsedMs} ms for ${orders} orders and ${positions} positions.${restText(slots)}`,
      details: { ...scopeOf(panic), orders, positions, elapsedMs },
    });
  }

  #of({ book, venue }: PanicScope): readonly TargetSlot[] {
    return this.#slots.filter(
      (slot) => (book === undefined || slot.book === book) && (venue === undefined || slot.bookOf.venue === venue),
    );
  }
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

function scopeOf({ book, venue }: Panic): PanicScope {
  return { ...(book === undefined ? {} : { book }), ...(venue === undefined ? {} : { venue }) };
}

function nameOf({ book, venue }: Panic): string {
  if (book !== undefined) return `book ${book}`;
  return venue === undefined ? 'everything' : `venue ${venue}`;
}
