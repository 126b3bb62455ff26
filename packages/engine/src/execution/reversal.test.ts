// A strategy that turns its position round: it is never without its protection because an order of its own waits.
import { describe, expect, it } from '@jest/globals';
import type { ProtectInstruction } from '@bookrunner/sdk';
import { Scene } from '../kernel/kernel.fixture.js';
import { BrokerBench } from '../reconciliation/broker-bench.fixture.js';
import { watchCover } from './covered.fixture.js';

const short = { units: -300, protect: { stop: 105 } };
const turned = { units: 300, protect: { stop: 95 } };

/** The live protection of a slot as `side remaining price`. */
function live(scene: Scene, slot = 0): readonly string[] {
  const orders = scene.slots[slot]?.protection ?? [];
  return orders.map(({ side, leavesQty, orderType, stopPrice, limitPrice }) =>
    [side, leavesQty, orderType === 'limit' ? limitPrice : stopPrice].join(' '),
  );
}

/** `turner` is short 300 with a stop; `holder` is long 100, with a take-profit that a buy at the market would meet. */
function opposed(held: ProtectInstruction = { takeProfit: 120 }): Scene {
  const scene = new Scene({ strategies: [{ name: 'turner' }, { name: 'holder' }] });
  watchCover(scene);
  scene.answers[0] = short;
  scene.bars();
  scene.answers[1] = { units: 100, protect: held };
  scene.bars();
  return scene;
}

const waits = (scene: Scene) => scene.notices.filter(({ code }) => code === 'SELF_TRADE_WAIT');

describe('a reversal that would trade with another strategy', () => {
  it('closes the position as an exit, which the take-profit makes way for, and opens afterwards as an entry', () => {
    const scene = opposed();
    const from = scene.venue.sent.length;
    scene.answer(turned);
    const [exit, ...later] = scene.venue.sent.slice(from).filter(({ owner }) => owner.strategy === 'turner');
    expect([exit?.side, exit?.qty, exit?.orderType, exit?.purpose]).toEqual(['buy', 300, 'market', 'exit']);
    // The take-profit is back, so what opens waits: flat, and told.
    expect([later.length, scene.held(0), live(scene), live(scene, 1)]).toEqual([0, 0, [], ['sell 100 120']]);
    scene.answers[1] = 0;
    scene.bars();
    scene.bars();
    expect([scene.held(0), scene.held(1)]).toEqual([300, 0]);
    expect(live(scene)).toEqual(['sell 300 95']);
  });

  it('keeps its stop until what is in its way is gone', () => {
    const scene = opposed();
    scene.venue.onCancel = (order) => (order.owner.strategy === 'holder' ? 'hold' : 'cancel');
    scene.answer(turned);
    for (let i = 0; i < 3; i++) scene.bars(104);
    expect(live(scene)).toEqual(['buy 300 105']);
    expect(scene.held()).toBe(-300);
    const target = scene.venue.open.find(({ orderType }) => orderType === 'limit')!;
    scene.report((venue) => venue.cancelled(target));
    expect(scene.held()).toBe(0);
  });

  it('is complete at once where the other has nothing at work between the two', () => {
    const scene = opposed({ stop: 80, takeProfit: 120 });
    scene.answer(turned);
    expect([scene.held(), live(scene), live(scene, 1)]).toEqual([
      300,
      ['sell 300 95'],
      ['sell 100 80', 'sell 100 120'],
    ]);
  });

  it('keeps its stop while it waits for the exit of the other', () => {
    const scene = opposed();
    scene.venue.onSubmit = (order) =>
      order.owner.strategy === 'turner' && order.orderType === 'market' ? 'fill' : 'accept';
    scene.answers[1] = 0;
    scene.bars();
    scene.answer(turned);
    expect([scene.held(), live(scene)]).toEqual([-300, ['buy 300 105']]);
    const exit = scene.venue.open.find(({ purpose }) => purpose === 'exit')!;
    scene.report((venue) => venue.filled(exit));
    expect(scene.held()).toBe(300);
  });

  it('lets nobody come in between while its stop is being cancelled', () => {
    const scene = opposed();
    scene.venue.onCancel = ({ orderType }) => (orderType === 'stop' ? 'hold' : 'cancel');
    scene.answer(turned);
    scene.answers[1] = { units: 50, protect: { stop: 80, takeProfit: 120 } };
    scene.bars();
    const selling = scene.venue.open.filter((order) => order.side === 'sell' && order.orderType !== 'stop');
    expect([selling, live(scene)]).toEqual([[], ['buy 300 105']]);
    scene.report((venue) => venue.cancelled(scene.slot.protection[0]!));
    expect(scene.held()).toBe(0);
  });

  it('is told when it begins, once, and once more when it lasts', () => {
    const scene = opposed();
    scene.answer(turned);
    for (let i = 0; i < 5; i++) scene.bars();
    const details = { strategy: 'turner', symbol: 'AAA', inTheWay: 'holder' };
    expect(waits(scene)).toMatchObject([{ level: 'warning', details }]);
    expect(scene.slot.selfTradeWait?.strategy).toBe('holder');
    for (let i = 0; i < 20; i++) scene.bars();
    expect(waits(scene)).toHaveLength(2);
    expect(waits(scene)[1]?.message).toContain('10 minutes');
    scene.answers[1] = 0;
    for (let i = 0; i < 2; i++) scene.bars();
    expect([scene.held(), scene.slot.selfTradeWait]).toEqual([300, undefined]);
  });

  it('that is a limit waits as an entry, and its stop stands', () => {
    const scene = opposed();
    scene.answer({ ...turned, entry: { limit: 121 } });
    for (let i = 0; i < 3; i++) scene.bars();
    expect([scene.held(), live(scene), live(scene, 1)]).toEqual([-300, ['buy 300 105'], ['sell 100 120']]);
    expect(waits(scene)).toHaveLength(1);
  });
});

describe('a reversal at a limit', () => {
  const flip = { units: 300, entry: { limit: 98 }, protect: { stop: 95 } };

  function resting(options: ConstructorParameters<typeof Scene>[0] = {}): Scene {
    const scene = new Scene(options);
    watchCover(scene);
    scene.answer(short);
    scene.answer(flip);
    return scene;
  }
  const order = (scene: Scene) => scene.slot.entries[0]!;

  it('rests beside the stop, and both together reach the target and not more', () => {
    const scene = resting();
    expect(scene.venue.log.slice(2)).toEqual(['submit 3 buy 300 limit 98 entry']);
    expect(live(scene)).toEqual(['buy 300 105']);
    scene.report((venue) => venue.filled(scene.slot.protection[0]!));
    expect([scene.held(), scene.slot.workingScaled]).toEqual([0, 300_000]);
    scene.report((venue) => venue.filled(order(scene)));
    expect([scene.held(), live(scene)]).toEqual([300, ['sell 300 95']]);
  });

  it.each([true, false])(
    'opens with a second order when the first has closed (venue replaces: %s)',
    (venueReplaces) => {
      const scene = resting({ venueReplaces });
      scene.report((venue) => venue.filled(order(scene), { qty: 100 }));
      expect([scene.held(), live(scene)]).toEqual([-200, ['buy 200 105']]);
      while (scene.slot.entries.length > 0) scene.report((venue) => venue.filled(order(scene)));
      expect([scene.held(), live(scene)]).toEqual([300, ['sell 300 95']]);
    },
  );

  it('waits until the stop has arrived where that is still smaller than the position', () => {
    const scene = new Scene();
    watchCover(scene);
    scene.venue.onSubmit = ({ purpose }) => (purpose === 'protection' ? 'hold' : 'accept');
    scene.answer(short);
    const [entry] = scene.venue.sent;
    scene.report((venue) => venue.filled(entry!, { qty: 100 }));
    scene.report((venue) => venue.filled(entry!));
    expect([scene.held(), live(scene)]).toEqual([-300, ['buy 100 105']]);
    scene.answer(flip);
    expect(scene.slot.entries).toEqual([]);
    scene.report((venue) => venue.accepted(scene.slot.protection[0]!));
    expect([live(scene), scene.slot.entries.map(({ qty }) => qty)]).toEqual([['buy 300 105'], [300]]);
  });

  it('makes place for the stop of what an exit at the market leaves', () => {
    const scene = new Scene();
    watchCover(scene);
    scene.answer({ units: 100 });
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 30, protect: { stop: 80 } });
    // The venue ends what turns the position round, and the stop; the next answer leaves no place for another one.
    scene.venue.onSubmit = () => 'expire';
    scene.answer({ units: -150 });
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: -150, entry: { limit: 95 } });
    expect([scene.slot.entries.map(({ qty }) => qty), live(scene)]).toEqual([[70, 180], []]);
    scene.report((venue) => venue.filled(scene.slot.entries[0]!, { qty: 24 }));
    expect([scene.held(), scene.slot.entries.map(({ leavesQty }) => leavesQty), live(scene)]).toEqual([
      76,
      [46, 150],
      ['sell 30 80'],
    ]);
  });

  it('moves with its answer, and is given up with its strategy, while the stop keeps its own price', () => {
    const scene = resting();
    scene.answer({ ...flip, entry: { limit: 97 }, protect: { stop: 94 } });
    expect(order(scene).limitPrice).toBe(97);
    expect(live(scene)).toEqual(['buy 300 105']);
    scene.command('stop', { name: 's0' });
    scene.bars();
    expect([scene.slot.entries, live(scene)]).toEqual([[], ['buy 300 105']]);
  });
});

it.each(['reject', 'cancel', 'expire'] as const)(
  'a reversal that comes to nothing (%s) has its stop again',
  (outcome) => {
    const scene = new Scene();
    watchCover(scene);
    scene.answer(short);
    scene.venue.onSubmit = ({ purpose }) => (purpose === 'entry' ? outcome : 'accept');
    scene.answer(turned);
    expect([scene.held(), live(scene)]).toEqual([-300, ['buy 300 105']]);
  },
);

it('a position whose exit is rejected has its stop until the exit tries again', () => {
  const scene = new Scene();
  watchCover(scene);
  scene.answer(short);
  scene.venue.onSubmit = ({ purpose }) => (purpose === 'exit' ? 'reject' : 'accept');
  scene.answer(0);
  expect([scene.held(), live(scene)]).toEqual([-300, ['buy 300 105']]);
  scene.venue.onSubmit = () => 'fill';
  scene.bars();
  expect([scene.held(), live(scene)]).toEqual([0, []]);
});

describe('a reversal at a price', () => {
  it('reaches its target and not more beside an exit that has become larger than what is held', () => {
    const scene = new Scene();
    scene.answer({ units: 150, protect: { takeProfit: 130 } });
    scene.venue.onSubmit = () => 'accept';
    scene.answer(0);
    scene.answer(-1);
    const [exit, entry] = scene.venue.open;
    expect([exit?.leavesQty, entry?.leavesQty]).toEqual([150, 100]);
    scene.report((venue) => venue.filled(entry!, { qty: 34 }));
    let reached = Number.NaN;
    scene.venue.onSubmit = (order) => {
      if (order.purpose === 'entry') reached = scene.slot.heldScaled + scene.slot.workingScaled;
      return 'accept';
    };
    scene.answer({ units: -150, entry: { limit: 95 } });
    expect(scene.slot.state.units(reached)).toBe(-150);
  });

  it('leaves place for a take-profit that waits for an order of another strategy, and does not go in a circle', () => {
    const scene = new Scene({ strategies: [{ name: 'turner' }, { name: 'buyer' }] });
    scene.venue.onSubmit = ({ owner }) => (owner.strategy === 'buyer' ? 'hold' : 'accept');
    scene.answer({ units: 100, entry: { limit: 99 }, protect: { takeProfit: 120 } });
    // The outcome of this one is not known for a while.
    scene.answer({ units: 50 }, 100, 1);
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect([scene.held(), live(scene)]).toEqual([100, []]);
    scene.answer({ units: -100, entry: { stop: 90 }, protect: { stop: 130 } });
    expect(scene.venue.log.slice(2)).toEqual(['submit 3 sell 100 stop 90 entry']);
    scene.report((venue) => venue.filled(venue.sent[1]!));
    expect(live(scene)).toEqual(['sell 100 120']);
    scene.report((venue) => venue.filled(venue.sent[2]!));
    scene.report((venue) => venue.filled(venue.open.find(({ orderType }) => orderType === 'stop')!));
    expect([scene.held(), live(scene)]).toEqual([-100, ['buy 100 130']]);
  });

  it('keeps no more protection than there is position where a halt refuses it', () => {
    const scene = new Scene();
    const { venue, slot } = scene;
    const protect = { stop: 90, takeProfit: 110 };
    scene.answer({ units: 50, protect });
    venue.onSubmit = () => 'accept';
    // An exit of 10 works, and 40 are protected.
    scene.answer({ units: 40, protect });
    scene.command('halt');
    venue.onCancel = () => 'reject';
    scene.answer(-1);
    venue.onCancel = () => 'cancel';
    scene.report(() => venue.filled(slot.protection.find(({ orderType }) => orderType === 'limit')!));
    expect(slot.protection.filter(({ status }) => status !== 'pending-cancel')).toEqual([]);
  });

  it('makes place where what comes to light leaves protection a place for a part of the position only', () => {
    const bench = new BrokerBench();
    bench.ready();
    const answer = (units: number, terms: object): void => {
      bench.scene.answer({ units, ...terms });
      bench.pump();
    };
    answer(100, { protect: { stop: 90 } });
    answer(-100, { entry: { limit: 101 }, protect: { stop: 110 } });
    // The broker ends the stop by itself: a person is told, and the reversal takes its place.
    bench.broker.end(bench.scene.slot.protection[0]?.clientOrderId ?? '');
    bench.pump();
    expect([live(bench.scene), bench.scene.slot.workingScaled]).toEqual([[], -200_000]);
    bench.broker.change(0, { qty: 101, price: 100 });
    bench.pump();
    expect([bench.truth, live(bench.scene)]).toEqual([101, ['sell 101 90']]);
    bench.scene.bars();
    bench.pump();
    expect([live(bench.scene), bench.scene.slot.workingScaled]).toEqual([['sell 101 90'], -100_000]);
  });
});
