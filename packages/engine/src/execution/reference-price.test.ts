import { describe, expect, it } from '@jest/globals';
import { Scene, type SceneOptions } from '../kernel/kernel.fixture.js';

const long = { units: 100, protect: { stop: 95, takeProfit: 110 } };

/** A position of 100 with a stop at 95 and a take-profit at 110. */
function protectedScene(options: SceneOptions = {}): Scene {
  const scene = new Scene(options);
  scene.answer(long);
  return scene;
}

/** What the last fill is measured against. */
function reference(scene: Scene): number | undefined {
  return scene.listener.fills.at(-1)?.decisionPrice;
}

describe('the price that a fill is measured against', () => {
  it('is the mark at the decision for a market order', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 100 }, 104);
    scene.bars(107);
    scene.report((venue) => venue.filled(venue.sent[0]!, { price: 107 }));
    expect(reference(scene)).toBe(104);
  });

  it('is the level of a stop or a limit', () => {
    const stopped = protectedScene();
    stopped.report((venue) => venue.filled(stopped.slot.protection[0]!, { price: 94.99 }));
    expect(reference(stopped)).toBe(95);
    const taken = protectedScene();
    taken.report((venue) => venue.filled(taken.slot.protection[1]!, { price: 110 }));
    expect(reference(taken)).toBe(110);
  });

  it('is the level that it was moved to, from when the venue has moved it', () => {
    const scene = protectedScene();
    const [stop, target] = scene.slot.protection;
    scene.answer({ units: 100, protect: { stop: 97, takeProfit: 112 } });
    scene.venue.onReplace = () => 'hold';
    scene.answer({ units: 100, protect: { stop: 98, takeProfit: 112 } });
    scene.report((venue) => venue.filled(stop!, { qty: 30, price: 96.99 }));
    expect(reference(scene)).toBe(97);
    scene.report((venue) => venue.filled(target!, { qty: 30, price: 112 }));
    expect(reference(scene)).toBe(112);
  });

  it('stays where it was when the change is refused', () => {
    const scene = protectedScene();
    const [stop] = scene.slot.protection;
    scene.venue.onReplace = () => 'reject';
    scene.answer({ units: 100, protect: { stop: 97, takeProfit: 110 } });
    scene.report((venue) => venue.filled(stop!, { price: 94.99 }));
    expect(reference(scene)).toBe(95);
  });

  it('goes with an order into a snapshot', () => {
    const scene = protectedScene();
    scene.answer({ units: 100, protect: { stop: 97, takeProfit: 110 } });
    const copy = new Scene();
    copy.kernel.restore(structuredClone(scene.kernel.snapshot()));
    copy.now = scene.now;
    copy.report((venue) => venue.filled(copy.slot.protection[0]!, { price: 96.99 }));
    expect(reference(copy)).toBe(97);
  });

  it('is not known of a trailing stop: only its venue knows where it stood', () => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { stop: 95, trail: 2 } });
    scene.report((venue) => venue.filled(scene.slot.protection[0]!, { price: 103 }));
    expect(reference(scene)).toBe(Number.NaN);
  });
});
