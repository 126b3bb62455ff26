// A folded kernel taken over by a kernel of another set-up.
import { defineInstrument, moneyToNumber } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { carryOver } from './fold-carry.js';
import { foldedKernelSetup } from './fold-setup.js';
import { KernelFold } from './fold.js';
import { Kernel } from './kernel.js';
import { instrumentOf, Scene, type SceneOptions, strategyOf } from './kernel.fixture.js';
import { RecordingListener } from './recording-listener.fixture.js';
import { live, scenario, steps } from './session.fixture.js';

/** What a scene came to, in a kernel that remembers and does not decide. */
function foldedOf(scene: Scene): Kernel {
  const fold = new KernelFold(new Kernel(foldedKernelSetup(scene.setup), new RecordingListener()));
  fold.restore(structuredClone(scene.kernel.snapshot()));
  return fold.kernel;
}

/** A scene of other strategies that goes on from another scene. */
function goOn(from: Scene, options: SceneOptions): Scene {
  const scene = new Scene({ ...options, start: from.now });
  const gap = { from: from.now, to: from.now, reason: 'SETUP_CHANGED' };
  const { kernel } = scene;
  kernel.restore(carryOver(foldedOf(from), kernel, gap));
  return scene;
}

const AAA = instrumentOf();
const BBB = instrumentOf({ symbol: 'BBB' });
const silent = strategyOf(() => undefined);

describe('a kernel of another set-up', () => {
  it('has every order, position, cash and halt under its name, whatever the order of strategies and instruments', () => {
    fc.assert(
      fc.property(steps, (events) => {
        const options = scenario(0);
        const scene = live(options, events);
        const { instruments = [], strategies = [] } = options;
        const turned: SceneOptions = {
          instruments: [...instruments].reverse(),
          strategies: [
            { name: 'new', definition: silent, instruments: [0] },
            { ...strategies[1], name: 's1', definition: silent, instruments: [1], streams: [[1]] },
            { ...strategies[0], name: 's0', definition: silent, instruments: [1, 0], streams: [[1, 0]] },
          ],
        };
        const next = goOn(scene, turned);
        const summary = ({ kernel }: Scene) => ({
          cash: kernel.parts.portfolio.books.map((book) => book.currencies().map((currency) => book.cash(currency))),
          orders: [...kernel.parts.desk.live()]
            .map(({ sequence, status, symbol, owner, leavesQty }) => [
              sequence,
              status,
              symbol,
              owner.strategy,
              leavesQty,
            ])
            .toSorted(([a], [b]) => Number(a) - Number(b)),
          held: kernel.parts.execution.slots
            .filter(({ strategy }) => strategy !== 'new')
            .map(({ strategy, instrument, position, workingScaled }) =>
              JSON.stringify([strategy, instrument.symbol, position.holding.save(), workingScaled]),
            )
            .toSorted(),
          halts: [...kernel.parts.scopes.strategies, ...kernel.parts.scopes.books, kernel.parts.scopes.global]
            .filter(({ view }) => view.name !== 'new')
            .map(({ view, haltReason, haltUntil }) => JSON.stringify([view.scope, view.name, haltReason, haltUntil]))
            .toSorted(),
          sequence: kernel.parts.desk.sequence,
        });
        expect(summary(next)).toEqual(summary(scene));
        expect(next.kernel.outbox.hasEntries).toBe(false);
        // Twice is once: what was restored is what a snapshot has.
        const again = new Scene({ ...turned, start: scene.now });
        again.kernel.restore(structuredClone(next.kernel.snapshot()));
        expect(again.kernel.snapshot()).toEqual(next.kernel.snapshot());
      }),
      { numRuns: 30 },
    );
  });

  it('says the same in units where its instruments have finer scales, and with those of before again', () => {
    fc.assert(
      fc.property(steps, fc.nat({ max: 4 }), fc.nat({ max: 4 }), (events, moreQuantity, morePrice) => {
        const options = scenario(0);
        const scene = live(options, events);
        const { instruments = [], strategies = [] } = options;
        const quiet = { ...options, strategies: strategies.map((one) => ({ ...one, definition: silent })) };
        const finer = instruments.map(({ priceDecimals, quantityDecimals, ...instrument }) =>
          defineInstrument({
            ...instrument,
            priceDecimals: priceDecimals + morePrice,
            quantityDecimals: quantityDecimals + moreQuantity,
          }),
        );
        const next = goOn(scene, { ...quiet, instruments: finer });
        const units = ({ kernel: { parts } }: Scene) => ({
          cash: parts.portfolio.books.map((book) => book.currencies().map((currency) => book.cash(currency))),
          equity: parts.portfolio.books.map((book) => book.equity()),
          orders: [...parts.desk.live()].map(({ sequence, qty, filledQty, leavesQty }) => [
            ...[sequence, qty, filledQty, leavesQty],
          ]),
          held: parts.execution.slots.map(({ position: { holding }, state, workingScaled }) => [
            ...[holding.qty, holding.cost, holding.realised, holding.fees, state.units(workingScaled)],
          ]),
          executions: parts.execution
            .save()
            .booked.map(([key, { slot, signedScaled }]) => [
              key,
              slot,
              parts.execution.slots[slot]?.state.units(signedScaled),
            ]),
        });
        const same = goOn(scene, quiet);
        expect(units(next)).toEqual(units(same));
        const back = goOn(next, quiet).kernel.snapshot();
        const { books, slots, orders, executions } = same.kernel.snapshot();
        expect(back).toMatchObject({ books, slots, orders, executions });
      }),
      // A session takes minutes to shrink.
      { numRuns: 60, endOnFailure: true },
    );
  });

  it('keeps its position and its protection until the first answer, and then trades the difference', () => {
    const scene = new Scene();
    scene.answer({ share: 1, protect: { stop: 90, takeProfit: 120 } });
    expect([scene.held(), scene.slot.protection.length]).toEqual([100, 2]);
    const next = goOn(scene, {});
    next.venue.onSubmit = (order) => (order.orderType === 'market' ? 'fill' : 'accept');
    next.answers[0] = undefined;
    next.bars(101);
    expect([next.held(), next.venue.log]).toEqual([100, []]);
    next.venue.onCancel = () => 'hold';
    next.answer({ share: 0.5, protect: { stop: 90, takeProfit: 120 } }, 101);
    expect(next.venue.log.every((line) => line.startsWith('cancel'))).toBe(true);
    expect(next.slot.state.units(next.slot.targetScaled)).toBe(50);
  });

  it('sends anew the protection of a position whose protection did not go out', () => {
    const scene = new Scene();
    scene.venue.onSubmit = (order) => (order.orderType === 'market' ? 'fill' : 'reject');
    scene.answer({ share: 1, protect: { stop: 90 } });
    expect(scene.slot.protection).toEqual([]);
    scene.slot.isProtectionRefused = false;
    const next = goOn(scene, {});
    next.bars(101);
    expect(next.venue.log).toEqual([expect.stringContaining('stop 90 protection')]);
  });

  it('begins strategies anew: those of before hear of the gap, new ones do not', () => {
    const seen: string[] = [];
    const watch = (name: string) =>
      strategyOf(() => void seen.push(`${name} bar`), {
        warmup: 2,
        onReset: (_, { reason }) => void seen.push(`${name} ${reason}`),
      });
    const scene = new Scene({ strategies: [{ name: 'old', definition: watch('old') }] });
    for (let i = 0; i < 4; i++) scene.bars();
    seen.length = 0;
    const strategies = ['fresh', 'old'].map((name) => ({ name, definition: watch(name) }));
    const next = goOn(scene, { strategies });
    next.bars();
    expect(seen).toEqual([]);
    next.bars();
    expect(seen).toEqual(['fresh bar', 'old SETUP_CHANGED', 'old bar']);
  });

  it('keeps what a strategy that is gone has earned', () => {
    const both: SceneOptions = { instruments: [AAA, BBB], strategies: [{ instruments: [0] }, { instruments: [1] }] };
    const scene = new Scene(both);
    scene.answer(1, 100, 1);
    scene.answer(0, 110, 1);
    expect(scene.slots.map((slot) => slot.heldScaled)).toEqual([0, 0]);
    const earned = moneyToNumber(scene.book.cash('USD'));
    expect(earned).toBeGreaterThan(1_000_000);
    const next = goOn(scene, { instruments: [AAA], strategies: [{ instruments: [0] }] });
    expect(moneyToNumber(next.book.cash('USD'))).toBe(earned);
    expect(next.book.equity()).toBe(scene.book.equity());
  });

  it('keeps the cash of a profit that coarser scales cannot say, and does not change an execution that they cannot say', () => {
    const scene = new Scene({ instruments: [instrumentOf({ lotStep: 0.5, quantityDecimals: 1 })] });
    scene.answer(0.505, 100.25);
    scene.answer(0, 100.75);
    const { executions } = scene.kernel.parts.execution;
    const booked = { sequence: 1, price: 100, fee: 0, feeCurrency: 'USD', at: scene.now };
    executions.add('ACC', 'half', { ...booked, slot: 0, signedScaled: 5 });
    executions.add('ACC', 'whole', { ...booked, slot: 0, signedScaled: 50 });
    const next = goOn(scene, { instruments: [instrumentOf({ quantityDecimals: 0, priceDecimals: 2 })] });
    expect(next.book.cash('USD')).toBe(scene.book.cash('USD'));
    expect(next.kernel.parts.execution.executions.find('ACC', 'half')).toMatchObject({ slot: -1, signedScaled: 0 });
    expect(next.kernel.parts.execution.executions.find('ACC', 'whole')).toMatchObject({ slot: 0, signedScaled: 5 });
  });

  it('goes on making flat what a person made flat, and keeps stopped what was stopped', () => {
    const scene = new Scene();
    scene.answer(1);
    scene.venue.onSubmit = () => 'hold';
    scene.command('panic');
    scene.command('stop', { name: 's0' });
    const next = goOn(scene, {});
    expect([next.slot.isFlattening, next.runner.status]).toEqual([true, 'stopped']);
    expect(next.kernel.parts.scopes.global.haltReason).toBe('panic by ada');
    next.bars();
    // The exit is on its way already.
    expect(next.venue.log).toEqual([]);
  });

  it('takes an allocation set by command, unless engine.yaml has another one now', () => {
    const scene = new Scene({ strategies: [{ allocation: 0.5 }] });
    scene.bars();
    scene.command('alloc', { name: 's0', weight: 0.2 });
    expect(goOn(scene, { strategies: [{ allocation: 0.5 }] }).runner.allocation).toBe(0.2);
    expect(goOn(scene, { strategies: [{ allocation: 0.7 }] }).runner.allocation).toBe(0.7);
  });
});
