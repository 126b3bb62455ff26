// Random sessions of a whole kernel, for laws that hold for all of them.
import { MINUTE_MS } from '@bookrunner/sdk';
import fc from 'fast-check';
import { builtStream, instrumentOf, Scene, type SceneOptions, START, strategyOf } from './kernel.fixture.js';
import type { SubmitAnswer } from './scripted-venue.fixture.js';

/** The run begins to end, or goes on from that. */
const ENDINGS = ['cancel-entries', 'cancel-all', 'over', 'over'] as const;

/** What happens in a session. */
export const steps = fc.array(
  fc.record({
    price: fc.integer({ min: 360, max: 440 }).map((quarters) => quarters / 4),
    gapMs: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 30_000, max: 90_000 })),
    lateMs: fc.oneof(
      { weight: 3, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ max: 9_000, min: 0 }) },
    ),
    instrumentIndex: fc.nat({ max: 1 }),
    answer: fc.constantFrom<SubmitAnswer>('fill', 'accept', 'reject', 'hold', 'cancel', 'expire'),
    act: fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom('none', 'fill', 'part') },
      { weight: 4, arbitrary: fc.constantFrom('halt', 'resume', 'resume', 'split', 'cash') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          'gap',
          'gap',
          'panic',
          'reduce-only',
          'stop',
          'start',
          'start',
          'risk',
          'alloc',
          ...ENDINGS,
        ),
      },
    ),
  }),
  { minLength: 40, maxLength: 120, size: 'max' },
);

/** One session. */
export type Steps = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** A strategy with memory that uses everything: state, windows, features of two timeframes, protection, declared times. */
const definition = () =>
  strategyOf(
    (context) => {
      const state = context.state as { count: number };
      state.count = (state.count ?? 0) + 1;
      // A mistake that shows late.
      if (state.count === 17) throw new Error('Seventeen.');
      const { bar } = context;
      const slow = context.window('AAA', 1).close();
      const mark = (bar.close + (Number.isNaN(slow) ? 0 : slow) + state.count + bar.nTicks + (bar.endTs - bar.ts)) % 7;
      if (mark < 1) return 0;
      const share = mark < 4 ? 0.8 : -0.5;
      if (mark >= 5) return { AAA: share, BBB: -share };
      const stop = bar.close * (share > 0 ? 0.9 : 1.1);
      return { share, protect: { stop }, ...(mark >= 3 ? { entry: { limit: bar.close - share } } : {}) };
    },
    {
      warmup: 2,
      times: ['close-5m', 'open+1m'],
      gapToleranceMs: 0,
      onTime: ({ state }) => ((state as { count: number }).count % 2 === 0 ? 0 : undefined),
      onReset: ({ state }) => void ((state as { count: number }).count = 100),
    },
  );

/** Two strategies in two instruments, with limits that halt, trim and refuse. */
export function scenario(closeDelayMs: number): SceneOptions {
  const dayLoss = {
    check: ({ qty }: { qty: number }, view: { ordersLastMinute: number; dayPnlBps: number }) =>
      view.ordersLastMinute > 3 || view.dayPnlBps < -5
        ? ({ kind: 'trim', qty: qty / 2, reason: 'CAREFUL', message: '' } as const)
        : ({ kind: 'approve' } as const),
  };
  return {
    instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB', priceStep: 0.1 })],
    streams: [builtStream(0), builtStream(1), builtStream(0, 5 * MINUTE_MS, 0), builtStream(1, 5 * MINUTE_MS, 1)],
    strategies: [
      {
        definition: definition(),
        streams: [
          [0, 1],
          [2, 3],
        ],
        policy: dayLoss,
      },
      { definition: definition(), instruments: [0], streams: [[0], [2]] },
    ],
    policy: dayLoss,
    closeDelayMs,
    start: START + 23 * 3_600_000,
  };
}

/** Plays a session. */
export function live(options: SceneOptions, events: Steps): Scene {
  const scene = new Scene(options);
  for (const { price, gapMs, lateMs, instrumentIndex, answer, act } of events) {
    scene.venue.onSubmit = () => answer;
    scene.tick(scene.now + gapMs - lateMs, price, { at: scene.now + gapMs, instrumentIndex });
    const order = scene.venue.open[0];
    if (order !== undefined && act === 'fill') scene.report((venue) => venue.filled(order));
    if (order !== undefined && act === 'part') {
      scene.report((venue) =>
        venue.filled(order, { qty: Math.ceil(order.leavesQty / 2), fee: 0.1, feeCurrency: 'EUR' }),
      );
    }
    command(scene, act, `s${instrumentIndex}`);
    const at = scene.now;
    if (act === 'gap') {
      const status = { ts: at, feed: 'feed', reason: '', message: '' };
      scene.driver.event({ kind: 'feed-status', at, status: { ...status, state: gapMs > 20_000 ? 'live' : 'stale' } });
    }
    if (act === 'split') {
      scene.driver.event({ kind: 'corporate-action', at, instrumentIndex, numerator: 2, denominator: 1 });
    }
    if (act === 'cash') {
      scene.driver.event({ kind: 'cash', at, book: 'CORE', currency: 'USD', amount: 12.5, reason: 'dividend' });
    }
  }
  return scene;
}

/** A person's command, where the act is one. */
function command(scene: Scene, act: string, name: string): void {
  switch (act) {
    case 'halt':
    case 'resume':
    case 'panic':
    case 'reduce-only':
      return scene.command(act);
    case 'stop':
    case 'start':
    case 'risk':
    case 'alloc':
      return scene.command(act, { name, weight: 0.7, bps: 5 });
    case 'cancel-entries':
    case 'cancel-all':
    case 'over':
      return scene.command('shutdown', { onStop: act });
    default:
      return;
  }
}
