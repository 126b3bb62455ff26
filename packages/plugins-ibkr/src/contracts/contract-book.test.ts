import { describe, expect, it } from '@jest/globals';
import { type InstrumentOptions, isTradingError, priceStepAt } from '@bookrunner/sdk';
import { anInstrument, FakeClock } from '@bookrunner/sdk/testing';
import type { ContractDetails } from '@stoqey/ib';
import fc from 'fast-check';
import { GatewayContractBook } from './contract-book.js';
import { AAPL, ALL_CONTRACTS, EURUSD, knowsContracts, VOD } from './details.fixture.js';
import { FakeGateway } from './fake-gateway.fixture.js';
import { averageCostToPrice, priceFromIb } from './ib-numbers.js';

interface Bench {
  readonly gateway: FakeGateway;
  readonly clock: FakeClock;
  readonly book: GatewayContractBook;
}

function bench(all: readonly ContractDetails[] = ALL_CONTRACTS): Bench {
  const gateway = new FakeGateway();
  gateway.state = 'up';
  knowsContracts(gateway, all);
  const clock = new FakeClock();
  return { gateway, clock, book: new GatewayContractBook({ gateway, clock, name: 'ib' }) };
}

const stock = (options: Partial<InstrumentOptions> = {}): ReturnType<typeof anInstrument> =>
  anInstrument({ symbol: 'AAPL', priceStep: 0.01, ...options });
const at = (block: Readonly<Record<string, unknown>>): Partial<InstrumentOptions> => ({ venues: { ib: block } });

async function codeOf(act: () => Promise<unknown>): Promise<{ code: string; message: string; remedy: string }> {
  try {
    await act();
  } catch (error) {
    if (isTradingError(error)) return { code: error.code, message: error.message, remedy: error.remedy };
    throw error;
  }
  return { code: 'none', message: '', remedy: '' };
}

describe('The contract of an instrument', () => {
  it('is SMART with a primary exchange for a stock', async () => {
    const { book, gateway } = bench();
    await book.qualify(stock(at({ primary: 'NASDAQ' })));
    expect(gateway.of('reqContractDetails')[0]?.args[1]).toEqual({
      ...{ symbol: 'AAPL', secType: 'STK', exchange: 'SMART', primaryExch: 'NASDAQ', currency: 'USD' },
    });
  });

  it.each([
    ['its base', { symbol: 'EURUSD', base: 'EUR' }, {}],
    ['its symbol', { symbol: 'EURUSD' }, {}],
    ['a pair in the block', { symbol: 'EURO' }, { symbol: 'EUR.USD' }],
    ['a base in the block', { symbol: 'EURO' }, { symbol: 'EUR' }],
  ])('is CASH at IDEALPRO for a currency pair, named by %s', async (_how, instrument, block) => {
    const { book, gateway } = bench();
    const { conId } = await book.qualify(anInstrument({ assetClass: 'fx', ...instrument, ...at(block) }));
    expect(conId).toBe(EURUSD.contract.conId);
    expect(gateway.of('reqContractDetails')[0]?.args[1]).toEqual({
      ...{ symbol: 'EUR', currency: 'USD', secType: 'CASH', exchange: 'IDEALPRO' },
    });
  });

  it.each(['202609', 202609, '2026-09', '20260918', '2026-09-18'])(
    'takes the expiry of a future as %p',
    async (expiry) => {
      const { book } = bench();
      const es = anInstrument({ symbol: 'ES', assetClass: 'future', ...at({ exchange: 'CME', expiry }) });
      const { contract, multiplier, instrument } = await book.qualify(es);
      expect(contract).toMatchObject({ localSymbol: 'ESU6', lastTradeDateOrContractMonth: '20260918', multiplier: 50 });
      expect([multiplier, instrument.pointValue]).toEqual([50, 50]);
    },
  );

  it('finds a future by its local symbol alone, and looks up its exchange', async () => {
    const { book } = bench();
    const es = anInstrument({ symbol: 'MINI', assetClass: 'future', ...at({ localSymbol: 'ESZ6' }) });
    expect((await book.qualify(es)).contract).toMatchObject({ symbol: 'ES', exchange: 'CME' });
  });

  it('finds anything by its conId, whatever the instrument is called', async () => {
    const { book, gateway } = bench();
    const { contract } = await book.qualify(anInstrument({ symbol: 'APPLE', ...at({ conId: 265598 }) }));
    expect(contract).toMatchObject({ symbol: 'AAPL', exchange: 'SMART' });
    expect(gateway.of('reqContractDetails')[0]?.args[1]).toEqual({ conId: 265598 });
  });

  it('of an option needs expiry, strike and right', async () => {
    const { book } = bench();
    const option = (block: Readonly<Record<string, unknown>>): ReturnType<typeof anInstrument> =>
      anInstrument({ symbol: 'AAPL', assetClass: 'option', ...at(block) });
    const { conId, multiplier } = await book.qualify(option({ expiry: '2026-12-18', strike: 200, right: 'call' }));
    expect([conId, multiplier]).toEqual([800, 100]);
    const missing = await codeOf(() => book.qualify(option({ expiry: '2026-12' })));
    expect(missing.code).toBe('IBKR_CONTRACT_INVALID');
    expect(missing.message).toContain('an OPT needs strike, right');
  });

  it('names what is wrong in its block: the key and the keys that are known', async () => {
    const { book } = bench();
    const wrong = await codeOf(() => book.qualify(stock(at({ primry: 'NASDAQ' }))));
    expect(wrong.code).toBe('IBKR_CONTRACT_INVALID');
    expect(wrong.message).toMatch(/instruments\.AAPL\.venues\.ib: unknown 'primry'; known are symbol, .*primary/);
    expect((await codeOf(() => book.qualify(stock(at({ secType: 'SHARE' }))))).message).toContain('secType');
    expect((await codeOf(() => book.qualify(stock(at({ expiry: '2026-13' }))))).message).toContain('expiry');
  });

  it('is normalised from symbol, exchange and currency', async () => {
    const { book } = bench();
    expect((await book.normalizeContract('AAPL', 'SMART', 'USD')).conId).toBe(265598);
    expect((await book.normalizeContract('EURUSD', 'IDEALPRO', 'USD')).conId).toBe(12087792);
    expect((await book.normalizeContract('EUR.USD', 'IDEALPRO', 'USD')).conId).toBe(12087792);
    expect((await book.normalizeContract('ESU6', 'CME', 'USD')).conId).toBe(495512563);
    expect((await book.normalizeContract('BTC', 'PAXOS', 'USD')).minSize).toBe(1e-8);
  });
});

describe('What IB says of a contract', () => {
  it('is asked once, however often and from wherever', async () => {
    const { book, gateway } = bench();
    await Promise.all([book.qualify(stock()), book.qualify(stock())]);
    await book.qualify(anInstrument({ symbol: 'AAPL2', ...at({ symbol: 'AAPL' }) }));
    expect(gateway.of('reqContractDetails')).toHaveLength(2);
    expect(gateway.of('reqMarketRule')).toHaveLength(1);
    expect(gateway.listening()).toBe(0);
  });

  it('gives the steps of the exchange that orders go to, from parallel lists', async () => {
    const { book } = bench();
    expect((await book.qualify(stock())).priceSteps).toEqual([
      { from: 0, step: 0.0001 },
      { from: 1, step: 0.01 },
    ]);
    expect((await book.qualify(stock(at({ exchange: 'AMEX' })))).priceSteps).toEqual([{ from: 0, step: 0.05 }]);
  });

  it('is in the quote currency: pence become pounds, cents dollars', async () => {
    const { book } = bench();
    const vod = await book.qualify(anInstrument({ symbol: 'VOD', quote: 'GBP' }));
    expect(vod.priceSteps).toEqual([
      { from: 0, step: 0.0001 },
      { from: 0.5, step: 0.0002 },
      { from: 1, step: 0.0005 },
    ]);
    expect(vod.timeZone).toBe('Europe/London');
    const corn = await book.qualify(anInstrument({ symbol: 'ZC', assetClass: 'future', ...at({ expiry: 202612 }) }));
    // Without a rule, the smallest step of all prices.
    expect([corn.priceSteps, corn.instrument.pointValue]).toEqual([[{ from: 0, step: 0.0025 }], 5000]);
    expect(priceFromIb(corn, 450.25)).toBe(4.5025);
    expect(averageCostToPrice(corn, 22_512.5)).toBe(4.5025);
  });

  it('keeps a lot that is a multiple of its increment, and replaces one that is not', async () => {
    const { book } = bench();
    const lot = async (lotStep: number): Promise<readonly number[]> => {
      const { instrument } = await book.qualify(anInstrument({ symbol: 'EURUSD', assetClass: 'fx', lotStep }));
      return [instrument.lotStep, instrument.minQty];
    };
    expect(await lot(1000)).toEqual([1000, 1000]);
    expect(await lot(0.5)).toEqual([1, 1]);
  });

  it('contradicts what was declared: another currency or multiplier is another contract', async () => {
    const { book } = bench();
    const es = (pointValue: number): Promise<unknown> =>
      book.qualify(anInstrument({ symbol: 'ES', assetClass: 'future', pointValue, ...at({ expiry: 202609 }) }));
    expect(await codeOf(() => es(5))).toMatchObject({ code: 'IBKR_CONTRACT_TERMS' });
    expect((await codeOf(() => es(50))).code).toBe('none');
    const vod = anInstrument({ symbol: 'VOD', quote: 'USD', ...at({ currency: 'GBP' }) });
    expect((await codeOf(() => book.qualify(vod))).message).toContain('GBP');
  });

  it('may be nothing, or too much', async () => {
    const twin: ContractDetails = { ...AAPL, contract: { ...AAPL.contract, conId: 1, primaryExch: 'MEXI' } };
    const { book } = bench([AAPL, twin]);
    const ambiguous = await codeOf(() => book.qualify(stock()));
    expect(ambiguous.code).toBe('IBKR_CONTRACT_AMBIGUOUS');
    expect(ambiguous.message).toMatch(/265598.*conId 1\)/);
    expect((await book.qualify(stock(at({ primary: 'NASDAQ' })))).conId).toBe(265598);
    expect(ambiguous.remedy).toMatch(/ the `conId` of the one that you mean, or its `primary` \(NASDAQ, MEXI\)\.$/);
    const unknown = await codeOf(() => book.qualify(stock({ symbol: 'NONE' })));
    expect(unknown.code).toBe('IBKR_CONTRACT_NOT_FOUND');
    expect(unknown.message).toContain('NONE');
  });

  it('is told apart by its id alone where nothing else differs', async () => {
    const twin: ContractDetails = { ...AAPL, contract: { ...AAPL.contract, conId: 1 }, longName: 'ORCHARD PLC' };
    const { book } = bench([AAPL, twin]);
    const { message, remedy } = await codeOf(() => book.qualify(stock(at({ primary: 'NASDAQ' }))));
    expect(message).toContain('(conId 265598), APPLE INC; AAPL STK SMART NASDAQ USD (conId 1), ORCHARD PLC.');
    expect(remedy).toMatch(/`conId` of the one that you mean: nothing else tells them apart\.$/);
    expect((await book.qualify(stock(at({ conId: 1 })))).conId).toBe(1);
    const third: ContractDetails = { ...AAPL, contract: { ...AAPL.contract, conId: 2, primaryExch: 'MEXI' } };
    const three = bench([AAPL, twin, third]).book;
    expect((await codeOf(() => three.qualify(stock()))).remedy).toMatch(/you mean, or its `primary` \(MEXI\)\.$/);
    expect((await three.qualify(stock(at({ primary: 'MEXI' })))).conId).toBe(2);
  });

  it('is asked again after no answer came', async () => {
    const { book, gateway, clock } = bench();
    gateway.answer('reqContractDetails', () => {});
    const first = codeOf(() => book.qualify(stock()));
    clock.advance(20_000);
    expect((await first).code).toBe('IBKR_NO_ANSWER');
    knowsContracts(gateway);
    expect((await book.qualify(stock())).conId).toBe(265598);
    gateway.state = 'disconnected';
    expect((await codeOf(() => book.qualify(stock({ symbol: 'OTHER' })))).code).toBe('IBKR_NOT_CONNECTED');
  });

  it('is found again in reports, by id or by terms', async () => {
    const { book } = bench();
    const eur = await book.qualify(anInstrument({ symbol: 'EURUSD', assetClass: 'fx' }));
    const es = await book.qualify(anInstrument({ symbol: 'ES', assetClass: 'future', ...at({ expiry: 202609 }) }));
    const { contract } = EURUSD;
    expect(book.find({ conId: contract.conId! })).toBe(eur);
    expect(book.find({ symbol: 'EUR', secType: contract.secType!, currency: 'USD' })).toBe(eur);
    expect(book.find({ symbol: 'EUR', secType: contract.secType!, currency: 'CHF' })).toBeUndefined();
    const { secType } = es.contract;
    expect(book.find({ symbol: 'ES', secType: secType!, lastTradeDateOrContractMonth: '20260918' })).toBe(es);
    expect(book.find({ symbol: 'ES', secType: secType!, lastTradeDateOrContractMonth: '20261218' })).toBeUndefined();
    expect(book.find({ conId: 4711 })).toBeUndefined();
    expect([book.of('EURUSD'), book.byConId(495512563)]).toEqual([eur, es]);
  });
});

describe('23. Prices at the edges of bands', () => {
  it('have the step of the band from its edge on', async () => {
    const { book } = bench();
    const { instrument } = await book.qualify(anInstrument({ symbol: 'VOD', quote: 'GBP' }));
    const steps = [0.4999, 0.5, 0.5002, 0.9998, 1, 1.0005].map((price) => priceStepAt(instrument, price));
    expect(steps).toEqual([0.0001, 0.0002, 0.0002, 0.0002, 0.0005, 0.0005]);
  });

  it('are the same in the quote currency and in IB’s, whatever the rule and the magnifier', async () => {
    const increments = fc
      .uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 5 })
      .map((edges) => edges.toSorted((a, b) => a - b).map((edge, i) => ({ lowEdge: edge, increment: 0.01 * 2 ** i })));
    await fc.assert(
      fc.asyncProperty(increments, fc.constantFrom(1, 10, 100, 1000), async (rule, priceMagnifier) => {
        const { book, gateway } = bench([{ ...VOD, priceMagnifier }]);
        gateway.answer('reqMarketRule', (id: number) => gateway.emit('marketRule' as never, id, rule));
        const vod = await book.qualify(anInstrument({ symbol: 'VOD', quote: 'GBP' }));
        for (const [i, { lowEdge, increment }] of rule.entries()) {
          const step = priceStepAt(vod.instrument, priceFromIb(vod, lowEdge));
          expect(step * priceMagnifier).toBeCloseTo(increment, 12);
          // Just below the edge the band before it holds.
          const before = rule[i - 1];
          if (before === undefined) continue;
          const below = priceStepAt(vod.instrument, priceFromIb(vod, lowEdge - before.increment));
          expect(below * priceMagnifier).toBeCloseTo(before.increment, 12);
        }
      }),
      { numRuns: 200 },
    );
  });
});
