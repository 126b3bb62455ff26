import type { Bar, BarWindow, EpochMs } from '@bookrunner/sdk';

/** The last bars of one stream in rings of Float64Array; also the latest bar itself, read in place. */
export class RingBarWindow implements BarWindow {
  readonly symbol: string;
  /** The latest bar, read in place. */
  readonly latest: Bar;
  endTs: EpochMs = Number.NaN;
  nTicks = Number.NaN;
  vwap = Number.NaN;
  readonly #mask: number;
  readonly #ts: Float64Array;
  readonly #open: Float64Array;
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  readonly #close: Float64Array;
  readonly #volume: Float64Array;
  #head = -1;
  #length = 0;

  /** `size` is rounded up to a power of two. */
  constructor(symbol: string, size: number) {
    this.symbol = symbol;
    let capacity = 1;
    while (capacity < size) capacity *= 2;
    this.#mask = capacity - 1;
    this.#ts = new Float64Array(capacity);
    this.#open = new Float64Array(capacity);
    this.#high = new Float64Array(capacity);
    this.#low = new Float64Array(capacity);
    this.#close = new Float64Array(capacity);
    this.#volume = new Float64Array(capacity);
    this.latest = new LatestBar(this);
  }

  get length(): number {
    return this.#length;
  }

  push(bar: Bar): void {
    const at = (this.#head + 1) & this.#mask;
    this.#head = at;
    this.#ts[at] = bar.ts;
    this.#open[at] = bar.open;
    this.#high[at] = bar.high;
    this.#low[at] = bar.low;
    this.#close[at] = bar.close;
    this.#volume[at] = bar.volume;
    this.endTs = bar.endTs;
    this.nTicks = bar.nTicks;
    this.vwap = bar.vwap;
    if (this.#length <= this.#mask) this.#length += 1;
  }

  ts(ago = 0): EpochMs {
    return this.#read(this.#ts, ago);
  }
  open(ago = 0): number {
    return this.#read(this.#open, ago);
  }
  high(ago = 0): number {
    return this.#read(this.#high, ago);
  }
  low(ago = 0): number {
    return this.#read(this.#low, ago);
  }
  close(ago = 0): number {
    return this.#read(this.#close, ago);
  }
  volume(ago = 0): number {
    return this.#read(this.#volume, ago);
  }

  clear(): void {
    this.#head = -1;
    this.#length = 0;
  }

  /** Multiplies prices and divides volumes, for a split. */
  rescale(priceFactor: number): void {
    for (let i = 0; i <= this.#mask; i++) {
      for (const column of [this.#open, this.#high, this.#low, this.#close])
        column[i] = (column[i] as number) * priceFactor;
      this.#volume[i] = (this.#volume[i] as number) / priceFactor;
    }
  }

  save(): readonly number[] {
    const rows: number[] = [];
    for (let ago = this.#length - 1; ago >= 0; ago--) {
      rows.push(this.ts(ago), this.open(ago), this.high(ago), this.low(ago), this.close(ago), this.volume(ago));
    }
    return rows;
  }

  load(rows: readonly number[]): void {
    this.clear();
    for (let i = 0; i + 5 < rows.length; i += 6) {
      const [ts, open, high, low, close, volume] = rows.slice(i, i + 6) as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      this.push({ ts, open, high, low, close, volume, endTs: ts, symbol: this.symbol, nTicks: 0, vwap: Number.NaN });
    }
  }

  #read(column: Float64Array, ago: number): number {
    return ago >= 0 && ago < this.#length ? (column[(this.#head - ago) & this.#mask] as number) : Number.NaN;
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
    return this.#window.endTs;
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
    return this.#window.nTicks;
  }
  get vwap(): number {
    return this.#window.vwap;
  }
}
