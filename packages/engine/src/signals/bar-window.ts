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

/** The last bars of one stream in a ring of rows; also the latest bar itself, read in place. */
export class RingBarWindow implements BarWindow {
  readonly symbol: string;
  /** The latest bar, read in place. */
  readonly latest: Bar;
  readonly #mask: number;
  /** Rows of STRIDE numbers: one array, so that a bar costs one bounds check family instead of nine. */
  readonly #rows: Float64Array;
  #head = -1;
  #length = 0;

  /** `size` is rounded up to a power of two. */
  constructor(symbol: string, size: number) {
    this.symbol = symbol;
    let capacity = 1;
    while (capacity < size) capacity *= 2;
    this.#mask = capacity - 1;
    this.#rows = new Float64Array(capacity * STRIDE);
    this.latest = new LatestBar(this);
  }

  get length(): number {
    return this.#length;
  }

  push(bar: Bar): void {
    const head = (this.#head + 1) & this.#mask;
    this.#head = head;
    const rows = this.#rows;
    const at = head * STRIDE;
    rows[at] = bar.ts;
    rows[at + OPEN] = bar.open;
    rows[at + HIGH] = bar.high;
    rows[at + LOW] = bar.low;
    rows[at + CLOSE] = bar.close;
    rows[at + VOLUME] = bar.volume;
    rows[at + END] = bar.endTs;
    rows[at + TICKS] = bar.nTicks;
    rows[at + VWAP] = bar.vwap;
    if (this.#length <= this.#mask) this.#length += 1;
  }

  ts(ago = 0): EpochMs {
    return this.read(0, ago);
  }
  open(ago = 0): number {
    return this.read(OPEN, ago);
  }
  high(ago = 0): number {
    return this.read(HIGH, ago);
  }
  low(ago = 0): number {
    return this.read(LOW, ago);
  }
  close(ago = 0): number {
    return this.read(CLOSE, ago);
  }
  volume(ago = 0): number {
    return this.read(VOLUME, ago);
  }

  /** A field of a bar by its place in a row; NaN beyond the length. */
  read(field: number, ago: number): number {
    return ago >= 0 && ago < this.#length
      ? (this.#rows[((this.#head - ago) & this.#mask) * STRIDE + field] as number)
      : Number.NaN;
  }

  clear(): void {
    this.#head = -1;
    this.#length = 0;
  }

  /** Multiplies prices and divides volumes, for a split. */
  rescale(priceFactor: number): void {
    const rows = this.#rows;
    for (let at = 0; at < rows.length; at += STRIDE) {
      for (const field of [OPEN, HIGH, LOW, CLOSE, VWAP]) rows[at + field] = (rows[at + field] as number) * priceFactor;
      rows[at + VOLUME] = (rows[at + VOLUME] as number) / priceFactor;
    }
  }

  /** The bars at hand, oldest first, as rows of numbers. */
  save(): readonly number[] {
    const saved: number[] = [];
    for (let ago = this.#length - 1; ago >= 0; ago--) {
      for (let field = 0; field < STRIDE; field++) saved.push(this.read(field, ago));
    }
    return saved;
  }

  load(saved: readonly number[]): void {
    this.clear();
    const bars = Math.min(this.#mask + 1, saved.length / STRIDE);
    this.#rows.set(saved.slice(saved.length - bars * STRIDE));
    this.#length = bars;
    this.#head = bars - 1;
  }
}

/** The newest bar of a window as a Bar; getters, so that a bar nobody reads costs nothing. */
class LatestBar implements Bar {
  readonly #window: RingBarWindow;

  constructor(window: RingBarWindow) {
    this.#window = window;
  }

  get symbol(): string {
    return this.#window.symbol;
  }
  get ts(): EpochMs {
    return this.#window.ts(0);
  }
  get endTs(): EpochMs {
    return this.#window.read(END, 0);
  }
  get open(): number {
    return this.#window.open(0);
  }
  get high(): number {
    return this.#window.high(0);
  }
  get low(): number {
    return this.#window.low(0);
  }
  get close(): number {
    return this.#window.close(0);
  }
  get volume(): number {
    return this.#window.volume(0);
  }
  get nTicks(): number {
    return this.#window.read(TICKS, 0);
  }
  get vwap(): number {
    return this.#window.read(VWAP, 0);
  }
}
