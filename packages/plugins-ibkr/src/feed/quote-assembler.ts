// Bid, ask and their sizes arrive apart; a quote is whole when all four came, or after a short wait for the rest.

const BID = 1;
const ASK = 2;
const BID_SIZE = 4;
const ASK_SIZE = 8;
const WHOLE = BID | ASK | BID_SIZE | ASK_SIZE;

/** Both sides of a book. */
export interface QuoteValues {
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
}

/** Who hears of quotes. */
export interface QuoteListener {
  /** A quote is whole, or had waited long enough: read bid, ask and sizes now. */
  onQuote(): void;
  /** A quote is the one that went out last: nothing to tell, but it came. */
  onSame(): void;
  /** Part of a quote waits for the rest. */
  onPartial(): void;
}

/** Both sides of one book. Prices are NaN where there is no quote, sizes where none was told since the price changed. */
export class QuoteAssembler implements QuoteValues {
  bid = Number.NaN;
  ask = Number.NaN;
  bidSize = Number.NaN;
  askSize = Number.NaN;
  readonly #listener: QuoteListener;
  /** Parts told since the last quote went out, and whether any of them changed something. */
  #told = 0;
  #isChanged = false;
  #lastBid = Number.NaN;
  #lastAsk = Number.NaN;
  #lastBidSize = Number.NaN;
  #lastAskSize = Number.NaN;

  constructor(listener: QuoteListener) {
    this.#listener = listener;
  }

  /** A price that changes takes its size with it: what was told was of the old price. */
  setBid(price: number): void {
    if (isEqual(price, this.bid)) return this.#take(BID);
    this.#makeRoom(BID);
    this.bid = price;
    this.bidSize = Number.NaN;
    this.#change(BID);
  }

  setAsk(price: number): void {
    if (isEqual(price, this.ask)) return this.#take(ASK);
    this.#makeRoom(ASK);
    this.ask = price;
    this.askSize = Number.NaN;
    this.#change(ASK);
  }

  setBidSize(size: number): void {
    if (isEqual(size, this.bidSize)) return this.#take(BID_SIZE);
    this.#makeRoom(BID_SIZE);
    this.bidSize = size;
    this.#change(BID_SIZE);
  }

  setAskSize(size: number): void {
    if (isEqual(size, this.askSize)) return this.#take(ASK_SIZE);
    this.#makeRoom(ASK_SIZE);
    this.askSize = size;
    this.#change(ASK_SIZE);
  }

  /** A quote that arrived in one piece. */
  setWhole(quote: QuoteValues): void {
    this.flush();
    this.bid = quote.bid;
    this.ask = quote.ask;
    this.bidSize = quote.bidSize;
    this.askSize = quote.askSize;
    this.#isChanged = true;
    this.flush();
  }

  /** Sends out what waits, unless it is the quote that went out last. */
  flush(): void {
    if (!this.#isChanged) return;
    this.#told = 0;
    this.#isChanged = false;
    if (this.#isLast()) return this.#listener.onSame();
    this.#lastBid = this.bid;
    this.#lastAsk = this.ask;
    this.#lastBidSize = this.bidSize;
    this.#lastAskSize = this.askSize;
    // Without any price there is nothing to tell.
    if (this.bid === this.bid || this.ask === this.ask) this.#listener.onQuote();
  }

  /** Forgets the book: what comes next is of a new subscription. The last quote is remembered, so that it is not told twice. */
  reset(): void {
    this.bid = Number.NaN;
    this.ask = Number.NaN;
    this.bidSize = Number.NaN;
    this.askSize = Number.NaN;
    this.#told = 0;
    this.#isChanged = false;
  }

  /** A part that is told a second time begins the next quote. */
  #makeRoom(part: number): void {
    if ((this.#told & part) !== 0) this.flush();
  }

  #change(part: number): void {
    const isFirst = !this.#isChanged;
    this.#isChanged = true;
    this.#told |= part;
    if (this.#told === WHOLE) this.flush();
    else if (isFirst) this.#listener.onPartial();
  }

  #take(part: number): void {
    if (!this.#isChanged) return;
    this.#told |= part;
    if (this.#told === WHOLE) this.flush();
  }

  #isLast(): boolean {
    return (
      isEqual(this.bid, this.#lastBid) &&
      isEqual(this.ask, this.#lastAsk) &&
      isEqual(this.bidSize, this.#lastBidSize) &&
      isEqual(this.askSize, this.#lastAskSize)
    );
  }
}

function isEqual(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
