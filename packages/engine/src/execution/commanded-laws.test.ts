// Three strategies of one account in one instrument, a venue that does anything it may, and a person who halts, panics and takes it back.
import { expect, it } from '@jest/globals';
import type { CommandName, SignalAnswer } from '@bookrunner/sdk';
import fc from 'fast-check';
import { Scene } from '../kernel/kernel.fixture.js';
import type { CancelAnswer, ReplaceAnswer, ScriptedVenue, SubmitAnswer } from '../kernel/scripted-venue.fixture.js';
import { watchCover } from './covered.fixture.js';
import type { OrderRecord } from './order-record.js';
import { findSelfTrade } from './self-trade.js';
import { slotOf } from './order-desk.js';

type Said = readonly [CommandName, object];

const PENDING = new Set(['pending-cancel', 'pending-replace']);

const wish = fc.oneof(
  fc.constantFrom(-1, -0.5, 0, 0.5, 1, undefined),
  fc.record({
    units: fc.constantFrom(-80, 40, 80),
    limit: fc.integer({ min: 396, max: 404 }),
    entry: fc.constantFrom('market', 'limit', 'stop'),
    protection: fc.constantFrom('none', 'both', 'stop', 'target', 'trail'),
  }),
);
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  wishes: fc.array(wish, { minLength: 3, maxLength: 3 }),
  say: fc.constantFrom('nothing', 'filled', 'part', 'cancelled', 'rejected', 'answered'),
  pick: fc.nat({ max: 7 }),
  command: fc.option(
    fc.constantFrom<Said>(
      ['panic', {}],
      ['panic', { book: 'CORE' }],
      ['resume', {}],
      ['resume', { book: 'CORE' }],
      ['halt', {}],
      ['reduce-only', {}],
      ['stop', { name: 'ada' }],
      ['start', { name: 'ada' }],
      ['shutdown', { onStop: 'cancel-all' }],
      ['shutdown', { onStop: 'over' }],
    ),
    { nil: undefined },
  ),
  submit: fc.constantFrom<SubmitAnswer>('accept', 'accept', 'accept', 'reject', 'fill', 'hold'),
  cancel: fc.constantFrom<CancelAnswer>('cancel', 'cancel', 'hold', 'reject'),
  replace: fc.constantFrom<ReplaceAnswer>('replace', 'hold', 'reject'),
});

function answerOf(said: Wish): SignalAnswer {
  if (typeof said !== 'object') return said;
  const { units, limit, entry, protection } = said;
  const side = Math.sign(units);
  const stop = protection === 'trail' ? { trail: 3 } : protection === 'target' ? {} : { stop: 100 - side * 10 };
  const target = protection === 'both' || protection === 'target' ? { takeProfit: 100 + side * 5 } : {};
  return {
    units,
    ...(entry === 'market' ? {} : { entry: { [entry]: limit / 4 } }),
    ...(protection === 'none' ? {} : { protect: { ...stop, ...target } }),
  };
}

function speak(venue: ScriptedVenue, order: OrderRecord, say: string): void {
  switch (say) {
    case 'filled':
      return venue.filled(order);
    case 'part':
      return venue.filled(order, { qty: Math.ceil(order.leavesQty / 2) });
    case 'cancelled':
      return venue.cancelled(order);
    case 'rejected':
      return order.status === 'working' ? undefined : venue.rejected(order);
    case 'answered':
      return answer(venue, order, venue.cancelRejected.bind(venue));
  }
}

/** What was asked last of an order is answered. */
function answer(venue: ScriptedVenue, order: OrderRecord, toCancel: (order: OrderRecord) => void): void {
  if (order.status === 'pending-cancel') toCancel(order);
  else if (order.status === 'pending-replace') venue.replaced(order);
  else venue.accepted(order);
}

function expectApart({ venue: { open } }: Scene): void {
  for (const order of open) expect(findSelfTrade(slotOf(order), order, open.filter(isFree))).toBeUndefined();
}

/** Protection that leaves for an exit stands in the way of more than it can trade with. */
function isFree(order: OrderRecord): boolean {
  return !(order.purpose === 'protection' && slotOf(order).isLeaving);
}

/** The venue does what it is asked, and works off what is left. */
function settle(scene: Scene): void {
  const { venue } = scene;
  venue.onSubmit = (order) => (order.purpose === 'protection' ? 'accept' : 'fill');
  venue.onCancel = () => 'cancel';
  venue.onReplace = () => 'replace';
  for (let bars = 0; bars < 6; bars++) {
    scene.bars();
    for (let n = 0; n < 30; n++) {
      const order = venue.open.find(
        ({ status, purpose }) => PENDING.has(status) || status === 'sent' || purpose !== 'protection',
      );
      if (order === undefined) break;
      const isAsked = PENDING.has(order.status) || order.purpose === 'protection';
      scene.report(() => (isAsked ? answer(venue, order, venue.cancelled.bind(venue)) : venue.filled(order)));
    }
  }
}

it.each([true, false])(
  'all get what they want in the end, and nobody is bare on the way (venue replaces: %s)',
  (replaces) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const strategies = [{ name: 'ada' }, { name: 'bob', book: 1 }, { name: 'eve' }];
        const scene = new Scene({ strategies, books: [{ name: 'CORE' }, { name: 'OTHER' }], venueReplaces: replaces });
        const { venue } = scene;
        watchCover(scene);
        for (const { wishes, say, pick, command, ...rest } of steps) {
          venue.onSubmit = (order) =>
            order.purpose === 'protection' && rest.submit === 'fill' ? 'accept' : rest.submit;
          venue.onCancel = () => rest.cancel;
          venue.onReplace = () => rest.replace;
          scene.answers.splice(0, 3, ...wishes.map(answerOf));
          scene.bars();
          expectApart(scene);
          if (command !== undefined) scene.command(...command);
          expectApart(scene);
          const order = venue.open[pick % Math.max(1, venue.open.length)];
          if (order !== undefined) scene.report(() => speak(venue, order, say));
          expectApart(scene);
        }
        scene.command('shutdown', { onStop: 'over' });
        scene.command('resume');
        scene.command('resume', { book: 'CORE' });
        scene.command('start', { name: 'ada' });
        const last = [
          { units: 30, protect: { stop: 80 } },
          { units: 20, protect: { stop: 81 } },
          { units: -25, protect: { stop: 120 } },
        ];
        scene.answers.splice(0, 3, ...last);
        settle(scene);
        expect(scene.slots.map((_, place) => scene.held(place))).toEqual([30, 20, -25]);
        const left = venue.open.map(({ owner, side, leavesQty }) => `${owner.strategy} ${side} ${leavesQty}`);
        expect(left.toSorted()).toEqual(['ada sell 30', 'bob sell 20', 'eve buy 25']);
      }),
      { numRuns: Number(process.env['FAST_CHECK_RUNS'] ?? 150) },
    );
  },
);
