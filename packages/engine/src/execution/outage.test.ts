import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GuardEvent } from '../kernel/event.js';
import { Scene } from '../kernel/kernel.fixture.js';

const long = { units: 100, protect: { stop: 95, takeProfit: 110 } };

/** Long 100 with a stop and a take-profit, at a venue that refuses new orders from `begin` on. */
class OutageScene extends Scene {
  constructor(options: ConstructorParameters<typeof Scene>[0] = {}) {
    super({ books: [{ name: 'CORE', venue: 'ib' }], ...options });
    this.answer(long);
    this.venue.log.length = 0;
  }

  outage(stage: NonNullable<GuardEvent['stage']>): void {
    this.driver.event({
      ...({ kind: 'guard', at: this.now, guard: 'planned-outage', subject: 'ib', stage } as const),
      message: 'Venue ib has a planned outage.',
    });
  }

  /** Nothing new is taken; cancels are, or not. */
  refuse({ cancels }: { readonly cancels: boolean }): void {
    this.venue.onSubmit = () => 'reject';
    this.venue.onCancel = () => (cancels ? 'reject' : 'cancel');
  }

  takeAll(): void {
    this.venue.onSubmit = (order) => (order.orderType === 'market' ? 'fill' : 'accept');
    this.venue.onCancel = () => 'cancel';
  }

  protecting(): readonly string[] {
    return this.slot.protection.map((order) => `${order.orderType} ${order.leavesQty} ${order.status}`);
  }

  count(code: string): number {
    return this.codes().filter((one) => one === code).length;
  }
}

const PROTECTED = ['stop 100 working', 'limit 100 working'];

describe('a planned outage under way', () => {
  it('leaves a position its protection when its strategy wants out, and lets it out when it is over', () => {
    const scene = new OutageScene();
    scene.outage('begin');
    scene.refuse({ cancels: false });
    for (let bar = 0; bar < 5; bar++) scene.answer({ units: 0 });
    expect([scene.venue.log, scene.protecting(), scene.count('ORDER_REJECTED')]).toEqual([[], PROTECTED, 0]);
    expect(scene.count('EXIT_WAITS')).toBe(1);
    scene.takeAll();
    scene.outage('end');
    expect([scene.held(), scene.protecting()]).toEqual([0, []]);
  });

  it('does the same for a reversal', () => {
    const scene = new OutageScene();
    scene.outage('begin');
    scene.refuse({ cancels: false });
    scene.answer({ units: -50, protect: { stop: 105 } });
    expect([scene.venue.log, scene.protecting()]).toEqual([[], PROTECTED]);
    scene.takeAll();
    scene.outage('end');
    expect(scene.held()).toBe(-50);
  });

  it('keeps a take-profit that its strategy gave up at the price it has, and moves the stop beside it', () => {
    const scene = new OutageScene();
    scene.outage('begin');
    scene.refuse({ cancels: false });
    scene.answer({ units: 100, protect: { stop: 97 } });
    expect(scene.slot.protection.map(({ stopPrice, limitPrice }) => [stopPrice, limitPrice])).toEqual([
      [97, Number.NaN],
      [Number.NaN, 110],
    ]);
    scene.takeAll();
    scene.outage('end');
    expect(scene.protecting()).toEqual(['stop 100 working']);
  });

  it('moves a stop where that is a change, and not where it has to be taken off first', () => {
    const moved = { units: 100, protect: { stop: 97, takeProfit: 110 } };
    const changing = new OutageScene();
    changing.outage('begin');
    changing.answer(moved);
    expect(changing.slot.protection[0]?.stopPrice).toBe(97);
    const cancelling = new OutageScene({ venueReplaces: false });
    cancelling.outage('begin');
    cancelling.refuse({ cancels: false });
    cancelling.answer(moved);
    expect([cancelling.venue.log, cancelling.protecting()]).toEqual([[], PROTECTED]);
    cancelling.takeAll();
    cancelling.outage('end');
    expect(cancelling.slot.protection.map(({ stopPrice }) => stopPrice)).toContain(97);
  });

  it('makes a change that was refused when it is over, as a change, and is no alarm for it', () => {
    const scene = new OutageScene();
    scene.outage('begin');
    scene.venue.onReplace = () => 'reject';
    for (let bar = 0; bar < 3; bar++) scene.answer({ units: 100, protect: { stop: 97, takeProfit: 110 } });
    const told = scene.notices.filter(({ code }) => code === 'PROTECTION_NOT_CHANGED');
    expect(told.map(({ level }) => level)).toEqual(['warning']);
    scene.venue.onReplace = () => 'replace';
    scene.outage('end');
    expect(scene.slot.protection[0]?.stopPrice).toBe(97);
    expect(scene.venue.log.some((line) => line.startsWith('cancel'))).toBe(false);
  });

  it('takes no take-profit of another strategy away for an exit that may be refused', () => {
    const scene = new OutageScene({
      books: [{ name: 'CORE', venue: 'ib' }],
      strategies: [{}, {}],
    });
    scene.answer({ units: -40 }, 100, 1);
    scene.outage('begin');
    scene.refuse({ cancels: false });
    scene.answer({ units: 0 }, 100, 1);
    expect([scene.held(1), scene.protecting()]).toEqual([-40, PROTECTED]);
    scene.takeAll();
    scene.outage('end');
    expect(scene.held(1)).toBe(0);
  });

  it('never leaves without its stop what a strategy wants protected, whatever it says and the venue refuses', () => {
    const answer = fc.record({
      units: fc.constantFrom(-50, 0, 40, 100, 150),
      protect: fc.record({ stop: fc.constantFrom(90, 95, 97), takeProfit: fc.constantFrom(110, 115) }),
    });
    const venue = fc.record({ venueReplaces: fc.boolean(), cancels: fc.boolean(), changes: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 8 }),
        venue,
        (answers, { cancels, changes, ...options }) => {
          const scene = new OutageScene(options);
          scene.outage('begin');
          scene.refuse({ cancels });
          scene.venue.onReplace = () => (changes ? 'replace' : 'reject');
          for (const each of answers) {
            scene.answer(each);
            expect(scene.held()).toBe(100);
            expect(scene.protecting()).toEqual(PROTECTED);
          }
          scene.takeAll();
          scene.venue.onReplace = () => 'replace';
          scene.outage('end');
          const last = answers.at(-1)?.units ?? 100;
          scene.answer({ ...(answers.at(-1) as object), rebalance: true } as never);
          expect(scene.held()).toBe(last);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps no stop that is larger than its position', () => {
    const scene = new OutageScene({ venueReplaces: false });
    scene.outage('begin');
    const [, target] = scene.slot.protection;
    scene.report((venue) => venue.filled(target!, { qty: 40 }));
    for (const { leavesQty } of scene.slot.protection) expect(leavesQty).toBeLessThanOrEqual(60);
  });

  it('does not keep a panic from trying; what it cannot cancel stays', () => {
    const scene = new OutageScene();
    scene.outage('begin');
    scene.refuse({ cancels: true });
    scene.command('panic');
    scene.bars();
    expect(scene.venue.log.some((line) => line.startsWith('cancel'))).toBe(true);
    expect([scene.held(), scene.protecting()]).toEqual([100, PROTECTED]);
    scene.takeAll();
    scene.outage('end');
    expect([scene.held(), scene.protecting()]).toEqual([0, []]);
  });

  it('leaves a panic whose closing order is refused with protection', () => {
    const scene = new OutageScene();
    scene.outage('begin');
    scene.venue.onSubmit = (order) => (order.purpose === 'protection' ? 'accept' : 'reject');
    scene.command('panic');
    expect([scene.held(), scene.protecting()]).toEqual([100, PROTECTED]);
    scene.takeAll();
    scene.outage('end');
    expect([scene.held(), scene.protecting()]).toEqual([0, []]);
  });

  it('protects what it refused to protect as soon as it is over', () => {
    const scene = new OutageScene({ books: [{ name: 'CORE', venue: 'ib' }] });
    scene.answer({ units: 100 });
    scene.outage('begin');
    scene.refuse({ cancels: true });
    for (let bar = 0; bar < 3; bar++) scene.answer(long);
    expect(scene.protecting()).toEqual([]);
    scene.takeAll();
    scene.outage('end');
    expect(scene.protecting()).toEqual(PROTECTED);
  });

  it('is remembered by a snapshot', () => {
    const scene = new OutageScene();
    scene.outage('begin');
    const again = scene.fresh();
    again.kernel.restore(scene.kernel.snapshot());
    again.answer({ units: 0 });
    expect([again.held(), again.slot.protection.length, again.venue.log]).toEqual([100, 2, []]);
  });
});

describe('a venue that refuses everything', () => {
  it('leaves protection where its cancel is refused; the exit is tried again, and told once', () => {
    const scene = new OutageScene();
    scene.refuse({ cancels: true });
    for (let bar = 0; bar < 5; bar++) scene.answer({ units: 0 });
    expect([scene.held(), scene.protecting()]).toEqual([100, PROTECTED]);
    expect(scene.venue.log.filter((line) => line.startsWith('cancel')).length).toBeGreaterThanOrEqual(5);
    expect([scene.count('EXIT_WAITS'), scene.count('ORDER_REJECTED')]).toEqual([1, 0]);
    scene.takeAll();
    scene.bars();
    expect(scene.held()).toBe(0);
  });

  it('is an alarm once, and not once a bar', () => {
    const scene = new OutageScene();
    scene.answer({ units: 100 });
    scene.refuse({ cancels: true });
    for (let bar = 0; bar < 5; bar++) scene.answer({ units: 0 });
    const told = scene.notices.filter(({ code }) => code === 'ORDER_REJECTED').map(({ level }) => level);
    expect([told[0], ...new Set(told.slice(1))]).toEqual(['alarm', 'info']);
    scene.takeAll();
    scene.bars();
    scene.answer({ units: 10 });
    scene.refuse({ cancels: true });
    scene.answer({ units: 0 });
    expect(scene.notices.findLast(({ code }) => code === 'ORDER_REJECTED')?.level).toBe('alarm');
  });
});
