// What brokers say of an instrument, and what a session remembers of it: with both the instrument is the same.
import { defineInstrument, type Instrument, type Venue } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { askBroker, type InstrumentTerms, termsOf, withTerms } from './broker-instruments.js';

const steps = fc.constantFrom(100, 1, 0.5, 0.25, 0.01, 0.005, 0.0001);
const terms: fc.Arbitrary<InstrumentTerms> = fc.record(
  {
    priceStep: steps,
    priceSteps: steps.map((step) => [{ from: 10, step }]),
    lotStep: steps,
    minQty: fc.constantFrom(1, 0.5),
    pointValue: fc.constantFrom(1, 0.5, 20),
  },
  { requiredKeys: [] },
);
const decimals = fc.option(fc.integer({ min: 4, max: 7 }), { nil: undefined });
const declared = fc
  .tuple(terms, decimals, decimals)
  .map(([own, priceDecimals, quantityDecimals]) =>
    defineInstrument({ symbol: 'AAA', assetClass: 'equity', quote: 'USD', ...own, priceDecimals, quantityDecimals }),
  );

const scalesOf = ({ priceDecimals, quantityDecimals }: Instrument) => ({ priceDecimals, quantityDecimals });

/** As a run asks: the second broker hears what the first has said. */
async function resolve(own: Instrument, brokers: readonly ((asked: Instrument) => Instrument)[]): Promise<Instrument> {
  let asked = own;
  for (const [place, answer] of brokers.entries()) {
    const venue = {
      resolve: (instrument: Instrument) => Promise.resolve(answer(instrument)),
    } as Partial<Venue> as Venue;
    const question = { name: `b${place}`, venue, instrument: asked, declared: own, onNotice: () => {}, now: () => 0 };
    // oxlint-disable-next-line no-await-in-loop
    asked = await askBroker({ ...question, source: { mask: (text: string) => text } as never });
  }
  return asked;
}

describe('terms of an instrument', () => {
  it('make of the declared instrument the one that is traded, whoever told finer steps before', () => {
    fc.assert(
      fc.property(declared, terms, terms, (own, first, second) => {
        for (const traded of [withTerms(own, first), withTerms(withTerms(own, first), second)]) {
          expect(withTerms(own, termsOf(own, traded))).toEqual(traded);
        }
      }),
    );
  });

  it('never make a scale coarser', () => {
    fc.assert(
      fc.property(declared, terms, (own, told) => {
        const { priceDecimals, quantityDecimals } = withTerms(own, told);
        expect(priceDecimals >= own.priceDecimals && quantityDecimals >= own.quantityDecimals).toBe(true);
        expect(withTerms(own, { priceDecimals: 0, quantityDecimals: 0 })).toEqual(own);
      }),
    );
  });

  it('are none where nothing differs', () => {
    fc.assert(fc.property(declared, (own) => expect(termsOf(own, own)).toEqual({})));
  });
});

describe('an instrument of several brokers', () => {
  it('is what its terms make of the declared one', async () => {
    const own = defineInstrument({ symbol: 'AAA', assetClass: 'equity', quote: 'USD', lotStep: 1 });
    const told = (step: number) => (asked: Instrument) => ({ ...asked, lotStep: step, minQty: step });
    const traded = await resolve(own, [told(0.001), told(1)]);
    expect(scalesOf(traded)).toEqual({ priceDecimals: 5, quantityDecimals: 6 });
    expect(termsOf(own, traded)).toEqual({ priceDecimals: 5, quantityDecimals: 6 });
    expect(withTerms(own, termsOf(own, traded))).toEqual(traded);
  });

  it.each([
    ['more digits than its steps need', 8],
    ['fewer than are declared', 0],
  ])('has the scales of its steps where a plugin has %s', async (_what, quantityDecimals) => {
    const own = defineInstrument({ symbol: 'AAA', assetClass: 'equity', quote: 'USD', quantityDecimals: 2 });
    const answer = (asked: Instrument) => ({ ...asked, quantityDecimals, priceDecimals: quantityDecimals });
    const traded = await resolve(own, [answer]);
    expect(traded).toEqual(own);
    expect(termsOf(own, traded)).toEqual({});
    const finer = await resolve(own, [(asked) => ({ ...answer(asked), lotStep: 0.01, minQty: 0.01 })]);
    expect(scalesOf(finer)).toEqual({ priceDecimals: 5, quantityDecimals: 5 });
    expect(withTerms(own, termsOf(own, finer))).toEqual(finer);
  });
});
