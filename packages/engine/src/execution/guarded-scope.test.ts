import type { ProtectInstruction, RiskPolicy } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';
import { ClosedScopes, GuardedScope } from './guarded-scope.js';
import type { ScopeView } from './scope-view.js';
import type { TargetSlot } from './target-slot.js';

const POLICY: RiskPolicy = { check: () => ({ kind: 'approve' }) };
const text = fc.constantFrom('', 'halt by ada', 'stale');
const step = fc.oneof(
  fc.record({ haltReason: text }),
  fc.record({ venueHalt: text }),
  fc.record({ pauseReason: text }),
  fc.record({ stopPolicy: fc.constantFrom('', 'cancel-all') }),
);

/** A scope, one around it, and one around both, each with a policy or without. */
function nested(hasPolicy: readonly boolean[], closed: ClosedScopes): readonly GuardedScope[] {
  const scopes: GuardedScope[] = [];
  for (const has of hasPolicy) {
    const policy = has ? POLICY : undefined;
    scopes.unshift(new GuardedScope({ view: {} as ScopeView, policy, around: scopes[0], closed }));
  }
  return scopes;
}

function isClosed({ haltReason, venueHalt, pauseReason, stopPolicy }: GuardedScope): boolean {
  return [haltReason, venueHalt, pauseReason, stopPolicy].some((reason) => reason !== '');
}

describe('a guarded scope', () => {
  it('is counted while it allows no new risk, however that comes about', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), step)), (steps) => {
        const closed = new ClosedScopes();
        const scopes = nested([true, false, true], closed);
        for (const [place, change] of steps) {
          Object.assign(scopes[place]!, change);
          expect(closed.count).toBe(scopes.filter(isClosed).length);
        }
      }),
    );
  });

  it('leads to all scopes around it that have a policy', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), (hasPolicy) => {
        const scopes = nested(hasPolicy, new ClosedScopes());
        const met: GuardedScope[] = [];
        for (let scope = scopes[0]?.policed; scope !== undefined; scope = scope.outer) met.push(scope);
        expect(met).toEqual(scopes.filter(({ policy }) => policy !== undefined));
      }),
    );
  });

  it('counts the orders of all its slots, each once, whoever shares the count', () => {
    const setup = fc.record({
      books: fc.array(fc.nat(1), { minLength: 1, maxLength: 4 }),
      sent: fc.array(fc.tuple(fc.nat(3), fc.nat(1_500))),
    });
    fc.assert(
      fc.property(setup, ({ books, sent }) => {
        const strategies = books.map((book) => ({ book }));
        const scene = new Scene({ instruments: [instrumentOf()], strategies, books: [{ name: 'B0' }, { name: 'B1' }] });
        const slots = sent.map(([pick]) => scene.slots[pick % scene.slots.length]!);
        let now = 0;
        const times = sent.map(([, later]) => (now += later));
        slots.forEach((slot, place) => slot.countSent(times[place]!, 1));
        const all = scene.kernel.parts.scopes;
        for (const { view } of [...all.strategies, ...all.books, all.global]) {
          view.ts = now;
          const own = times.filter((_, place) => view.slots.includes(slots[place]!));
          expect(view.ordersLastSecond).toBe(own.filter((at) => at > now - 1_000).length);
          expect(view.ordersLastMinute).toBe(own.filter((at) => at > now - 60_000).length);
        }
      }),
    );
  });
});

/** What protects a position, worked out from all that is said. */
function protectionOf({ heldScaled, wishSide, kept, protect }: TargetSlot): ProtectInstruction | undefined {
  const side = Math.sign(heldScaled);
  const aside = kept?.side === side ? kept.protect : undefined;
  if (wishSide === 0) return protect ?? aside;
  return wishSide === -side ? aside : protect;
}

describe('what protects a position', () => {
  it('is what was said last of its side, in whatever order that is said', () => {
    const said = fc.constantFrom(undefined, { stop: 95 }, { trail: 2 });
    const saying = fc.oneof(
      fc.record({ protect: said }),
      fc.record({ kept: fc.option(fc.record({ side: fc.constantFrom(1, -1), protect: said }), { nil: undefined }) }),
      fc.record({ wishSide: fc.constantFrom(-1, 0, 1) }),
    );
    fc.assert(
      fc.property(fc.array(saying), fc.constantFrom(-100, 0, 100), (steps, signedScaled) => {
        const { slot } = new Scene();
        const fill = { at: 0, signedScaled, priceScaled: 100, feeScaled: 0 };
        if (signedScaled !== 0) slot.bookOf.addFill(slot.position, fill, () => {});
        for (const each of steps) {
          Object.assign(slot, each);
          expect(slot.instruction).toEqual(protectionOf(slot));
        }
      }),
    );
  });
});
