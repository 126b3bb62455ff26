// Trades out of what a market-data subscription tells: RTVolume texts, or the price and the size of the last trade.

/** Who hears of trades. `ts` is NaN where IB tells no time. */
export interface TradeListener {
  onTrade(price: number, size: number, ts: number): void;
  onBadTrade(text: string): void;
}

/** What RTVolume or the last price told before the subscription is history; clocks may differ by this much. */
const CLOCKS_DIFFER_MS = 10_000;
/** No size of any trade. */
const NOT_TOLD = -1;

/** Reads the trades of one instrument. */
export class TradeReader {
  readonly #listener: TradeListener;
  #from = Number.NEGATIVE_INFINITY;
  #lastPrice = Number.NaN;
  #lastSize = NOT_TOLD;
  #lastTs = Number.NaN;
  /** Nothing told since the subscription began; a price whose size is to come; or both. */
  #stage: 'first' | 'priced' | 'whole' = 'first';
  #isFresh = true;
  #rtVolumeTs = Number.NaN;
  #rtVolumeTotal = '';

  constructor(listener: TradeListener) {
    this.#listener = listener;
  }

  /** A subscription begins: what it tells first may be the last trade before it. */
  reset(now: number): void {
    this.#from = now - CLOCKS_DIFFER_MS;
    this.#stage = 'first';
    this.#isFresh = true;
    this.#lastTs = Number.NaN;
  }

  /** Price of the last trade; its size follows. */
  price(price: number): void {
    this.#isFresh = this.#stage === 'first';
    if (price !== this.#lastPrice) this.#lastSize = NOT_TOLD;
    this.#lastPrice = price;
    this.#stage = 'priced';
  }

  /**
   * Size of the last trade, NaN where IB tells none. The gateway tells it with the price and once more by itself; a size that
   * differs without a price is another trade at the same price.
   */
  size(size: number): void {
    const isSame = Object.is(size, this.#lastSize);
    const stage = this.#stage;
    if (stage === 'first') return;
    this.#lastSize = size;
    this.#stage = 'whole';
    // The first trade that a renewed subscription tells may be the one that was known already.
    const isKnown = stage === 'priced' ? this.#isFresh && isSame : isSame;
    if (!isKnown) this.#tell();
  }

  /** Time of the last trade, in seconds, as text. */
  timestamp(seconds: string): void {
    this.#lastTs = Number(seconds) * 1_000;
  }

  /** `price;size;time in ms;total volume;average price;single`. A text without a price tells of volume only. */
  rtVolume(text: string): void {
    const priceEnd = text.indexOf(';');
    if (priceEnd === 0) return;
    const sizeEnd = text.indexOf(';', priceEnd + 1);
    const timeEnd = text.indexOf(';', sizeEnd + 1);
    const totalEnd = text.indexOf(';', timeEnd + 1);
    if (sizeEnd < 0 || timeEnd < 0 || totalEnd < 0) return this.#listener.onBadTrade(text);
    const ts = Number(text.slice(sizeEnd + 1, timeEnd));
    const total = text.slice(timeEnd + 1, totalEnd);
    const price = Number(text.slice(0, priceEnd));
    const size = Number(text.slice(priceEnd + 1, sizeEnd));
    if (!Number.isFinite(ts + price + size)) return this.#listener.onBadTrade(text);
    if (ts < this.#from || (ts === this.#rtVolumeTs && total === this.#rtVolumeTotal)) return;
    this.#rtVolumeTs = ts;
    this.#rtVolumeTotal = total;
    this.#listener.onTrade(price, size, ts);
  }

  #tell(): void {
    if (this.#lastTs < this.#from) return;
    this.#listener.onTrade(this.#lastPrice, this.#lastSize, Number.NaN);
  }
}
