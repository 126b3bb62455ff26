// Two brokers, an account and a book each, trade one symbol: what happens at one of them concerns the other in nothing.
import { describe, expect, it } from '@jest/globals';
import type { OrderRef } from '@bookrunner/sdk';
import fc from 'fast-check';
import { HOLD } from '../execution/hold.js';
import type { OrderRecord } from '../execution/order-record.js';
import { Scene } from '../kernel/kernel.fixture.js';
import type { SynchronousVenue } from '../runtime/synchronous-venue.js';
import { type Fate, TruthBroker } from './truth-broker.fixture.js';
import { runs } from './broker-steps.fixture.js';
import type { BrokerWatch } from './broker-watch.js';

/** Requests go to the broker of their account. */
class Pair implements SynchronousVenue {
  readonly nextDeadline = Number.POSITIVE_INFINITY;
  readonly brokers: ReadonlyMap<string, TruthBroker>;

  constructor(scene: Scene) {
    this.brokers = new Map(
      ['a', 'b'].map((venue) => [venue, new TruthBroker(scene, 1_000_000, { venue, account: venue.toUpperCase() })]),
    );
  }
  #of({ account }: OrderRecord | { readonly account: string }): TruthBroker {
    return this.brokers.get(account.toLowerCase()) as TruthBroker;
  }
  submit(group: readonly OrderRecord[]): boolean {
    return this.#of(group[0] as OrderRecord).submit(group);
  }
  cancel(order: OrderRecord): void {
    this.#of(order).cancel(order);
  }
  replace(order: OrderRecord, change: object): void {
    this.#of(order).replace(order, change);
  }
  query(venue: string, query: number): void {
    this.brokers.get(venue)?.query(venue, query);
  }
  cancelForeign(venue: string, ref: OrderRef): void {
    this.brokers.get(venue)?.cancelForeign(venue, ref);
  }
  onTick(): void {}
  passBar(): boolean {
    return true;
  }
  onBarOpen(): void {}
  onBarRange(): void {}
  advance(): void {}
}

class TwoBrokers {
  readonly scene: Scene;
  readonly a: TruthBroker;
  readonly b: TruthBroker;

  constructor() {
    let pair: Pair | undefined;
    this.scene = new Scene({
      brokers: ['a', 'b'].map((venue) => ({
        ...{ venue, isMarginSettled: false },
        accounts: [{ name: venue.toUpperCase(), isExclusive: true }],
      })),
      reconcile: { everyMs: 60_000, settleMs: 2_000, pageMs: 30_000, callMs: 10_000 },
      books: [
        { name: 'ONE', account: 'A', venue: 'a' },
        { name: 'TWO', account: 'B', venue: 'b' },
      ],
      strategies: [
        { name: 'one', book: 0 },
        { name: 'two', book: 1 },
      ],
      venueOf: (scene) => (pair = new Pair(scene)),
    });
    this.a = pair?.brokers.get('a') as TruthBroker;
    this.b = pair?.brokers.get('b') as TruthBroker;
    for (const venue of ['a', 'b'] as const) this.status(venue, 'ready');
    this.pump();
  }

  status(venue: 'a' | 'b', state: 'ready' | 'disconnected'): void {
    const { now } = this.scene;
    const status = { ts: now, venue, state, reason: '', message: '' };
    this.scene.driver.event({ kind: 'venue-status', at: now, status });
  }

  watch(venue: 'a' | 'b'): BrokerWatch {
    return this.scene.kernel.parts.reconciler?.watches.find((watch) => watch.venue === venue) as BrokerWatch;
  }

  pump(): void {
    for (const queues of [this.a, this.b, this.a, this.b].map(({ inbox, outbox }) => [inbox, outbox])) {
      for (const queue of queues) while (queue.length > 0) queue.shift()?.();
    }
    if (this.a.inbox.length + this.a.outbox.length + this.b.inbox.length + this.b.outbox.length > 0) this.pump();
  }

  bar(one: number, two: number): void {
    this.scene.answers.splice(0, 2, one, two);
    this.scene.bars(100);
    this.pump();
  }

  pass(ms: number): void {
    const { scene } = this;
    this.pump();
    const end = scene.now + ms;
    while (scene.now < end) {
      scene.now = Math.min(end, Math.max(scene.now + 1, Math.min(end, scene.driver.nextDeadline())));
      scene.driver.advanceTo(scene.now);
      this.pump();
    }
  }

  /** Units in the book and in suspense of an account, and at its broker. */
  sums(venue: 'a' | 'b'): readonly number[] {
    const held = this.watch(venue).slots.reduce((sum, slot) => sum + slot.position.holding.qty, 0);
    return [held, this[venue].positions.get('AAA') ?? 0];
  }
}

describe('two brokers and one symbol', () => {
  it('each have their book and their sum', () => {
    const two = new TwoBrokers();
    two.bar(1, -0.5);
    two.pass(61_000);
    expect([two.sums('a'), two.sums('b')]).toEqual([
      [100, 100],
      [-50, -50],
    ]);
    expect(two.scene.codes()).not.toContain('SYMBOL_FROZEN');
  });

  it('of which one is away: its book is held, the other trades on, and is compared', () => {
    const two = new TwoBrokers();
    two.bar(1, 1);
    two.status('a', 'disconnected');
    two.bar(-1, -1);
    expect([two.a.received.length, two.sums('b')]).toEqual([1, [-100, -100]]);
    two.pass(61_000);
    expect(two.scene.slots.slice(0, 2).map(({ holds }) => holds)).toEqual([HOLD.gate, 0]);
    expect(two.watch('b').report).toMatchObject({ isComplete: true, differences: [] });
    two.status('a', 'ready');
    two.pump();
    two.bar(-1, -1);
    expect([two.sums('a'), two.sums('b')]).toEqual([
      [-100, -100],
      [-100, -100],
    ]);
  });

  it('of which one never stops reporting: positions of the other are compared, and its orders known', () => {
    const two = new TwoBrokers();
    two.scene.answers.splice(0, 2, undefined, { units: 100_000, entry: { limit: 99, tif: 'GTC' } });
    two.scene.bars(100);
    two.pump();
    const [id] = two.b.open.keys();
    // Whenever a is asked, b reports before a's answer is heard.
    two.a.spoil = (snapshot) => {
      two.b.fill(id as string, 1);
      for (const say of two.b.outbox.splice(0)) say();
      return snapshot;
    };
    two.a.trade('sell', 5, 'AAA', false);
    two.a.fate = () => 'lost';
    two.scene.answers[0] = 1;
    two.scene.bars(100);
    two.pass(20_000);
    expect(two.scene.listener.ended.map(({ reason }) => reason)).toContain('NEVER_ARRIVED');
    expect(two.watch('a').accounts[0]?.unexplained.get(0)).toBe(-5_000);
    expect(two.watch('b').accounts[0]?.unexplained.size).toBe(0);
    // What freezes at one account does not freeze the book at the other.
    expect(two.scene.slots.slice(0, 2).map(({ holds }) => holds & HOLD.frozen)).toEqual([HOLD.frozen, 0]);
  });

  it('of which one is panicked: it is flat and proven so, and the other is as it was', () => {
    const two = new TwoBrokers();
    two.bar(1, 1);
    const sent = two.b.received.length;
    two.scene.command('panic', { venue: 'a' });
    two.pass(10_000);
    expect([two.sums('a'), two.sums('b'), two.b.received.length]).toEqual([[0, 0], [100, 100], sent]);
    expect(two.scene.codes()).toContain('PANIC_COMPLETE');
    two.bar(1, -1);
    expect([two.sums('a'), two.sums('b')]).toEqual([
      [0, 0],
      [-100, -100],
    ]);
  });

  it('add up each, whatever was lost, late or cut off at either', () => {
    const venue = fc.constantFrom('a' as const, 'b' as const);
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('bar' as const),
        one: fc.constantFrom(-1, 0, 0.5, 1),
        two: fc.constantFrom(-1, 0, 1),
      }),
      fc.record({
        kind: fc.constant('fate' as const),
        venue,
        fate: fc.constantFrom<Fate>('through', 'unheard', 'late', 'lost'),
      }),
      fc.record({ kind: fc.constant('cut' as const), venue }),
      fc.record({ kind: fc.constant('ready' as const), venue }),
      fc.record({ kind: fc.constant('trade' as const), venue, qty: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 100, max: 70_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
        const two = new TwoBrokers();
        for (const one of steps) {
          if (one.kind === 'bar') two.bar(one.one, one.two);
          else if (one.kind === 'fate') two[one.venue].fate = () => one.fate;
          else if (one.kind === 'cut') two.status(one.venue, 'disconnected');
          else if (one.kind === 'ready') two.status(one.venue, 'ready');
          else if (one.kind === 'trade') two[one.venue].trade('buy', one.qty);
          else two.pass(one.ms);
        }
        for (const name of ['a', 'b'] as const) {
          two[name].fate = () => 'through';
          two[name].arriveLate();
          two.status(name, 'disconnected');
          two.status(name, 'ready');
        }
        two.pass(200_000);
        for (const name of ['a', 'b'] as const) {
          const [ours, theirs] = two.sums(name);
          expect(ours).toBe(theirs);
          const cash = two.watch(name).report?.balances.find(({ kind }) => kind === 'cash');
          expect((cash?.books ?? 0) + (cash?.suspense ?? 0)).toBeCloseTo(two[name].cash, 6);
          expect(new Set(two[name].received).size).toBe(two[name].received.length);
        }
        // Everything was told in the end: a person decides only on what others took off a position of the books.
        const frozen = two.scene.notices.filter(({ code }) => code === 'SYMBOL_FROZEN');
        expect(frozen.filter(({ details }) => details['cause'] !== 'position-taken')).toEqual([]);
      }),
      runs(400),
    );
  });
});
