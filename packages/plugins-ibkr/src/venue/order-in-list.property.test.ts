import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { StateBench } from './order-state.fixture.js';
import type { ChangeableTerms } from './order-terms.js';

const ANSWER_MS = 5_000;

/** What happens between us, the gateway, and a person in TWS; a number picks a quantity. */
type Step =
  | { readonly kind: 'ask-change'; readonly qty: number }
  | { readonly kind: 'ask-cancel' }
  /** The gateway does what was asked last, or a person does something; somebody hears of it, or nobody. */
  | { readonly kind: 'change'; readonly qty: number; readonly isTold: boolean }
  | { readonly kind: 'late-copy'; readonly qty: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'list' }
  | { readonly kind: 'wait'; readonly ms: number };

const qty = fc.integer({ min: 100, max: 104 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('ask-change' as const), qty }),
  fc.record({ kind: fc.constant('ask-cancel' as const) }),
  fc.record({ kind: fc.constant('change' as const), qty, isTold: fc.boolean() }),
  fc.record({ kind: fc.constant('late-copy' as const), qty }),
  fc.record({ kind: fc.constant('refuse' as const) }),
  fc.record({ kind: fc.constant('list' as const) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6_000 }) }),
);

function termsWith(units: number): ChangeableTerms {
  return { qty: units, limitPrice: 50, stopPrice: Number.NaN };
}

it('whatever was lost or late: a whole list leaves nothing open that was asked for long before, and the terms it shows', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const bench = new StateBench();
      const { state, clock } = bench;
      bench.openOrder('Submitted');
      let atIb = termsWith(100);
      // Its rows are told as any open order is, before the list has its end.
      const list = (): void => {
        const before = state.beforeList(ANSWER_MS);
        bench.openOrder('Submitted', atIb);
        state.onListed(atIb, 'Submitted', before);
      };
      for (const one of steps) {
        if (one.kind === 'ask-change' && state.requests.wanted === undefined)
          state.requests.askChange(termsWith(one.qty), clock.nowUtc());
        if (one.kind === 'ask-cancel') state.requests.askCancel(clock.nowUtc());
        if (one.kind === 'change') {
          atIb = termsWith(one.qty);
          if (one.isTold) bench.openOrder('Submitted', atIb);
        }
        if (one.kind === 'late-copy') bench.openOrder('Submitted', termsWith(one.qty));
        if (one.kind === 'refuse') bench.code(161);
        if (one.kind === 'list') list();
        if (one.kind === 'wait') clock.advance(one.ms);
      }
      clock.advance(ANSWER_MS);
      list();
      expect([state.requests.wanted, state.requests.cancelAskedAt]).toEqual([undefined, undefined]);
      expect([state.isOver, state.terms.qty]).toEqual([false, atIb.qty]);
      // Whoever listens to reports knows the same.
      const told = bench.reports.findLast(({ kind }) => kind === 'replaced');
      expect(told?.kind === 'replaced' ? told.qty : 100).toBe(atIb.qty);
    }),
    { numRuns: 500 },
  );
});
