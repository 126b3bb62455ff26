import type { EpochMs } from '@bookrunner/sdk';
import type { BarStream } from '../market/bar-stream.js';
import type { CurrencyConverter } from '../market/currency-converter.js';
import type { KernelTime } from '../kernel/kernel-time.js';
import type { KernelListener } from '../kernel/listener.js';
import type { Book, Position } from './book.js';
import type { Marks } from './marks.js';

/** Books as a whole: marks at bar closes, trading days, and the sum of all books in the engine's currency. */
export class Portfolio {
  readonly books: readonly Book[];
  readonly marks: Marks;
  private readonly converter: CurrencyConverter;
  private readonly baseCurrency: string;
  private readonly listener: KernelListener;
  /** All books are kept in the engine's currency. */
  readonly isOneCurrency: boolean;
  /** Positions to mark when an instrument's price moves, by instrument. */
  private readonly positionsByInstrument: readonly (readonly Position[])[];
  private readonly time: KernelTime;
  /** How long after its end a bar is available: a trading day ends when its last bar is there. */
  private readonly closeDelayMs: number;
  /** How long after its end a day waits for ready bars that end with it; not less than the close delay. */
  private readonly graceMs: number;
  /** There is a grace beyond the delay, as with live data. */
  private readonly isPatient: boolean;
  /** Ready bars of the instruments of each book, by index. */
  private readonly readyOf: readonly (readonly BarStream[])[];
  /** The earliest end of a day, without delay and grace. */
  #close: EpochMs = Number.POSITIVE_INFINITY;
  /** Books to be told about, in a chain; the last is named where there are several. */
  private firstDirty: Book | undefined = undefined;
  private lastDirty: Book | undefined = undefined;

  constructor(setup: {
    books: readonly Book[];
    marks: Marks;
    instrumentCount: number;
    converter: CurrencyConverter;
    baseCurrency: string;
    listener: KernelListener;
    time: KernelTime;
    closeDelayMs: number;
    barGraceMs?: number | undefined;
    /** All streams of bars. */
    streams: readonly BarStream[];
  }) {
    this.time = setup.time;
    this.closeDelayMs = setup.closeDelayMs;
    this.graceMs = Math.max(setup.closeDelayMs, setup.barGraceMs ?? 0);
    this.isPatient = this.graceMs > this.closeDelayMs;
    const ready = setup.streams.filter((stream) => stream.builder === undefined);
    this.readyOf = setup.books.map(({ positions }) =>
      ready.filter((stream) => positions.some(({ state }) => state === stream.state)),
    );
    this.books = setup.books;
    this.marks = setup.marks;
    this.converter = setup.converter;
    this.baseCurrency = setup.baseCurrency;
    this.listener = setup.listener;
    this.isOneCurrency = setup.books.every((book) => book.base === setup.baseCurrency);
    const positions = setup.books.flatMap((book) => book.positions);
    this.positionsByInstrument = Array.from({ length: setup.instrumentCount }, (_, index) =>
      positions.filter((position) => position.state.index === index),
    );
    for (const row of this.positionsByInstrument) {
      row.forEach((position, place) => {
        position.nextInInstrument = row[place + 1];
      });
    }
    for (const stream of setup.streams) [stream.firstPosition] = this.positionsOf(stream.state.index);
  }

  /** What a day has waited for may have come. */
  onBarThere({ window }: BarStream): void {
    if (this.isPatient && window.latest.endTs >= this.#close) this.#update();
  }

  /** A bar of an instrument closed: its positions are marked. */
  onBarClosed(stream: BarStream): void {
    if (this.isPatient) this.onBarThere(stream);
    for (let position = stream.firstPosition; position !== undefined; position = position.nextInInstrument) {
      const { book } = position;
      if (position.holding.qtyScaled !== 0 || position.value !== 0) book.mark(position);
      this.#soil(book);
    }
  }

  /** A bar that only warms up moves the price and marks nothing. One that began before trading may end when something is held. */
  onWarmupBar(stream: BarStream): void {
    for (let position = stream.firstPosition; position !== undefined; position = position.nextInInstrument)
      if (position.holding.qtyScaled !== 0) this.marks.areCurrent = false;
  }

  /** The same of a stream whose only position was marked already. */
  onMarked(book: Book, stream: BarStream): void {
    if (this.isPatient) this.onBarThere(stream);
    this.#soil(book);
  }

  #soil(book: Book): void {
    // `=== true`: of a flag that is often true V8 else asks whether it is an empty string, zero or not a number.
    if (book.isDirty === true) return;
    book.isDirty = true;
    if (this.firstDirty === undefined) this.firstDirty = book;
    else this.#append(this.lastDirty ?? this.firstDirty, book);
  }

  #append(last: Book, book: Book): void {
    last.nextDirty = book;
    this.lastDirty = book;
  }

  /** The positions that a bar of an instrument marks. */
  positionsOf(instrumentIndex: number): readonly Position[] {
    return this.positionsByInstrument[instrumentIndex] as readonly Position[];
  }

  /** Opens the first trading day of every book; called once, with the first event. */
  start(at: EpochMs): void {
    for (const book of this.books) this.#openDay(book, at);
    this.#update();
  }

  /** Tells equity of the books whose instruments had a bar at this instant; false where none had. */
  settle(): boolean {
    let book = this.firstDirty;
    if (book === undefined) return false;
    this.firstDirty = undefined;
    this.lastDirty = undefined;
    while (book !== undefined) {
      const next: Book | undefined = book.nextDirty;
      book.nextDirty = undefined;
      book.isDirty = false;
      this.settleBook(book);
      book = next;
    }
    return true;
  }

  settleBook(book: Book): void {
    book.markEquity();
    this.listener.equityMarked(book, this.time);
  }

  /** Ends the trading days that are over; true when any did. */
  roll(): boolean {
    const at = this.time.now;
    if (at < this.time.dayAt) return false;
    for (const book of this.books) {
      if (at < this.#dueOf(book)) continue;
      book.markAll();
      this.listener.dayEnded(book, book.day, at);
      this.#openDay(book, at - this.closeDelayMs);
    }
    this.#update();
    return true;
  }

  /** Takes deadlines and dirty books anew, after a restore. */
  resume(): void {
    for (const book of this.books) {
      if (!book.isDirty) continue;
      book.isDirty = false;
      this.#soil(book);
    }
    this.#update();
  }

  /** Equity of all books in the engine's currency; NaN while a needed rate is not known. */
  equity(): number {
    let total = 0;
    for (let i = 0; i < this.books.length; i++) {
      const book = this.books[i] as Book;
      total += this.isOneCurrency ? book.equity() : book.equity() * this.rateOf(book.base);
    }
    return total;
  }
  /** What all books had when their trading days began, flows since then included. */
  dayStartEquity(): number {
    let total = 0;
    for (let i = 0; i < this.books.length; i++) {
      const book = this.books[i] as Book;
      total += (book.dayStartEquity + book.dayFlows) * this.rateOf(book.base);
    }
    return total;
  }
  rateOf(currency: string): number {
    return currency === this.baseCurrency ? 1 : this.converter.rate(currency, this.baseCurrency);
  }

  /** Opens the trading day of an instant. */
  #openDay(book: Book, at: EpochMs): void {
    book.dayStartEquity = book.equity();
    book.dayFlows = 0;
    book.day = book.dayCalendar.tradingDay(at);
    book.dayEnd = book.dayCalendar.dayClose(at) + this.closeDelayMs;
  }

  /** When a day may end: after the close delay; where a ready bar that ends with it has not come, not before it has, or the grace is over. */
  #dueOf({ index, dayEnd }: Book): EpochMs {
    const close = dayEnd - this.closeDelayMs;
    const isThere = (this.readyOf[index] as readonly BarStream[]).every(
      ({ window }) => window.length > 0 && window.latest.endTs >= close,
    );
    return isThere ? dayEnd : close + this.graceMs;
  }

  #update(): void {
    let due = Number.POSITIVE_INFINITY;
    this.#close = Number.POSITIVE_INFINITY;
    for (const book of this.books) {
      due = Math.min(due, this.#dueOf(book));
      this.#close = Math.min(this.#close, book.dayEnd - this.closeDelayMs);
    }
    // What it waited for came after it: no deadline lies in the past.
    this.time.dayAt = Math.max(due, this.time.now);
    this.time.aim();
  }
}
