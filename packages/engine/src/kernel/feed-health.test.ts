import { type FeedState, MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { instrumentOf, Scene, START, strategyOf } from './kernel.fixture.js';

function tell(scene: Scene, state: FeedState, symbol?: string): void {
  const at = scene.now;
  const base = { ts: at, feed: scene.setup.strategies[0]?.feed ?? '', state, reason: '', message: '' };
  scene.driver.event({ kind: 'feed-status', at, status: symbol === undefined ? base : { ...base, symbol } });
}

describe('a feed that is away', () => {
  it.each<FeedState>(['stale', 'disconnected', 'failed', 'halted', 'ended'])(
    '%s: adds no risk until data comes again; exits go on',
    (state) => {
      const scene = new Scene();
      scene.answer(0.5);
      tell(scene, state);
      scene.answer(1);
      expect(scene.held()).toBe(50);
      expect(scene.listener.refusals.at(-1)?.reason).toBe('FEED_PAUSED');
      scene.answer(0.2);
      expect(scene.held()).toBe(20);
      tell(scene, 'live');
      scene.answer(1);
      expect(scene.held()).toBe(100);
    },
  );

  it('sends what the pause held back once data comes again, without a new answer', () => {
    const scene = new Scene();
    tell(scene, 'stale');
    scene.answer(1);
    scene.bars();
    expect(scene.venue.sent).toHaveLength(0);
    tell(scene, 'live');
    scene.bars();
    expect(scene.held()).toBe(100);
  });

  it('stays paused while another part of its data is away', () => {
    const scene = new Scene();
    const symbol = scene.slot.instrument.symbol;
    tell(scene, 'stale');
    tell(scene, 'stale', symbol);
    tell(scene, 'live', symbol);
    scene.answer(1);
    expect(scene.held()).toBe(0);
    tell(scene, 'live');
    scene.answer(0.5);
    expect(scene.held()).toBe(50);
  });

  it('brings its symbols back when it is back as a whole; a gap counts from the first that was away', () => {
    const gaps: number[] = [];
    const definition = strategyOf(() => 1, {
      gapToleranceMs: 0,
      onReset: (_, { from, to }) => void gaps.push(to - from),
    });
    const scene = new Scene({ strategies: [{ definition }] });
    tell(scene, 'halted', scene.slot.instrument.symbol);
    scene.now += 1_000;
    tell(scene, 'disconnected');
    scene.now += 1_000;
    tell(scene, 'live');
    scene.now = START + MINUTE_MS;
    scene.bars();
    expect([scene.held(), scene.kernel.parts.scopes.strategies[0]?.pauseReason, gaps]).toEqual([100, '', [2_000]]);
    expect(scene.kernel.snapshot().feedsAway).toEqual([]);
  });

  it('keeps features of a symbol that is still away: what becomes of them is known when it is back', () => {
    const warm: boolean[] = [];
    const definition = strategyOf(() => 0, { gapToleranceMs: 0, warmup: 3 });
    const scene = new Scene({
      instruments: [instrumentOf(), instrumentOf({ symbol: 'BBB' })],
      strategies: [{ definition, instruments: [0, 1], streams: [[0, 1]] }],
    });
    const isWarm = (): void => void warm.push(scene.runner.isWarm);
    for (let i = 0; i < 3; i++) scene.bars();
    isWarm();
    const back = (symbol: string, filled: readonly string[]): void => {
      const { feed } = scene.setup.strategies[0] as (typeof scene.setup.strategies)[number];
      const status = { ts: scene.now, feed, symbol, state: 'live', reason: '', message: '' } as const;
      scene.driver.event({ kind: 'feed-status', at: scene.now, status, filled });
      isWarm();
    };
    for (const symbol of ['AAA', 'BBB']) tell(scene, 'disconnected', symbol);
    scene.now += 1_000;
    // Each is filled from history before it is back; of one that is well nothing is missing.
    back('AAA', ['AAA']);
    scene.now += 1_000;
    back('BBB', ['AAA', 'BBB']);
    expect(warm).toEqual([true, true, true]);
  });

  it('that was never away and says that it is live begins nothing anew', () => {
    const scene = new Scene({ strategies: [{ definition: strategyOf(() => 1, { warmup: 2, gapToleranceMs: 0 }) }] });
    scene.bars();
    tell(scene, 'live');
    tell(scene, 'live', scene.slot.instrument.symbol);
    scene.bars();
    expect([scene.held(), scene.codes()]).toEqual([100, []]);
  });

  it('survives a snapshot', () => {
    const scene = new Scene();
    tell(scene, 'stale');
    const fresh = scene.fresh();
    fresh.kernel.restore(scene.kernel.snapshot());
    expect(fresh.kernel.parts.scopes.strategies[0]?.pauseReason).toContain('is stale');
  });
});
