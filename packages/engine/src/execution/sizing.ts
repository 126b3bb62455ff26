import type { EpochMs, Instrument, Sizer, SizingDecision, SizingRequest } from '@bookrunner/sdk';
import { messageOf } from './message-of.js';
import type { TargetSlot } from './target-slot.js';

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
  grossExposure = 0;
  features: Readonly<Record<string, number>> = {};
}

const request = new MutableSizingRequest();

/** Units for the slot's wish, before lot rounding; refusals are values. */
export function sizeWish(
  slot: TargetSlot,
  sizer: Sizer,
  inputs: { at: EpochMs; allocation: number; features: Readonly<Record<string, number>>; grossExposure: number },
): SizingDecision {
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
  request.ts = inputs.at;
  request.strategy = slot.strategy;
  request.book = book.name;
  request.instrument = slot.instrument;
  request.share = wish;
  request.allocation = inputs.allocation;
  request.bookEquity = bookEquity;
  request.equity = bookEquity * inputs.allocation;
  request.price = price;
  request.unitValue = unitValue;
  request.currentQty = slot.holding.qty;
  request.grossExposure = inputs.grossExposure;
  request.features = inputs.features;
  return ask(sizer);
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
