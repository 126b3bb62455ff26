import { MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { Scene, strategyOf } from '../kernel/kernel.fixture.js';
import { unplainPart } from './plain-state.js';

const circle: Record<string, unknown> = {};
circle['self'] = circle;

describe('what cannot be saved of a state', () => {
  it('is found wherever it lies', () => {
    expect(unplainPart({ n: [1, Number.NaN, null, undefined, 'x', true, 1n], o: { p: {} } })).toBeUndefined();
    expect(unplainPart({ a: [{ f: () => 1 }] })).toBe('state.a.0.f is a function');
    expect(unplainPart({ seen: new Map() })).toBe('state.seen is a Map');
    expect(unplainPart(new Date(0))).toBe('state is a Date');
    expect(unplainPart(circle)).toBe('state.self is a part of itself');
  });

  it('stops the strategy that keeps it, and no other', () => {
    const careless = strategyOf(({ state }) => {
      (state as Record<string, unknown>)['seen'] = new Map();
      return 1;
    });
    const scene = new Scene({ strategies: [{ definition: careless }, {}] });
    scene.answer(1, 100, 1);
    expect(scene.codes()).toEqual(['STRATEGY_STATE_INVALID']);
    expect(scene.notices[0]?.message).toContain('keeps what cannot be saved: state.seen is a Map');
    expect([scene.held(0), scene.held(1)]).toEqual([0, 100]);
    expect(() => scene.kernel.snapshot()).not.toThrow();
  });

  it('names the strategy where it comes later', () => {
    let minutes = 0;
    const late = strategyOf(({ state }) => {
      minutes += 1;
      if (minutes > 1) (state as Record<string, unknown>)['at'] = new Date(0);
      return 1;
    });
    const scene = new Scene({ strategies: [{ name: 'late', definition: late }] });
    scene.bars();
    expect(scene.kernel.snapshot().now).toBe(scene.now);
    scene.bars();
    expect(scene.now).toBeGreaterThan(MINUTE_MS);
    expect(scene.codes()).toEqual([]);
    expect(() => scene.kernel.snapshot()).toThrow("Strategy 'late': state.at is a Date.");
  });
});
