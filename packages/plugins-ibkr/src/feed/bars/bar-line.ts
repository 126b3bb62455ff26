// One instrument whose ready bars somebody subscribed.
import { MINUTE_MS } from '@bookrunner/sdk';
import type { BarColumns, BarSpec, EpochMs, FeedSink } from '@bookrunner/sdk';
import { priceFromIb } from '../../contracts/ib-numbers.js';
import type { QualifiedContract } from '../../contracts/qualified-contract.js';
import type { FeedReporter } from '../feed-reporter.js';
import { LineHealth } from '../line-health.js';

/** Length of the bars IB makes while the market trades. */
export const BAR_SECONDS = 5;

/** Clocks may differ by this much. */
const CLOCKS_DIFFER_MS = MINUTE_MS;

/** A bar as it is told. */
export interface LiveBar {
  readonly seconds: number;
  readonly open: number | undefined;
  readonly high: number | undefined;
  readonly low: number | undefined;
  readonly close: number | undefined;
  readonly volume: number | undefined;
  readonly average: number | undefined;
  readonly count: number | undefined;
}

/** Bars of one instrument, to all who subscribed it. */
export class BarLine {
  readonly contract: QualifiedContract;
  readonly symbol: string;
  readonly health: LineHealth;
  sinks: readonly FeedSink[] = [];
  /** Id of its request; 0 for none. */
  request = 0;
  readonly #reporter: FeedReporter;
  readonly #spec: BarSpec;
  /** Start of the last bar delivered; NaN before the first. */
  #last = Number.NaN;

  constructor(contract: QualifiedContract, reporter: FeedReporter, spec: BarSpec) {
    this.contract = contract;
    this.symbol = contract.instrument.symbol;
    this.#reporter = reporter;
    this.#spec = spec;
    this.health = new LineHealth(false, (state) => reporter.tell(this, state));
  }

  /**
   * A bar is over. Each is told once, in order: a renewed subscription may begin with the last one that is known. One that comes out of
   * order is rejected, and so is one that is yet to come: what follows it would be late for as long.
   */
  live(bar: LiveBar): void {
    if (this.health.isRecovering) this.health.onRow();
    const columns = this.#columns(bar);
    if (columns === undefined) return this.#reject(`bar ${bar.open} ${bar.high} ${bar.low} ${bar.close}`);
    const ts = columns.ts[0]!;
    if (ts === this.#last) return;
    if (ts < this.#last) return this.#reject(`bar of ${timeOf(ts)}, which came after that of ${timeOf(this.#last)},`);
    const aheadMs = ts - this.#reporter.now();
    if (aheadMs > CLOCKS_DIFFER_MS) {
      return this.#reject(`bar of ${timeOf(ts)}, ${Math.round(aheadMs / 1_000)} s ahead of this machine's clock,`);
    }
    this.#last = ts;
    this.#reporter.deliver(this.sinks, (sink) =>
      sink.bars(this.sinks.length === 1 ? columns : copyOf(columns), this.#spec),
    );
  }

  #reject(what: string): void {
    this.#reporter.reject(this, what);
  }

  #columns(bar: LiveBar): BarColumns | undefined {
    const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map((told) =>
      priceFromIb(this.contract, told),
    ) as [number, number, number, number];
    if (!Number.isFinite(open + high + low + close + bar.seconds)) return undefined;
    const ts = bar.seconds * 1_000;
    const one = (value: number): Float64Array => Float64Array.of(value);
    return {
      ...{ symbol: this.symbol, length: 1, ts: one(ts), endTs: one(ts + BAR_SECONDS * 1_000) },
      ...{ open: one(open), high: one(high), low: one(low), close: one(close) },
      volume: one(Math.max(0, bar.volume ?? 0)),
      nTicks: one((bar.count ?? -1) < 0 ? Number.NaN : bar.count!),
      vwap: one((bar.average ?? -1) <= 0 ? Number.NaN : priceFromIb(this.contract, bar.average)),
    };
  }
}

function timeOf(ts: EpochMs): string {
  return Number.isFinite(new Date(ts).getTime()) ? new Date(ts).toISOString() : String(ts);
}

/** Columns are given away. */
function copyOf(columns: BarColumns): BarColumns {
  const copies = Object.entries(columns).map(([name, value]) => [
    name,
    value instanceof Float64Array ? value.slice() : value,
  ]);
  return Object.fromEntries(copies) as BarColumns;
}
