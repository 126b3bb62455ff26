import type { BarSchedule, BarSpec, HistoryBlock, ReadRange } from '@bookrunner/sdk';
import { BarBlockBuilder } from '../rows/bar-block-builder.js';
import { DEFAULT_BLOCK_ROWS } from '../rows/block-builder.js';
import type { SyntheticMarket } from './synthetic-market.js';

/** What a market is cut into. */
export interface SyntheticCut {
  readonly symbol: string;
  readonly range: Pick<ReadRange, 'from' | 'to'>;
}

/** The market's ticks inside the range. The market is always made from its beginning, so a part equals the same part of the whole. */
export function* syntheticTicks(
  market: SyntheticMarket,
  cut: SyntheticCut,
  hasTrades: boolean,
): Generator<HistoryBlock> {
  const from = cut.range.from ?? Number.NEGATIVE_INFINITY;
  const to = cut.range.to ?? Number.POSITIVE_INFINITY;
  let more = skipTo(market, from);
  while (more && market.ts < to) {
    const block = new TickArrays(hasTrades);
    do {
      block.add(market);
      more = market.next();
    } while (more && market.ts < to && block.length < DEFAULT_BLOCK_ROWS);
    yield block.toBlock(cut.symbol);
  }
}

function skipTo(market: SyntheticMarket, from: number): boolean {
  while (market.next()) if (market.ts >= from) return true;
  return false;
}

class TickArrays {
  length = 0;
  readonly #ts = column();
  readonly #bid = column();
  readonly #ask = column();
  readonly #bidSize = column();
  readonly #askSize = column();
  readonly #last: Float64Array | undefined;
  readonly #size: Float64Array | undefined;

  constructor(hasTrades: boolean) {
    this.#last = hasTrades ? column() : undefined;
    this.#size = hasTrades ? column() : undefined;
  }

  add(market: SyntheticMarket): void {
    const i = this.length;
    this.#ts[i] = market.ts;
    this.#bid[i] = market.bid;
    this.#ask[i] = market.ask;
    this.#bidSize[i] = market.bidSize;
    this.#askSize[i] = market.askSize;
    if (this.#last !== undefined && this.#size !== undefined) {
      this.#last[i] = market.last;
      this.#size[i] = market.size;
    }
    this.length = i + 1;
  }

  toBlock(symbol: string): HistoryBlock {
    const { length } = this;
    const cut = (values: Float64Array): Float64Array => values.subarray(0, length);
    const trades =
      this.#last === undefined || this.#size === undefined ? {} : { last: cut(this.#last), size: cut(this.#size) };
    const quotes = {
      bid: cut(this.#bid),
      ask: cut(this.#ask),
      bidSize: cut(this.#bidSize),
      askSize: cut(this.#askSize),
    };
    return { kind: 'ticks', columns: { symbol, length, ts: cut(this.#ts), ...quotes, ...trades } };
  }
}

function column(): Float64Array {
  return new Float64Array(DEFAULT_BLOCK_ROWS);
}

/** The market's bars whose start is inside the range, made of its trades. Bars without a trade are not made. */
export function* syntheticBars(
  market: SyntheticMarket,
  cut: SyntheticCut & { readonly schedule: BarSchedule },
  spec: BarSpec,
): Generator<HistoryBlock> {
  const present = ['endTs', 'nTicks'];
  const builder = new BarBlockBuilder(spec, { symbol: cut.symbol, present, from: cut.range.from, to: cut.range.to });
  const bar = new RunningBar(builder, cut.schedule);
  while (!builder.isDone && market.next()) {
    bar.add(market);
    if (builder.ready.length > 0) yield* builder.take();
  }
  if (!builder.isDone) bar.close();
  builder.flush();
  yield* builder.take();
}

const [OPEN, HIGH, LOW, CLOSE, VOLUME, END_TS, N_TICKS] = [1, 2, 3, 4, 5, 6, 7] as const;

/** The bar being made, in the builder's current row. */
class RunningBar {
  readonly #builder: BarBlockBuilder;
  readonly #schedule: BarSchedule;
  #end = Number.NEGATIVE_INFINITY;
  #isRunning = false;

  constructor(builder: BarBlockBuilder, schedule: BarSchedule) {
    this.#builder = builder;
    this.#schedule = schedule;
  }

  add(market: SyntheticMarket): void {
    if (market.last !== market.last) return;
    if (market.ts >= this.#end) this.#begin(market);
    const { columns, row } = this.#builder;
    const price = market.last;
    if (price > columns[HIGH]![row]!) columns[HIGH]![row] = price;
    if (price < columns[LOW]![row]!) columns[LOW]![row] = price;
    columns[CLOSE]![row] = price;
    columns[VOLUME]![row] = columns[VOLUME]![row]! + market.size;
    columns[N_TICKS]![row] = columns[N_TICKS]![row]! + 1;
  }

  /** Hands the running bar over. */
  close(): void {
    if (this.#isRunning) this.#builder.accept();
    this.#isRunning = false;
  }

  #begin(market: SyntheticMarket): void {
    this.close();
    this.#schedule.locate(market.ts);
    this.#end = this.#schedule.end;
    this.#isRunning = true;
    const { columns, row } = this.#builder;
    columns[0]![row] = this.#schedule.start;
    columns[OPEN]![row] = market.last;
    columns[HIGH]![row] = market.last;
    columns[LOW]![row] = market.last;
    columns[VOLUME]![row] = 0;
    columns[N_TICKS]![row] = 0;
    columns[END_TS]![row] = this.#end;
  }
}
