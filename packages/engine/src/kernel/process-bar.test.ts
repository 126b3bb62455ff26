import { describe, expect, it } from '@jest/globals';
import type { KernelEvent } from './event.js';
import { Kernel } from './kernel.js';
import { Scene } from './kernel.fixture.js';

/** A kernel that writes down what it is given. */
class NotingKernel extends Kernel {
  readonly seen: KernelEvent[] = [];

  override process(event: KernelEvent): void {
    this.seen.push(event);
    super.process(event);
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
