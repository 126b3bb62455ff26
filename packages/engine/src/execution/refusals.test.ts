// What a venue or a policy refuses: never again at once, never a position left bare in silence, never an exit given up.
import { describe, expect, it } from '@jest/globals';
import { Scene } from '../kernel/kernel.fixture.js';

const PROTECTED = { units: 100, protect: { stop: 90, takeProfit: 120 } };

describe('a refusal of the venue', () => {
  it('of a change of protection is not asked again at once: it is cancelled and sent anew with the next bar', () => {
    const scene = new Scene();
    scene.venue.onReplace = () => 'reject';
    scene.answer(PROTECTED);
    scene.answer({ ...PROTECTED, protect: { stop: 95, takeProfit: 120 } });
    expect(scene.venue.log.filter((line) => line.startsWith('replace'))).toHaveLength(1);
    expect(scene.notices.filter(({ code }) => code === 'PROTECTION_NOT_CHANGED')).toMatchObject([{ level: 'alarm' }]);
    scene.bars();
    expect(scene.slot.protection.map((order) => order.stopPrice)).toContain(95);
  });

  it('of a change is no alarm where the venue has not joined the session yet: it is made then', () => {
    const scene = new Scene();
    scene.venue.onReplace = () => 'hold';
    scene.answer(PROTECTED);
    scene.answer({ ...PROTECTED, protect: { stop: 95, takeProfit: 120 } });
    const [stop] = scene.slot.protection;
    scene.report((venue) => venue.replaceRejected(stop!, 'BROKER_NOT_OPEN'));
    expect(scene.notices.filter(({ code }) => code === 'PROTECTION_NOT_CHANGED')).toMatchObject([{ level: 'warning' }]);
    // It has refused nothing: what protects stays, and is changed.
    scene.venue.onReplace = () => 'replace';
    scene.bars();
    expect(scene.venue.log.some((line) => line.startsWith('cancel'))).toBe(false);
    expect(scene.slot.protection[0]?.stopPrice).toBe(95);
  });

  it('of a cancel is asked again once a bar, not in a circle', () => {
    const scene = new Scene();
    scene.answer({ units: 100, entry: { limit: 95 } });
    scene.venue.onCancel = () => 'reject';
    scene.answer({ units: 100, entry: { limit: 94 } });
    scene.bars();
    expect(scene.venue.log.filter((line) => line.startsWith('cancel'))).toHaveLength(2);
    scene.venue.onCancel = () => 'cancel';
    scene.bars();
    expect(scene.venue.open.map((order) => order.limitPrice)).toEqual([94]);
  });

  it('of a cancel leaves nothing bare meanwhile: what is held has its protection before the next bar', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 100, entry: { limit: 95 } });
    scene.report((venue) => venue.filled(venue.open[0]!, { qty: 40 }));
    scene.venue.onCancel = () => 'reject';
    scene.answer({ units: 100, entry: { limit: 94 }, protect: { stop: 90 } });
    expect(scene.slot.protection.map(({ qty, stopPrice }) => [qty, stopPrice])).toEqual([[40, 90]]);
    // Once more with the word that it has arrived, and then not before the next bar.
    expect(scene.venue.log.filter((line) => line.startsWith('cancel'))).toHaveLength(2);
  });

  it('of an exit is an alarm, protection stands, and the exit goes out again with the next bar', () => {
    const scene = new Scene();
    scene.answer(PROTECTED);
    scene.venue.onSubmit = (order) => (order.purpose === 'exit' ? 'reject' : 'accept');
    scene.answer({ ...PROTECTED, units: 60 });
    expect(scene.slot.protection.map((order) => order.leavesQty)).toEqual([100, 100]);
    scene.venue.onSubmit = (order) => (order.purpose === 'protection' ? 'accept' : 'fill');
    scene.bars();
    expect(scene.held()).toBe(60);
  });
});

describe('a refusal of risk', () => {
  it('comes before protection is taken off', () => {
    let isClosed = false;
    const scene = new Scene({
      policy: { check: () => (isClosed ? { kind: 'refuse', reason: 'NO', message: 'No.' } : { kind: 'approve' }) },
    });
    scene.answer(PROTECTED);
    isClosed = true;
    scene.answer({ units: -100, protect: { stop: 110 } });
    scene.answer({ units: -100, protect: { stop: 111 } });
    expect(scene.held()).toBe(100);
    expect(scene.venue.log.filter((line) => line.startsWith('cancel'))).toEqual([]);
  });
});

describe('a panic', () => {
  it('is not undone by the answers of its strategy', () => {
    const scene = new Scene();
    scene.answer({ units: 100 });
    scene.venue.onSubmit = () => 'accept';
    scene.command('panic');
    const exit = scene.venue.open[0]!;
    scene.report((venue) => venue.filled(exit, { qty: 20 }));
    scene.answer({ units: 100 });
    expect(scene.venue.log.filter((line) => line.startsWith('cancel'))).toEqual([]);
    scene.report((venue) => venue.filled(exit));
    expect([scene.held(), scene.slot.isFlattening]).toEqual([0, false]);
  });
});

describe('a strategy that is stopped', () => {
  it('keeps its exits on their way', () => {
    const scene = new Scene();
    scene.answer({ units: 100 });
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 0 });
    scene.command('stop', { name: 's0' });
    expect(scene.venue.open.map((order) => order.purpose)).toEqual(['exit']);
    scene.report((venue) => venue.filled(scene.venue.open[0]!));
    expect(scene.held()).toBe(0);
  });
});

describe('an answer with a field nobody reads', () => {
  it.each([
    { units: 1, protekt: { stop: 1 } },
    { units: 1, protect: { stpo: 1 } },
    { units: 1, entry: { limti: 1 } },
  ])('stops the strategy: %j', (answer) => {
    const scene = new Scene();
    scene.answer(answer as never);
    expect([scene.runner.status, scene.held()]).toEqual(['failed', 0]);
    expect(scene.runner.statusReason).toContain('unknown field');
  });
});
