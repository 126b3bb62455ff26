// What a panic costs while it is latched: it may stay so for days, with every tick of the market passing by.
import { describe, expect, it, jest } from '@jest/globals';
import type { TargetSlot } from '../execution/target-slot.js';
import { Scene } from './kernel.fixture.js';
import { PanicWatch } from './panic-watch.js';

describe('a panic that is complete and latched', () => {
  it('is not looked at for a tick, and closes what comes to light after one', () => {
    const scene = new Scene();
    scene.answer({ units: 100 });
    scene.command('panic');
    expect([scene.held(), scene.codes().at(-1)]).toEqual([0, 'PANIC_COMPLETE']);
    const { panics } = scene.kernel.parts;
    const look = jest.spyOn(panics, 'look');
    for (let n = 1; n <= 5; n++) scene.tick(scene.now + n, 100 + n);
    expect(look).not.toHaveBeenCalled();
    scene.command('status');
    expect(look).toHaveBeenCalled();
    expect(panics.hasAny).toBe(true);
  });

  it('makes no list of what it looks at', () => {
    let lists = 0;
    class Counted<T> extends Array<T> {
      override filter(): never {
        lists += 1;
        throw new Error('A list was made.');
      }
      override map(): never {
        lists += 1;
        throw new Error('A list was made.');
      }
    }
    const scene = new Scene();
    const { time } = scene.kernel.parts;
    const slots: TargetSlot[] = [...scene.slots];
    const kept = Counted.from(slots) as readonly TargetSlot[];
    const own = Object.assign(slots, { filter: () => kept });
    const notify = (): void => {};
    const watch = new PanicWatch({ slots: own, notify, time, proof: undefined, close: () => {} });
    watch.load([{ at: 0, orders: 0, positions: 0, isTold: false, isDone: true }]);
    const before = watch.save();
    for (let at = 1; at <= 100; at++) watch.look(at);
    expect(lists).toBe(0);
    expect(watch.save()[0]).toBe(before[0]);
  });
});
