import type { EpochMs, Instrument, Sizer, SizingDecision, SizingRequest } from '@bookrunner/sdk';
import type { KernelTime } from '../kernel/kernel-time.js';
import { messageOf } from './message-of.js';
import { STRATEGY, type TargetSlot } from './target-slot.js';

/** The sizer's question; one object is reused for all. */
class MutableSizingRequest implements SizingRequest {
  ts: EpochMs = 0;
  strategy = '';
  book = '';
  instrument!: Instrument;
  share = 0;
  allocation = 0;
  bookEquity = 0;
  equity = 0;
  price = Number.NaN;
  unitValue = Number.NaN;
  currentQty = 0;
  features: Readonly<Record<string, number>> = {};
  declare readonly grossExposure: number;
  #slot: TargetSlot | undefined;

  constructor() {
    // A walk over all the strategy's positions, for the few sizers that ask. A field of the request itself, and not of its class: a sizer
    // that hands a copy on to another copies it too.
    Object.defineProperty(this, 'grossExposure', {
      enumerable: true,
      get: () => this.#slot?.scopes[STRATEGY]?.view.grossExposure ?? 0,
    });
  }

  /** Names the slot that is asked for. */
  of(slot: TargetSlot): void {
    this.#slot = slot;
  }
}

const request = new MutableSizingRequest();

/** What a strategy is sized by: its part of the book, its sizer, and the sizer's features by place of the slot. */
export interface SizedStrategy {
  readonly allocation: number;
  readonly setup: { readonly sizer: Sizer };
  readonly sizerBanks: readonly { readonly view: object }[];
}

/** Units for the slot's wish, before lot rounding; refusals are values. */
export function sizeWish(slot: TargetSlot, strategy: SizedStrategy, time: KernelTime): SizingDecision {
  const { measure, wish } = slot;
  if (wish === 0) return FLAT;
  if (measure === 'units') return { kind: 'sized', units: wish };
  const book = slot.bookOf;
  const bookEquity = book.equity();
  const unitValue = book.unitValueOf(slot.position);
  const price = slot.state.price;
  if (measure === 'weight') {
    const units = (wish * bookEquity) / (price * unitValue);
    return Number.isFinite(units)
      ? { kind: 'sized', units }
      : {
          kind: 'refused',
          reason: 'SIZING_NO_PRICE',
          message: `No price of ${slot.instrument.symbol} in ${book.base} is known.`,
        };
  }
  const { allocation } = strategy;
  request.ts = time.now;
  request.strategy = slot.strategy;
  request.book = book.name;
  request.instrument = slot.instrument;
  request.share = wish;
  request.allocation = allocation;
  request.bookEquity = bookEquity;
  request.equity = bookEquity * allocation;
  request.price = price;
  request.unitValue = unitValue;
  request.currentQty = slot.holding.qty;
  request.of(slot);
  request.features = strategy.sizerBanks[slot.place]?.view as Readonly<Record<string, number>>;
  return ask(strategy.setup.sizer);
}

/** A sizer that throws refuses: the position stays as it is. */
function ask(sizer: Sizer): SizingDecision {
  try {
    const decision = sizer.size(request);
    if (decision.kind === 'sized' && !Number.isFinite(decision.units)) {
      return { kind: 'refused', reason: 'SIZING_NOT_FINITE', message: `The sizer answered ${decision.units} units.` };
    }
    return decision;
  } catch (error) {
    return { kind: 'refused', reason: 'SIZER_THREW', message: `The sizer threw: ${messageOf(error)}` };
  }
}

const FLAT: SizingDecision = Object.freeze({ kind: 'sized', units: 0 });
