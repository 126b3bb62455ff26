import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FeedStatus, Tick } from '@bookrunner/sdk';
import { IbkrStream } from './ibkr-stream.js';
import { startTwsSimulator } from './simulator/index.js';
import type { TwsSimulator } from './simulator/index.js';
import { SimulatedGateway } from './simulator/model/simulated-gateway.js';
import { until } from './session/scripted-gateway.fixture.js';
import type { TickByTick } from './stream/tick-by-tick.js';

describe('IbkrStream', () => {
  let simulator: TwsSimulator<SimulatedGateway>;
  let stream: IbkrStream;
  let ticks: Tick[];
  let rows: TickByTick[];
  let statuses: FeedStatus[];
  let errors: unknown[];

  beforeEach(async () => {
    simulator = await startTwsSimulator({ model: ({ clock }) => new SimulatedGateway({}, clock) });
    stream = new IbkrStream({ options: { retryFirstMs: 10, handshakeTimeoutMs: 2_000, openTimeoutMs: 3_000 } });
    [ticks, rows, statuses, errors] = [[], [], [], []];
    stream.on('tick', (tick) => ticks.push(tick));
    stream.on('tickByTick', (tick) => rows.push(tick));
    stream.on('status', (status) => statuses.push(status));
    stream.on('error', (error) => errors.push((error as { code?: string }).code ?? error.message));
  });
  afterEach(async () => {
    await stream.close();
    simulator.model.close();
    await simulator.close();
  });

  const connect = (readonly?: boolean): Promise<void> => stream.connect(simulator.host, simulator.port, 9, readonly);
  /** Something is told again and again until it has come: subscriptions are on their way. */
  async function toldUntil(tell: () => void, condition: () => boolean): Promise<void> {
    await until(() => {
      if (!condition()) tell();
      return condition();
    });
  }

  it('connects, names contracts, and brings quotes and trades of them', async () => {
    await connect();
    const apple = await stream.normalizeContract('AAPL', 'SMART', 'USD');
    const euro = await stream.normalizeContract('EUR.USD', 'IDEALPRO', 'USD');
    expect([apple.conId, apple.secType, euro.secType]).toEqual([265_598, 'STK', 'CASH']);
    await stream.subscribeQuotes([apple, euro]);
    simulator.model.quote('AAPL', { bid: 150, ask: 150.02 });
    simulator.model.quote('EUR.USD', { bid: 1.1, ask: 1.1002 });
    await until(() => ticks.some(({ bid }) => bid === 150) && ticks.some(({ ask }) => ask === 1.1002));
    let price = 150;
    await toldUntil(
      () => simulator.model.trade('AAPL', (price += 0.01), 200),
      () => ticks.some(({ last }) => last > 150),
    );
    expect(new Set(ticks.map(({ symbol }) => symbol))).toEqual(new Set(['AAPL', 'EUR.USD']));
    expect(ticks[0]).not.toBe(ticks[1]);
  });

  it('brings every tick, by kind', async () => {
    await connect();
    const apple = await stream.normalizeContract('AAPL', 'SMART', 'USD');
    const euro = await stream.normalizeContract('EUR.USD', 'IDEALPRO', 'USD');
    const trades = await stream.subscribeTickByTick([apple], 'all-last');
    await stream.subscribeTickByTick([euro], 'bid-ask');
    let price = 1.1;
    await toldUntil(
      () => {
        price += 0.0001;
        simulator.model.quote('EUR.USD', { bid: price, ask: price + 0.0002 });
        simulator.model.trade('AAPL', 150, 100);
      },
      () => ['all-last', 'bid-ask'].every((kind) => rows.some((row) => row.kind === kind)),
    );
    expect(rows.find((row) => row.kind === 'all-last')).toMatchObject({ symbol: 'AAPL', price: 150, size: 100 });
    expect(rows.find((row) => row.kind === 'bid-ask')).toMatchObject({ symbol: 'EUR.USD', isBidPastLow: false });
    await trades.close();
    expect(errors).toEqual([]);
  });

  it('26: says so where IB allows no more tick-by-tick data', async () => {
    await connect();
    for (const symbol of ['AAPL', 'MSFT', 'SPY', 'VOD'] as const) {
      const contract = await stream.normalizeContract(symbol, 'SMART', 'USD');
      await stream.subscribeTickByTick([contract], 'last');
    }
    await until(() => errors.length > 0);
    expect(errors).toEqual(['IBKR_DATA_LIMIT']);
  });

  it('comes back by itself, and asks again for what was subscribed', async () => {
    await connect();
    const apple = await stream.normalizeContract('AAPL', 'SMART', 'USD');
    await stream.subscribeQuotes([apple]);
    simulator.model.quote('AAPL', { bid: 150, ask: 150.02 });
    await until(() => ticks.length > 0);
    simulator.faults.cut();
    await until(() => statuses.some(({ state }) => state === 'disconnected'));
    await until(() => statuses.at(-1)?.state === 'live');
    ticks.length = 0;
    let bid = 150;
    await toldUntil(
      () => simulator.model.quote('AAPL', { bid: (bid += 0.01), ask: bid + 0.02 }),
      () => ticks.length > 0,
    );
  });

  it('tells what a listener throws, and goes on', async () => {
    stream.on('tick', () => {
      throw new Error('of a listener');
    });
    await connect();
    await stream.subscribeQuotes([await stream.normalizeContract('AAPL', 'SMART', 'USD')]);
    simulator.model.quote('AAPL', { bid: 150, ask: 150.02 });
    await until(() => ticks.length > 0 && errors.length > 0);
    expect(errors[0]).toBe('of a listener');
  });

  it('reaches no order while it is read-only', async () => {
    expect(() => stream.gateway).toThrow(expect.objectContaining({ code: 'IBKR_NOT_CONNECTED' }));
    await connect();
    expect(() => stream.gateway).toThrow(expect.objectContaining({ code: 'IBKR_READ_ONLY' }));
    await stream.close();
    await connect(false);
    expect(stream.gateway.accounts).toEqual(['DU1234567']);
  });

  it('fails with a code and leaves nothing open, where there is no gateway or no contract', async () => {
    await connect();
    await expect(stream.normalizeContract('NO-SUCH', 'SMART', 'USD')).rejects.toThrow(
      expect.objectContaining({ code: 'IBKR_CONTRACT_NOT_FOUND' }),
    );
    await stream.close();
    await stream.close();
    await until(() => simulator.clients.length === 0);
    await simulator.close();
    const other = new IbkrStream({ options: { openTimeoutMs: 200 } });
    await expect(other.connect(simulator.host, simulator.port, 9)).rejects.toThrow(
      expect.objectContaining({ code: 'IBKR_UNREACHABLE' }),
    );
    await expect(other.normalizeContract('AAPL', 'SMART', 'USD')).rejects.toThrow(
      expect.objectContaining({ code: 'IBKR_NOT_CONNECTED' }),
    );
  });
});
