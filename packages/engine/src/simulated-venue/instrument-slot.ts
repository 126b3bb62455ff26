import type { EpochMs } from '@bookrunner/sdk';
import { objectList } from '../numbers/object-list.js';
import { InstrumentTerms } from './instrument-terms.js';
import { QuietRange } from './quiet-range.js';
import type { RestingOrder } from './resting-order.js';

/** One instrument at the venue: its terms, the market as last seen, and the orders working in it in order of arrival. */
export class InstrumentSlot extends InstrumentTerms {
  readonly resting: RestingOrder[] = objectList();
  readonly quiet = new QuietRange(this);

  /** Last trade, else the mid of the last quote, else the close of the last bar. */
  last = Number.NaN;
  lastTs: EpochMs = Number.NEGATIVE_INFINITY;
  /** Last quote; NaN where the data has none. */
  bid = Number.NaN;
  ask = Number.NaN;
  /** Units that buyers and sellers could trade in the last bar or at the last tick, and what fills took of them (scaled). */
  buyVolume = Number.NaN;
  sellVolume = Number.NaN;
  takenScaled = 0;

  /** A bar has opened and not ended. */
  isInBar = false;
  barStart: EpochMs = Number.NEGATIVE_INFINITY;
  /** End of the last bar. */
  barEnd: EpochMs = Number.NEGATIVE_INFINITY;
  /** The range of a bar is being matched. */
  isInRange = false;

  /** Next financing instant; infinite without financing or without a position. */
  nextRoll: EpochMs = Number.POSITIVE_INFINITY;
  /** The instant has come inside a bar: booked after the bar's range. */
  isRollDue = false;
  /** Some order's life has ended inside a bar: it expires after the bar's range. */
  isExpiryDue = false;

  /** Nobody has watched since the last price: it values positions and fills nothing. */
  get isPriceOld(): boolean {
    return this.lastTs === Number.NEGATIVE_INFINITY;
  }

  /** Either side could trade the volume of a bar. */
  offer(volume: number): void {
    this.buyVolume = volume;
    this.sellVolume = volume;
  }

  /** Nobody watched for a while. */
  forgetPrices(): void {
    this.lastTs = Number.NEGATIVE_INFINITY;
    this.bid = Number.NaN;
    this.ask = Number.NaN;
    this.isInBar = false;
  }

  /** Spread of the last quote, else the assumed one. */
  get spread(): number {
    const spread = this.ask - this.bid;
    return spread >= 0 ? spread : this.assumedSpread;
  }
}
