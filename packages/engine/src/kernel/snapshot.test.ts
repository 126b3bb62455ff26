import { MINUTE_MS, type SignalGap } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BLANK_REPORT } from '../execution/blank-report.js';
import { drain, replay } from './journal.fixture.js';
import { Scene, START, strategyOf } from './kernel.fixture.js';
import { live, scenario, steps } from './session.fixture.js';

describe('a snapshot', () => {
  it.each([0, 1_500])('moves a run to another kernel at any event, unnoticed (close delay %d)', (closeDelayMs) => {
    let orders = 0;
    fc.assert(
      fc.property(steps, fc.double({ min: 0, max: 1, noNaN: true }), (events, where) => {
        const options = scenario(closeDelayMs);
        const scene = live(options, events);
        orders += scene.venue.sent.length;
        const whole = replay(scene.fresh(), scene.journal);
        expect(whole.hash).toBe(scene.kernel.hash());
        const cut = Math.floor(where * (scene.journal.length - 1));
        const moved = replay(scene.fresh(), scene.journal, cut);
        expect(moved.outbox).toEqual(whole.outbox);
        expect(moved.hash).toBe(whole.hash);
        expect(moved.state).toEqual(whole.state);
      }),
      { numRuns: 60 },
    );
    // Scenes in which nothing happens would prove nothing.
    expect(orders).toBeGreaterThan(300);
  });

  it('is plain data: cloned, restored and taken again it is the same', () => {
    fc.assert(
      fc.property(steps, (events) => {
        const scene = live(scenario(1_500), events);
        const saved = scene.kernel.snapshot();
        const copy = structuredClone(saved);
        expect(copy).toEqual(saved);
        const first = scene.fresh();
        first.kernel.restore(copy);
        const second = scene.fresh();
        second.kernel.restore(first.kernel.snapshot());
        expect(first.kernel.snapshot()).toEqual(saved);
        expect(second.kernel.snapshot()).toEqual(saved);
        expect(second.kernel.hash()).toBe(scene.kernel.hash());
        expect(second.kernel.nextDeadline).toBe(scene.kernel.nextDeadline);
        expect(drain(second)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('of a kernel that has seen nothing starts like a new one', () => {
    const scene = new Scene();
    const fresh = scene.fresh();
    fresh.kernel.restore(scene.kernel.snapshot());
    expect(fresh.kernel.nextDeadline).toBe(Number.POSITIVE_INFINITY);
    for (const each of [scene, fresh]) each.answer(1);
    expect(fresh.kernel.hash()).toBe(scene.kernel.hash());
    expect(fresh.kernel.snapshot()).toEqual(scene.kernel.snapshot());
  });
});

describe('what a snapshot keeps', () => {
  /** The same scene, once going on and once moved to a new kernel. */
  const both = (scene: Scene): readonly Scene[] => {
    const fresh = scene.fresh();
    fresh.kernel.restore(structuredClone(scene.kernel.snapshot()));
    return [scene, fresh];
  };

  it('who is due between a bar and the end of its instant', () => {
    const scene = new Scene();
    scene.answers[0] = 1;
    const bar = scene.barEvent({ streamIndex: 0, ts: START, price: 100 });
    scene.kernel.process(bar);
    for (const each of both(scene)) {
      each.kernel.process({ kind: 'timer', at: bar.at });
      expect(drain(each)).toEqual(['submit 1 buy 100 market entry ""']);
      expect(each.listener.marks).toHaveLength(1);
    }
  });

  it('the declared times of the very instant', () => {
    const times: string[] = [];
    const onTime = (_: unknown, name: string): undefined => void times.push(name);
    const scene = new Scene({
      start: START + 24 * 60 * MINUTE_MS - 7 * MINUTE_MS,
      strategies: [
        {
          definition: strategyOf(() => undefined, { times: ['close-5m'], onTime }),
        },
      ],
    });
    scene.bars();
    const bar = scene.barEvent({ streamIndex: 0, ts: scene.now, price: 100 });
    scene.kernel.process(bar);
    for (const each of both(scene)) each.kernel.process({ kind: 'timer', at: bar.at });
    expect(times).toEqual(['close-5m', 'close-5m']);
  });

  it('an order to be cancelled once its outcome is known', () => {
    const scene = new Scene();
    scene.answers[0] = { units: 100, entry: { limit: 99 } };
    const bar = scene.barEvent({ streamIndex: 0, ts: START, price: 100 });
    const rest = {
      qty: 0,
      price: 0,
      fee: 0,
      feeCurrency: '',
      liquidity: 'unknown',
      executionId: '',
      instrumentIndex: 0,
    } as const;
    const report = {
      ...rest,
      kind: 'venue-report',
      at: bar.at,
      sequence: 1,
      instrumentIndex: -1,
      venueOrderId: '',
      message: '',
    } as const;
    const prices = { limitPrice: Number.NaN, stopPrice: Number.NaN, reason: '' };
    scene.kernel.process(bar);
    scene.kernel.process({ kind: 'timer', at: bar.at });
    scene.kernel.process({ ...report, ...prices, report: 'unknown' });
    const command = { ts: bar.at, name: 'stop', args: { name: 's0' }, actor: 'ada' } as const;
    scene.kernel.process({ kind: 'command', at: bar.at, command });
    drain(scene);
    for (const each of both(scene)) {
      each.kernel.process({ ...report, ...prices, report: 'accepted' });
      expect(drain(each)).toEqual(['notify ORDER_KNOWN ""', 'cancel 1 buy 100 limit 99 entry ""']);
    }
  });

  it('that a slot was looked at as it is: a word of progress decides nothing anew', () => {
    const half = {
      check: ({ qty }: { qty: number }) => ({ kind: 'trim', qty: qty / 2, reason: 'R', message: '' }) as const,
    };
    const scene = new Scene({ policy: half });
    scene.answer({ units: 100 });
    expect(scene.held()).toBe(50);
    scene.kernel.process({
      kind: 'command',
      at: scene.now,
      command: { ts: scene.now, name: 'panic', args: {}, actor: 'ada' },
    });
    expect(drain(scene)).toContain('submit 2 sell 25 market exit ""');
    for (const each of both(scene)) {
      each.kernel.process({ ...BLANK_REPORT, at: scene.now, sequence: 2, report: 'sent' });
      expect(drain(each)).toEqual([]);
    }
  });

  it('how orders ended, so that late words about them are judged the same', () => {
    const scene = new Scene();
    scene.answer({ units: 100 });
    const [order] = scene.venue.sent;
    expect(scene.held()).toBe(100);
    for (const each of both(scene)) {
      each.report((venue) => venue.cancelled(order!));
      expect(each.codes()).toEqual(['ORDER_NOT_LIVE']);
      expect(each.kernel.snapshot()).toEqual(scene.kernel.snapshot());
    }
  });

  it('how many orders went out, and what the day began with', () => {
    const scene = new Scene();
    scene.answer(1, 100);
    scene.now += 24 * 60 * MINUTE_MS;
    scene.bars(101);
    scene.answer(0.5, 103);
    for (const each of both(scene)) {
      for (const { view } of [...each.kernel.parts.scopes.strategies, each.kernel.parts.scopes.global]) {
        view.ts = scene.now;
        expect([view.ordersLastSecond, view.ordersLastMinute]).toEqual([1, 1]);
        expect([view.dayStartEquity, view.dayPnlBps]).toEqual([1_000_000, expect.closeTo(3, 9)]);
      }
    }
  });

  it('all bars that a stream has given: what is restored is compared with what was saved', () => {
    const scene = new Scene();
    for (let bar = 0; bar < 10; bar++) scene.bars();
    for (const each of both(scene)) expect(each.kernel.snapshot().runners[0]?.counts).toEqual([10]);
  });

  it('since when a feed is away', () => {
    const gaps: SignalGap[] = [];
    const onReset = (_: unknown, gap: SignalGap): void => void gaps.push(gap);
    const definition = strategyOf(() => undefined, { gapToleranceMs: 30_000, onReset });
    const scene = new Scene({ strategies: [{ definition }] });
    scene.bars();
    const status = { ts: 0, feed: 'feed', reason: 'OUTAGE', message: '' };
    const from = scene.now;
    scene.driver.event({ kind: 'feed-status', at: from, status: { ...status, state: 'disconnected' } });
    for (const each of both(scene)) {
      const at = from + 31_000;
      each.driver.event({ kind: 'feed-status', at, status: { ...status, state: 'live' } });
      each.bars();
    }
    const gap = { from, to: from + 31_000, reason: 'OUTAGE' };
    expect(gaps).toEqual([gap, gap]);
  });
});

describe('the decision hash', () => {
  it('is the same for the same events, and differs when a decision does', () => {
    const run = (answer: number | object, price = 100, minutes = 1): string => {
      const scene = new Scene();
      for (let i = 1; i < minutes; i++) scene.bars(price);
      scene.answer(answer as number, price);
      return scene.kernel.hash();
    };
    const one = run(1);
    expect(run(1)).toBe(one);
    const others = [
      run(-1),
      run(0.99),
      run(1, 100.25),
      run(1, 100, 2),
      run({ units: 100, entry: { limit: 100 } }),
      run({ units: 100, entry: { limit: 100.25 } }),
      run({ units: 100, entry: { stop: 100 } }),
      run({ units: 100, protect: { trail: 2 } }),
      run({ units: 100, protect: { trail: 3 } }),
    ];
    expect(new Set([one, ...others]).size).toBe(others.length + 1);
  });

  it('is not touched by asking for it', () => {
    const scene = new Scene();
    scene.answer(1);
    expect(scene.kernel.hash()).toBe(scene.kernel.hash());
    expect(scene.kernel.hash()).toMatch(/^[0-9a-f]{16}$/);
  });
});
