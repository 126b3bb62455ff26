// Trades out of what a market-data subscription tells: RTVolume texts, or the price and the size of the last trade.

/** Who hears of trades. `ts` is NaN where IB tells no time. */
export interface TradeListener {
  onTrade(price: number, size: number, ts: number): void;
  onBadTrade(text: string): void;
}

/** A subscription may begin with the last trade before it, which is history; clocks may differ by this much. */
const CLOCKS_DIFFER_MS = 10_000;
/** No size of any trade. */
const NOT_TOLD = -1;

/** Reads the trades of one instrument. */
export class TradeReader {
  readonly #listener: TradeListener;
  #lastPrice = Number.NaN;
  #lastSize = NOT_TOLD;
  /** A price was told, and its size is to come. */
  #isPriced = false;
  /** The last trade before the subscription was told. */
  #isBegun = false;
  #from = Number.NEGATIVE_INFINITY;
  #isFirstVolume = true;
  #rtVolumeTs = Number.NaN;
  #rtVolumeTotal = '';

  constructor(listener: TradeListener) {
    this.#listener = listener;
  }

  /** A subscription begins: what it tells first is the last trade before it. */
  reset(now: number): void {
    this.#from = now - CLOCKS_DIFFER_MS;
    this.#lastPrice = Number.NaN;
    this.#lastSize = NOT_TOLD;
    this.#isPriced = false;
    this.#isBegun = false;
    this.#isFirstVolume = true;
  }

  /** Price of the last trade; its size follows. */
  price(price: number): void {
    if (price !== this.#lastPrice) this.#lastSize = NOT_TOLD;
    this.#lastPrice = price;
    this.#isPriced = true;
  }

  /**
   * Size of the last trade, NaN where IB tells none. The gateway tells it with the price and once more by itself; a size that
   * differs without a price is another trade at the same price. What a subscription tells first is the trade before it.
   */
  size(size: number): void {
    const isTrade = this.#isPriced || (size !== 0 && !Object.is(size, this.#lastSize));
    if (Number.isNaN(this.#lastPrice)) return;
    this.#isPriced = false;
    this.#lastSize = size;
    if (this.#isBegun && isTrade) this.#listener.onTrade(this.#lastPrice, size, Number.NaN);
    this.#isBegun = true;
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
    const isBefore = this.#isFirstVolume && ts < this.#from;
    this.#isFirstVolume = false;
    if (isBefore || (ts === this.#rtVolumeTs && total === this.#rtVolumeTotal)) return;
    this.#rtVolumeTs = ts;
    this.#rtVolumeTotal = total;
    this.#listener.onTrade(price, size, ts);
  }
}
