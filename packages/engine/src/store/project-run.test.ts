import { expect, it } from '@jest/globals';
import { sampleRun } from '../report/run-result.fixture.js';
import { describeDatabases } from './databases.fixture.js';
import { projectRun } from './project-run.js';

describeDatabases('a finished run in the store', ({ open }) => {
  const result = sampleRun({ hours: 600, tradeEvery: 6 });
  const run = result.runId;

  it('stores every order, fill and point of the curve, and once only', async () => {
    const store = await open();
    const first = await projectRun(store, result);
    expect(first).toMatchObject({
      orders: { inserted: result.orders.total },
      fills: { inserted: result.fills.total },
      equity: { inserted: result.equity.length },
      omitted: { orders: 0, fills: 0 },
    });
    expect(await projectRun(store, result)).toMatchObject({
      orders: { inserted: 0, repeated: result.orders.total },
      fills: { inserted: 0, repeated: result.fills.total },
      equity: { inserted: 0, repeated: result.equity.length },
    });
  });

  it('keeps the numbers of the run', async () => {
    const store = await open();
    await projectRun(store, result);
    const fills = [...(await store.fills({ run, limit: result.fills.total }))].reverse();
    expect(fills.map(({ ts, price, fee }) => [ts, Number(price), Number(fee)])).toEqual(
      fills.map((_, at) => {
        const { ts, price, fee } = result.fills.at(at);
        return [ts, price, fee];
      }),
    );
    const curve = await store.equity('', undefined, undefined, run);
    expect(curve.map(({ equity }) => Number(equity))).toEqual([...result.equity.equity]);
    const orders = await store.orders({ run, clientOrderId: result.orders.at(0).orderId });
    expect(orders).toMatchObject([{ status: result.orders.at(0).status, account: 'run', qty: '2000' }]);
    expect(await store.fills()).toEqual([]);
  });

  it('refuses another result under the same run id', async () => {
    const store = await open();
    await projectRun(store, result);
    const other = { ...sampleRun({ hours: 600, tradeEvery: 8 }), runId: run };
    await expect(projectRun(store, other)).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
  });

  it('says how many rows the run no longer held', async () => {
    const store = await open();
    const held = { ...result, fills: { ...tableFrom(result.fills, 50) }, runId: 'short' };
    expect(await projectRun(store, held)).toMatchObject({
      fills: { inserted: result.fills.total - 50 },
      omitted: { fills: 50 },
    });
  });
});

function tableFrom<Table extends { readonly total: number; at(index: number): unknown; columns(): unknown }>(
  table: Table,
  first: number,
) {
  return {
    total: table.total,
    first,
    at: (index: number) => table.at(index),
    columns: () => table.columns(),
  } as unknown as Table;
}
