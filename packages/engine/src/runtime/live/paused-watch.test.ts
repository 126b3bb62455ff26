import { describe, expect, it } from '@jest/globals';
import type { EngineNotice } from '@bookrunner/sdk';
import { FEED_AWAY_LIMIT_MS, PausedWatch } from './paused-watch.js';

function scene(...names: readonly string[]) {
  const told: EngineNotice[] = [];
  const strategies = names.map((name) => ({ view: { name }, pauseReason: '' }));
  const watch = new PausedWatch(strategies as never, (notice) => told.push(notice));
  return { told, watch, strategies };
}

describe('data that stays away', () => {
  it('is one alarm for all that wait for the same, once, also where why it is away changes', () => {
    const { told, watch, strategies } = scene('a', 'b', 'c');
    const [a, b] = strategies;
    for (const each of [a, b]) Object.assign(each as object, { pauseReason: "Feed 'data' is stale." });
    watch.look(1_000);
    for (const each of [a, b]) Object.assign(each as object, { pauseReason: "Feed 'data' is disconnected." });
    watch.look(999 + FEED_AWAY_LIMIT_MS);
    expect(told).toEqual([]);
    watch.look(1_000 + FEED_AWAY_LIMIT_MS);
    watch.look(9_000 + FEED_AWAY_LIMIT_MS);
    expect(told).toMatchObject([
      { level: 'alarm', code: 'FEED_PAUSED', details: { strategies: ['a', 'b'], since: 1_000 } },
    ]);
    expect(told[0]?.message).toBe("a, b: Feed 'data' is disconnected. Data has been away for 60 s: exits only.");
  });

  it('is none where it comes back in time, and is told anew the next time', () => {
    const { told, watch, strategies } = scene('a');
    const [only] = strategies;
    for (let turn = 0; turn < 3; turn++) {
      Object.assign(only as object, { pauseReason: 'Away.' });
      watch.look(turn * FEED_AWAY_LIMIT_MS);
      Object.assign(only as object, { pauseReason: '' });
      watch.look((turn + 0.5) * FEED_AWAY_LIMIT_MS);
    }
    expect(told).toEqual([]);
    Object.assign(only as object, { pauseReason: 'Away.' });
    for (const turn of [4, 5, 6]) watch.look(turn * FEED_AWAY_LIMIT_MS);
    expect(told).toHaveLength(1);
  });
});
