// What a fold knows of the market: where ticks have got to, and when days end, as a run over live feeds had it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MINUTE_MS } from '@bookrunner/sdk';
import type { KernelEvent } from './event.js';
import { foldedKernelSetup } from './fold-setup.js';
import { type FoldedEntry, KernelFold } from './fold.js';
import { entryOf } from '../journal/entry-text.js';
import { Kernel } from './kernel.js';
import { builtStream, feedStream, instrumentOf, Scene, START } from './kernel.fixture.js';
import { RecordingListener } from './recording-listener.fixture.js';
import type { KernelSnapshot } from './snapshot.js';

type Line = { readonly event: KernelEvent } | { readonly entry: FoldedEntry };

class WritingKernel extends Kernel {
  readonly lines: Line[] = [];
  readonly saved: { readonly after: number; readonly snapshot: KernelSnapshot }[] = [];

  override process(event: KernelEvent): void {
    this.saved.push({ after: this.lines.length, snapshot: structuredClone(this.snapshot()) });
    this.lines.push({ event: { ...event } });
    const before = this.outbox.end;
    super.process(event);
    for (let place = before; place < this.outbox.end; place++)
      this.lines.push({ entry: entryOf(this.outbox.at(place)) });
  }
}

/** The streams a journal knows of: those of ready bars, which come first. */
function fold({ setup, kernel }: Scene, from = 0): Kernel {
  const streams = setup.streams.filter(({ source }) => source === 'feed');
  const folded = new KernelFold(new Kernel(foldedKernelSetup({ ...setup, streams }), new RecordingListener()));
  const { lines, saved } = kernel as WritingKernel;
  const start = saved[Math.floor(from * saved.length)];
  if (start !== undefined) folded.restore(start.snapshot);
  for (const line of lines.slice(start?.after ?? 0)) {
    if ('event' in line) folded.take(line.event);
    else folded.entry(line.entry);
  }
  return folded.kernel;
}

const kernelOf = (...parts: ConstructorParameters<typeof WritingKernel>): WritingKernel => new WritingKernel(...parts);
const DAY_END = START + 24 * 60 * MINUTE_MS;

const daysOf = ({ parts }: Kernel): readonly unknown[] =>
  parts.portfolio.books.map(({ day, dayEnd, dayStartEquity, dayFlows }) => [day, dayEnd, dayStartEquity, dayFlows]);
const ticksOf = ({ parts }: Kernel): readonly unknown[] =>
  parts.market.instruments.map(({ tickTs, ticksThen, price, closeTs }) => [tickTs, ticksThen, price, closeTs]);

/** Long AAA, two minutes before the day ends. BBB is of the same book. */
function evening(isTickMade = false): Scene {
  const start = DAY_END - 3 * MINUTE_MS;
  const instruments = [instrumentOf(), instrumentOf({ symbol: 'BBB' })];
  const streams = [feedStream(0), isTickMade ? builtStream(1) : feedStream(1)];
  const strategies = [0, 1].map((index) => ({ instruments: [index], streams: [[index]] }));
  const scene = new Scene({ instruments, streams, strategies, start, barGraceMs: 5_000, kernelOf });
  scene.answer({ units: 100 });
  scene.bars();
  return scene;
}

/** The last bar of the day of a stream, so late. */
function lastBar(scene: Scene, streamIndex: number, lateMs: number): void {
  const bar = scene.barEvent({ streamIndex, ts: DAY_END - MINUTE_MS, price: 120 });
  scene.now = DAY_END + lateMs;
  scene.driver.bar({ ...bar, at: scene.now });
  scene.driver.advanceTo(scene.now);
}

describe('a fold of a run over live feeds', () => {
  it('counts the ticks of an instant, so that history goes on behind them', () => {
    const scene = new Scene({ barGraceMs: 5_000, streams: [builtStream(0)], kernelOf });
    scene.tick(START + 1_000, 110);
    scene.tick(START + 1_000, 111);
    expect(ticksOf(scene.kernel)).toEqual([[START + 1_000, 2, 111, Number.NaN]]);
    expect(ticksOf(fold(scene))).toEqual(ticksOf(scene.kernel));
  });

  it('ends a day when the last of its ready bars is there', () => {
    const scene = evening();
    lastBar(scene, 0, 1_000);
    scene.driver.advanceTo(DAY_END + 2_000);
    scene.kernel.process({ kind: 'timer', at: DAY_END + 2_000 });
    lastBar(scene, 1, 3_000);
    scene.driver.advanceTo(DAY_END + 3_500);
    expect(scene.book.dayStartEquity).toBe(1_002_000);
    expect(daysOf(fold(scene))).toEqual(daysOf(scene.kernel));
  });

  it('waits for no bars of instruments that have ticks', () => {
    const scene = evening(true);
    lastBar(scene, 0, 1_000);
    scene.kernel.process({ kind: 'timer', at: DAY_END + 2_000 });
    expect(scene.book.dayStartEquity).toBe(1_002_000);
    expect(daysOf(fold(scene))).toEqual(daysOf(scene.kernel));
  });

  it('has days and ticks as they were, whenever bars came, from any snapshot', () => {
    const late = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 9_000 })), { maxLength: 4 });
    fc.assert(
      fc.property(
        late,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (bars, from, step) => {
          const scene = evening();
          const due = bars.toSorted((a, b) => a[1] - b[1]);
          for (let lateMs = 0; lateMs <= 10_000; lateMs += step * 100) {
            while (due[0] !== undefined && due[0][1] <= lateMs) lastBar(scene, ...(due.shift() as [number, number]));
            scene.kernel.process({ kind: 'timer', at: Math.max(scene.now, DAY_END + lateMs) });
          }
          expect(daysOf(fold(scene, from))).toEqual(daysOf(scene.kernel));
          expect(ticksOf(fold(scene, from))).toEqual(ticksOf(scene.kernel));
        },
      ),
      { numRuns: 30 },
    );
  });
});
