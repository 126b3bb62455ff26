import { MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { builtStream, Scene, START, strategyOf } from '../kernel/kernel.fixture.js';
import { BarCursor } from './recorded/bar-cursor.js';
import { barBlock } from './recorded/recorded.fixture.js';
import { StreamMerge } from './recorded/stream-merge.js';

describe('the driver', () => {
  it('lets the venue see each price before the kernel does', () => {
    const scene = new Scene({ streams: [builtStream(0)], strategies: [{}] });
    scene.tick(START, 100);
    // An order that waits at the venue fills on the tick that also closes the bar, ahead of the strategy.
    const held: number[] = [];
    scene.answers[0] = { units: 100, entry: { limit: 99 } };
    scene.driver.advanceTo(START + MINUTE_MS);
    scene.venue.onEvent = () => {
      const order = scene.venue.open[0];
      if (order !== undefined) scene.venue.filled(order);
      held.push(scene.held());
    };
    scene.tick(START + MINUTE_MS + 1, 99);
    expect(held).toEqual([100]);
  });

  it('at one instant does what the venue has due before what the kernel has', () => {
    const log: string[] = [];
    const scene = new Scene({ strategies: [{ definition: strategyOf(() => void log.push('asked')) }] });
    scene.venue.at(START + MINUTE_MS, () => void log.push('venue'));
    scene.venue.at(START + MINUTE_MS + 1, () => void log.push('venue later'));
    scene.bars();
    scene.driver.advanceTo(START + 2 * MINUTE_MS);
    expect(log).toEqual(['venue', 'asked', 'venue later']);
  });

  it('tells orders sent that the venue has not answered yet', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'hold';
    scene.answer({ units: 100, entry: { limit: 99 } });
    expect(scene.slot.entries[0]?.status).toBe('sent');
    scene.report((venue) => venue.accepted(venue.sent[0]!));
    expect(scene.slot.entries[0]?.status).toBe('working');
  });

  it('carries out, at once, what an answer of the venue leads to', () => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { stop: 90, takeProfit: 120 } });
    expect(scene.venue.log).toHaveLength(2);
    expect(scene.kernel.outbox.hasEntries).toBe(false);
    expect(scene.driver.nextDeadline()).toBeGreaterThan(scene.now);
  });

  it('counts what it delivered', () => {
    const scene = new Scene();
    scene.bars();
    scene.tick(scene.now, 100);
    expect([scene.driver.bars, scene.driver.ticks]).toEqual([1, 1]);
  });

  it.each([0, 1_500])(
    'fills what a bar decided at the next open, over blocks cut anywhere (close delay %d)',
    async (closeDelayMs) => {
      const run = async (cut: number): Promise<readonly (readonly number[])[]> => {
        const asked: number[] = [];
        const onBar = ({ bar }: { bar: { ts: number } }): number => (
          asked.push(bar.ts),
          (bar.ts / MINUTE_MS) % 2 === 0 ? 1 : -1
        );
        const scene = new Scene({ closeDelayMs, strategies: [{ definition: strategyOf(onBar) }] });
        scene.venue.onSubmit = () => 'accept';
        scene.venue.onEvent = (text) => {
          if (text.startsWith('open')) for (const order of scene.venue.open) scene.venue.filled(order);
        };
        const times = Array.from({ length: 9 }, (_, i) => START + i * MINUTE_MS);
        const blocks = [barBlock('AAA', times.slice(0, cut)), barBlock('AAA', times.slice(cut))];
        const cursor = new BarCursor({
          symbol: 'AAA',
          instrumentIndex: 0,
          streamIndex: 0,
          barMs: MINUTE_MS,
          order: 0,
          closeDelayMs,
          tradeFrom: START + 2 * MINUTE_MS,
          source: blocks[Symbol.iterator](),
        });
        await new StreamMerge([cursor]).run(scene.driver);
        scene.driver.advanceTo(START + 20 * MINUTE_MS);
        expect(asked).toEqual(times.slice(2));
        return scene.listener.fills.map((fill) => [fill.at, fill.signed, fill.price]);
      };
      const whole = await run(9);
      // Without a delay the decision of one bar fills at the open of the next; with one it comes too late for it.
      expect(whole[0]?.[0]).toBe(START + (closeDelayMs === 0 ? 3 : 4) * MINUTE_MS);
      for (const cut of [1, 2, 3, 5, 8]) expect(await run(cut)).toEqual(whole);
    },
  );
});
