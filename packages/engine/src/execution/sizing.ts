import type { EpochMs, Instrument, Sizer, SizingDecision, SizingRequest } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import { messageOf } from './message-of.js';
import { STRATEGY, type TargetSlot } from './target-slot.js';

/** What no sizer has worked out yet. A double from the beginning, so that each question is written in place. */
const UNKNOWN = Number.NaN;

/** What a sizer refuses. */
export type SizingRefusal = Extract<SizingDecision, { readonly kind: 'refused' }>;

/** The sizer's question of one slot; the same object each time, since what it says of the slot never changes. */
class MutableSizingRequest implements SizingRequest {
  readonly strategy: string;
  readonly book: string;
  readonly instrument: Instrument;
  readonly features: Readonly<Record<string, number>>;
  ts: EpochMs = UNKNOWN;
  share = UNKNOWN;
  allocation = UNKNOWN;
  bookEquity = UNKNOWN;
  equity = UNKNOWN;
  price = UNKNOWN;
  unitValue = UNKNOWN;
  currentQty = UNKNOWN;
  declare readonly grossExposure: number;
  readonly #slot: TargetSlot;

  constructor(slot: TargetSlot, features: object) {
    this.#slot = slot;
    this.strategy = slot.strategy;
    this.book = slot.book;
    this.instrument = slot.instrument;
    this.features = features as Readonly<Record<string, number>>;
    Object.defineProperty(this, 'grossExposure', MutableSizingRequest.#exposure);
  }

  /**
   * A walk over all the strategy's positions, for the few sizers that ask. A field of the request itself, and not of its class: a sizer that
   * hands a copy on to another copies it too. One for all requests, or V8 gave each a class of its own.
   */
  static readonly #exposure = {
    enumerable: true,
    get(this: MutableSizingRequest): number {
      return this.#slot.scopes[STRATEGY]?.view.grossExposure ?? 0;
    },
  };
}

/** What a strategy is sized by: its part of the book, and its sizer. */
export interface SizedStrategy {
  readonly allocation: number;
  readonly setup: { readonly sizer: Sizer };
}

/** Turns the wish of one slot into units to aim for. */
export class Sizing {
  private readonly slot: TargetSlot;
  private readonly strategy: SizedStrategy;
  private readonly sizer: Sizer;
  private readonly request: MutableSizingRequest;
  private readonly time: KernelTime;

  /** `features`: those that the sizer declares, of the slot's instrument. */
  constructor(slot: TargetSlot, strategy: SizedStrategy, { features, time }: { features: object; time: KernelTime }) {
    this.slot = slot;
    this.strategy = strategy;
    this.sizer = strategy.setup.sizer;
    this.request = new MutableSizingRequest(slot, features);
    this.time = time;
  }

  /** Aims the slot at its wish, in whole lots. A refusal leaves it where it is, and is returned: refusals are values. */
  aim(): SizingRefusal | undefined {
    const { slot } = this;
    const { measure, wish } = slot;
    // Flat is flat in every measure.
    if (wish !== 0 && measure !== 'units') return measure === 'weight' ? this.#weigh(wish) : this.#ask(wish);
    slot.aimAt(wish);
    return undefined;
  }

  #weigh(weight: number): SizingRefusal | undefined {
    const { slot } = this;
    const { bookOf: book, position, state } = slot;
    const units = (weight * book.equity()) / (state.price * book.unitValueOf(position));
    if (!Number.isFinite(units)) return noPrice(slot);
    slot.aimAt(units);
    return undefined;
  }

  /** A sizer that throws refuses: the position stays as it is. */
  #ask(share: number): SizingRefusal | undefined {
    const { slot, strategy, request } = this;
    const { bookOf: book, position } = slot;
    const { allocation } = strategy;
    const bookEquity = book.equity();
    request.ts = this.time.now;
    request.share = share;
    request.allocation = allocation;
    request.bookEquity = bookEquity;
    request.equity = bookEquity * allocation;
    request.price = slot.state.price;
    request.unitValue = book.unitValueOf(position);
    request.currentQty = slot.holding.qty;
    try {
      const decision = this.sizer.size(request);
      if (decision.kind !== 'sized') return decision;
      const { units } = decision;
      if (!Number.isFinite(units)) return notFinite(units);
      slot.aimAt(units);
      return undefined;
    } catch (error) {
      return { kind: 'refused', reason: 'SIZER_THREW', message: `The sizer threw: ${messageOf(error)}` };
    }
  }
}

function noPrice({ instrument, bookOf }: TargetSlot): SizingRefusal {
  const message = `No price of ${instrument.symbol} in ${bookOf.base} is known.`;
  return { kind: 'refused', reason: 'SIZING_NO_PRICE', message };
}

function notFinite(units: number): SizingRefusal {
  return { kind: 'refused', reason: 'SIZING_NOT_FINITE', message: `The sizer answered ${units} units.` };
}
