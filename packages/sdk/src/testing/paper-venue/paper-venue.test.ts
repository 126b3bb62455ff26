import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anInstrument, anOrder } from '../builders.js';
import { FakeClock, TEST_EPOCH_MS } from '../fake-clock.js';
import { RecordingVenueSink } from '../recording-sinks.js';
import { PaperVenue } from './paper-venue.js';

async function paper(options: { readonly feePerUnit?: number } = {}) {
  const clock = new FakeClock();
  const sink = new RecordingVenueSink();
  const instruments = [anInstrument(), anInstrument({ symbol: 'FUT', pointValue: 50 })];
  const venue = new PaperVenue({ instruments, clock, cash: 10_000, ...options });
  await venue.open(sink);
  return { venue, sink, clock };
}

describe('PaperVenue', () => {
  it('fills up to the quoted size, in order of arrival, and the rest later', async () => {
    const { venue, sink } = await paper();
    const [first, second] = [anOrder({ qty: 5 }), anOrder({ qty: 5 })];
    await venue.submit([first]);
    await venue.submit([second]);
    venue.quoteSizes('TEST', { bid: 100, ask: 100.25, askSize: 7 });
    expect(sink.kinds(first.clientOrderId)).toEqual(['accepted', 'filled']);
    expect(sink.of(second.clientOrderId)[1]).toMatchObject({ kind: 'filled', leavesQty: 3, fill: { qty: 2 } });
    venue.quote('TEST', 100.5, 100.75);
    expect(sink.of(second.clientOrderId)[2]).toMatchObject({ leavesQty: 0, fill: { qty: 3, price: 100.75 } });
  });

  it('reduces the other order of an OCO group by a part fill', async () => {
    const { venue, sink } = await paper();
    await venue.submit([anOrder({ qty: 4 })]);
    venue.quote('TEST', 100, 100.25);
    const common = { side: 'sell', qty: 4, ocoGroup: 'g' } as const;
    const [profit, loss] = [
      anOrder({ ...common, orderType: 'limit', limitPrice: 101 }),
      anOrder({ ...common, orderType: 'stop', stopPrice: 99 }),
    ];
    await venue.submit([profit, loss]);
    venue.quoteSizes('TEST', { bid: 101, ask: 101.25, bidSize: 3 });
    expect(sink.of(loss.clientOrderId).at(-1)).toMatchObject({ kind: 'replaced', qty: 1 });
    venue.quote('TEST', 98.75, 99);
    expect(sink.of(loss.clientOrderId).at(-1)).toMatchObject({ kind: 'filled', leavesQty: 0, fill: { qty: 1 } });
    expect(sink.kinds(profit.clientOrderId).at(-1)).toBe('cancelled');
    expect((await venue.snapshot()).positions.items).toEqual([]);
  });

  it('kills a FOK order that the size cannot fill whole', async () => {
    const { venue, sink } = await paper();
    venue.quoteSizes('TEST', { bid: 100, ask: 100.25, askSize: 1 });
    const order = anOrder({ qty: 2, tif: 'FOK' });
    await venue.submit([order]);
    expect(sink.kinds(order.clientOrderId)).toEqual(['accepted', 'cancelled']);
  });

  it('ends DAY orders at midnight UTC and stops timers at close', async () => {
    const { venue, sink, clock } = await paper();
    const order = anOrder({ orderType: 'limit', limitPrice: 90, tif: 'DAY' });
    await venue.submit([order]);
    clock.moveTo(Date.UTC(2014, 4, 6) - 1);
    expect(sink.kinds(order.clientOrderId)).toEqual(['accepted']);
    clock.advance(1);
    expect(sink.kinds(order.clientOrderId)).toEqual(['accepted', 'expired']);
    await venue.submit([anOrder({ orderType: 'limit', limitPrice: 90, tif: 'GTD', expiresAt: clock.nowUtc() + 5 })]);
    await venue.close();
    expect(clock.pendingCalls).toBe(0);
  });

  it('keeps cash, cost and equity exactly, with point value and fees', async () => {
    const { venue } = await paper({ feePerUnit: 0.5 });
    venue.quote('FUT', 100, 100);
    await venue.submit([anOrder({ symbol: 'FUT', qty: 3 })]);
    venue.quote('FUT', 104, 104);
    await venue.submit([anOrder({ symbol: 'FUT', qty: 1, side: 'sell' })]);
    const { positions, accounts } = await venue.snapshot();
    expect(positions.items).toEqual([{ account: 'test', symbol: 'FUT', qty: 2, avgPrice: 100 }]);
    // 10,000 + 50 × 4 × 3 − 0.5 × 4
    expect(accounts.items[0]).toMatchObject({ equity: 10_598, cash: 10_000 - 15_000 + 5_200 - 2, margin: 10_400 });
  });

  it('ends flat with equity moved by the fills’ own profit, whatever the trades', async () => {
    const trades = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 300, max: 500 })), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(trades, async (list) => {
        const { venue } = await paper();
        let [held, profitQuarters] = [0, 0];
        const trade = async (qty: number, quarters: number): Promise<void> => {
          venue.quote('TEST', quarters / 4, quarters / 4);
          if (qty !== 0) await venue.submit([anOrder({ qty: Math.abs(qty), side: qty > 0 ? 'buy' : 'sell' })]);
          held += qty;
          profitQuarters -= qty * quarters;
        };
        for (const [qty, quarters] of list) await trade(qty, quarters);
        await trade(-held, 401);
        const { positions, accounts } = await venue.snapshot();
        expect(positions.items).toEqual([]);
        expect(accounts.items[0]).toMatchObject({
          equity: 10_000 + profitQuarters / 4,
          cash: 10_000 + profitQuarters / 4,
        });
      }),
      { numRuns: 50 },
    );
  });

  it('lowers a quantity by replace, but never below what has filled', async () => {
    const { venue, sink } = await paper();
    venue.quoteSizes('TEST', { bid: 99, ask: 100, askSize: 2 });
    const order = anOrder({ orderType: 'limit', limitPrice: 100, qty: 5 });
    await venue.submit([order]);
    await venue.replace(order, { qty: 2 });
    expect(sink.kinds(order.clientOrderId).at(-1)).toBe('replace-rejected');
    await venue.replace(order, { qty: 3 });
    expect(sink.of(order.clientOrderId).at(-1)).toMatchObject({ kind: 'replaced', qty: 3 });
    venue.quote('TEST', 99, 100);
    expect(sink.of(order.clientOrderId).at(-1)).toMatchObject({ kind: 'filled', leavesQty: 0, fill: { qty: 1 } });
  });

  it('never reports a time before the last one, even if its clock goes back', async () => {
    let now = TEST_EPOCH_MS;
    const clock = { nowUtc: () => now, sleepUntil: () => Promise.resolve(), callAt: () => () => {} };
    const venue = new PaperVenue({ instruments: [anInstrument()], clock });
    const sink = new RecordingVenueSink();
    await venue.open(sink);
    now -= 5_000;
    await venue.submit([anOrder()]);
    expect(sink.reports.map((report) => report.ts)).toEqual([TEST_EPOCH_MS]);
  });

  it('knows no market of a symbol it was not given', async () => {
    const { venue } = await paper();
    expect(() => venue.quote('NONE', 1, 2)).toThrow(expect.objectContaining({ code: 'TESTING_INSTRUMENT_UNKNOWN' }));
  });
});
