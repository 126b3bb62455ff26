// What a live feed sends that is no market, counted and kept from venue and kernel. Nothing here is fatal.
import type { BarColumns, EpochMs, Instrument } from '@bookrunner/sdk';
import type { LiveTick } from './live-tick.js';

/** Why something was not used as it came. Each is counted by feed and shown in its status. */
export interface Irregularities {
  /** Quotes with the bid above the ask: neither side is used, a trade in the same tick is. */
  crossed: number;
  /** Ticks without any usable price: not used. */
  unpriced: number;
  /** Receive times before that of a row the feed delivered earlier: moved up. */
  backwards: number;
  /** Receive times after now: taken as now. */
  ahead: number;
  /** Rows of symbols nobody subscribed: not used. */
  unknown: number;
  /** Ready bars that are not the bars the run takes from this feed, or came before: not used. */
  unexpected: number;
  /** Ready bars that came although the one before them had not, in an open market: what is between is looked for in history. */
  skipped: number;
  /** Ticks and bars pushed out of a full queue while the run warmed up, or while history was fetched. */
  overflowed: number;
  /** Rows the feed itself could not use. */
  rejected: number;
}

export function noIrregularities(): Irregularities {
  return {
    crossed: 0,
    unpriced: 0,
    backwards: 0,
    ahead: 0,
    unknown: 0,
    unexpected: 0,
    skipped: 0,
    overflowed: 0,
    rejected: 0,
  };
}

/** A sentence for the report; undefined where all was used as it came. */
export function irregularText(feed: string, counts: Irregularities): string | undefined {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  const text = parts.map(([kind, count]) => `${count} ${kind}`).join(', ');
  return text === '' ? undefined : `Feed '${feed}' sent rows that were not used as they came: ${text}.`;
}

/** Instruments whose prices may be zero or less. */
const SIGNED: ReadonlySet<Instrument['assetClass']> = new Set(['future', 'option', 'commodity']);

/**
 * Takes out of a tick what is no price: infinities, zero or less where the instrument cannot have it, both sides of a crossed
 * quote. Returns whether anything is left to use.
 */
export function screenTick(tick: LiveTick, instrument: Instrument, counts: Irregularities): boolean {
  const isSigned = SIGNED.has(instrument.assetClass);
  tick.bid = price(tick.bid, isSigned);
  tick.ask = price(tick.ask, isSigned);
  tick.last = price(tick.last, isSigned);
  if (tick.bid > tick.ask) {
    counts.crossed += 1;
    tick.bid = Number.NaN;
    tick.ask = Number.NaN;
    return tick.last === tick.last;
  }
  if (tick.bid === tick.bid || tick.ask === tick.ask || tick.last === tick.last) return true;
  counts.unpriced += 1;
  return false;
}

function price(value: number, isSigned: boolean): number {
  return Number.isFinite(value) && (value > 0 || isSigned) ? value : Number.NaN;
}

/** Kernel time of live rows: when they were received, never after now and never before what was delivered. */
export class ArrivalTime {
  #last: EpochMs = Number.NEGATIVE_INFINITY;

  /** The last instant given. */
  get last(): EpochMs {
    return this.#last;
  }

  /** Instant of a row received at `recvTs`, or now where that is not known. */
  of(recvTs: EpochMs, now: EpochMs, counts: Irregularities): EpochMs {
    let at = now;
    if (recvTs > now) counts.ahead += 1;
    else if (recvTs <= now) at = recvTs;
    // Other things may have happened since it was received: that is not the feed's doing.
    if (at > this.#last) this.#last = at;
    return this.#last;
  }

  /** Instant of something that is no row. */
  now(now: EpochMs): EpochMs {
    if (now > this.#last) this.#last = now;
    return this.#last;
  }
}

/** Whether a ready bar has its four prices. */
export function isPriced(columns: BarColumns, row: number): boolean {
  const { open, high, low, close } = columns;
  return Number.isFinite((open[row] as number) + (high[row] as number) + (low[row] as number) + (close[row] as number));
}
