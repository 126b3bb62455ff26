import { afterEach, describe, expect, it } from '@jest/globals';
import { type VenueBenchOptions, VenueBench } from './venue-bench.fixture.js';

let bench: VenueBench;
afterEach(() => bench.close());

async function ready(options?: VenueBenchOptions): Promise<VenueBench> {
  bench = await VenueBench.ready(options);
  return bench;
}

describe('an order', () => {
  it('is accepted, filled and told with its commission', async () => {
    const { venue, sink } = await ready();
    const order = bench.order({ qty: 10 });
    expect(await venue.submit([order])).toEqual({ kind: 'sent' });
    await bench.settle();
    expect(bench.kinds(order)).toEqual(['accepted', 'filled']);
    expect(sink.reports.at(-1)).toMatchObject({ leavesQty: 0, fill: { qty: 10, price: 100.01, tag: order.tag } });
  });
});
