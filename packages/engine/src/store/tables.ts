// The tables of the store. A change here needs a migration beside migrations/create-store.ts; a test holds the two together.
import type { CommandName } from '@bookrunner/sdk';
import { ORDER_STATUSES } from '../execution/order-state.js';
import { LIQUIDITIES, ORDER_TYPES, PURPOSES, SIDES, TIMES_IN_FORCE } from '../recorder/record-names.js';
import { choice, decimal, double, instant, integer, json, name, optional, orNaN, text, whole } from './column.js';
import type { StoredBar, StoredTick } from './market-rows.js';
import { Table } from './table.js';
import type {
  StoredCommand,
  StoredEquity,
  StoredFill,
  StoredMark,
  StoredOffset,
  StoredOrder,
  StoredPosition,
} from './trading-rows.js';

export const ORDERS = new Table<StoredOrder>({
  name: 'orders',
  columns: {
    run: name(),
    account: name(),
    clientOrderId: name(),
    venueOrderId: text(),
    symbol: name(),
    strategy: name(),
    book: name(),
    tag: text(),
    tradingDay: integer(),
    side: choice(SIDES),
    orderType: choice(ORDER_TYPES),
    tif: choice(TIMES_IN_FORCE),
    purpose: choice(PURPOSES),
    qty: decimal(),
    limitPrice: optional(decimal()),
    stopPrice: optional(decimal()),
    trail: optional(decimal()),
    expiresAt: optional(instant()),
    ocoGroup: text(),
    parentId: text(),
    createdTs: instant(),
    status: choice(ORDER_STATUSES),
    filledQty: decimal(),
    avgFillPrice: optional(decimal()),
    updatedTs: instant(),
    endedTs: optional(instant()),
    reason: text(),
    revision: whole(),
  },
  key: ['run', 'account', 'clientOrderId'],
  change: {
    revision: 'revision',
    // What a replace changes, and what the venue reports.
    fields: [
      ...(['venueOrderId', 'qty', 'limitPrice', 'stopPrice', 'trail'] as const),
      ...(['status', 'filledQty', 'avgFillPrice', 'updatedTs', 'endedTs', 'reason'] as const),
    ],
  },
  indexes: [
    { name: 'ix_orders_created', fields: ['run', 'createdTs'] },
    { name: 'ix_orders_book_created', fields: ['run', 'book', 'createdTs'] },
    { name: 'ix_orders_status', fields: ['run', 'status', 'createdTs'] },
  ],
});

export const FILLS = new Table<StoredFill>({
  name: 'fills',
  columns: {
    run: name(),
    account: name(),
    executionId: name(),
    orderId: name(),
    ts: instant(),
    sequence: whole(),
    symbol: name(),
    strategy: name(),
    book: name(),
    tag: text(),
    tradingDay: integer(),
    side: choice(SIDES),
    qty: decimal(),
    price: decimal(),
    referencePrice: optional(decimal()),
    fee: decimal(),
    feeCurrency: text(),
    liquidity: choice(LIQUIDITIES),
    realised: optional(decimal()),
    status: choice(['booked', 'corrected', 'busted']),
    revision: whole(),
  },
  key: ['run', 'account', 'executionId'],
  change: {
    revision: 'revision',
    // What a commission, a correction or a bust changes.
    fields: ['qty', 'price', 'fee', 'feeCurrency', 'liquidity', 'realised', 'status'],
  },
  indexes: [
    { name: 'ix_fills_ts', fields: ['run', 'ts', 'sequence'] },
    { name: 'ix_fills_book_ts', fields: ['run', 'book', 'ts', 'sequence'] },
    { name: 'ix_fills_order', fields: ['run', 'orderId'] },
  ],
});

export const POSITIONS = new Table<StoredPosition>({
  name: 'positions',
  columns: {
    run: name(),
    account: name(),
    book: name(),
    strategy: name(),
    symbol: name(),
    qty: decimal(),
    cost: decimal(),
    avgPrice: optional(decimal()),
    realised: decimal(),
    fees: decimal(),
    unrealised: optional(decimal()),
    markPrice: optional(decimal()),
    updatedTs: instant(),
    revision: whole(),
  },
  key: ['run', 'account', 'book', 'strategy', 'symbol'],
  change: {
    revision: 'revision',
    fields: ['qty', 'cost', 'avgPrice', 'realised', 'fees', 'unrealised', 'markPrice', 'updatedTs'],
  },
  indexes: [{ name: 'ix_positions_book', fields: ['run', 'book'] }],
});

export const MARKS = new Table<StoredMark>({
  name: 'marks',
  columns: { run: name(), symbol: name(), ts: instant(), price: decimal() },
  key: ['run', 'symbol', 'ts'],
});

export const EQUITY = new Table<StoredEquity>({
  name: 'equity',
  columns: {
    run: name(),
    book: name(),
    ts: instant(),
    currency: text(),
    equity: decimal(),
    low: optional(decimal()),
    high: optional(decimal()),
    cash: optional(decimal()),
    exposed: optional(decimal()),
    drawdown: optional(double()),
  },
  key: ['run', 'book', 'ts'],
});

export const COMMANDS = new Table<StoredCommand>({
  name: 'commands',
  columns: {
    run: name(),
    sequence: whole(),
    ts: instant(),
    name: text<CommandName>(),
    args: json(),
    actor: text(),
    outcome: choice(['accepted', 'refused', 'failed']),
    message: text(),
  },
  key: ['run', 'sequence'],
});

export const BARS = new Table<StoredBar>({
  name: 'bars',
  columns: {
    symbol: name(),
    timeframe: name(),
    ts: instant(),
    endTs: instant(),
    open: double(),
    high: double(),
    low: double(),
    close: double(),
    volume: double(),
    nTicks: orNaN(double()),
    vwap: orNaN(double()),
  },
  key: ['symbol', 'timeframe', 'ts'],
});

export const TICKS = new Table<StoredTick>({
  name: 'ticks',
  columns: {
    symbol: name(),
    venue: name(),
    ts: instant(),
    sequence: whole(),
    recvTs: orNaN(instant()),
    bid: orNaN(double()),
    ask: orNaN(double()),
    bidSize: orNaN(double()),
    askSize: orNaN(double()),
    last: orNaN(double()),
    size: orNaN(double()),
  },
  key: ['symbol', 'venue', 'ts', 'sequence'],
  indexes: [{ name: 'ix_ticks_ts', fields: ['symbol', 'ts', 'sequence'] }],
});

export const OFFSETS = new Table<StoredOffset>({
  name: 'projection_offsets',
  columns: { projection: name(), offset: whole() },
  key: ['projection'],
  change: { revision: 'offset', fields: [] },
});

/** Every table, by its name in the code. */
export const TABLES = {
  orders: ORDERS,
  fills: FILLS,
  positions: POSITIONS,
  marks: MARKS,
  equity: EQUITY,
  commands: COMMANDS,
  bars: BARS,
  ticks: TICKS,
  offsets: OFFSETS,
} as const;

/** Name of a table in the code. */
export type TableName = keyof typeof TABLES;

/** The row type of a table. */
export type RowOf<Name extends TableName> = (typeof TABLES)[Name] extends Table<infer Row> ? Row : never;
