// Whatever the library's encoder sends is read to the end of its frame, at both versions.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IBApi } from '@stoqey/ib';
import { Bench, until } from './bench.fixture.js';
import type { BenchClient } from './bench.fixture.js';
import { QUESTIONS, UNSUPPORTED } from './library-calls.fixture.js';
import { LIMIT, PLACEMENTS } from './library-orders.fixture.js';

describe.each([193, 178])('requests of the library at version %d', (serverVersion) => {
  let bench: Bench;
  let client: BenchClient;

  beforeAll(async () => {
    bench = await Bench.start({ settings: { serverVersion } });
    client = await bench.ready();
    expect(bench.sim.clients).toEqual([{ clientId: 7, serverVersion, connection: 1 }]);
  });
  afterAll(() => bench.close());

  const asks = async (call: (api: IBApi) => unknown): Promise<unknown> => {
    const before = bench.model.requests.length;
    call(client.api);
    await until(() => bench.model.requests.length > before || bench.sim.counts.undecodable > 0, String(call));
    expect(bench.sim.transcript.entries.slice(-3)).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ fields: expect.arrayContaining(['320']) })]),
    );
    return bench.model.requests.at(-1);
  };

  it.each(QUESTIONS)('%s', async (_, call, expected) => {
    expect(await asks(call)).toMatchObject(expected);
  });

  it.each(PLACEMENTS)('placeOrder: %s', async (_, order, contract, expected) => {
    const placed = await asks((api) => api.placeOrder(5, contract, { ...LIMIT, ...order }));
    expect(placed).toMatchObject({ kind: 'placeOrder', order: { orderId: 5, ...expected } });
  });

  it.each(UNSUPPORTED)('%s is answered with an error', async (name, call) => {
    const before = client.codes.length;
    call(client.api);
    await until(() => client.codes.length > before, name);
    expect(client.codes.at(-1)).toBe(321);
    const [error] = client.seen.at(-1)?.slice(1) ?? [];
    expect(error instanceof Error ? error.message : error).toContain(name);
  });

  it('of the session are answered by it', async () => {
    client.api.reqCurrentTime();
    client.api.reqManagedAccts();
    client.api.reqIds();
    client.api.setServerLogLevel(5);
    await client.told('currentTime');
    await client.told('managedAccounts', 2);
    await client.told('nextValidId', 2);
    expect(bench.sim.counts).toMatchObject({ undecodable: 0, modelFaults: 0 });
  });
});
