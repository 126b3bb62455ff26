import type { Bar, BarWindow, EpochMs } from '@bookrunner/sdk';

const OPEN = 1;
const HIGH = 2;
const LOW = 3;
const CLOSE = 4;
const VOLUME = 5;
const END = 6;
const TICKS = 7;
const VWAP = 8;
/** Numbers of a row; the start of the bar is its first. */
const STRIDE = 9;

/**
 * The last bars of one stream: the latest as an object, those before it in a ring of rows. Most windows are of one bar, which
 * then costs no row at all.
 */
export class RingBarWindow implements BarWindow {
  readonly symbol: string;
  readonly #latest: LatestBar;
  readonly #mask: number = 0;
  /** Rows of STRIDE numbers. That of the latest bar is written when the next one comes, or all are needed. */
  readonly #rows: Float64Array;
  /** Row of the latest bar. */
  #head = 0;
  #length = 0;

  /** `size` is rounded up to a power of two. */
  constructor(symbol: string, size: number) {
    this.symbol = symbol;
    this.#latest = new LatestBar(symbol);
    let capacity = 1;
    while (capacity < size) capacity *= 2;
    this.#mask = capacity - 1;
    this.#rows = new Float64Array(capacity * STRIDE);
  }

  get length(): number {
    return this.#length;
  }

  /** The latest bar, always the same object; all its numbers are NaN before the first. */
  get latest(): Bar {
    return this.#latest;
  }

  push(bar: Bar): void {
    if (this.#mask === 0) this.#length = 1;
    else this.#makeRoom();
    this.#latest.take(bar);
  }

  ts(ago = 0): EpochMs {
    return ago === 0 ? this.#latest.ts : this.#read(0, ago);
  }
  open(ago = 0): number {
    return ago === 0 ? this.#latest.open : this.#read(OPEN, ago);
  }
  high(ago = 0): number {
    return ago === 0 ? this.#latest.high : this.#read(HIGH, ago);
  }
  low(ago = 0): number {
    return ago === 0 ? this.#latest.low : this.#read(LOW, ago);
  }
  close(ago = 0): number {
    return ago === 0 ? this.#latest.close : this.#read(CLOSE, ago);
  }
  volume(ago = 0): number {
    return ago === 0 ? this.#latest.volume : this.#read(VOLUME, ago);
  }

  clear(): void {
    this.#head = 0;
    this.#length = 0;
    this.#latest.clear();
  }

  /** Multiplies prices and divides volumes, for a split. */
  rescale(priceFactor: number): void {
    const rows = this.#rows;
    this.#writeLatest();
    for (let at = 0; at < rows.length; at += STRIDE) {
      for (const field of [OPEN, HIGH, LOW, CLOSE, VWAP]) rows[at + field] = (rows[at + field] as number) * priceFactor;
      rows[at + VOLUME] = (rows[at + VOLUME] as number) / priceFactor;
    }
    this.#readLatest();
  }

  /** The bars at hand, oldest first, as rows of numbers. */
  save(): readonly number[] {
    this.#writeLatest();
    const saved: number[] = [];
    for (let ago = this.#length - 1; ago >= 0; ago--) {
      for (let field = 0; field < STRIDE; field++) saved.push(this.#read(field, ago));
    }
    return saved;
  }

  load(saved: readonly number[]): void {
    this.clear();
    const bars = Math.min(this.#mask + 1, saved.length / STRIDE);
    this.#rows.set(saved.slice(saved.length - bars * STRIDE));
    this.#length = bars;
    this.#head = (bars - 1) & this.#mask;
    this.#readLatest();
  }

  /** A field of a bar by its place in a row that is written; NaN beyond the length. */
  #read(field: number, ago: number): number {
    return ago >= 0 && ago < this.#length
      ? (this.#rows[((this.#head - ago) & this.#mask) * STRIDE + field] as number)
      : Number.NaN;
  }

  /** The latest bar becomes one of those before. */
  #makeRoom(): void {
    this.#writeLatest();
    this.#head = (this.#head + 1) & this.#mask;
    if (this.#length <= this.#mask) this.#length += 1;
  }

  #writeLatest(): void {
    if (this.#length > 0) this.#latest.write(this.#rows, this.#head * STRIDE);
  }

  #readLatest(): void {
    if (this.#length > 0) this.#latest.read(this.#rows, this.#head * STRIDE);
  }
}

/** The newest bar of a window. What reads it as a Bar cannot change it. */
class LatestBar implements Bar {
  readonly symbol: string;
  #ts: EpochMs = Number.NaN;
  #open = Number.NaN;
  #high = Number.NaN;
  #low = Number.NaN;
  #close = Number.NaN;
  #volume = Number.NaN;
  #endTs: EpochMs = Number.NaN;
  #nTicks = Number.NaN;
  #vwap = Number.NaN;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  get ts(): EpochMs {
    return this.#ts;
  }
  get endTs(): EpochMs {
    return this.#endTs;
  }
  get open(): number {
    return this.#open;
  }
  get high(): number {
    return this.#high;
  }
  get low(): number {
    return this.#low;
  }
  get close(): number {
    return this.#close;
  }
  get volume(): number {
    return this.#volume;
  }
  get nTicks(): number {
    return this.#nTicks;
  }
  get vwap(): number {
    return this.#vwap;
  }

  take(bar: Bar): void {
    this.#ts = bar.ts;
    this.#open = bar.open;
    this.#high = bar.high;
    this.#low = bar.low;
    this.#close = bar.close;
    this.#volume = bar.volume;
    this.#endTs = bar.endTs;
    this.#nTicks = bar.nTicks;
    this.#vwap = bar.vwap;
  }

  clear(): void {
    this.read(new Float64Array(STRIDE).fill(Number.NaN), 0);
  }

  /** Takes the row that begins at a place. */
  read(rows: Float64Array, at: number): void {
    this.#ts = rows[at] as number;
    this.#open = rows[at + OPEN] as number;
    this.#high = rows[at + HIGH] as number;
    this.#low = rows[at + LOW] as number;
    this.#close = rows[at + CLOSE] as number;
    this.#volume = rows[at + VOLUME] as number;
    this.#endTs = rows[at + END] as number;
    this.#nTicks = rows[at + TICKS] as number;
    this.#vwap = rows[at + VWAP] as number;
  }

  /** Becomes the row that begins at a place. */
  write(rows: Float64Array, at: number): void {
    rows[at] = this.#ts;
    rows[at + OPEN] = this.#open;
    rows[at + HIGH] = this.#high;
    rows[at + LOW] = this.#low;
    rows[at + CLOSE] = this.#close;
    rows[at + VOLUME] = this.#volume;
    rows[at + END] = this.#endTs;
    rows[at + TICKS] = this.#nTicks;
    rows[at + VWAP] = this.#vwap;
  }
}
