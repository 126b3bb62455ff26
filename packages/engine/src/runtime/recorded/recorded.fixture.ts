// Recorded streams cut into blocks anywhere, and a driver that only writes down what it was given.
import { type BarColumns, type HistoryBlock, MINUTE_MS, type TickColumns } from '@bookrunner/sdk';
import { BarCursor } from './bar-cursor.js';
import type { Driver } from '../driver.js';
import type { StreamCursor } from './stream-cursor.js';
import { StreamMerge } from './stream-merge.js';
import { TickCursor } from './tick-cursor.js';

/** One stream of a test: rows by their times, bars contiguous or not, ticks any. */
export interface TestStream {
  readonly kind: 'bars' | 'ticks';
  /** Start of each bar, or time of each tick. */
  readonly times: readonly number[];
  /** Rows of each block, repeated until all rows are used; 0 gives an empty block. */
  readonly cuts: readonly number[];
  readonly barMs?: number;
}

/** One delivery: when, in which rank, and what. */
export interface Delivery {
  readonly at: number;
  readonly text: string;
}

export class RecordingDriver {
  readonly seen: Delivery[] = [];
  tick(event: { at: number; symbol: string; ts: number; bid: number }): void {
    this.seen.push({ at: event.at, text: `tick ${event.symbol} ${event.at} ${event.bid}` });
  }
  /** Every tick comes by itself. */
  passTicks(): void {}
  barOpen(_: number, bar: { ts: number; symbol: string; open: number }): void {
    this.seen.push({ at: bar.ts, text: `open ${bar.symbol} ${bar.ts} ${bar.open}` });
  }
  barRange(_: number, bar: { endTs: number; symbol: string; close: number }): void {
    this.seen.push({ at: bar.endTs, text: `range ${bar.symbol} ${bar.endTs} ${bar.close}` });
  }
  wholeBar(
    index: number,
    event: {
      ts: number;
      at: number;
      endTs: number;
      symbol: string;
      open: number;
      close: number;
      nTicks: number;
      isWarmup: boolean;
    },
  ): void {
    this.barOpen(index, event);
    this.barClose(index, event);
  }
  barClose(
    index: number,
    event: { at: number; endTs: number; symbol: string; close: number; nTicks: number; isWarmup: boolean },
  ): void {
    if (!event.isWarmup) this.barRange(index, event);
    this.bar(event);
  }
  bar(event: { at: number; symbol: string; close: number; nTicks: number; isWarmup: boolean }): void {
    const warmup = event.isWarmup ? ' warm-up' : '';
    this.seen.push({ at: event.at, text: `bar ${event.symbol} ${event.at} ${event.close} ${event.nTicks}${warmup}` });
  }
}

const column = (values: readonly number[]): Float64Array => Float64Array.from(values);

export function barBlock(symbol: string, times: readonly number[], extra: Partial<BarColumns> = {}): HistoryBlock {
  const prices = column(times.map((ts) => ts / MINUTE_MS));
  const zero = column(times.map(() => 0));
  const values = { open: prices, high: prices, low: prices, close: prices, volume: zero };
  const columns = { symbol, length: times.length, ts: column(times), ...values, ...extra };
  return { kind: 'bars', columns, spec: { use: 'time', options: {} } };
}

export function tickBlock(symbol: string, times: readonly number[], extra: Partial<TickColumns> = {}): HistoryBlock {
  return { kind: 'ticks', columns: { symbol, length: times.length, ts: column(times), bid: column(times), ...extra } };
}

/** The blocks of a stream, cut as it says. */
export function* blocksOf(stream: TestStream, symbol: string): Generator<HistoryBlock> {
  let row = 0;
  for (let cut = 0; row < stream.times.length; cut++) {
    const rows = stream.cuts[cut % stream.cuts.length] ?? stream.times.length;
    const times = stream.times.slice(row, row + rows);
    yield stream.kind === 'bars' ? barBlock(symbol, times) : tickBlock(symbol, times);
    row += rows;
  }
}

export interface ReadOptions {
  readonly closeDelayMs?: number;
  readonly tradeFrom?: number;
  readonly isPaced?: boolean;
  readonly isAsync?: boolean;
}

async function* slowly(blocks: Iterable<HistoryBlock>): AsyncGenerator<HistoryBlock> {
  for (const block of blocks) yield Promise.resolve(block);
}

export function cursorOf(
  blocks: Iterable<HistoryBlock>,
  order: number,
  options: ReadOptions & { kind: 'bars' | 'ticks'; barMs?: number },
): StreamCursor {
  const setup = {
    symbol: `S${order}`,
    instrumentIndex: order,
    streamIndex: order,
    barMs: options.barMs ?? MINUTE_MS,
    order,
    closeDelayMs: options.closeDelayMs ?? 0,
    tradeFrom: options.tradeFrom ?? Number.NEGATIVE_INFINITY,
    source: options.isAsync === true ? slowly(blocks) : blocks[Symbol.iterator](),
  };
  return options.kind === 'bars' ? new BarCursor(setup) : new TickCursor(setup);
}

/** Everything the streams deliver, in order. */
export async function read(streams: readonly TestStream[], options: ReadOptions = {}): Promise<readonly Delivery[]> {
  const cursors = streams.map((stream, order) =>
    cursorOf(blocksOf(stream, `S${order}`), order, {
      ...options,
      kind: stream.kind,
      ...(stream.barMs === undefined ? {} : { barMs: stream.barMs }),
    }),
  );
  return run(cursors, options);
}

export async function run(cursors: readonly StreamCursor[], options: ReadOptions = {}): Promise<readonly Delivery[]> {
  const driver = new RecordingDriver();
  const pace = options.isPaced === true ? () => Promise.resolve() : undefined;
  await new StreamMerge(cursors).run(driver as unknown as Driver, pace);
  return driver.seen;
}
