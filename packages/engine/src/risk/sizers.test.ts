import type { FeatureSet, Sizer, SizingRequest } from '@bookrunner/sdk';
import { defineInstrument } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { riskPolicies } from './risk-policies.js';
import { atrBasedSize, kellyFraction, kellyLeverage, sizers, volTargetScale } from './sizers.js';

type SizerName = keyof typeof sizers;

/** A contribution with its options' type erased, as a host holds it. */
interface AnyContribution {
  readonly options: z.ZodType;
  features?(options: unknown): FeatureSet;
  create(options: unknown): Sizer;
}

const contributionOf = (name: SizerName): AnyContribution => sizers[name] as unknown as AnyContribution;

function sizerOf(name: SizerName, options: object): Sizer {
  const contribution = contributionOf(name);
  return contribution.create(contribution.options.parse(options));
}

/** Half of a book of 100,000, price 50, one unit of money per unit and point. */
function sizing(fields: Partial<SizingRequest> = {}): SizingRequest {
  return {
    ts: 0,
    strategy: 'S',
    book: 'B',
    instrument: defineInstrument({ symbol: 'X', assetClass: 'equity', quote: 'USD' }),
    share: 1,
    allocation: 0.5,
    bookEquity: 100_000,
    equity: 50_000,
    price: 50,
    unitValue: 1,
    currentQty: 0,
    grossExposure: 0,
    features: {},
    ...fields,
  };
}

/** Units, or the reason there are none. */
function answer(name: SizerName, options: object, request: Partial<SizingRequest> = {}): number | string {
  const decision = sizerOf(name, options).size(sizing(request));
  return decision.kind === 'sized' ? decision.units : decision.reason;
}

const YEARLY = { periodsPerYear: 252 };
const OPTIONS: Readonly<Record<SizerName, object>> = {
  fixed: { units: 100 },
  fraction: { fraction: 0.5, maxLeverage: 1 },
  atr: {},
  'vol-target': YEARLY,
  kelly: { winRate: 0.6, payoff: 1 },
};
const WARM = { atr: 2, sigma: 0.2 };
const NAMES = Object.keys(OPTIONS) as SizerName[];

describe('units', () => {
  const rows: readonly (readonly [SizerName, object, Partial<SizingRequest>, number])[] = [
    ['fixed', { units: 100 }, {}, 100],
    ['fixed', { units: 100 }, { share: -0.25 }, -25],
    ['fixed', { units: 100 }, { equity: -1, price: Number.NaN }, 100],
    ['fraction', {}, {}, 1000],
    ['fraction', { fraction: 0.5 }, { share: -1 }, -500],
    ['fraction', {}, { price: -50, unitValue: 10 }, 100],
    ['fraction', { fraction: 3 }, { share: 0.5 }, 1500],
    ['fraction', { fraction: 3, maxLeverage: 2 }, {}, 2000],
    ['fraction', { fraction: 3, maxLeverage: 2 }, { share: -0.5 }, -1500],
    ['fraction', { fraction: 3, maxLeverage: 1 }, { share: 0.5 }, 1000],
    ['fraction', { maxLeverage: 1 }, { grossExposure: 40_000 }, 200],
    ['fraction', { maxLeverage: 1 }, { grossExposure: 40_000, currentQty: 800 }, 1000],
    // 50,000 × 25 bps = 125 of risk; 2 × 1.5 = 3 a unit.
    ['atr', {}, { features: { atr: 2 } }, 125 / 3],
    ['atr', { riskBps: 100, stopMult: 2.5 }, { features: { atr: 2 }, share: -0.5 }, -50],
    ['atr', { riskBps: 100, stopMult: 2.5 }, { features: { atr: 2 }, unitValue: 50 }, 2],
    // 10 % wanted, 20 % realised: half the equity.
    ['vol-target', YEARLY, { features: { sigma: 0.2 } }, 500],
    ['vol-target', { ...YEARLY, targetVol: 0.4 }, { features: { sigma: 0.2 }, share: -0.5 }, -1000],
    ['vol-target', { ...YEARLY, cap: 1.5 }, { features: { sigma: 0.001 } }, 1500],
    // 0.6 − 0.4 / 1 = 0.2 of equity, half of it.
    ['kelly', { winRate: 0.6, payoff: 1 }, {}, 100],
    ['kelly', { winRate: 0.6, payoff: 1, fraction: 1 }, { share: -1 }, -200],
    ['kelly', { mean: 0.0004, variance: 0.0001 }, {}, 1000],
    ['kelly', { mean: 0.0004, variance: 0.0001, cap: 5 }, {}, 2000],
  ];
  it.each(rows)('%s %j %j: %p', (name, options, request, units) => {
    expect(answer(name, options, request)).toBeCloseTo(units, 9);
  });
});

describe('refusals', () => {
  const rows: readonly (readonly [SizerName, Partial<SizingRequest>, string])[] = [
    ['fixed', { share: 1.01 }, 'RISK_SIZE_SHARE'],
    ['fixed', { share: Number.NaN }, 'RISK_SIZE_SHARE'],
    ['fraction', { equity: 0 }, 'RISK_SIZE_EQUITY'],
    ['kelly', { equity: Number.NaN }, 'RISK_SIZE_EQUITY'],
    ['fraction', { price: Number.NaN }, 'RISK_SIZE_PRICE'],
    ['fraction', { price: 0 }, 'RISK_SIZE_PRICE'],
    ['vol-target', { features: WARM, unitValue: Number.NaN }, 'RISK_SIZE_PRICE'],
    ['atr', { features: WARM, unitValue: Number.NaN }, 'RISK_SIZE_PRICE'],
    ['fraction', { grossExposure: 50_000 }, 'RISK_SIZE_LEVERAGE'],
    ['atr', {}, 'RISK_SIZE_NOT_WARM'],
    ['atr', { features: { atr: Number.NaN } }, 'RISK_SIZE_NOT_WARM'],
    ['vol-target', { features: { sigma: Number.NaN } }, 'RISK_SIZE_NOT_WARM'],
    ['atr', { features: { atr: 0 } }, 'RISK_SIZE_VOLATILITY'],
    ['atr', { features: { atr: -1 } }, 'RISK_SIZE_VOLATILITY'],
    ['vol-target', { features: { sigma: 0 } }, 'RISK_SIZE_VOLATILITY'],
    ['vol-target', { features: { sigma: Infinity } }, 'RISK_SIZE_VOLATILITY'],
  ];
  it.each(rows)('%s %j: %s', (name, request, reason) => {
    expect(answer(name, OPTIONS[name], request)).toBe(reason);
  });

  it('say both numbers', () => {
    const decision = sizerOf('atr', { period: 20 }).size(sizing());
    expect(decision).toMatchObject({
      kind: 'refused',
      message: 'The feature the sizer needs is NaN: it takes 20 finished bars to warm up.',
    });
  });
});

describe.each(NAMES)('sizer %s', (name) => {
  it('is flat for a share of 0, whatever else is unknown', () => {
    const unknown = { share: 0, price: Number.NaN, equity: Number.NaN, unitValue: Number.NaN, features: {} };
    expect(answer(name, OPTIONS[name], unknown)).toBe(0);
  });

  it('gives the sign of the share, in proportion or less, and the same again', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: 1, max: 1000 }), (share, price) => {
        const request = { share, price, features: WARM };
        const units = answer(name, OPTIONS[name], request);
        const full = answer(name, OPTIONS[name], { ...request, share: 1 });
        expect(Math.sign(Number(units)) + 0).toBe(Math.sign(share) + 0);
        expect(Number(units)).toBeCloseTo(Number(full) * share, 6);
        expect(answer(name, OPTIONS[name], request)).toBe(units);
      }),
    );
  });

  it('documents every option and refuses unknown ones', () => {
    const schema = z.toJSONSchema(sizers[name].options, { io: 'input' });
    for (const property of Object.values(schema.properties ?? {})) {
      expect(typeof property === 'object' && property.description).toMatch(/\.$/);
    }
    expect(schema.additionalProperties).toBe(false);
    expect(sizers[name].options.safeParse({ ...OPTIONS[name], nonsense: 1 }).success).toBe(false);
  });
});

describe('options of sizers', () => {
  it.each([
    ['fixed', {}],
    ['fixed', { units: 0 }],
    ['fraction', { fraction: -1 }],
    ['atr', { riskBps: 0 }],
    ['atr', { period: 1.5 }],
    ['vol-target', {}],
    ['vol-target', { periodsPerYear: 252, period: 1 }],
    ['kelly', {}],
    ['kelly', { winRate: 0.6 }],
    ['kelly', { winRate: 0.6, payoff: 1, mean: 0.1, variance: 1 }],
    ['kelly', { winRate: 0.6, payoff: 1, mean: 0.1 }],
    ['kelly', { winRate: 0.4, payoff: 1 }],
    ['kelly', { mean: -0.1, variance: 1 }],
  ] as const)('%s refuses %j', (name, options) => {
    expect(contributionOf(name).options.safeParse(options).success).toBe(false);
  });
});

describe('features of sizers', () => {
  it.each([
    ['atr', { period: 20 }, { atr: 'atr(20)' }],
    ['vol-target', { period: 30, periodsPerYear: 252 }, { sigma: 'realisedVolatility(30, periodsPerYear=252)' }],
  ] as const)('%s %j asks for %j', (name, options, expected) => {
    const contribution = contributionOf(name);
    const features = contribution.features?.(contribution.options.parse(options)) ?? {};
    expect(Object.fromEntries(Object.entries(features).map(([key, feature]) => [key, feature.name]))).toEqual(expected);
  });
});

describe('atrBasedSize', () => {
  it('loses the risk at the stop', () => {
    fc.assert(
      fc.property(
        fc.tuple(...[1e3, 1e2, 1e1, 1e2, 3].map((max) => fc.double({ min: 0.01, max, noNaN: true }))),
        ([equity, riskBps, atr, pointValue, stopMult]) => {
          const units = atrBasedSize(equity!, riskBps!, atr!, pointValue!, stopMult);
          expect(units * atr! * stopMult! * pointValue!).toBeCloseTo((equity! * riskBps!) / 10_000, 6);
        },
      ),
    );
  });

  it('has a stop of 1.5 ranges unless told otherwise, and no answer without a range', () => {
    expect(atrBasedSize(100_000, 25, 2, 1)).toBeCloseTo(83.3333333, 6);
    expect(atrBasedSize(100_000, 25, 0, 1)).toBeNaN();
    expect(atrBasedSize(100_000, 25, Number.NaN, 1)).toBeNaN();
    expect(atrBasedSize(100_000, 25, 2, 0)).toBeNaN();
    expect(atrBasedSize(100_000, 25, 2, 1, 0)).toBeNaN();
  });
});

describe('volTargetScale and the Kelly bets', () => {
  it('scale exposure to the volatility wanted', () => {
    expect(volTargetScale(0.1, 0.2, 1)).toBe(0.5);
    expect(volTargetScale(0.1, 0.05, 30_000)).toBe(60_000);
    expect(volTargetScale(0.1, 0.05, 0)).toBe(0);
    expect(volTargetScale(0.1, 0, 1)).toBeNaN();
    expect(volTargetScale(0.1, Number.NaN, 1)).toBeNaN();
  });

  it('are the known ones', () => {
    expect(kellyFraction(0.6, 1)).toBeCloseTo(0.2, 12);
    expect(kellyFraction(0.5, 2)).toBeCloseTo(0.25, 12);
    expect(kellyFraction(0.3, 1)).toBeLessThan(0);
    expect(kellyLeverage(0.05, 0.04)).toBeCloseTo(1.25, 12);
  });

  it('grow wealth fastest at the Kelly fraction', () => {
    const growth = (bet: number): number => 0.6 * Math.log(1 + 1.5 * bet) + 0.4 * Math.log(1 - bet);
    const best = kellyFraction(0.6, 1.5);
    expect(growth(best)).toBeGreaterThan(growth(best - 0.01));
    expect(growth(best)).toBeGreaterThan(growth(best + 0.01));
  });
});

describe('riskPolicies.standard', () => {
  it('has the limits of the contract unless told otherwise', () => {
    expect(riskPolicies.standard.options.parse({})).toMatchObject({
      maxLeverage: 2,
      maxLossDayBps: 150,
      perSymbol: {},
      shortAllowed: true,
      stale: { feedMs: 2000 },
    });
  });

  it('takes the options of engine.yaml, documents each and refuses unknown ones', () => {
    const { options } = riskPolicies.standard;
    const policy = riskPolicies.standard.create(
      options.parse({ maxLeverage: 3, perSymbol: { AAPL: { maxUnits: 500 } }, stale: { feedMs: 5000 } }),
    );
    expect(typeof policy.check).toBe('function');
    const schema = z.toJSONSchema(options, { io: 'input' });
    for (const property of Object.values(schema.properties ?? {})) {
      expect(typeof property === 'object' && property.description).toMatch(/\.$/);
    }
    for (const wrong of [
      { nonsense: 1 },
      { maxLeverage: 0 },
      { perSymbol: { X: { maxLots: 1 } } },
      { maxOrdersPerSecond: 0.5 },
    ]) {
      expect(options.safeParse(wrong).success).toBe(false);
    }
  });
});
