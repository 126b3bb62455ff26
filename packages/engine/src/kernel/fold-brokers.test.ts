// A run at brokers, folded: books, what is in suspense and what is frozen are as the run had them.
import { defineInstrument } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOLD } from '../execution/hold.js';
import { BrokerBench } from '../reconciliation/broker-bench.fixture.js';
import { fine, makeBench, rough, runs, settle, take, thwarted } from '../reconciliation/broker-steps.fixture.js';
import { bought, left, restored } from '../reconciliation/lost-session.fixture.js';
import { entryOf } from '../journal/entry-text.js';
import type { KernelEvent } from './event.js';
import { carryOver } from './fold-carry.js';
import { foldedKernelSetup } from './fold-setup.js';
import { type FoldedEntry, KernelFold } from './fold.js';
import { Kernel } from './kernel.js';
import { instrumentOf, strategyOf } from './kernel.fixture.js';
import type { KernelListener } from './listener.js';
import { RecordingListener } from './recording-listener.fixture.js';
import type { KernelSetup } from './setup.js';

type Line = { readonly event: KernelEvent } | { readonly entry: FoldedEntry };

class WritingKernel extends Kernel {
  readonly lines: Line[] = [];

  override process(event: KernelEvent): void {
    this.lines.push({ event: { ...event } });
    const before = this.outbox.end;
    super.process(event);
    for (let place = before; place < this.outbox.end; place++)
      this.lines.push({ entry: entryOf(this.outbox.at(place)) });
  }
}

const writing = (setup: KernelSetup, listener: KernelListener): WritingKernel => new WritingKernel(setup, listener);

function fold({ scene }: BrokerBench): Kernel {
  const { kernel, setup } = scene;
  const folded = new KernelFold(new Kernel(foldedKernelSetup(setup), new RecordingListener()));
  for (const line of (kernel as WritingKernel).lines) {
    if ('event' in line) folded.take(line.event);
    else folded.entry(line.entry);
  }
  return folded.kernel;
}

/** A kernel of the same books and accounts with other strategies' code that goes on from a bench. */
function goOn(bench: BrokerBench, finer = 0): Kernel {
  const folded = fold(bench);
  const { strategies, instruments, ...setup } = bench.scene.setup;
  const definition = strategyOf(() => undefined);
  const kernel = new Kernel(
    {
      ...setup,
      instruments: instruments.map(({ instrument, calendar }) => {
        const { priceDecimals, quantityDecimals } = instrument;
        const decimals = { priceDecimals: priceDecimals + finer, quantityDecimals: quantityDecimals + finer };
        return { instrument: defineInstrument({ ...instrument, ...decimals }), calendar };
      }),
      strategies: strategies.map((strategy) => ({ ...strategy, definition })),
    },
    new RecordingListener(),
  );
  const gap = { from: folded.now, to: folded.now, reason: 'SETUP_CHANGED' };
  kernel.restore(carryOver(folded, kernel, gap));
  return kernel;
}

function known({ parts, ...kernel }: Kernel, hash: string) {
  void kernel;
  return {
    hash,
    executions: parts.execution.save(),
    sequence: parts.desk.sequence,
    books: parts.portfolio.books.map((book) => book.currencies().map((currency) => String(book.cash(currency)))),
    suspense: parts.reconciler?.watches.flatMap(({ accounts }) =>
      accounts.map(({ book, explained, closing }) => ({
        cash: String(book.cash('USD')),
        explained: [...explained],
        closing: [...closing],
      })),
    ),
    held: parts.execution.slots.map(({ heldScaled, holds }) => [heldScaled, holds]),
  };
}

/** Two entries filled and protected, a manual trade, a correction, a commission, and something that nobody explains. */
function eventful(): BrokerBench {
  const bench = makeBench({ kernelOf: writing });
  const { scene, broker } = bench;
  bench.ready();
  scene.answers[0] = { share: 1, entry: { limit: 99 }, protect: { stop: 90, takeProfit: 120 } };
  scene.answers[1] = { share: 0.5, entry: { limit: 98 }, protect: { stop: 91 } };
  scene.bars(100);
  bench.pump();
  bench.status('disconnected');
  for (const [place, id] of [...broker.open.keys()].entries()) broker.fill(id, 30 + place, 'lost');
  broker.trade('sell', 7);
  bench.ready();
  bench.pass(5_000);
  scene.answers[0] = { share: 1, entry: { limit: 99 }, protect: { stop: 90, takeProfit: 120 } };
  // Executions that no report tells, several in one snapshot: what protects them goes out between nothing of them.
  scene.bars(100);
  bench.pump();
  for (const [id, { orderType }] of broker.open) if (orderType === 'limit') broker.fill(id, 10, 'lost');
  bench.pass(61_000);
  broker.change(0, { qty: 25, price: 99 });
  broker.charge(1, 0.5);
  bench.pump();
  broker.trade('buy', 9, 'AAA', false);
  bench.pass(70_000);
  expect(scene.codes()).toContain('SYMBOL_FROZEN');
  return bench;
}

/** How a run ends; a panic begins so long before it, or never. */
const ending = fc.record({
  isSettled: fc.boolean(),
  isExclusive: fc.boolean(),
  isFine: fc.boolean(),
  panicMs: fc.constantFrom(-1, 0, 1_000, 90_000),
});

describe('a run at a broker, folded', () => {
  it('has its books, what is in suspense, what is frozen, and the hash of its decisions', () => {
    const bench = eventful();
    const { kernel } = bench.scene;
    const folded = fold(bench);
    expect(known(folded, folded.hash())).toEqual(known(kernel, kernel.hash()));
  });

  it('has them whatever happened, at any time', () => {
    fc.assert(
      fc.property(
        fc.array(rough, { minLength: 1, maxLength: 30 }),
        ending,
        (steps, { isSettled, isExclusive, isFine, panicMs }) => {
          const make = isFine ? fine : makeBench;
          const bench = make({ kernelOf: writing, isExclusive, isMarginSettled: isFine });
          bench.ready();
          for (const one of steps) take(bench, one);
          if (isSettled) settle(bench);
          if (panicMs >= 0) bench.scene.command('panic');
          bench.pass(Math.max(0, panicMs));
          const { kernel } = bench.scene;
          const folded = fold(bench);
          expect(known(folded, folded.hash())).toEqual(known(kernel, kernel.hash()));
        },
      ),
      runs(200),
    );
  });

  it('has them where cancels and changes come to nothing, and another symbol freezes meanwhile', () => {
    const instruments = [instrumentOf(), instrumentOf({ symbol: 'BBB' })];
    const strategies = [
      { name: 'one', book: 0, instruments: [0] },
      { name: 'two', book: 1, instruments: [0] },
    ];
    const elsewhere = fc.constant('elsewhere' as const);
    let frozen = 0;
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 5, arbitrary: thwarted }, rough, elsewhere), { minLength: 4, maxLength: 30 }),
        fc.boolean(),
        (steps, isExclusive) => {
          const bench = makeBench({ kernelOf: writing, instruments, strategies, isExclusive });
          bench.ready();
          for (const one of steps) {
            if (one === 'elsewhere') bench.broker.trade('buy', 3, 'BBB', false);
            else take(bench, one);
          }
          bench.pass(10_000);
          frozen += bench.scene.codes().filter((code) => code === 'SYMBOL_FROZEN').length;
          const { kernel } = bench.scene;
          const folded = fold(bench);
          expect(known(folded, folded.hash())).toEqual(known(kernel, kernel.hash()));
        },
      ),
      runs(200),
    );
    expect(frozen).toBeGreaterThan(0);
  });

  it('has its numbers of orders where protection goes out in an answer in which another symbol freezes', () => {
    const instruments = [instrumentOf(), instrumentOf({ symbol: 'BBB' })];
    const bench = new BrokerBench({ instruments, kernelOf: writing });
    const { scene, broker } = bench;
    const protect = { stop: 90 };
    bench.ready();
    scene.answer({ units: 100, entry: { limit: 99, tif: 'GTC' }, protect });
    bench.pump();
    broker.fate = (what) => (what === 'cancel' ? 'lost' : 'through');
    scene.answer({ units: 100, entry: { limit: 98, tif: 'GTC' }, protect });
    bench.pump();
    const [entry] = broker.open.keys();
    broker.fill(entry ?? '', 40);
    broker.trade('buy', 30, 'BBB', false);
    bench.pass(20_000);
    expect(scene.codes()).toContain('SYMBOL_FROZEN');
    expect(scene.slot.protection).toHaveLength(1);
    const folded = fold(bench);
    expect(known(folded, folded.hash())).toEqual(known(scene.kernel, scene.kernel.hash()));
  });

  it('stays frozen under another set-up, until a person decides', () => {
    const bench = eventful();
    const kernel = goOn(bench);
    const before = bench.reconciler.watches[0]?.accounts[0];
    const after = kernel.parts.reconciler?.watches[0]?.accounts[0];
    expect([...(after?.unexplained ?? [])]).toEqual([...(before?.unexplained ?? [])]);
    const frozen = kernel.parts.execution.slots.filter(({ strategy }) => strategy !== 'SUSPENSE');
    expect(frozen.map(({ holds }) => holds & HOLD.frozen)).toEqual([HOLD.frozen, HOLD.frozen]);
  });

  it('has as much in suspense where its broker has finer steps by now, and decides the same', () => {
    const bench = eventful();
    bench.reconciler.watches[0]?.accounts[0]?.ignored.set(0, bench.scene.slot.state.scaled(3));
    const suspense = ({ parts: { reconciler } }: Kernel) => {
      const account = reconciler?.watches[0]?.accounts[0];
      const { state } = account?.slotOf(0) ?? {};
      const units = (scaled: number | undefined) => (scaled === undefined ? undefined : state?.units(scaled));
      return {
        held: account?.slots.map(({ position }) => position.holding.qty),
        cash: account?.book.cash('USD'),
        explained: units(account?.explained.get(0)),
        ignored: units(account?.ignored.get(0)),
        unexplained: units(account?.unexplainedOf(0)),
        told: units(account?.told.get(0)?.scaled),
        targets: account?.slots.map(({ targetScaled }) => units(targetScaled)),
      };
    };
    const kernel = goOn(bench, 2);
    expect(suspense(kernel)).toEqual(suspense(goOn(bench)));
    expect(suspense(kernel).unexplained).not.toBe(0);
    expect(suspense(kernel).told).toBeDefined();
  });

  it('goes on with a panic that the broker has not shown to be done, and not with one that it has', () => {
    for (const isDone of [false, true]) {
      const bench = eventful();
      if (!isDone) bench.broker.foreign.set('ZZZ', 1);
      bench.scene.command('panic');
      bench.pass(20_000);
      expect(bench.scene.codes().includes('PANIC_COMPLETE')).toBe(isDone);
      expect(
        goOn(bench)
          .parts.panics.save()
          .map((panic) => panic.isDone === true),
      ).toEqual([isDone]);
    }
  });

  it.each(['sold by hand', 'adopt', 'ignore', 'flatten', 'panic', 'kept'] as const)(
    'takes up and takes back what a lost session left open as the run did: %s',
    (what) => {
      const bench = restored({}, { kernelOf: writing });
      if (what === 'kept') bought(bench, 60);
      bench.ready();
      if (what !== 'kept') bench.broker.trade('buy', 100, 'AAA', false);
      left(bench, 401);
      left(bench, 402, { stopPrice: 85 });
      left(bench, 403, { orderType: 'limit', limitPrice: 110, stopPrice: Number.NaN });
      bench.pass(130_000);
      if (what === 'sold by hand') bench.say('fill', bench.broker.trade('sell', 60));
      else if (what !== 'kept')
        bench.scene.command(what, { symbol: 'AAA', ...(what === 'adopt' ? { strategy: 's0' } : {}) });
      for (const ms of [0, 5_000, 70_000]) {
        bench.pass(ms);
        const { kernel } = bench.scene;
        const orders = ({ parts }: Kernel) =>
          [...parts.desk.live()].map(({ sequence, status, purpose }) => [sequence, status, purpose]);
        const folded = fold(bench);
        expect(known(folded, folded.hash())).toEqual(known(kernel, kernel.hash()));
        expect(orders(folded)).toEqual(orders(kernel));
      }
    },
  );

  it('has told of a panic where the run has, and not where it had no time to', () => {
    for (const [ms, isTold] of [
      [9_000, false],
      [11_000, true],
    ] as const) {
      const bench = makeBench({ kernelOf: writing });
      bench.ready();
      bench.bar(1);
      bench.broker.liquidity = 40;
      bench.scene.command('panic');
      bench.pass(ms);
      expect(bench.scene.codes().includes('PANIC_PENDING')).toBe(isTold);
      const kernel = goOn(bench);
      expect(kernel.parts.panics.save()).toMatchObject([{ isTold }]);
      expect(kernel.parts.time.panicAt < Number.POSITIVE_INFINITY).toBe(!isTold);
    }
  });
});
