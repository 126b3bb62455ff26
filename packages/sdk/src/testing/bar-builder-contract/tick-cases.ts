import type { BarBuilder } from '../../interfaces/bar-builder.js';
import type { Bar } from '../../model/bar.js';
import type { Tick } from '../../model/tick.js';
import { HOUR_MS, MINUTE_MS } from '../../model/time.js';
import { measureAllocation } from '../allocation.js';
import { aTick } from '../builders.js';
import { deepFreeze, describeValue } from '../canonical.js';
import { check, checkEqual, checkNoThrow } from '../check.js';
import type { CaseOver } from '../contract.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { aCalendar } from '../test-calendar.js';
import { copyBar, runTicks, tickSeries } from './bar-scene.js';
import type { BarBuilderFixture } from './bar-scene.js';

const NO_PRICE: Partial<Tick> = { bid: Number.NaN, ask: Number.NaN, bidSize: Number.NaN, askSize: Number.NaN };

function countsEveryTick(fixture: BarBuilderFixture): void {
  const builder = fixture.create();
  check(builder.ignoredTicks === 0, `A new builder has ignored ${builder.ignoredTicks} ticks.`);
  let before = 0;
  for (const tick of tickSeries()) {
    builder.onTick(tick, () => {});
    const step = builder.ignoredTicks - before;
    check(step === 0 || step === 1, `One tick moved ignoredTicks by ${step}.`);
    before = builder.ignoredTicks;
  }
  const { bars, taken } = runTicks(fixture.create(), tickSeries());
  check(taken.length > 0, 'It took none of 600 ticks, neither quotes nor trades.');
  const counted = bars.reduce((sum, bar) => sum + bar.nTicks, 0);
  const isCounted = Number.isNaN(counted) || counted === taken.length;
  check(isCounted, `${taken.length} ticks were taken, but the bars count ${counted}.`);
}

function ignoresUnpriced(fixture: BarBuilderFixture): void {
  const builder = fixture.create();
  builder.onTick(aTick(NO_PRICE), failOnBar('a tick without a price'));
  check(
    builder.ignoredTicks === 1,
    `A tick without a price has to count as ignored; the count is ${builder.ignoredTicks}.`,
  );
  builder.flush(TEST_EPOCH_MS + HOUR_MS, failOnBar('a tick without a price'), true);
}

function failOnBar(what: string): (bar: Bar) => void {
  return (bar) => check(false, `A bar was made of ${what}: ${describeValue(copyBar(bar))}.`);
}

function ignoresClosedMarket(fixture: BarBuilderFixture): void {
  const open = TEST_EPOCH_MS;
  const calendar = aCalendar([
    { open, close: open + HOUR_MS },
    { open: open + 5 * HOUR_MS, close: open + 6 * HOUR_MS },
  ]);
  const builder = fixture.create({ calendar });
  const outside = tickSeries({ startTs: open + 2 * HOUR_MS, length: 40 });
  for (const tick of outside) builder.onTick(tick, failOnBar('ticks outside every session'));
  const { ignoredTicks } = builder;
  check(
    ignoredTicks === outside.length,
    `${outside.length} ticks came outside every session; ${ignoredTicks} count as ignored.`,
  );
}

function barsAscend(fixture: BarBuilderFixture): void {
  const { bars } = runTicks(fixture.create(), tickSeries());
  check(
    bars.length > 1,
    `600 ticks over two hours made ${bars.length} bars; a suite needs several: choose smaller bars.`,
  );
  checkAscending(bars);
}

function checkAscending(bars: readonly Bar[]): void {
  let before = Number.NEGATIVE_INFINITY;
  for (const bar of bars) {
    check(bar.ts <= bar.endTs, `A bar ends at ${bar.endTs}, before it starts at ${bar.ts}.`);
    check(bar.ts >= before, `A bar starts at ${bar.ts}, before the one ahead of it ends at ${before}.`);
    before = bar.endTs;
  }
}

function lateTicksReopenNothing(fixture: BarBuilderFixture): void {
  const builder = fixture.create();
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  let taken = 0;
  tickSeries().forEach((tick, i) => {
    // Every ninth tick arrives as if from ten minutes before.
    const late = i % 9 === 8 ? { ...tick, ts: tick.ts - 10 * MINUTE_MS } : tick;
    const before = builder.ignoredTicks;
    builder.onTick(late, emit);
    if (builder.ignoredTicks === before) taken += 1;
  });
  builder.flush(tickSeries().at(-1)!.ts, emit, true);
  checkAscending(bars);
  const counted = bars.reduce((sum, bar) => sum + bar.nTicks, 0);
  check(
    Number.isNaN(counted) || counted === taken,
    `With late ticks ${taken} were taken, but the bars count ${counted}.`,
  );
}

function conservesVolume(fixture: BarBuilderFixture): void {
  const { bars, taken } = runTicks(fixture.create(), tickSeries());
  const expected = taken.reduce((sum, tick) => sum + (Number.isNaN(tick.size) ? 0 : tick.size), 0);
  const volume = bars.reduce((sum, bar) => sum + bar.volume, 0);
  check(volume === expected, `The ticks taken traded ${expected} units, the bars ${volume}.`);
}

function keepsShape(fixture: BarBuilderFixture): void {
  const ticks = tickSeries();
  for (const bar of runTicks(fixture.create(), ticks).bars) {
    const { open, high, low, close, volume, symbol } = bar;
    const isShaped = low <= Math.min(open, close) && Math.max(open, close) <= high;
    check(isShaped, `A bar needs low <= open, close <= high: ${describeValue(bar)}.`);
    check(
      Number.isFinite(low) && Number.isFinite(high),
      `A bar has prices that are not finite: ${describeValue(bar)}.`,
    );
    check(volume >= 0, `A bar has a volume of ${volume}.`);
    check(symbol === 'TEST', `A bar of TEST carries the symbol '${symbol}'.`);
  }
}

async function leavesTicksAlone(fixture: BarBuilderFixture): Promise<void> {
  const frozen = tickSeries().map((tick) => deepFreeze({ ...tick }));
  await checkNoThrow(() => runTicks(fixture.create(), frozen), 'onTick with a frozen tick');
  const soft = tickSeries().map((tick) => ({ ...tick }));
  runTicks(fixture.create(), soft);
  checkEqual(soft, tickSeries(), 'The ticks given, after the run');
}

function readsDuringCallOnly(fixture: BarBuilderFixture): void {
  const reused = { ...aTick() };
  const builder = fixture.create();
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  let lastTs = TEST_EPOCH_MS;
  for (const tick of tickSeries()) {
    if (builder.nextClose <= tick.ts) builder.flush(tick.ts, emit);
    Object.assign(reused, tick);
    builder.onTick(reused, emit);
    const poison = {
      ts: -1,
      recvTs: -1,
      bid: -1,
      ask: -1,
      last: -1,
      size: -1,
      bidSize: -1,
      askSize: -1,
      symbol: 'POISON',
    };
    Object.assign(reused, poison);
    lastTs = tick.ts;
  }
  builder.flush(lastTs, emit, true);
  checkEqual(bars, runTicks(fixture.create(), tickSeries()).bars, 'Bars from one reused tick object');
}

function isRepeatable(fixture: BarBuilderFixture): void {
  const expected = runTicks(fixture.create(), tickSeries()).bars;
  checkEqual(runTicks(fixture.create(), tickSeries()).bars, expected, 'The bars of a second builder');
  const other = fixture.create();
  const noise = tickSeries({ seed: 9 });
  const mine = fixture.create();
  const bars: Bar[] = [];
  const emit = (bar: Bar): void => void bars.push(copyBar(bar));
  tickSeries().forEach((tick, i) => {
    other.onTick(noise[i]!, () => {});
    if (mine.nextClose <= tick.ts) mine.flush(tick.ts, emit);
    mine.onTick(tick, emit);
  });
  mine.flush(tickSeries().at(-1)!.ts, emit, true);
  checkEqual(bars, expected, 'The bars with another builder running in turn');
}

async function allocatesNothing(fixture: BarBuilderFixture): Promise<void> {
  const builder = fixture.create();
  // The same few ticks over and over, within one second: the loop itself must not allocate.
  const ticks = Array.from({ length: 64 }, (_, i) => {
    const price = 100 + (i % 7) * 0.25;
    const trade = i % 2 === 0 ? { last: price, size: 1 } : {};
    return aTick({ ts: TEST_EPOCH_MS + i, bid: price, ask: price + 0.25, ...trade });
  });
  const emit = (): void => {};
  const round = (): void => {
    for (let i = 0; i < ticks.length; i += 1) builder.onTick(ticks[i]!, emit);
  };
  const { bytes, allocates } = await measureAllocation(round, ticks.length);
  const what = Number.isFinite(bytes) ? `about ${Math.ceil(bytes)} bytes` : 'more than can be measured';
  check(!allocates, `onTick allocates ${what} a tick.`);
}

/** Whether a builder takes smaller bars. */
export function takesBars(builder: BarBuilder): boolean {
  return builder.onBar !== undefined;
}

/** Ticks in: rules 1, 2, 6, 7 and 9. */
export const TICK_CASES: readonly CaseOver<BarBuilderFixture>[] = [
  { id: 'BAR-010', title: 'every tick enters exactly one bar or is counted as ignored', run: countsEveryTick },
  { id: 'BAR-020', title: 'a tick without a price is ignored and counted', run: ignoresUnpriced },
  { id: 'BAR-030', title: 'ticks outside every session are ignored and counted', run: ignoresClosedMarket },
  { id: 'BAR-040', title: 'bars ascend and do not overlap', run: barsAscend },
  { id: 'BAR-045', title: 'late ticks reopen no bar and are counted once', run: lateTicksReopenNothing },
  { id: 'BAR-050', title: 'volume is conserved', run: conservesVolume },
  { id: 'BAR-060', title: 'low <= open, close <= high, all finite', run: keepsShape },
  { id: 'BAR-070', title: 'does not change the ticks it is given', run: leavesTicksAlone },
  { id: 'BAR-080', title: 'reads the tick during the call only', run: readsDuringCallOnly },
  { id: 'BAR-090', title: 'equal ticks give equal bars, whatever other builders do', run: isRepeatable },
  { id: 'BAR-100', title: 'onTick allocates nothing', run: allocatesNothing },
];
