import type { SignalAnswer, TargetPosition } from '@bookrunner/sdk';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TargetSlot } from '../execution/target-slot.js';
import { Scene } from '../kernel/kernel.fixture.js';
import { takeAnswer, takeShare, takeTarget } from './answer.js';

const KNOWN = {
  target: ['share', 'units', 'weight', 'rebalance', 'entry', 'protect'],
  entry: ['limit', 'stop', 'tif', 'expiresAt'],
  protect: ['stop', 'takeProfit', 'trail'],
};

/** The same in words: sets of names and lists of prices. */
function faultOf(target: TargetPosition): string | undefined {
  const { entry, protect } = target;
  const unknown = [
    ...Object.keys(target).filter((field) => !KNOWN.target.includes(field)),
    ...Object.keys(entry ?? {}).filter((field) => !KNOWN.entry.includes(field)),
    ...Object.keys(protect ?? {}).filter((field) => !KNOWN.protect.includes(field)),
  ];
  if (unknown.length > 0) return `answered with the unknown field '${unknown[0]}'`;
  const prices = [entry?.limit, entry?.stop, protect?.stop, protect?.takeProfit, protect?.trail];
  if (prices.some((price) => price !== undefined && !Number.isFinite(price)))
    return 'answered with a price of entry or protect that is not finite';
  if (protect?.trail !== undefined && protect.trail <= 0) return 'answered with a protect.trail that is not above 0';
  return faultOfWish(target);
}

function faultOfWish(target: TargetPosition): string | undefined {
  const named = (['share', 'units', 'weight'] as const).filter((measure) => target[measure] !== undefined);
  const [measure] = named;
  if (measure === undefined || named.length > 1)
    return 'answered with a target that has not exactly one of share, units and weight';
  const wish = target[measure] as number;
  if (!Number.isFinite(wish)) return `answered ${measure} ${wish}`;
  return measure === 'share' && Math.abs(wish) > 1 ? `answered ${wish}; a share lies between -1 and 1` : undefined;
}

/** An instruction that says nothing is none. */
function saying(instruction: object | undefined): object | undefined {
  return Object.values(instruction ?? {}).some((value) => value !== undefined) ? instruction : undefined;
}

const number = fc.constantFrom(0.5, 1, 2, 0, -0.5, undefined, Number.NaN, Number.POSITIVE_INFINITY);
const some = { requiredKeys: [] };
const entry = fc.record(
  { limit: number, stop: number, tif: fc.constant('GTC'), expiresAt: number, limt: number },
  some,
);
const protect = fc.record({ stop: number, takeProfit: number, trail: number, takProfit: number }, some);
const parts = { entry: fc.option(entry, { nil: undefined }), protect: fc.option(protect, { nil: undefined }) };
const measures = { share: number, units: number, weight: number, rebalance: fc.boolean(), shares: number };

it('says of a target what is wrong with it, field by field', () => {
  const { slot } = new Scene();
  fc.assert(
    fc.property(fc.record({ ...measures, ...parts }, some), (target) => {
      const effect = takeTarget(slot, target as TargetPosition);
      const fault = faultOf(target as TargetPosition);
      if (fault !== undefined) return expect(effect).toMatchObject({ invalid: fault });
      expect(typeof effect).toBe('string');
      const { measure, wish } = slot;
      expect(target[measure as 'share']).toBe(wish);
      expect([slot.entry, slot.protect].map(saying)).toEqual([target.entry, target.protect].map(saying));
    }),
    { numRuns: 2_000 },
  );
});

/** Answers one after the other: plain shares mostly, and long ones between them. */
const answers = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ share: fc.constantFrom(-1, -0.5, 0, 0.5, 1) }) },
    {
      weight: 1,
      arbitrary: fc.record(
        { share: fc.constantFrom(-1, 0, 1), protect: fc.constantFrom({ stop: 90 }, { stop: 110 }) },
        { requiredKeys: ['share'] },
      ),
    },
  ),
  { maxLength: 12 },
);

it('takes a number as it takes the same share of a target', () => {
  fc.assert(
    fc.property(answers, fc.integer({ min: -2, max: 2 }), (list, held) => {
      const [short, long] = [new Scene(), new Scene()].map(({ slot }) => {
        const fill = { at: 0, signedScaled: held, priceScaled: 100, feeScaled: 0 };
        if (held !== 0) slot.bookOf.addFill(slot.position, fill, () => {});
        return slot;
      }) as [TargetSlot, TargetSlot];
      for (const target of list) {
        const isPlain = !('protect' in target);
        const effects = [
          isPlain ? takeShare(short, target.share) : takeTarget(short, target),
          takeTarget(long, target),
        ];
        expect(effects[0]).toBe(effects[1]);
        expect(stateOf(short)).toEqual(stateOf(long));
        short.isWaiting = long.isWaiting = true;
        short.isSettled = long.isSettled = true;
      }
    }),
  );
});

function stateOf(slot: TargetSlot): object {
  const { measure, wish, plainShare, entry, protect, kept, wishSide, instruction, isWaiting, isEntryStale } = slot;
  return { measure, wish, plainShare, entry, protect, kept, wishSide, instruction, isWaiting, isEntryStale };
}

it('takes nothing for an instruction that is none', () => {
  const { slot } = new Scene();
  const faults: readonly (readonly [object, string])[] = [
    [{ share: 1, protect: 90 }, 'answered with a protect that is no object of stop, takeProfit and trail'],
    [{ share: 1, protect: [90] }, 'answered with a protect that is no object of stop, takeProfit and trail'],
    [{ share: 1, entry: 100 }, 'answered with an entry that is no object of limit, stop, tif and expiresAt'],
    [{ share: 1, entry: { limit: 1, tif: 'gtc' } }, "answered with the unknown entry.tif 'gtc'"],
    [{ share: 1, entry: { limit: 1, tif: 'GTD' } }, 'answered with entry.tif GTD without an expiresAt'],
    [{ share: 1, rebalance: 'no' }, 'answered with a rebalance that is neither true nor false'],
  ];
  for (const [target, invalid] of faults) expect(takeTarget(slot, target as TargetPosition)).toEqual({ invalid });
  expect(slot.targetScaled).toBeNaN();
  for (const target of [
    { share: 1, protect: null },
    { share: 1, entry: { limit: 1, tif: 'GTD', expiresAt: 5 } },
  ])
    expect(takeTarget(slot, target as unknown as TargetPosition)).not.toHaveProperty('invalid');
});

it('says what a record has for a symbol that is no wish', () => {
  const scene = new Scene();
  for (const [wish, text] of [
    [null, 'null'],
    ['1', 'a string'],
  ] as const) {
    const answer = { AAA: wish } as unknown as SignalAnswer;
    expect(takeAnswer(scene.slots, scene.slot, answer)).toEqual({ invalid: `answered for 'AAA' with ${text}` });
  }
});
