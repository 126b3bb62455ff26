import { HOUR_MS, type HistoryBlock, marketCalendar, MINUTE_MS, type SignalAnswer } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contextOf, timeBars } from '../../bars/bars.fixture.js';
import { TickBarBuilder } from '../../bars/tick-bar-builder.js';
import { builtStream, instrumentOf, Scene, START, strategyOf } from '../../kernel/kernel.fixture.js';
import { simulatedVenueOptions } from '../../simulated-venue/options.js';
import { SimulatedVenue } from '../../simulated-venue/simulated-venue.js';
import { Driver } from '../driver.js';
import { ReportRelay } from '../report-relay.js';
import { cursorOf } from './recorded.fixture.js';
import { StreamMerge } from './stream-merge.js';

/** Twenty minutes before XNYS closes. */
const FROM = START + 19 * HOUR_MS + 40 * MINUTE_MS;
const COLUMNS = ['bid', 'ask', 'bidSize', 'askSize', 'last', 'size'] as const;

/** One tick: how long after the one before it comes and how old it is then, and its values in quarters. */
type Row = Record<(typeof COLUMNS)[number] | 'gapMs' | 'lateMs', number>;

/** The ticks of one instrument, and which columns each block carries. */
interface TickStream {
  readonly rows: readonly Row[];
  readonly blocks: readonly {
    readonly length: number;
    readonly carries: readonly string[];
    readonly hasRecvTs: boolean;
    /** Ticks that came when they happened do not say so. */
    readonly leavesOut?: boolean;
  }[];
}

const orNone = (values: fc.Arbitrary<number>) => fc.oneof({ weight: 20, arbitrary: values }, fc.constant(Number.NaN));
const price = (min: number, max: number) => orNone(fc.integer({ min, max }));
const units = orNone(fc.integer({ min: 0, max: 40 }));
const rows = fc.array(
  fc.record<Row>({
    gapMs: fc.oneof(
      { weight: 100, arbitrary: fc.integer({ min: 0, max: 2_500 }) },
      { weight: 2, arbitrary: fc.integer({ min: 20_000, max: 200_000 }) },
      { weight: 1, arbitrary: fc.constant(HOUR_MS) },
    ),
    lateMs: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 2_000 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
    ),
    bid: price(390, 402),
    ask: price(400, 410),
    last: price(390, 410),
    bidSize: units,
    askSize: units,
    size: units,
  }),
  { minLength: 1, maxLength: 200, size: 'max' },
);
const QUOTES = ['bid', 'ask'];
const carries = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(QUOTES, [...QUOTES, 'bidSize', 'askSize'], ['last', 'size'], COLUMNS) },
  { weight: 1, arbitrary: fc.subarray([...COLUMNS]) },
);
const blocks = fc.array(fc.record({ length: fc.integer({ min: 1, max: 90 }), carries, hasRecvTs: fc.boolean() }), {
  minLength: 1,
  maxLength: 3,
});
const stream = fc.record<TickStream>({ rows, blocks });
const streams = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(stream) },
  { weight: 1, arbitrary: fc.tuple(stream, stream) },
);
const worlds = fc.record({
  calendar: fc.constantFrom('24x7', 'XNYS'),
  price: fc.constantFrom('mid', 'mid', 'bid', 'ask', 'last'),
  fillGaps: fc.boolean(),
  hasTickBars: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  closeDelayMs: fc.constantFrom(0, 0, 1_500),
  venue: fc.record({
    fill: fc.constantFrom('cross-spread', 'next-tick'),
    volumeShare: fc.constantFrom(0, 0.5),
    latency: fc.constantFrom({}, { submitMs: 700, cancelMs: 300 }),
    margin: fc.constantFrom(undefined, undefined, undefined, undefined, {}),
  }),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function* blocksOf({ rows: all, blocks: kinds }: TickStream, symbol: string): Generator<HistoryBlock> {
  let at = FROM;
  let seen = 0;
  const column = (part: readonly number[]): Float64Array => Float64Array.from(part);
  for (let index = 0; seen < all.length; index++) {
    const { length, carries: names, hasRecvTs, leavesOut } = kinds[index % kinds.length]!;
    const part = all.slice(seen, seen + length);
    const times = part.map(({ gapMs }) => (at += gapMs));
    const values = names.map((name) => [
      name,
      column(part.map((row) => row[name as 'bid'] / (name.endsWith('ize') ? 1 : 4))),
    ]);
    const ts = hasRecvTs ? times.map((time, place) => time - part[place]!.lateMs) : times;
    const received = times.map((time, place) => (leavesOut === true && time === ts[place] ? Number.NaN : time));
    const recvTs = hasRecvTs ? { recvTs: column(received) } : {};
    seen += part.length;
    const columns = { symbol, length: part.length, ts: column(ts), ...recvTs, ...Object.fromEntries(values) };
    yield { kind: 'ticks', columns };
  }
}

/** Enters and leaves by the bars it has seen, at the market and at a limit, with and without a stop. */
function strategy(index: number) {
  let count = 0;
  const definition = strategyOf(
    ({ bar }): SignalAnswer => {
      count += 1;
      const mark = (Math.abs(Math.round(bar.close * 4)) + bar.nTicks + count) % 10;
      if (mark < 4) return undefined;
      if (mark < 6) return 0;
      const share = mark % 2 === 0 ? 1 : -1;
      if (mark === 9) return { share, protect: { stop: 110 } };
      return mark === 8 ? { share, entry: { limit: bar.close - 0.5 } } : share;
    },
    { times: ['close-5m', 'open+1m'] },
  );
  return { definition, instruments: [index] };
}

function sceneOf(count: number, world: World): Scene {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const built = (index: number, seconds: number) => ({
    ...builtStream(index, seconds * 1_000),
    builder: () => timeBars({ seconds, price: world.price, fillGaps: world.fillGaps, vwap: true }, world.calendar),
  });
  const tickBars = () => new TickBarBuilder({ ticks: 7, price: 'mid', vwap: false }, contextOf(world.calendar));
  const { calendar, closeDelayMs } = world;
  return new Scene({
    calendar,
    closeDelayMs,
    instruments: indexes.map((index) => instrumentOf({ symbol: `S${index}` })),
    streams: [
      ...indexes.map((index) => built(index, 60)),
      ...indexes.map((index) =>
        world.hasTickBars ? { ...built(index, 0), barMs: Number.NaN, builder: tickBars } : built(index, 180),
      ),
    ],
    strategies: indexes.map((index) => ({ ...strategy(index), streams: [[index], [count + index]] })),
  });
}

/** Plays streams of ticks; without `hasShortWay` every tick comes by itself. */
async function play(all: readonly TickStream[], world: World, hasShortWay: boolean) {
  const scene = sceneOf(all.length, world);
  const { kernel, setup } = scene;
  const relay = new ReportRelay((cash) => driver.cash(cash));
  relay.connect(kernel);
  const venue = new SimulatedVenue(simulatedVenueOptions.parse(world.venue), {
    instruments: setup.instruments.map(({ instrument }) => instrument),
    calendars: setup.instruments.map(() => marketCalendar(world.calendar)),
    accounts: [{ name: 'ACC', currency: 'USD', cash: { USD: 1_000_000 } }],
    listener: relay,
    conversion: (from, to) => kernel.parts.converter.rate(from, to),
  });
  const driver: Driver = new Driver({ kernel, venue, relay, onNotice: (notice) => void scene.notices.push(notice) });
  if (!hasShortWay) driver.passTicks = () => {};
  const cursors = all.map((stream, order) => cursorOf(blocksOf(stream, `S${order}`), order, { kind: 'ticks' }));
  await new StreamMerge(cursors).run(driver);
  driver.advanceTo(kernel.now);
  const { marks, fills, refusals, ended } = scene.listener;
  const events = scene.journal.filter(({ kind }) => kind !== 'tick');
  const ticks = scene.journal.length - events.length;
  const said = { events, marks, fills, refusals, ended, notices: scene.notices, ticks: driver.ticks };
  const state = { kernel: kernel.snapshot(), venue: venue.save(), now: kernel.now, hash: kernel.hash() };
  return { ticks, said, state };
}

describe('ticks without a receive time among others', () => {
  it('come when they happened', async () => {
    const late = fc.record({ rows, blocks: blocks.map((all) => all.map((block) => ({ ...block, hasRecvTs: true }))) });
    await fc.assert(
      fc.asyncProperty(fc.tuple(late, late), worlds, async (data, world) => {
        const left = data.map((one) => ({
          ...one,
          blocks: one.blocks.map((block) => ({ ...block, leavesOut: true })),
        }));
        expect((await play(left, world, true)).state).toEqual((await play(data, world, true)).state);
      }),
      { numRuns: 30 },
    );
  });
});

describe('ticks that are taken at once', () => {
  it('leave what they leave one after the other', async () => {
    let [all, alone, fills] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(streams, worlds, async (data, world) => {
        const [short, long] = [await play(data, world, true), await play(data, world, false)];
        expect(short.said).toEqual(long.said);
        expect(short.state).toEqual(long.state);
        all += long.ticks;
        alone += short.ticks;
        fills += short.said.fills.length;
      }),
      { numRuns: 100 },
    );
    expect(fills).toBeGreaterThan(50);
    expect(alone).toBeLessThan(all * 0.9);
  });
});
