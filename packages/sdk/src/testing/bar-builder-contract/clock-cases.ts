import type { BarBuilder } from '../../interfaces/bar-builder.js';
import type { Bar } from '../../model/bar.js';
import type { Tick } from '../../model/tick.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../model/time.js';
import { aBar } from '../builders.js';
import { deepFreeze, describeValue } from '../canonical.js';
import { broken, check, checkEqual, checkNoThrow } from '../check.js';
import type { CaseOver } from '../contract.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { copyBar, FAR_MS, runTicks, tickSeries } from './bar-scene.js';
import type { BarBuilderFixture } from './bar-scene.js';
import { takesBars } from './tick-cases.js';

/** A builder with a running bar: ticks up to the first that was taken and left a bar open. */
function running(fixture: BarBuilderFixture): { readonly builder: BarBuilder; readonly tick: Tick } {
  const builder = fixture.create();
  for (const tick of tickSeries()) {
    let closed = 0;
    const before = builder.ignoredTicks;
    builder.onTick(tick, () => (closed += 1));
    if (builder.ignoredTicks === before && closed === 0) return { builder, tick };
  }
  throw broken('Every one of 600 ticks closed a bar: the suite needs larger bars.');
}

function collected(run: (emit: (bar: Bar) => void) => void): readonly Bar[] {
  const bars: Bar[] = [];
  run((bar) => void bars.push(copyBar(bar)));
  return bars;
}

function freshIsSilent(fixture: BarBuilderFixture): void {
  const builder = fixture.create();
  const bars = collected((emit) => {
    builder.flush(TEST_EPOCH_MS, emit);
    builder.flush(TEST_EPOCH_MS + FAR_MS, emit);
    builder.flush(TEST_EPOCH_MS + FAR_MS, emit, true);
  });
  check(bars.length === 0, `A builder that saw no tick made ${bars.length} bars.`);
}

function closesByClock(fixture: BarBuilderFixture): void {
  const { builder, tick } = running(fixture);
  const { nextClose } = builder;
  if (Number.isNaN(nextClose)) {
    const bars = collected((emit) => builder.flush(tick.ts + FAR_MS, emit));
    check(bars.length === 0, `nextClose is NaN, but the clock closed ${bars.length} bars.`);
    return;
  }
  check(nextClose > tick.ts, `nextClose is ${nextClose}, not after the last tick at ${tick.ts}.`);
  const early = collected((emit) => builder.flush(nextClose - 1, emit));
  check(early.length === 0, `A flush one millisecond before nextClose made ${early.length} bars.`);
  const closed = collected((emit) => builder.flush(nextClose, emit));
  check(closed.length === 1, `A flush at nextClose made ${closed.length} bars instead of one.`);
  check(closed[0]!.endTs <= nextClose, `The bar closed at ${nextClose} ends at ${closed[0]!.endTs}.`);
  const again = collected((emit) => builder.flush(nextClose, emit));
  check(again.length === 0, `A second flush at the same instant made ${again.length} bars.`);
}

function forceCloses(fixture: BarBuilderFixture): void {
  const { builder, tick } = running(fixture);
  const forced = collected((emit) => builder.flush(tick.ts, emit, true));
  check(forced.length === 1, `A forced flush made ${forced.length} bars instead of the running one.`);
  const again = collected((emit) => builder.flush(tick.ts, emit, true));
  check(again.length === 0, `A second forced flush made ${again.length} bars.`);
}

function inventsNothing(fixture: BarBuilderFixture): void {
  const ticks = tickSeries();
  const builder = fixture.create();
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  for (const tick of ticks) {
    builder.flush(tick.ts, emit);
    builder.onTick(tick, emit);
  }
  const last = ticks.at(-1)!.ts;
  for (let now = last; now <= last + DAY_MS; now += HOUR_MS) builder.flush(now, emit);
  builder.flush(last + DAY_MS, emit, true);
  for (const bar of bars) {
    // A tick of its very last instant belongs to bars whose end is that of the tick that closed them.
    const isTraded = ticks.some((tick) => bar.ts <= tick.ts && tick.ts <= bar.endTs);
    check(isTraded && bar.nTicks !== 0, `A bar was invented where nothing traded: ${describeValue(bar)}.`);
  }
}

function fillsWhenAsked(fixture: BarBuilderFixture): void {
  const { builder, tick } = running(fixture);
  const bars = collected((emit) => builder.flush(tick.ts + HOUR_MS, emit));
  const filled = bars.filter((bar) => bar.nTicks === 0);
  check(filled.length > 0, 'It declares that it fills gaps, but an hour without ticks gave no bar.');
  for (const bar of filled) {
    const isFlat = bar.open === bar.close && bar.high === bar.low && bar.volume === 0;
    check(isFlat, `A filled bar has to be flat at the last close, without volume: ${describeValue(bar)}.`);
  }
}

function savesAndLoads(fixture: BarBuilderFixture): void {
  const ticks = tickSeries();
  const expected = runTicks(fixture.create(), ticks);
  let builder = fixture.create();
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  ticks.forEach((tick, i) => {
    if (i % 41 === 40) builder = movedTo(fixture.create(), builder);
    if (builder.nextClose <= tick.ts) builder.flush(tick.ts, emit);
    builder.onTick(tick, emit);
  });
  builder.flush(ticks.at(-1)!.ts, emit, true);
  checkEqual(bars, expected.bars, 'The bars of a builder saved and loaded on the way');
  const ignored = ticks.length - expected.taken.length;
  checkEqual(builder.ignoredTicks, ignored, 'Ignored ticks of a builder saved and loaded on the way');
}

/** A new builder in the state of another, through a copy of plain numbers; the other then goes astray. */
function movedTo(next: BarBuilder, previous: BarBuilder): BarBuilder {
  const saved = previous.save();
  for (const [name, value] of Object.entries(saved)) {
    check(typeof value === 'number', `save() has '${name}' as ${describeValue(value)}; only numbers can be kept.`);
  }
  const copy = { ...saved };
  previous.onTick(tickSeries({ seed: 3, startTs: TEST_EPOCH_MS + FAR_MS, length: 2 })[1]!, () => {});
  checkEqual(saved, copy, 'What save() gave, after another tick');
  next.load(deepFreeze(copy));
  checkEqual(next.save(), copy, 'What a builder saves right after loading');
  return next;
}

async function resamples(fixture: BarBuilderFixture): Promise<void> {
  const builder = fixture.create();
  const given = Array.from({ length: 600 }, (_, i) => secondBar(i));
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  for (const bar of given) {
    if (builder.nextClose <= bar.ts) builder.flush(bar.ts, emit);
    await checkNoThrow(() => builder.onBar?.(deepFreeze(bar), emit), 'onBar');
  }
  builder.flush(given.at(-1)!.endTs, emit, true);
  const sum = (list: readonly Bar[], field: 'volume' | 'nTicks'): number =>
    list.reduce((total, bar) => total + bar[field], 0);
  checkEqual(sum(bars, 'volume'), sum(given, 'volume'), 'The volume of the larger bars');
  checkEqual(Math.max(...bars.map((bar) => bar.high)), Math.max(...given.map((bar) => bar.high)), 'The highest high');
  checkEqual(Math.min(...bars.map((bar) => bar.low)), Math.min(...given.map((bar) => bar.low)), 'The lowest low');
  checkEqual(
    [bars[0]?.open, bars.at(-1)?.close],
    [given[0]!.open, given.at(-1)!.close],
    'The first open and the last close',
  );
  let before = Number.NEGATIVE_INFINITY;
  for (const bar of bars) {
    check(bar.ts >= before && bar.ts < bar.endTs, `The larger bars overlap or run backwards at ${bar.ts}.`);
    before = bar.endTs;
  }
}

/** One-second bars, ascending from a full minute, each three seconds after the other. */
function secondBar(i: number): Bar {
  const start = Math.floor(TEST_EPOCH_MS / MINUTE_MS) * MINUTE_MS + i * 3 * SECOND_MS;
  const close = 100 + (i % 13) * 0.25;
  return aBar({ ts: start, endTs: start + SECOND_MS, open: 100, close, volume: 1 + (i % 7), nTicks: 2 });
}

/** The clock, states and larger bars: rules 3 to 5 and 8. */
export function clockCases(builder: BarBuilder, fillsGaps: boolean): readonly CaseOver<BarBuilderFixture>[] {
  const gapSkip = fillsGaps ? 'filling gaps is declared' : undefined;
  return [
    { id: 'BAR-110', title: 'makes no bar before the first tick', run: freshIsSilent },
    {
      id: 'BAR-120',
      title: 'closes by the clock exactly at nextClose, never where that is NaN',
      skip: gapSkip,
      run: closesByClock,
    },
    { id: 'BAR-130', title: 'a forced flush closes the running bar once', skip: gapSkip, run: forceCloses },
    { id: 'BAR-140', title: 'invents no bar where nothing traded', skip: gapSkip, run: inventsNothing },
    {
      id: 'BAR-150',
      title: 'fills gaps with flat bars',
      skip: fillsGaps ? undefined : 'filling gaps is not declared',
      run: fillsWhenAsked,
    },
    { id: 'BAR-160', title: 'continues exactly after save and load', run: savesAndLoads },
    {
      id: 'BAR-170',
      title: 'makes larger bars of smaller ones',
      skip: takesBars(builder) ? undefined : 'onBar is not declared',
      run: resamples,
    },
  ];
}
