import { describe, expect, it } from '@jest/globals';
import { instrumentOf, Scene } from '../kernel/kernel.fixture.js';

const protect = { stop: 95, takeProfit: 110 };
const long = { units: 100, protect };

/** The live protection as `type remaining price`. */
function live(scene: Scene): readonly string[] {
  return scene.slot.protection.map((order) => {
    const price = order.orderType === 'limit' ? order.limitPrice : order.stopPrice;
    return `${order.orderType} ${order.side} ${order.leavesQty} @ ${order.orderType === 'trailing-stop' ? order.trail : price}`;
  });
}

/** A position of 100 whose entry rests until the test fills it. */
function resting(options: ConstructorParameters<typeof Scene>[0] = {}): Scene {
  const scene = new Scene(options);
  scene.venue.onSubmit = () => 'accept';
  scene.answer(long);
  return scene;
}

describe('protection', () => {
  it('of which both orders have filled adds nothing to the position that makes', () => {
    const scene = new Scene();
    scene.answer({ units: -150, protect: { stop: 120, takeProfit: 70 } });
    const [stop, target] = scene.slot.protection;
    scene.venue.onReplace = () => 'hold';
    scene.report((venue) => venue.filled(stop!, { qty: 50 }));
    scene.report((venue) => venue.filled(target!));
    expect([scene.held(), live(scene)]).toEqual([50, []]);
  });

  it('goes out as one group when the entry fills, and never before', () => {
    const scene = resting();
    expect(scene.venue.log).toEqual(['submit 1 buy 100 market entry']);
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect(scene.venue.log.slice(1)).toEqual([
      'submit 2 sell 100 stop 95 protection + 3 sell 100 limit 110 protection',
    ]);
    const [stop, target] = scene.slot.protection;
    expect(stop?.ocoGroup).toBe(target?.ocoGroup);
    expect(stop?.ocoGroup).not.toBe('');
    expect(stop?.tif).toBe('GTC');
  });

  it('follows partial fills by replacing where the venue can', () => {
    const scene = resting();
    scene.report((venue) => venue.filled(venue.sent[0]!, { qty: 40 }));
    expect(live(scene)).toEqual(['stop sell 40 @ 95', 'limit sell 40 @ 110']);
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect(live(scene)).toEqual(['stop sell 100 @ 95', 'limit sell 100 @ 110']);
    expect(scene.venue.log.filter((line) => line.startsWith('replace'))).toHaveLength(2);
    expect(scene.venue.log.some((line) => line.startsWith('cancel'))).toBe(false);
  });

  it('follows partial fills by cancelling and sending anew where the venue cannot replace', () => {
    const scene = resting({ venueReplaces: false });
    scene.report((venue) => venue.filled(venue.sent[0]!, { qty: 40 }));
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect(live(scene)).toEqual(['stop sell 100 @ 95', 'limit sell 100 @ 110']);
    expect(scene.venue.log.some((line) => line.startsWith('replace'))).toBe(false);
    const orders = scene.venue.open.filter((order) => order.purpose === 'protection');
    expect(orders).toHaveLength(2);
    expect(orders[0]?.ocoGroup).toBe(orders[1]?.ocoGroup);
  });

  it('moves when the answer moves it, and is given up when the answer names none', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.answer({ units: 100, protect: { stop: 97, takeProfit: 110 } });
    expect(live(scene)).toEqual(['stop sell 100 @ 97', 'limit sell 100 @ 110']);
    scene.answer({ units: 100, protect: { trail: 2 } });
    expect(live(scene)).toEqual(['trailing-stop sell 100 @ 2']);
    scene.answer({ units: 100 });
    expect(live(scene)).toEqual([]);
    expect(scene.held()).toBe(100);
  });

  it('is of another kind where the answer says so: no order is left with a price that nobody gave', () => {
    const kinds = [{ takeProfit: 110 }, { stop: 95 }, { takeProfit: 112 }, { trail: 2 }, { takeProfit: 110 }, protect];
    const scene = new Scene();
    for (const kind of kinds) {
      scene.answer({ units: 100, protect: kind });
      const stop = 'stop' in kind ? ['stop sell 100 @ 95'] : 'trail' in kind ? ['trailing-stop sell 100 @ 2'] : [];
      const target = 'takeProfit' in kind ? [`limit sell 100 @ ${kind.takeProfit}`] : [];
      expect(live(scene)).toEqual([...stop, ...target]);
    }
    expect(scene.venue.log.join()).not.toContain('null');
  });

  it('of which only the kind that is given up could not be cancelled is sent anew when that is gone', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.venue.onCancel = ({ orderType }) => (orderType === 'limit' ? 'reject' : 'cancel');
    scene.answer({ units: 100, protect: { stop: 97 } });
    scene.bars();
    expect(live(scene)).toEqual(['limit sell 100 @ 110']);
    scene.venue.onCancel = () => 'cancel';
    scene.bars();
    expect(live(scene)).toEqual(['stop sell 100 @ 97']);
  });

  it('is cancelled at flat, after the exit has its way', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.answer(0);
    expect(scene.venue.log.slice(2)).toEqual(['cancel 3', 'cancel 2', 'submit 4 sell 100 market exit']);
    expect(scene.venue.open).toEqual([]);
    expect(scene.held()).toBe(0);
  });

  it('leaves before a flip, and comes back for the new side only', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: -100, protect: { stop: 105, takeProfit: 90 } });
    const flip = scene.venue.sent[3]!;
    expect(scene.venue.log.slice(2)).toEqual(['cancel 3', 'cancel 2', 'submit 4 sell 200 market entry']);
    // While the flip works nothing protects the long side: a stop above the market would trigger at once.
    scene.bars();
    expect(scene.venue.sent).toHaveLength(4);
    scene.report((venue) => venue.filled(flip));
    expect(live(scene)).toEqual(['stop buy 100 @ 105', 'limit buy 100 @ 90']);
  });

  it('covers only what a working reduction leaves', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 40, protect });
    expect(live(scene)).toEqual(['stop sell 40 @ 95', 'limit sell 40 @ 110']);
    const exit = scene.venue.sent.find((order) => order.purpose === 'exit')!;
    scene.report((venue) => venue.filled(exit, { qty: 30 }));
    expect(live(scene)).toEqual(['stop sell 40 @ 95', 'limit sell 40 @ 110']);
    scene.report((venue) => venue.filled(exit));
    expect(live(scene)).toEqual(['stop sell 40 @ 95', 'limit sell 40 @ 110']);
    expect(scene.held()).toBe(40);
  });

  it('does not come back while an exit to flat works', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 0, protect });
    scene.bars();
    expect(live(scene)).toEqual([]);
  });

  it('that took the position off keeps it off until a new answer comes', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.report((venue) => venue.filled(venue.sent[1]!));
    scene.report((venue) => venue.cancelled(venue.sent[2]!, 'OCO_FILLED'));
    scene.answer(long);
    scene.answer({ units: 100, protect: { stop: 94, takeProfit: 110 } });
    expect(scene.held()).toBe(0);
    expect(scene.slot.entries).toHaveLength(0);
    scene.answer({ units: 50, protect });
    expect(scene.held()).toBe(50);
    expect(live(scene)).toEqual(['stop sell 50 @ 95', 'limit sell 50 @ 110']);
  });

  it('that filled in part shrinks its other leg', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.report((venue) => venue.filled(venue.sent[2]!, { qty: 60 }));
    expect(live(scene)).toEqual(['stop sell 40 @ 95', 'limit sell 40 @ 110']);
    scene.bars();
    expect(scene.held()).toBe(40);
  });

  it('that is rejected is told as an alarm and not repeated until something changes', () => {
    const scene = new Scene();
    scene.venue.onSubmit = (order) => (order.purpose === 'protection' ? 'reject' : 'fill');
    scene.answer(long);
    scene.bars();
    scene.bars();
    expect(scene.venue.sent).toHaveLength(3);
    expect(scene.notices.filter((notice) => notice.level === 'alarm')).toHaveLength(2);
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 100, protect: { stop: 94 } });
    expect(live(scene)).toEqual(['stop sell 100 @ 94']);
  });

  it('of which one leg is rejected leaves nothing half protected and repeats nothing', () => {
    const scene = new Scene();
    scene.venue.onSubmit = (order) => {
      if (order.purpose === 'entry') return 'fill';
      return order.orderType === 'limit' ? 'reject' : 'accept';
    };
    scene.answer(long);
    scene.bars();
    expect(scene.venue.sent).toHaveLength(3);
    expect(live(scene)).toEqual(['stop sell 100 @ 95']);
  });

  it('stays when its strategy is stopped', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.command('stop', { name: 's0' });
    scene.bars();
    expect(live(scene)).toEqual(['stop sell 100 @ 95', 'limit sell 100 @ 110']);
  });

  it('still goes out for an entry that fills after its strategy was stopped', () => {
    const scene = resting();
    scene.venue.onCancel = () => 'hold';
    scene.command('stop', { name: 's0' });
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect(live(scene)).toEqual(['stop sell 100 @ 95', 'limit sell 100 @ 110']);
  });
});

describe('a trailing stop', () => {
  const trailing = { units: 100, protect: { trail: 2 } };

  /** What was asked of the venue after the first lines. */
  const asked = (scene: Scene, from: number): readonly string[] => scene.venue.log.slice(from);

  it.each([0.1, 0.2, 0.3])('is at least one step behind the market (%d at a step of 0.25)', (trail) => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { trail } });
    expect(live(scene)).toEqual(['trailing-stop sell 100 @ 0.25']);
    expect(scene.codes()).toEqual([]);
  });

  it('keeps its level where only the quantity changes: it is replaced, and names no price', () => {
    const scene = new Scene();
    scene.answer(trailing);
    scene.answer({ ...trailing, units: 150 });
    expect(asked(scene, 2)).toEqual(['submit 3 buy 50 market entry', 'replace 2 {"qty":150}']);
    expect(live(scene)).toEqual(['trailing-stop sell 150 @ 2']);
    scene.bars();
    expect(asked(scene, 4)).toEqual([]);
  });

  it('is sent anew where its distance changes, where the venue cannot replace and where it refused to', () => {
    const moved = new Scene();
    moved.answer(trailing);
    moved.answer({ units: 100, protect: { trail: 3 } });
    expect(asked(moved, 2)).toEqual(['cancel 2', 'submit 3 sell 100 trailing-stop 3 protection']);

    const rigid = new Scene({ venueReplaces: false });
    rigid.answer(trailing);
    rigid.answer({ ...trailing, units: 150 });
    expect(asked(rigid, 3)).toEqual(['cancel 2', 'submit 4 sell 150 trailing-stop 2 protection']);

    const refusing = new Scene();
    refusing.venue.onReplace = () => 'reject';
    refusing.answer(trailing);
    refusing.answer({ ...trailing, units: 150 });
    refusing.bars();
    expect(asked(refusing, 4)).toEqual(['cancel 2', 'submit 4 sell 150 trailing-stop 2 protection']);
  });

  it('works on where the price enters a range of another step', () => {
    const priceSteps = [{ from: 110, step: 0.5 }];
    const scene = new Scene({ instruments: [instrumentOf({ priceSteps })] });
    const narrow = { units: 100, protect: { trail: 0.75 } };
    scene.answer(narrow);
    scene.bars(120);
    scene.answer({ ...narrow, units: 150 }, 120);
    expect(asked(scene, 2)).toEqual(['submit 3 buy 50 market entry', 'replace 2 {"qty":150}']);
  });
});

describe('protection that the venue ends by itself', () => {
  it('since its sibling filled at a size it had before is sent anew for the rest', () => {
    const scene = resting();
    scene.report((venue) => venue.filled(venue.sent[0]!, { qty: 50 }));
    // The legs cover 50 while their change to 100 is on its way.
    scene.venue.onReplace = () => 'hold';
    scene.report((venue) => venue.filled(venue.sent[0]!, { qty: 50 }));
    const [stop, target] = [scene.venue.sent[1]!, scene.venue.sent[2]!];
    scene.report((venue) => venue.filled(target, { qty: 50 }));
    scene.report((venue) => venue.cancelled(stop, 'OCO'));
    expect(scene.held()).toBe(50);
    expect(scene.codes()).not.toContain('PROTECTION_ENDED');
    expect(live(scene)).toEqual(['stop sell 50 @ 95', 'limit sell 50 @ 110']);
  });

  it.each(['cancel', 'expire'] as const)('is told as an alarm and not sent again in a circle (%s)', (answer) => {
    const scene = new Scene();
    scene.venue.onSubmit = (order) => (order.purpose === 'protection' ? answer : 'fill');
    scene.answer(long);
    scene.bars();
    expect(scene.venue.sent).toHaveLength(3);
    expect(scene.codes()).toEqual(['PROTECTION_ENDED', 'PROTECTION_ENDED']);
  });

  it('comes back where its other leg had filled in part', () => {
    const scene = new Scene();
    scene.answer(long);
    scene.venue.onReplace = () => 'hold';
    scene.report((venue) => venue.filled(venue.sent[2]!, { qty: 60 }));
    scene.report((venue) => venue.cancelled(venue.sent[1]!, 'OCO_FILLED'));
    expect(live(scene)).toEqual(['stop sell 40 @ 95', 'limit sell 40 @ 110']);
    expect(scene.codes()).toEqual([]);
  });
});
