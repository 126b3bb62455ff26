// Kinds of instruments, and their history, against the simulated gateway.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { defineInstrument, type HistoryRequest, type InstrumentOptions } from '@bookrunner/sdk';
import fc from 'fast-check';
import { quotesOf, statesOf, tradesOf } from './feed-bench.fixture.js';
import { AAPL, clocked, EURUSD, SimulatorBench } from './simulator-feed.fixture.js';

// Sockets, on machines with other work.
jest.setTimeout(120_000);

const open: SimulatorBench[] = [];
afterEach(async () => {
  for (const bench of open.splice(0)) await bench.close();
});

async function bench(...args: Parameters<typeof SimulatorBench.ready>): Promise<SimulatorBench> {
  const made = await SimulatorBench.ready(...args);
  open.push(made);
  return made;
}

interface Kind {
  readonly what: string;
  readonly instrument: InstrumentOptions;
  readonly block?: Readonly<Record<string, unknown>>;
  /** What the simulator calls it. */
  readonly name: string | number;
  /** Bid and ask as IB tells them, and as they are in the quote currency. */
  readonly told: readonly [number, number];
  readonly quoted: readonly [number, number];
}

const KINDS: readonly Kind[] = [
  {
    ...{ what: 'a future', name: 'ESM4', told: [5_000, 5_000.25], quoted: [5_000, 5_000.25] },
    instrument: { symbol: 'ES', assetClass: 'future', quote: 'USD', pointValue: 50 },
    block: { exchange: 'CME', expiry: '201406' },
  },
  {
    ...{ what: 'a stock in pence', name: 141_128, told: [72.4, 72.42], quoted: [0.724, 0.7242] },
    instrument: { symbol: 'VOD', assetClass: 'equity', quote: 'GBP' },
  },
  {
    ...{ what: 'a currency pair', name: 'EUR.USD', told: [1.1, 1.10005], quoted: [1.1, 1.10005] },
    instrument: { symbol: 'EURUSD', assetClass: 'fx', quote: 'USD', priceStep: 0.00005, lotStep: 1_000 },
  },
  {
    ...{ what: 'an option', name: 'AAPL  140620C00200000', told: [5, 5.05], quoted: [5, 5.05] },
    instrument: { symbol: 'AAPL-C200', assetClass: 'option', quote: 'USD' },
    block: { symbol: 'AAPL', expiry: '2014-06-20', strike: 200, right: 'C' },
  },
  {
    ...{ what: 'a CFD, by the data of its stock', name: 'AAPL', told: [200, 200.01], quoted: [200, 200.01] },
    instrument: { symbol: 'AAPL-CFD', assetClass: 'equity', quote: 'USD' },
    block: { symbol: 'AAPL', secType: 'CFD' },
  },
  {
    ...{ what: 'a crypto currency', name: 'BTC', told: [60_000, 60_000.25], quoted: [60_000, 60_000.25] },
    instrument: { symbol: 'BTCUSD', assetClass: 'crypto', base: 'BTC', quote: 'USD', lotStep: 0.0001 },
  },
];

describe('Quotes of', () => {
  it.each(KINDS)('$what', async ({ instrument, block = {}, name, told: [bid, ask], quoted }) => {
    const scene = await bench();
    scene.model.quote(name, { bid: -1, ask: -1 });
    await scene.feed.subscribe([defineInstrument({ ...instrument, venues: { ib: block } })], scene.sink);
    await scene.settle();
    scene.model.quote(name, { bid, ask });
    await scene.settle();
    expect([quotesOf(scene.sink), statesOf(scene.sink), scene.sink.rejections]).toEqual([[quoted], [], []]);
  });

  it('an index are its last prices', async () => {
    const scene = await bench();
    const spx = defineInstrument({
      symbol: 'SPX',
      assetClass: 'index',
      quote: 'USD',
      venues: { ib: { exchange: 'CBOE' } },
    });
    await scene.feed.subscribe([spx], scene.sink);
    await scene.settle();
    for (const price of [5_001.25, 5_001.5]) scene.model.trade('SPX', price, 0);
    await scene.settle();
    expect([tradesOf(scene.sink), quotesOf(scene.sink)]).toEqual([[5_001.25, 5_001.5], []]);
  });
});

describe('History under the pacing of IB', () => {
  const spec = (seconds: number, price: string): HistoryRequest['bars'] => ({
    use: 'time',
    options: { seconds, price },
  });

  /** Times and prices of what history answers. */
  async function read(scene: SimulatorBench, request: HistoryRequest): Promise<readonly (readonly number[])[]> {
    const rows: (readonly number[])[] = [];
    for await (const block of clocked(scene).history!(request)) {
      const { columns } = block;
      const columnsOf = block.kind === 'bars' ? [block.columns.close] : [block.columns.bid!, block.columns.last!];
      for (let i = 0; i < columns.length; i += 1) rows.push([columns.ts[i]!, ...columnsOf.map((column) => column[i]!)]);
    }
    return rows;
  }

  it('of ticks is the same however the range is cut', async () => {
    const scene = await bench({ historyTickPages: 60 }, { historyPacing: 'all' });
    const to = scene.clock.nowUtc();
    const from = to - 2_500_000;
    const whole = await read(scene, { instrument: AAPL, from, to });
    // One quote a second and a trade with most of them: more than two pages of each.
    expect(whole.length).toBeGreaterThan(4_000);
    expect(whole.every((row, i) => i === 0 || row[0]! >= whole[i - 1]![0]!)).toBe(true);
    const [cut] = fc.sample(fc.integer({ min: from + 1, max: to - 1 }), { numRuns: 1, seed: 5 });
    const parts = [
      ...(await read(scene, { instrument: AAPL, from, to: cut! })),
      ...(await read(scene, { instrument: AAPL, from: cut!, to })),
    ];
    expect(parts).toEqual(whole);
    expect(scene.sim.transcript.entries.some(({ fields }) => fields[3] === '162')).toBe(false);
  });

  it('of bars joins its pieces without a gap, of quotes and of trades', async () => {
    const scene = await bench({ hours: 'all' }, { historyPacing: 'all' });
    const to = Math.floor(scene.clock.nowUtc() / 60_000) * 60_000;
    const from = to - 3 * 86_400_000;
    const always = { ...EURUSD, calendar: '24x7' };
    const minutes = await read(scene, { instrument: always, from, to, bars: spec(60, 'mid')! });
    expect(minutes.map(([ts]) => ts)).toEqual(Array.from({ length: 4_320 }, (_, i) => from + i * 60_000));
    const closed = { ...AAPL, calendar: 'XNAS' };
    const small = await read(scene, { instrument: closed, from: to - 7_200_000, to, bars: spec(5, 'last')! });
    expect(small.length).toBe(0);
    const traded = await read(scene, {
      ...{ instrument: AAPL, from: to - 7_200_000, to },
      bars: spec(5, 'last')!,
    });
    expect(traded.map(([ts]) => ts)).toEqual(Array.from({ length: 1_440 }, (_, i) => to - 7_200_000 + i * 5_000));
    expect(scene.sim.transcript.entries.some(({ fields }) => fields[3] === '162')).toBe(false);
  });
});
