// Last prices at instants spread over the period: what the equity of both sides is drawn from.
import type { EpochMs } from '@bookrunner/sdk';
import { type SideLedger, directionOf } from './side-ledger.js';
import type { Valuation } from './difference.js';

const MOST = 1_200;
const FIRST_STEP_MS = 250;

/** Samples that stay few however long the period: where there are too many, every other one goes. */
export class MarkSamples {
  #stepMs = FIRST_STEP_MS;
  #samples: { readonly ts: EpochMs; readonly prices: readonly number[] }[] = [];

  /** To be called as time passes; `prices` are read only where a sample is due. */
  pass(ts: EpochMs, prices: () => readonly number[]): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && ts < last.ts + this.#stepMs) return;
    this.#samples.push({ ts, prices: prices() });
    if (this.#samples.length <= MOST) return;
    this.#samples = this.#samples.filter((_, place) => place % 2 === 0);
    this.#stepMs *= 2;
  }

  /** The end is always a sample. */
  end(ts: EpochMs, prices: readonly number[]): void {
    while ((this.#samples.at(-1)?.ts ?? Number.NEGATIVE_INFINITY) >= ts) this.#samples.pop();
    this.#samples.push({ ts, prices });
  }

  get ts(): readonly EpochMs[] {
    return this.#samples.map((sample) => sample.ts);
  }

  /**
   * What a side has earned at each sample, in the engine's currency. Rates of currencies are those of the end, so that the last value
   * is the PnL of the table.
   */
  earned(ledger: SideLedger, options: EarnedOptions): readonly number[] {
    const { indexOf, valuation, baseRate } = options;
    const events = ledger.orders
      .flatMap((order) => order.fills.map((fill) => ({ order, fill, ts: fill.ts })))
      .toSorted((a, b) => a.ts - b.ts);
    const cash = ledger.cash.toSorted((a, b) => a.ts - b.ts);
    // Money of one unit at a price of one, summed over what is held of each instrument.
    const weights = new Map<number, number>();
    let money = 0;
    let next = 0;
    let nextCash = 0;
    return this.#samples.map(({ ts, prices }) => {
      for (; (events[next]?.ts ?? Number.POSITIVE_INFINITY) <= ts; next++) {
        const { order, fill } = events[next] as (typeof events)[number];
        const rate = baseRate(order.book);
        const weight = directionOf(order) * fill.qty * valuation.unitValue(order) * rate;
        const index = indexOf(order.symbol);
        weights.set(index, (weights.get(index) ?? 0) + weight);
        const fee = fill.fee === 0 ? 0 : fill.fee * valuation.rate(order, fill.feeCurrency) * rate;
        money -= weight * fill.price + fee;
      }
      for (; (cash[nextCash]?.ts ?? Number.POSITIVE_INFINITY) <= ts; nextCash++) {
        money += options.cashValue(cash[nextCash] as (typeof cash)[number]);
      }
      let value = money;
      for (const [index, weight] of weights) value += weight * (prices[index] ?? 0);
      return value;
    });
  }
}

/** What {@link MarkSamples.earned} needs. */
export interface EarnedOptions {
  readonly indexOf: (symbol: string) => number;
  readonly valuation: Valuation;
  /** One unit of a book's currency in the engine's. */
  readonly baseRate: (book: string) => number;
  readonly cashValue: (cash: SideLedger['cash'][number]) => number;
}
