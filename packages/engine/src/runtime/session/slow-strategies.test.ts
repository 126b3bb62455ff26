import { describe, expect, it } from '@jest/globals';
import type { GuardEvent } from '../../kernel/event.js';
import { SlowStrategies, WARN_EVERY_MS } from './slow-strategies.js';

class Bench {
  now = 0;
  readonly events: GuardEvent[] = [];
  readonly slow = new SlowStrategies({ slowStrategyMs: 100, stopStrategyMs: 1_000 }, () => this.now);

  connect(): this {
    this.slow.connect((make) => void this.events.push(make(7)));
    return this;
  }

  async call(ms: number, name = 'mine'): Promise<readonly string[]> {
    const since = this.slow.now();
    this.now += ms;
    this.slow.called(name, since);
    await Promise.resolve();
    return this.events.splice(0).map(({ stage, subject }) => `${subject} ${stage}`);
  }
}

describe('SlowStrategies', () => {
  it('warns of a slow call, once a while, and stops after one that is far too slow', async () => {
    const bench = new Bench().connect();
    expect(await bench.call(100)).toEqual([]);
    expect(await bench.call(101)).toEqual(['mine warning']);
    expect(await bench.call(500)).toEqual([]);
    expect(await bench.call(500, 'other')).toEqual(['other warning']);
    expect(await bench.call(1_001)).toEqual(['mine begin']);
    bench.now += WARN_EVERY_MS;
    expect(await bench.call(1_000)).toEqual(['mine warning']);
  });

  it('says nothing within the call: it is a part of an event under way', async () => {
    const bench = new Bench().connect();
    const since = bench.slow.now();
    bench.now += 2_000;
    bench.slow.called('mine', since);
    expect(bench.events).toEqual([]);
    await Promise.resolve();
    expect(bench.events).toMatchObject([
      { guard: 'slow-strategy', at: 7, message: expect.stringContaining('2000 ms') },
    ]);
  });

  it('stops once what is called again before the kernel could hear: several rows that waited are delivered in a row', async () => {
    const bench = new Bench().connect();
    const since = bench.slow.now();
    bench.now += 2_000;
    bench.slow.called('mine', since);
    expect(await bench.call(2_000)).toEqual(['mine begin']);
    // It was started again by a person.
    expect(await bench.call(2_000)).toEqual(['mine begin']);
  });

  it('stops once what is called again while the kernel hears: what is due by then is delivered first', async () => {
    const bench = new Bench();
    const heard: unknown[] = [];
    bench.slow.connect((make) => {
      const since = bench.slow.now();
      if (heard.length === 0) bench.now += 2_000;
      bench.slow.called('mine', since);
      heard.push(make(7).stage);
    });
    await bench.call(2_000);
    await Promise.resolve();
    expect(heard).toEqual(['begin']);
  });

  it('is heard by nobody before it is connected, as in a run over recorded data', async () => {
    const bench = new Bench();
    expect(await bench.call(5_000)).toEqual([]);
    expect(await bench.connect().call(1)).toEqual([]);
  });
});
