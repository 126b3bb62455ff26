// Laws of the kill switch, over everything a person, a venue and the end of a run may do in any order.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Scene } from './kernel.fixture.js';

const BOOKS = [
  { name: 'A', account: 'a', venue: 'V' },
  { name: 'B', account: 'b', venue: 'V' },
  { name: 'C', account: 'c', venue: 'W' },
];

const scope = fc.constantFrom<object>({}, { book: 'A' }, { book: 'B' }, { venue: 'V' }, { venue: 'W' });
const strategy = fc.nat(2);
const step = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    strategy,
    units: fc.integer({ min: -3, max: 3 }),
    stop: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('halt', 'reduce-only', 'panic', 'resume'), scope }),
  fc.record({ kind: fc.constant('panic' as const), scope }),
  fc.record({ kind: fc.constantFrom('start', 'stop'), strategy }),
  fc.record({
    kind: fc.constant('shutdown' as const),
    onStop: fc.constantFrom('cancel-entries', 'cancel-all', 'over'),
  }),
  fc.record({
    kind: fc.constant('venue' as const),
    submit: fc.constantFrom('hold', 'fill', 'accept', 'reject'),
    cancel: fc.constantFrom('hold', 'cancel', 'reject'),
  }),
  fc.record({ kind: fc.constant('order' as const), index: fc.nat(5), what: fc.constantFrom('fill', 'part', 'cancel') }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(of: Scene, one: Step): void {
  if (one.kind === 'answer' && 'units' in one) {
    const { units, stop } = one;
    return of.answer({ units, ...(stop ? { protect: { stop: units > 0 ? 50 : 150 } } : {}) }, 100, one.strategy);
  }
  if (one.kind === 'venue' && 'submit' in one) {
    of.venue.onSubmit = (order) =>
      one.submit === 'fill' && order.orderType !== 'market' ? 'accept' : (one.submit as 'fill');
    of.venue.onCancel = () => one.cancel as 'cancel';
    return;
  }
  if (one.kind === 'order' && 'what' in one) {
    const order = of.venue.open[one.index];
    if (order === undefined) return;
    return of.report((venue) => {
      if (one.what === 'cancel') venue.cancelled(order);
      else venue.filled(order, one.what === 'part' && order.leavesQty > 1 ? { qty: 1 } : {});
    });
  }
  if ('strategy' in one) return of.command(one.kind as 'stop', { name: `s${one.strategy}` });
  if ('onStop' in one) return of.command('shutdown', { onStop: one.onStop });
  if ('scope' in one) of.command(one.kind as 'halt', one.scope);
}

/** The venue answers all that it was asked. */
function settle(of: Scene): void {
  of.venue.onSubmit = (order) => (order.orderType === 'market' ? 'fill' : 'accept');
  of.venue.onCancel = () => 'cancel';
  for (let round = 0; round < 6; round++) {
    for (const order of of.venue.open) {
      if (order.status === 'pending-cancel') of.report((venue) => venue.cancelled(order));
      else if (order.orderType === 'market') of.report((venue) => venue.filled(order));
      else if (order.status !== 'working') of.report((venue) => venue.accepted(order));
    }
    of.bars();
  }
}

it('a panic that is in force ends flat, and complete, whatever else is said and whatever the venue does meanwhile', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const of = new Scene({ books: BOOKS, strategies: BOOKS.map((_, book) => ({ book })) });
      of.bars();
      for (const one of steps) take(of, one);
      settle(of);
      for (const panic of of.kernel.parts.panics.save()) {
        const slots = of.slots.filter(
          (slot) => (panic.book ?? slot.book) === slot.book && (panic.venue ?? slot.bookOf.venue) === slot.bookOf.venue,
        );
        expect([
          panic.isDone,
          slots.map((slot) => [slot.position.holding.qty, slot.entries.length, slot.protection.length]),
        ]).toEqual([true, slots.map(() => [0, 0, 0])]);
      }
    }),
    { numRuns: 300 },
  );
});

it('whatever was said is over once every scope is resumed and the run goes on: each strategy trades, with its protection', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const of = new Scene({ books: BOOKS, strategies: BOOKS.map((_, book) => ({ book })) });
      of.bars();
      for (const one of steps) take(of, one);
      of.command('shutdown', { onStop: 'over' });
      for (const each of [{}, { book: 'A' }, { book: 'B' }, { book: 'C' }, { venue: 'V' }, { venue: 'W' }])
        of.command('resume', each);
      for (const name of ['s0', 's1', 's2']) of.command('start', { name });
      settle(of);
      // What was refused meanwhile waits for an answer of its own.
      for (const units of [7, 9]) {
        of.answers.splice(0, 3, ...BOOKS.map(() => ({ units, protect: { stop: 50 } })));
        of.bars();
        settle(of);
      }
      expect(of.kernel.parts.panics.hasAny).toBe(false);
      expect(
        of.slots.map((slot) => [slot.position.holding.qty, slot.protection.map(({ leavesQty }) => leavesQty)]),
      ).toEqual(BOOKS.map(() => [9, [9]]));
    }),
    { numRuns: 300 },
  );
});
