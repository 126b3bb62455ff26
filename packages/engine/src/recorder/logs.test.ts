import { describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import fc from 'fast-check';
import { formatOrderId } from '../execution/order-id.js';
import { ORDER_STATUSES } from '../execution/order-state.js';
import type { ClosedTrade } from '../portfolio/trade-statistics.js';
import { FillLog, type FillRecord } from './fill-log.js';
import { NoticeLog } from './notice-log.js';
import { OrderLog, type RecordedOrder } from './order-log.js';
import { orderIdColumn, type RecordOwnerIndex } from './record-names.js';
import { columnLength, type Column } from './record-table.js';
import { TradeLog } from './trade-log.js';

const NAMES = {
  runEpoch: '000000ab',
  symbols: ['EURUSD', 'AAPL'],
  owners: [
    { strategy: 'mr', book: 'CORE' },
    { strategy: 'bo', book: 'CORE' },
  ],
};

const orNaN = <Value extends number>(value: fc.Arbitrary<Value>) => fc.oneof(value, fc.constant(Number.NaN));
const amount = fc.double({ noNaN: true });

interface Given {
  readonly fill: FillRecord;
  readonly owner: RecordOwnerIndex;
  readonly outcome: { readonly realised: number };
}

const given: fc.Arbitrary<Given> = fc.record({
  fill: fc.record({
    at: fc.nat(),
    order: fc.record({
      sequence: fc.integer({ min: 1, max: 2 ** 40 }),
      tradingDay: fc.constantFrom(20240102, 20240103),
      side: fc.constantFrom('buy', 'sell'),
    }),
    qty: amount,
    price: amount,
    decisionPrice: orNaN(amount),
    fee: amount,
    feeCurrency: fc.constantFrom('USD', 'EUR'),
    liquidity: fc.constantFrom('maker', 'taker', 'unknown'),
  }),
  owner: fc.record({ instrumentIndex: fc.nat(1), strategyIndex: fc.nat(1) }),
  outcome: fc.record({ realised: amount }),
});

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

function rowOf({ fill, owner, outcome }: Given, index: number) {
  const { at, order, decisionPrice, ...same } = fill;
  const { strategy, book } = NAMES.owners[owner.strategyIndex]!;
  return {
    ...same,
    ...outcome,
    ts: at,
    recordedSequence: index + 1,
    orderId: formatOrderId(NAMES.runEpoch, order.sequence),
    symbol: NAMES.symbols[owner.instrumentIndex],
    strategy,
    book,
    tag: `${strategy}|${book}|${order.tradingDay}`,
    tradingDay: order.tradingDay,
    side: order.side,
    referencePrice: orNull(decisionPrice),
    barIndex: null,
  };
}

function append(log: FillLog, { fill, owner, outcome }: Given): void {
  log.append(fill, owner, outcome);
}

describe('FillLog', () => {
  it('gives back every row it retains and says which', () => {
    const retain = fc.oneof(fc.constant('all' as const), fc.integer({ min: 1, max: 12 }));
    fc.assert(
      fc.property(
        fc.array(given, { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        retain,
        (fills, chunkRows, keep) => {
          const log = new FillLog(NAMES, { chunkRows, retain: keep });
          for (const one of fills) append(log, one);
          expect(log.total).toBe(fills.length);
          if (keep === 'all') expect(log.first).toBe(0);
          else expect(log.total - log.first).toBeGreaterThanOrEqual(Math.min(keep, fills.length));
          for (let index = log.first; index < log.total; index += 1) {
            expect(log.at(index)).toEqual(rowOf(fills[index]!, index));
          }
          const prices = log.columns().find((column) => column.name === 'price');
          expect(prices).toMatchObject({ values: Float64Array.from(fills.slice(log.first), (one) => one.fill.price) });
          const numbers = log.columns().find((column) => column.name === 'recordedSequence');
          expect(numbers).toMatchObject({ values: Float64Array.from(fills, (_, row) => row + 1).slice(log.first) });
        },
      ),
    );
  });

  it('keeps memory flat when only some rows are retained', () => {
    const log = new FillLog(NAMES, { chunkRows: 10, retain: 20 });
    const [one] = fc.sample(given, 1);
    for (let row = 0; row < 1000; row += 1) append(log, one!);
    expect(log.total).toBe(1000);
    expect(log.total - log.first).toBeLessThanOrEqual(30);
    expect(codeOf(() => log.at(log.first - 1))).toBe('RECORD_NOT_RETAINED');
    expect(codeOf(() => log.at(1000))).toBe('RECORD_NOT_RETAINED');
    expect(codeOf(() => log.at(log.first + 0.5))).toBe('RECORD_NOT_RETAINED');
  });

  it('spills every row once, in order', () => {
    fc.assert(
      fc.property(fc.array(given, { maxLength: 30 }), fc.nat(), (fills, cut) => {
        const spilled: number[] = [];
        const take = (columns: readonly Column[]): void => {
          const sequences = columns.find((column) => column.name === 'recordedSequence');
          if (sequences?.type === 'int64') spilled.push(...sequences.values);
          expect(new Set(columns.map(columnLength)).size).toBe(1);
        };
        const log = new FillLog(NAMES, { chunkRows: 4, retain: 1, onChunkFull: take });
        fills.forEach((one, index) => {
          append(log, one);
          // A flush in the middle must not lose or repeat rows.
          if (index === cut % 30) log.flush();
        });
        log.flush();
        log.flush();
        expect(spilled).toEqual(fills.map((_, index) => index + 1));
      }),
    );
  });

  it('refuses sizes that are not whole numbers of at least 1', () => {
    for (const options of [{ chunkRows: 0 }, { chunkRows: 1.5 }, { retain: 0 }, { retain: Number.NaN }]) {
      expect(codeOf(() => new FillLog(NAMES, options))).toBe('RECORD_OPTIONS_INVALID');
    }
  });
});

const order: fc.Arbitrary<RecordedOrder> = fc.record({
  createdTs: fc.nat(),
  sequence: fc.integer({ min: 1, max: 2 ** 40 }),
  tradingDay: fc.constantFrom(20240102, 20240103),
  side: fc.constantFrom('buy', 'sell'),
  orderType: fc.constantFrom('market', 'limit', 'stop', 'stop-limit', 'trailing-stop'),
  tif: fc.constantFrom('DAY', 'GTC', 'IOC', 'FOK', 'GTD'),
  purpose: fc.constantFrom('entry', 'exit', 'protection', 'kill'),
  qty: amount,
  limitPrice: orNaN(amount),
  stopPrice: orNaN(amount),
  status: fc.constantFrom(...ORDER_STATUSES),
  filledQty: amount,
});

describe('OrderLog', () => {
  it('gives back every order by row and by column, across chunks', () => {
    const ending = {
      avgFillPrice: orNaN(amount),
      endedTs: orNaN(fc.nat()),
      reason: fc.constantFrom('', 'OCO', 'HALT'),
    };
    const owner = { instrumentIndex: 1, strategyIndex: 1 };
    fc.assert(
      fc.property(fc.array(fc.record({ order, ...ending }), { maxLength: 20 }), (outcomes) => {
        const log = new OrderLog(NAMES, { chunkRows: 3 });
        for (const outcome of outcomes) log.append(outcome, owner);
        const columns = log.columns();
        outcomes.forEach(({ order: made, reason, ...end }, index) => {
          const { sequence: _sequence, limitPrice, stopPrice, ...same } = made;
          const prices = { limitPrice: orNull(limitPrice), stopPrice: orNull(stopPrice) };
          const row = log.at(index);
          expect(row).toMatchObject({ ...same, ...prices, reason, symbol: 'AAPL', strategy: 'bo' });
          expect([row.avgFillPrice, row.endedTs]).toEqual([orNull(end.avgFillPrice), orNull(end.endedTs)]);
          for (const column of columns) {
            if (column.type === 'unique-text') continue;
            const value = column.type === 'text' ? column.dictionary[column.codes[index]!] : column.values[index]!;
            const inRow = row[column.name as keyof typeof row];
            expect(value).toEqual(inRow === null ? Number.NaN : inRow);
          }
        });
      }),
    );
  });

  it('gives back an order with names resolved', () => {
    const log = new OrderLog(NAMES);
    const stop: RecordedOrder = {
      createdTs: 10,
      sequence: 37,
      tradingDay: 20240102,
      side: 'sell',
      orderType: 'stop-limit',
      tif: 'GTC',
      purpose: 'protection',
      qty: 5,
      limitPrice: 99.5,
      stopPrice: 100,
      status: 'cancelled',
      filledQty: 0,
    };
    const owner = { instrumentIndex: 1, strategyIndex: 0 };
    log.append({ order: stop, avgFillPrice: Number.NaN, endedTs: 20, reason: 'OCO' }, owner);
    const { sequence: _sequence, ...same } = stop;
    expect(log.at(0)).toEqual({
      ...same,
      orderId: '000000ab00000011',
      symbol: 'AAPL',
      strategy: 'mr',
      book: 'CORE',
      tag: 'mr|CORE|20240102',
      avgFillPrice: null,
      endedTs: 20,
      reason: 'OCO',
    });
    const open = { ...stop, status: 'working' } as const;
    log.append({ order: open, avgFillPrice: Number.NaN, endedTs: Number.NaN, reason: '' }, owner);
    expect(log.at(1)).toMatchObject({ status: 'working', endedTs: null, reason: '' });
  });
});

describe('TradeLog', () => {
  it('tells long from short', () => {
    const log = new TradeLog(NAMES);
    const trade: ClosedTrade = {
      ts: 20,
      openTs: 10,
      instrumentIndex: 0,
      ownerIndex: 1,
      qty: -3,
      entryValue: 30,
      exitValue: 27,
      pnl: 2.5,
      fees: 0.5,
    };
    log.append(trade);
    expect(log.at(0)).toEqual({
      openTs: 10,
      closeTs: 20,
      symbol: 'EURUSD',
      strategy: 'bo',
      book: 'CORE',
      side: 'sell',
      qty: 3,
      entryValue: 30,
      exitValue: 27,
      fees: 0.5,
      pnl: 2.5,
    });
  });
});

describe('NoticeLog', () => {
  it('counts all and keeps the newest', () => {
    const log = new NoticeLog({ retain: 3 });
    for (let ts = 0; ts < 20; ts += 1) {
      log.append({ ts, level: 'info', code: 'X', message: `number ${ts}`, subject: '' });
      const held = Array.from({ length: log.total - log.first }, (_, k) => log.at(log.first + k).ts);
      expect(held).toEqual([ts - 2, ts - 1, ts].filter((value) => value >= 0));
      expect(log.columns().map(columnLength)).toEqual(Array.from({ length: 5 }, () => held.length));
    }
    expect(log.total).toBe(20);
    expect(codeOf(() => log.at(16))).toBe('RECORD_NOT_RETAINED');
    expect(codeOf(() => new NoticeLog({ retain: 0 }))).toBe('RECORD_OPTIONS_INVALID');
  });
});

describe('orderIdColumn', () => {
  it('writes what formatOrderId writes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 36 ** 8 - 1 })), (sequences) => {
        const column = orderIdColumn(NAMES, Float64Array.from(sequences));
        const text = Buffer.from(column.bytes).toString('latin1');
        const ids = sequences.map((_, row) => text.slice(column.offsets[row], column.offsets[row + 1]));
        expect(ids).toEqual(sequences.map((sequence) => formatOrderId(NAMES.runEpoch, sequence)));
      }),
    );
  });
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (isTradingError(error)) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}
