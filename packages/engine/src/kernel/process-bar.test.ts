import { MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import type { KernelEvent, TickEvent } from './event.js';
import { Kernel } from './kernel.js';
import { builtStream, Scene } from './kernel.fixture.js';

/** A kernel that writes down what it is given. */
class NotingKernel extends Kernel {
  readonly seen: KernelEvent[] = [];

  override process(event: KernelEvent): void {
    this.seen.push(event);
    super.process(event);
  }
}

/** Quotes of some minutes, with the timers that fall due before each, given to a kernel by hand. */
function feed(kernel: Kernel, from: number): void {
  const sizes = { bidSize: 1, askSize: 1, last: Number.NaN, size: Number.NaN };
  for (const [minute, price] of [100, 101, 99, 104].entries()) {
    const at = from + minute * MINUTE_MS;
    if (kernel.nextDeadline <= at) kernel.processTimer({ kind: 'timer', at: kernel.nextDeadline });
    const quote = { symbol: 'AAA', venue: 'test', bid: price, ask: price, ...sizes };
    const tick: TickEvent = { kind: 'tick', at, ts: at, recvTs: at, instrumentIndex: 0, ...quote };
    kernel.processTick(tick);
  }
}

describe('a kernel that looks at its events', () => {
  it('sees bars that come the short way', () => {
    const scene = new Scene({ kernelOf: (setup, listener) => new NotingKernel(setup, listener) });
    const noting = new NotingKernel(scene.setup, scene.listener);
    const bar = scene.barEvent({ streamIndex: 0, ts: scene.now, price: 100 });
    noting.processBar(bar);
    scene.bars();
    expect(noting.seen).toEqual([bar]);
    expect((scene.kernel as NotingKernel).seen).toContainEqual(bar);
  });

  it('sees ticks and timers that come the short way, and is as one that does not', () => {
    const scene = new Scene({ streams: [builtStream(0)] });
    scene.answers[0] = 1;
    const plain = new Kernel(scene.fresh().setup, scene.listener);
    const noting = new NotingKernel(scene.fresh().setup, scene.listener);
    for (const kernel of [plain, noting]) feed(kernel, scene.now);
    const kinds = noting.seen.map(({ kind }) => kind);
    expect(kinds).toEqual(['tick', 'timer', 'tick', 'timer', 'tick', 'timer', 'tick']);
    expect(noting.outbox.end).toBeGreaterThan(0);
    expect(plain.outbox.end).toBe(noting.outbox.end);
    expect(plain.hash()).toBe(noting.hash());
    expect(plain.snapshot()).toEqual(noting.snapshot());
  });

  it('is as one that does not', () => {
    const scene = new Scene();
    const [plain, noting] = [scene.fresh().setup, scene.fresh().setup].map((setup, place) =>
      place === 0 ? new Kernel(setup, scene.listener) : new NotingKernel(setup, scene.listener),
    ) as [Kernel, NotingKernel];
    for (const kernel of [plain, noting])
      for (const price of [100, 101, 99])
        kernel.processBar(scene.barEvent({ streamIndex: 0, ts: scene.now + price * 60_000, price }));
    expect(plain.hash()).toBe(noting.hash());
    expect(plain.snapshot()).toEqual(noting.snapshot());
  });
});
