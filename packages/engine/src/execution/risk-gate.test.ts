import type { OrderRequest, PortfolioView, RiskDecision, RiskPolicy } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { Scene, START } from '../kernel/kernel.fixture.js';

const DAY = 86_400_000;
/** A week later: Tokyo is on holiday when the scenes start. */
const MONDAY = START + 7 * DAY;
const trim = (qty: number, reason: string): RiskPolicy => ({
  check: (order) => (order.reduces ? { kind: 'approve' } : { kind: 'trim', qty, reason, message: reason }),
});

describe('the risk gate', () => {
  it.each<[string, (order: Record<string, unknown>) => unknown]>([
    ['turns the side', (order) => (order['side'] = 'sell')],
    ['makes it a limit order', (order) => Object.assign(order, { orderType: 'limit', limitPrice: 1 })],
    ['changes its quantity', (order) => Object.assign(order, { qty: 1, qtyScaled: 1 })],
  ])('sends the order as it was where a policy %s', (_, act) => {
    const policy: RiskPolicy = {
      check: (order) => {
        act(order as unknown as Record<string, unknown>);
        return { kind: 'approve' };
      },
    };
    const scene = new Scene({ policy });
    scene.answer(1);
    expect(scene.venue.log).toEqual(['submit 1 buy 100 market entry']);
  });

  it('asks strategy, book and global, and the tightest wins', () => {
    const asked: string[] = [];
    const seeing = (policy: RiskPolicy): RiskPolicy => ({
      check: (order, view) => {
        asked.push(`${view.scope} ${view.name} ${order.side} ${order.qty} ${order.strategy} ${order.book}`);
        return policy.check(order, view);
      },
    });
    const scene = new Scene({
      strategies: [{ policy: seeing(trim(70, 'STRATEGY')) }],
      books: [{ name: 'CORE', policy: seeing(trim(30.9, 'BOOK')) }],
      policy: seeing(trim(50, 'GLOBAL')),
    });
    scene.answer(1);
    expect(asked).toEqual(['strategy s0 buy 100 s0 CORE', 'book CORE buy 100 s0 CORE', 'global  buy 100 s0 CORE']);
    expect(scene.held()).toBe(30);
    expect(scene.listener.refusals).toEqual([{ strategy: 's0', reason: 'BOOK', message: 'BOOK' }]);
    // What was trimmed waits for a new answer.
    scene.bars();
    expect(scene.venue.sent).toHaveLength(1);
  });

  it.each<[string, RiskDecision]>([
    ['a refusal', { kind: 'refuse', reason: 'NO', message: 'No.' }],
    ['a trim to nothing', { kind: 'trim', qty: 0, reason: 'NO', message: 'No.' }],
    ['a trim below a lot', { kind: 'trim', qty: 0.4, reason: 'NO', message: 'No.' }],
    ['a trim below zero', { kind: 'trim', qty: -50, reason: 'NO', message: 'No.' }],
    ['a trim to no number', { kind: 'trim', qty: Number.NaN, reason: 'NO', message: 'No.' }],
  ])('lets nothing out on %s, until a new answer', (_, decision) => {
    let current: RiskDecision = decision;
    const scene = new Scene({ policy: { check: () => current } });
    scene.answer(1);
    current = { kind: 'approve' };
    scene.answer(1);
    expect(scene.venue.sent).toHaveLength(0);
    expect(scene.listener.refusals.map((refusal) => refusal.reason)).toEqual(['NO']);
    scene.answer(0.5);
    expect(scene.held()).toBe(50);
  });

  it('takes a policy that throws for a no, and lets an exit through', () => {
    let isBroken = false;
    const policy: RiskPolicy = {
      check: () => {
        if (isBroken) throw new Error('division by zero');
        return { kind: 'approve' };
      },
    };
    const scene = new Scene({ policy });
    scene.answer(1);
    isBroken = true;
    scene.answer(-1);
    expect(scene.held()).toBe(100);
    expect(scene.listener.refusals).toEqual([
      { strategy: 's0', reason: 'RISK_POLICY_THREW', message: 'The policy of global  threw: division by zero' },
    ]);
    scene.answer(0);
    expect(scene.held()).toBe(0);
  });

  it('counts what works already when it tells what reduces', () => {
    const requests: OrderRequest[] = [];
    const scene = new Scene({ policy: { check: (order) => (requests.push({ ...order }), { kind: 'approve' }) } });
    scene.answer(1);
    scene.venue.onSubmit = () => 'accept';
    scene.answer(0.4);
    scene.answer(-0.4);
    expect(requests.map((order) => [order.qty, order.reduces, order.purpose])).toEqual([
      [100, false, 'entry'],
      [60, true, 'exit'],
      [80, false, 'entry'],
    ]);
  });

  it('shows working orders, positions, exposure and rates in every view', () => {
    const views: (readonly unknown[])[] = [];
    const check = (_: OrderRequest, view: PortfolioView): RiskDecision => {
      const { workingOrders, ordersLastSecond, ordersLastMinute, grossExposure, equity } = view;
      views.push([
        view.position('AAA'),
        view.working('AAA'),
        workingOrders,
        ordersLastSecond,
        ordersLastMinute,
        grossExposure,
        equity,
      ]);
      expect(() => view.price('ZZZ')).toThrow(RangeError);
      return { kind: 'approve' };
    };
    const scene = new Scene({ policy: { check } });
    scene.answer({ units: 100, protect: { stop: 90 } });
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 150, protect: { stop: 90 } }, 101);
    scene.answer({ units: 170, protect: { stop: 90 } }, 102);
    expect(views).toEqual([
      [0, 0, 0, 0, 0, 0, 1_000_000],
      [100, 0, 1, 0, 0, 10_100, 1_000_100],
      [100, 50, 2, 0, 0, 15_300, 1_000_200],
    ]);
  });
});

describe('the order rate', () => {
  it('counts every order that goes out, protection too, in all scopes', () => {
    const views = new Map<string, PortfolioView>();
    const policy: RiskPolicy = {
      check: (_, view) => {
        views.set(view.scope, view);
        return { kind: 'approve' };
      },
    };
    const scene = new Scene({ policy, strategies: [{ policy }], books: [{ name: 'CORE', policy }] });
    const rates = (): readonly number[] => [...views.values()].map((view) => view.ordersLastMinute);
    scene.answer({ units: 100, protect: { stop: 90, takeProfit: 120 } });
    expect(rates()).toEqual([3, 3, 3]);
    // Changes and cancels are messages, but no orders.
    scene.answer({ units: 100, protect: { stop: 91, takeProfit: 120 } });
    expect(scene.venue.log.at(-1)).toBe('replace 2 {"qty":100,"stopPrice":91}');
    expect(rates()).toEqual([3, 3, 3]);
  });

  it('never keeps protection away', () => {
    const policy: RiskPolicy = {
      check: (_, { ordersLastMinute }) =>
        ordersLastMinute === 0
          ? { kind: 'approve' }
          : { kind: 'refuse', reason: 'RISK_ORDERS_MINUTE', message: 'Enough.' },
    };
    const scene = new Scene({ policy });
    scene.answer({ units: 100, protect: { stop: 90 } });
    expect(scene.slot.protection).toHaveLength(1);
  });
});

describe('a halt', () => {
  it('lets reductions through, limits flips to the reducing part, and stops entries', () => {
    const scene = new Scene();
    scene.answer(1);
    scene.command('halt');
    scene.answer(0.5);
    expect(scene.held()).toBe(50);
    scene.answer(-1);
    expect(scene.held()).toBe(0);
    scene.answer(0.5);
    expect(scene.held()).toBe(0);
    expect(scene.listener.refusals.map((refusal) => refusal.reason)).toEqual(['RISK_HALTED', 'RISK_HALTED']);
    scene.command('resume');
    scene.bars();
    expect(scene.held()).toBe(0);
    scene.answer(0.6);
    expect(scene.held()).toBe(60);
  });

  it('does not let what works already be reduced twice', () => {
    const scene = new Scene();
    scene.answer(1);
    scene.command('halt');
    scene.venue.onSubmit = () => 'accept';
    scene.answer(0.4);
    scene.answer(-1);
    expect(scene.venue.log.slice(1)).toEqual(['submit 2 sell 60 market exit', 'submit 3 sell 40 market entry']);
  });

  it('of a policy ends with the trading day of its own book', () => {
    const loss: RiskPolicy = {
      check: () => ({ kind: 'approve' }),
      onState: (view) =>
        view.dayPnlBps < -1 ? { reason: 'RISK_LOSS_DAY', message: 'Enough.', until: 'next-day' } : undefined,
    };
    // XTKS ends its day at 06:00 UTC, 24x7 at midnight.
    const scene = new Scene({
      start: MONDAY + 4 * 3_600_000,
      books: [{ name: 'CORE', policy: loss }, { name: 'TOKYO' }],
      dayCalendars: ['24x7', 'XTKS'],
    });
    scene.answer(1, 100);
    scene.bars(90);
    expect(scene.codes()).toEqual(['RISK_LOSS_DAY']);
    scene.now = MONDAY + 7 * 3_600_000;
    scene.bars(90);
    expect(scene.listener.days.map((day) => day.book)).toEqual(['TOKYO']);
    scene.answer(0.9, 90);
    expect(scene.held()).toBe(90);
    scene.answer(1, 90);
    expect(scene.held()).toBe(90);
    scene.now = MONDAY + DAY;
    scene.bars(90);
    expect(scene.codes()).toEqual(['RISK_LOSS_DAY', 'RISK_RESUMED']);
    scene.answer(0.95, 90);
    expect(scene.held()).toBe(95);
  });

  it('of a policy until a person resumes outlives the day', () => {
    const halting: RiskPolicy = {
      check: () => ({ kind: 'approve' }),
      onState: ({ equity }) => (equity < 999_500 ? { reason: 'STOP', message: 'Look.', until: 'resumed' } : undefined),
    };
    const scene = new Scene({ policy: halting });
    scene.answer(1, 100);
    scene.bars(90);
    scene.now += DAY;
    scene.bars(100);
    scene.answer(0.5, 100);
    scene.answer(1, 100);
    expect(scene.held()).toBe(50);
    scene.command('resume');
    scene.answer(0.9, 100);
    expect(scene.held()).toBe(90);
  });

  it('of one book leaves the others alone', () => {
    const scene = new Scene({
      books: [{ name: 'CORE' }, { name: 'EDGE' }],
      strategies: [{ book: 0 }, { book: 1 }],
    });
    scene.command('halt', { book: 'EDGE' });
    scene.answers.push(1, 1);
    scene.bars();
    expect([scene.held(0), scene.held(1)]).toEqual([100, 0]);
  });
});
