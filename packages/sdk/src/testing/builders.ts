// Complete objects from the few fields a test cares about. Every call gives a new object.
import type { Bar, BarColumns } from '../model/bar.js';
import type { Fill } from '../model/fill.js';
import { defineInstrument } from '../model/instrument.js';
import type { Instrument, InstrumentOptions } from '../model/instrument.js';
import type { Order, OrderRequest } from '../model/order.js';
import type { Tick } from '../model/tick.js';
import { MINUTE_MS } from '../model/time.js';
import type { EpochMs } from '../model/time.js';
import { StepGrid } from '../model/rounding.js';
import { TEST_EPOCH_MS } from './fake-clock.js';
import { seededRandom } from './random.js';

/** An instrument with step 0.25, lot 1 and point value 1, traded around the clock. Errors: INSTRUMENT_INVALID. */
export function anInstrument(options: Partial<InstrumentOptions> = {}): Instrument {
  return defineInstrument({ symbol: 'TEST', assetClass: 'equity', quote: 'USD', priceStep: 0.25, ...options });
}

/** A quote of 100 bid, 100.25 ask; a trade when `last` is given. */
export function aTick(fields: Partial<Tick> = {}): Tick {
  const ts = fields.ts ?? TEST_EPOCH_MS;
  return {
    ts,
    recvTs: ts,
    symbol: 'TEST',
    venue: 'test',
    bid: 100,
    ask: 100.25,
    bidSize: 1,
    askSize: 1,
    last: Number.NaN,
    size: Number.NaN,
    ...fields,
  };
}

/** A one-minute bar; open, high and low follow the close unless given. */
export function aBar(fields: Partial<Bar> = {}): Bar {
  const ts = fields.ts ?? TEST_EPOCH_MS;
  const close = fields.close ?? 100;
  const open = fields.open ?? close;
  return {
    ts,
    endTs: ts + MINUTE_MS,
    symbol: 'TEST',
    open,
    high: Math.max(open, close),
    low: Math.min(open, close),
    close,
    volume: 1,
    nTicks: 1,
    vwap: Number.NaN,
    ...fields,
  };
}

let orderCount = 0;

/** A market order to buy one unit, with an id of its own. */
export function anOrder(fields: Partial<Order> = {}): Order {
  orderCount += 1;
  return {
    clientOrderId: `TEST${String(orderCount).padStart(12, '0')}`,
    symbol: 'TEST',
    side: 'buy',
    qty: 1,
    orderType: 'market',
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    trail: Number.NaN,
    tif: 'GTC',
    expiresAt: Number.NaN,
    tag: 'TEST|CORE|20140505',
    account: 'test',
    purpose: 'entry',
    ocoGroup: '',
    parentId: '',
    createdTs: TEST_EPOCH_MS,
    ...fields,
  };
}

/** A request to buy one unit at the market, before it is an order. */
export function anOrderRequest(fields: Partial<OrderRequest> = {}): OrderRequest {
  return {
    symbol: 'TEST',
    side: 'buy',
    qty: 1,
    orderType: 'market',
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    tif: 'DAY',
    purpose: 'entry',
    strategy: 'test',
    book: 'CORE',
    reduces: false,
    ...fields,
  };
}

let fillCount = 0;

/** A fill of one unit bought at 100, with an execution id of its own. */
export function aFill(fields: Partial<Fill> = {}): Fill {
  fillCount += 1;
  return {
    orderId: 'TEST000000000001',
    executionId: `execution-${fillCount}`,
    symbol: 'TEST',
    side: 'buy',
    qty: 1,
    price: 100,
    fee: 0,
    feeCurrency: 'USD',
    liquidity: 'taker',
    ts: TEST_EPOCH_MS,
    tag: 'TEST|CORE|20140505',
    ...fields,
  };
}

/** How {@link aBarColumns} draws its bars. */
export interface BarColumnsOptions {
  readonly symbol?: string;
  /** Number of bars; 500 unless told otherwise. */
  readonly length?: number;
  /** Equal seeds give equal bars. */
  readonly seed?: number;
  readonly startTs?: EpochMs;
  readonly seconds?: number;
  /** First price; 100 unless told otherwise. */
  readonly price?: number;
  readonly priceStep?: number;
  /** Largest move of a close, in price steps; 8 unless told otherwise, 0 gives flat bars. */
  readonly moveSteps?: number;
  /** Closes instead of a random walk; `length` is then theirs. */
  readonly closes?: readonly number[];
}

/** Bars of a seeded random walk on the price grid that never falls below ten steps, or of the closes given. */
export function aBarColumns(options: BarColumnsOptions = {}): BarColumns {
  const { closes, symbol = 'TEST', startTs = TEST_EPOCH_MS, moveSteps = 8 } = options;
  const length = closes?.length ?? options.length ?? 500;
  const barMs = (options.seconds ?? 60) * 1000;
  const columns = emptyColumns(symbol, length);
  const nextClose = closesOf(options);
  const wicks = seededRandom((options.seed ?? 1) ^ 0x9e3779b9);
  const grid = new StepGrid(options.priceStep ?? 0.25);
  const wick = (): number => grid.step * (wicks() % (moveSteps + 1));
  let open = closes?.[0] ?? grid.round(options.price ?? 100);
  for (let i = 0; i < length; i += 1) {
    const close = nextClose(i, open);
    columns.ts[i] = startTs + i * barMs;
    columns.endTs[i] = startTs + (i + 1) * barMs;
    columns.open[i] = open;
    columns.close[i] = close;
    columns.high[i] = grid.round(Math.max(open, close) + wick());
    columns.low[i] = grid.round(Math.min(open, close) - wick());
    columns.volume[i] = 1 + (wicks() % 1000);
    columns.nTicks[i] = 1 + (wicks() % 100);
    open = close;
  }
  return columns;
}

type FullColumns = BarColumns & { readonly endTs: Float64Array; readonly nTicks: Float64Array };

function emptyColumns(symbol: string, length: number): FullColumns {
  const column = (): Float64Array => new Float64Array(length);
  return {
    symbol,
    length,
    ts: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    endTs: column(),
    nTicks: column(),
  };
}

/** The close of bar i after the close before it. */
function closesOf(options: BarColumnsOptions): (index: number, previous: number) => number {
  const { closes } = options;
  if (closes !== undefined) return (index) => closes[index]!;
  const random = seededRandom(options.seed ?? 1);
  const grid = new StepGrid(options.priceStep ?? 0.25);
  const reach = options.moveSteps ?? 8;
  const floor = 10 + 2 * reach;
  return (_index, previous) => {
    const steps = grid.toSteps(previous) + (random() % (2 * reach + 1)) - reach;
    return grid.toValue(steps < floor ? 2 * floor - steps : steps);
  };
}
