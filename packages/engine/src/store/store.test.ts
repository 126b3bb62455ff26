import { expect, it } from '@jest/globals';
import { describeDatabases } from './databases.fixture.js';
import { aBar, aCommand, aFill, aMark, anEquity, anOrder, aPosition, aTick } from './rows.fixture.js';

describeDatabases('store', ({ open }) => {
  it('gives every row back as it was', async () => {
    const store = await open();
    await Promise.all([
      store.appendOrder(anOrder()),
      store.appendFill(aFill()),
      store.savePosition(aPosition()),
      store.appendMark(aMark()),
      store.appendEquity(anEquity()),
      store.appendCommand(aCommand()),
      store.appendBar(aBar()),
      store.appendTick(aTick()),
    ]);
    expect(await store.orders()).toEqual([anOrder()]);
    expect(await store.fills()).toEqual([aFill()]);
    expect(await store.positions('CORE')).toEqual([aPosition()]);
    expect(await store.marks('AAPL')).toEqual([aMark()]);
    expect(await store.equity('CORE')).toEqual([anEquity()]);
    expect(await store.commands()).toEqual([aCommand()]);
    expect(await store.lastBar('AAPL', '1m')).toEqual(aBar());
    expect(await store.loadTicks('AAPL', 0, aTick().ts + 1)).toEqual([aTick()]);
  });

  it('keeps rows over a restart', async () => {
    const store = await open();
    await store.appendFill(aFill());
    await store.close();
    expect(await (await open()).fills()).toEqual([aFill()]);
  });

  it('takes the same row twice as once', async () => {
    const store = await open();
    expect(await store.appendFill(aFill())).toEqual({ inserted: 1, updated: 0, repeated: 0, stale: 0 });
    expect(await store.appendFill(aFill({ price: '182.350' }))).toMatchObject({ inserted: 0, repeated: 1 });
    expect(await store.appendBars([aBar(), aBar()])).toMatchObject({ inserted: 1, repeated: 1 });
    expect(await store.appendOrder(anOrder())).toMatchObject({ inserted: 1 });
    expect(await store.upsertOrder(anOrder())).toMatchObject({ repeated: 1 });
    expect(await store.fills()).toHaveLength(1);
  });

  it('refuses another row of the same key, and names what differs', async () => {
    const store = await open();
    await store.appendFill(aFill());
    await expect(store.appendFill(aFill({ price: '182.36' }))).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
      message:
        "fills holds another row of run=live, account=ib-main, executionId=0001f4e8.1: price is '182.35' and would be '182.36'.",
    });
    expect(await store.fills()).toEqual([aFill()]);
  });

  it('stores the good rows of a call that has bad ones, and those of its batch', async () => {
    const store = await open({ queue: { batchAgeMs: 5 } });
    await store.appendBar(aBar());
    const later = aBar({ ts: aBar().ts + 60_000 });
    const writes = await Promise.allSettled([
      store.appendTick(aTick()),
      store.appendBars([aBar({ close: 1 }), later, aBar({ open: 2 })]),
      store.appendMark(aMark()),
    ]);
    expect(writes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(writes[1]).toMatchObject({ reason: { code: 'STORE_CONFLICT', details: { table: 'bars', conflicts: 2 } } });
    expect(await store.lastBar('AAPL', '1m')).toEqual(later);
    expect(await store.marks('AAPL')).toHaveLength(1);
  });

  it('lets an order change by revision only, and only in what may change', async () => {
    const store = await open();
    const filled = anOrder({ status: 'filled', filledQty: '100', avgFillPrice: '182.3', endedTs: 1, revision: 10n });
    await store.upsertOrder(anOrder({ revision: 9n }));
    expect(await store.upsertOrder(filled)).toMatchObject({ updated: 1 });
    expect(await store.upsertOrder(anOrder({ revision: 9n }))).toMatchObject({ stale: 1 });
    await expect(store.upsertOrder({ ...filled, reason: 'other' })).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    await expect(store.upsertOrder({ ...filled, side: 'sell', revision: 11n })).rejects.toMatchObject({
      message: expect.stringContaining("side is 'buy' and would be 'sell'"),
    });
    expect(await store.orders()).toEqual([filled]);
  });

  it('decides several changes of one order in one batch in their order', async () => {
    const store = await open({ queue: { batchAgeMs: 5 } });
    const results = await Promise.all([
      store.upsertOrder(anOrder({ revision: 1n })),
      store.upsertOrder(anOrder({ revision: 3n, status: 'filled' })),
      store.upsertOrder(anOrder({ revision: 2n, status: 'pending-cancel' })),
    ]);
    expect(results).toMatchObject([{ inserted: 1 }, { updated: 1 }, { stale: 1 }]);
    expect(await store.orders()).toEqual([anOrder({ revision: 3n, status: 'filled' })]);
  });

  it('takes a commission and a correction of a fill', async () => {
    const store = await open();
    await store.upsertFill(aFill({ fee: '0' }));
    await store.upsertFill(aFill({ fee: '1.005', revision: 8n }));
    await store.upsertFill(aFill({ status: 'busted', revision: 9n }));
    expect(await store.fills()).toEqual([aFill({ status: 'busted', revision: 9n })]);
  });

  it('refuses a value it could not give back, and takes nothing of the call', async () => {
    const store = await open();
    const bad: readonly [Promise<unknown>, string][] = [
      [store.appendFill(aFill({ qty: '1e5' })), "fills.qty has to be a decimal text such as 12.5; it is '1e5'."],
      [store.appendFill(aFill({ ts: 1.5 })), 'fills.ts has to be an instant in whole milliseconds; it is 1.5.'],
      [store.appendFill(aFill({ sequence: -1n })), 'fills.sequence has to be a bigint from 0 to 2^64 - 1; it is -1.'],
      [store.appendBars([aBar(), aBar({ high: Infinity })]), 'bars.high has to be a finite number; it is Infinity.'],
      [store.appendCommand(aCommand({ message: '\0' })), 'commands.message has to be a text without NUL'],
      [store.appendCommand(aCommand({ args: { at: new Date(0) } })), 'commands.args has to be a plain JSON object'],
      [store.appendTick({ ...aTick(), venue: undefined as never }), 'it is missing.'],
    ];
    for (const [write, message] of bad) {
      await expect(write).rejects.toMatchObject({
        code: 'STORE_VALUE_INVALID',
        message: expect.stringContaining(message),
      });
    }
    await store.flush();
    expect(await store.lastBar('AAPL', '1m')).toBeUndefined();
  });

  it('loads bars as columns from start to before end', async () => {
    const store = await open();
    const { ts } = aBar();
    const bars = [0, 1, 2, 3].map((n) =>
      aBar({ ts: ts + n * 60_000, endTs: ts + (n + 1) * 60_000, nTicks: n, close: n }),
    );
    await store.appendBars(bars);
    await store.appendBars([aBar({ symbol: 'MSFT' }), aBar({ timeframe: '5m' })]);
    const columns = await store.loadBars('AAPL', ts + 60_000, ts + 180_000, '1m');
    expect(columns.length).toBe(2);
    expect([...columns.ts]).toEqual([ts + 60_000, ts + 120_000]);
    expect([...columns.close]).toEqual([1, 2]);
    expect([...(columns.nTicks ?? [])]).toEqual([1, 2]);
    expect([...(columns.vwap ?? [])]).toEqual([Number.NaN, Number.NaN]);
    expect((await store.loadBars('NONE', 0, ts, '1m')).length).toBe(0);
    expect(await store.lastBar('AAPL', '1m')).toEqual(bars[3]);
  });

  it('orders ticks of one instant by sequence, as numbers', async () => {
    const store = await open();
    await store.appendTicks([10n, 9n, 100n, 18_446_744_073_709_551_615n].map((sequence) => aTick({ sequence })));
    const ticks = await store.loadTicks('AAPL', aTick().ts, aTick().ts + 1);
    expect(ticks.map(({ sequence }) => sequence)).toEqual([9n, 10n, 100n, 18_446_744_073_709_551_615n]);
  });

  it('filters fills and orders, newest first', async () => {
    const store = await open();
    const { ts } = aFill();
    await store.appendFills([
      aFill({ executionId: 'a' }),
      aFill({ executionId: 'b', ts: ts + 1 }),
      aFill({ executionId: 'c', ts: ts + 2, book: 'TREND', symbol: 'MSFT' }),
      aFill({ executionId: 'd', run: 'bt-1' }),
    ]);
    const ids = async (filter: Parameters<typeof store.fills>[0]) =>
      (await store.fills(filter)).map(({ executionId }) => executionId);
    expect(await ids({})).toEqual(['c', 'b', 'a']);
    expect(await ids({ book: 'CORE' })).toEqual(['b', 'a']);
    expect(await ids({ limit: 1 })).toEqual(['c']);
    expect(await ids({ symbol: 'AAPL', from: ts + 1 })).toEqual(['b']);
    expect(await ids({ to: ts + 1 })).toEqual(['a']);
    expect(await ids({ run: 'bt-1' })).toEqual(['d']);
    await store.appendOrders([
      anOrder({ clientOrderId: 'x', createdTs: 1 }),
      anOrder({ clientOrderId: 'y', createdTs: 2, status: 'filled' }),
    ]);
    expect((await store.orders({ status: ['filled', 'rejected'] })).map((order) => order.clientOrderId)).toEqual(['y']);
    expect((await store.orders({ from: 1, to: 2 })).map((order) => order.clientOrderId)).toEqual(['x']);
  });

  it('keeps runs apart', async () => {
    const store = await open();
    await store.appendEquity([anEquity(), anEquity({ run: 'bt-1', equity: '5' })]);
    await store.savePositions([aPosition(), aPosition({ run: 'bt-1' }), aPosition({ book: 'TREND' })]);
    expect(await store.equity('CORE')).toEqual([anEquity()]);
    expect(await store.equity('CORE', 0, anEquity().ts)).toEqual([]);
    expect(await store.equity('CORE', undefined, undefined, 'bt-1')).toMatchObject([{ equity: '5' }]);
    expect(await store.positions()).toHaveLength(2);
  });

  it('projects a stretch of the journal once, whole or not at all', async () => {
    const store = await open();
    const stretch = { projection: 'trading', offset: 9n, rows: { fills: [aFill()], orders: [anOrder()] } };
    expect(await store.offset('trading')).toBeUndefined();
    expect(await store.project(stretch)).toMatchObject({ inserted: 2 });
    expect(await store.project({ ...stretch, rows: { fills: [aFill({ price: '1' })] } })).toBeUndefined();
    expect(await store.offset('trading')).toBe(9n);
    const broken = { fills: [aFill({ executionId: 'new' }), aFill({ symbol: 'MSFT' })] };
    await expect(store.project({ projection: 'trading', offset: 10n, rows: broken })).rejects.toMatchObject({
      code: 'STORE_CONFLICT',
    });
    expect(await store.offset('trading')).toBe(9n);
    expect(await store.fills()).toEqual([aFill()]);
    expect(await store.project({ projection: 'trading', offset: 10n, rows: {} })).toMatchObject({ inserted: 0 });
    expect(await store.offset('trading')).toBe(10n);
  });

  it('takes more rows at once than a queue holds', async () => {
    const store = await open({ queue: { capacityRows: 50, batchRows: 20, batchAgeMs: 0 } });
    const ticks = Array.from({ length: 1_234 }, (_, n) => aTick({ sequence: BigInt(n) }));
    expect(await store.appendTicks(ticks)).toMatchObject({ inserted: 1_234 });
    expect(await store.appendTicks(ticks)).toMatchObject({ repeated: 1_234 });
  });

  it('commits what was written when it is closed, then refuses', async () => {
    const store = await open({ queue: { batchAgeMs: 60_000 } });
    const write = store.appendFill(aFill());
    await store.close();
    await expect(write).resolves.toMatchObject({ inserted: 1 });
    await store.close();
    await expect(store.appendFill(aFill())).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await expect(store.fills()).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });

  it('reads beside writes and sees only what is committed', async () => {
    const store = await open({ queue: { batchAgeMs: 0, batchRows: 10 } });
    const ticks = Array.from({ length: 200 }, (_, n) => aTick({ sequence: BigInt(n) }));
    const write = store.appendTicks(ticks);
    const seen: number[] = [];
    for (let n = 0; n < 10; n += 1) seen.push((await store.loadTicks('AAPL', 0, aTick().ts + 1)).length);
    await write;
    expect(seen.filter((count) => count % 10 !== 0)).toEqual([]);
    expect((await store.loadTicks('AAPL', 0, aTick().ts + 1)).length).toBe(200);
  });

  it('opens the same database in two stores at once, with writers taking turns', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const orders = Array.from({ length: 50 }, (_, n) => anOrder({ clientOrderId: `order-${n}` }));
    const results = await Promise.all([one.appendOrders(orders), two.appendOrders(orders)]);
    expect(results.map(({ inserted, repeated }) => inserted + repeated)).toEqual([50, 50]);
    expect(results.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(50);
  });
});
