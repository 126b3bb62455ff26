// Field-minimal rows for the store's tests.
import type { StoredBar, StoredTick } from './market-rows.js';
import type {
  StoredCommand,
  StoredEquity,
  StoredFill,
  StoredMark,
  StoredOrder,
  StoredPosition,
} from './trading-rows.js';

const TS = Date.UTC(2024, 4, 6, 14, 30);

export function anOrder(fields: Partial<StoredOrder> = {}): StoredOrder {
  return {
    run: 'live',
    account: 'ib-main',
    clientOrderId: '0000abcd00000001',
    venueOrderId: '',
    symbol: 'AAPL',
    strategy: 'mr',
    book: 'CORE',
    tag: 'mr|CORE|20240506',
    tradingDay: 20240506,
    side: 'buy',
    orderType: 'limit',
    tif: 'DAY',
    purpose: 'entry',
    qty: '100',
    limitPrice: '182.35',
    stopPrice: null,
    trail: null,
    expiresAt: null,
    ocoGroup: '',
    parentId: '',
    createdTs: TS,
    status: 'working',
    filledQty: '0',
    avgFillPrice: null,
    updatedTs: TS,
    endedTs: null,
    reason: '',
    revision: 1n,
    ...fields,
  };
}

export function aFill(fields: Partial<StoredFill> = {}): StoredFill {
  return {
    run: 'live',
    account: 'ib-main',
    executionId: '0001f4e8.1',
    orderId: '0000abcd00000001',
    ts: TS,
    sequence: 7n,
    symbol: 'AAPL',
    strategy: 'mr',
    book: 'CORE',
    tag: 'mr|CORE|20240506',
    tradingDay: 20240506,
    side: 'buy',
    qty: '100',
    price: '182.35',
    referencePrice: '182.34',
    fee: '1.005',
    feeCurrency: 'USD',
    liquidity: 'taker',
    realised: null,
    status: 'booked',
    revision: 7n,
    ...fields,
  };
}

export function aPosition(fields: Partial<StoredPosition> = {}): StoredPosition {
  return {
    run: 'live',
    account: 'ib-main',
    book: 'CORE',
    strategy: 'mr',
    symbol: 'AAPL',
    qty: '100',
    cost: '18235',
    avgPrice: '182.35',
    realised: '0',
    fees: '1.005',
    unrealised: null,
    markPrice: null,
    updatedTs: TS,
    revision: 7n,
    ...fields,
  };
}

export function aMark(fields: Partial<StoredMark> = {}): StoredMark {
  return { run: 'live', symbol: 'AAPL', ts: TS, price: '182.4', ...fields };
}

export function anEquity(fields: Partial<StoredEquity> = {}): StoredEquity {
  return {
    run: 'live',
    book: 'CORE',
    ts: TS,
    currency: 'USD',
    equity: '1000000.25',
    low: null,
    high: null,
    cash: '981765.25',
    exposed: '18235',
    drawdown: 0.125,
    ...fields,
  };
}

export function aCommand(fields: Partial<StoredCommand> = {}): StoredCommand {
  return {
    run: 'live',
    sequence: 11n,
    ts: TS,
    name: 'risk',
    args: { name: 'mr', bps: 25 },
    actor: 'telegram:42',
    outcome: 'accepted',
    message: 'done',
    ...fields,
  };
}

export function aBar(fields: Partial<StoredBar> = {}): StoredBar {
  return {
    symbol: 'AAPL',
    timeframe: '1m',
    ts: TS,
    endTs: TS + 60_000,
    open: 182.3,
    high: 182.5,
    low: 182.25,
    close: 182.4,
    volume: 12_000,
    nTicks: Number.NaN,
    vwap: Number.NaN,
    ...fields,
  };
}

export function aTick(fields: Partial<StoredTick> = {}): StoredTick {
  return {
    symbol: 'AAPL',
    venue: 'ibkr',
    ts: TS,
    sequence: 1n,
    recvTs: TS + 3,
    bid: 182.34,
    ask: 182.36,
    bidSize: 300,
    askSize: 200,
    last: Number.NaN,
    size: Number.NaN,
    ...fields,
  };
}
