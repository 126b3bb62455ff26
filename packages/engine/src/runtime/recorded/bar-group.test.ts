import { type HistoryBlock, HOUR_MS, marketCalendar, MINUTE_MS, type SignalAnswer } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feedStream, instrumentOf, Scene, START, strategyOf } from '../../kernel/kernel.fixture.js';
import { simulatedVenueOptions } from '../../simulated-venue/options.js';
import { SimulatedVenue } from '../../simulated-venue/simulated-venue.js';
import { Driver } from '../driver.js';
import { ReportRelay } from '../report-relay.js';
import { cursorOf, tickBlock } from './recorded.fixture.js';
import { StreamMerge } from './stream-merge.js';

/** Half an hour before XNYS closes, and before the trading day ends. */
const FROM = START + 19 * HOUR_MS + 30 * MINUTE_MS;

/** Bars of one instrument: minutes left out before each, its prices in quarters around 100, and rows of each block. */
interface BarRows {
  readonly minutes: 1 | 3;
  readonly rows: readonly { readonly gap: number; readonly prices: readonly [number, number, number, number] }[];
  readonly cuts: readonly number[];
  /** Whether rows say when they end: some then do not, and some end early. */
  readonly hasEnds: boolean;
}

const quarter = fc.integer({ min: -20, max: 20 });
const barRows = fc.record<BarRows>({
  minutes: fc.constantFrom(1, 1, 1, 3),
  rows: fc.array(
    fc.record({
      gap: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 })),
      prices: fc.tuple(quarter, quarter, quarter, quarter),
    }),
    { minLength: 1, maxLength: 60, size: 'max' },
  ),
  cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  hasEnds: fc.boolean(),
});
const worlds = fc.record({
  all: fc.array(barRows, { minLength: 2, maxLength: 4 }),
  tickGaps: fc.array(fc.integer({ min: 1, max: 240 }), { maxLength: 30 }),
  calendar: fc.constantFrom('24x7', 'XNYS'),
  warmupMinutes: fc.constantFrom(0, 0, 5),
  /** How often strategies wish for something else: of 16 bars, so many. */
  zeal: fc.constantFrom(1, 2, 6, 14),
  venue: fc.record({
    fill: fc.constantFrom('next-open', 'next-open', 'this-close'),
    latency: fc.constantFrom({}, {}, { submitMs: 700, cancelMs: 60_000 }),
    financing: fc.constantFrom({ model: 'none' }, { model: 'none' }, { model: 'rate', longPct: 5, shortPct: 5 }),
  }),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function* blocksOf({ minutes, rows, cuts, hasEnds }: BarRows, symbol: string): Generator<HistoryBlock> {
  let start = FROM;
  let row = 0;
  const endOf = (ts: number, drawn: number): number =>
    drawn % 3 === 0 ? Number.NaN : ts + minutes * MINUTE_MS - (drawn % 2 === 0 ? 0 : 15_000);
  for (let cut = 0; row < rows.length; cut++) {
    const part = rows.slice(row, row + cuts[cut % cuts.length]!);
    row += part.length;
    const times = part.map(({ gap }) => {
      const ts = start + gap * minutes * MINUTE_MS;
      start = ts + minutes * MINUTE_MS;
      return ts;
    });
    const column = (value: (sorted: readonly number[], drawn: readonly number[]) => number): Float64Array =>
      Float64Array.from(
        part,
        ({ prices }) =>
          100 +
          value(
            prices.toSorted((a, b) => a - b),
            prices,
          ) /
            4,
      );
    const columns = {
      ...{ symbol, length: part.length, ts: Float64Array.from(times) },
      ...{ open: column((_, drawn) => drawn[0]!), close: column((_, drawn) => drawn[1]!) },
      ...{ low: column(([low]) => low!), high: column((sorted) => sorted.at(-1)!) },
      volume: Float64Array.from(times, () => 1),
      ...(hasEnds ? { endTs: Float64Array.from(times, (ts, i) => endOf(ts, part[i]!.prices[0])) } : {}),
    };
    yield { kind: 'bars', columns, spec: { use: 'time', options: {} } };
  }
}

/** Trades its own instrument and the next one, by orders of all kinds, now and then at times of the day. */
function strategy(index: number, count: number, zeal: number) {
  let calls = index;
  const symbols = [`S${index}`, `S${(index + 1) % count}`];
  const answer = (close: number): SignalAnswer => {
    calls += 1;
    const mark = (Math.abs(Math.round(close * 4)) * 7 + calls * 5) % 16;
    if (mark >= zeal) return undefined;
    const share = [1, -1, 0, 1, -1, 2, 0][mark % 7]!;
    if (mark % 3 === 0) return { [symbols[1]!]: { share, protect: { stop: share > 0 ? 96 : 104 } } };
    if (mark % 3 === 1) return { [symbols[0]!]: { share, entry: { limit: close - share / 2 } } };
    return { [symbols[0]!]: share };
  };
  const definition = strategyOf(({ bar }) => answer(bar.close), { times: ['close-5m', 'open+1m'] });
  return { definition, instruments: [index, (index + 1) % count], streams: [[index, (index + 1) % count]] };
}

/** Plays bars of several instruments; without `isSparing` the venue sees each of them. */
async function play(world: World, isSparing: boolean) {
  const { all, tickGaps, calendar, zeal } = world;
  const count = all.length;
  const indexes = all.map((_, index) => index);
  const scene = new Scene({
    calendar,
    instruments: [...indexes, count].map((index) => instrumentOf({ symbol: `S${index}` })),
    streams: all.map(({ minutes }, index) => feedStream(index, minutes * MINUTE_MS)),
    strategies: indexes.map((index) => strategy(index, count, zeal)),
  });
  const { kernel, setup } = scene;
  const relay = new ReportRelay((cash) => driver.cash(cash));
  relay.connect(kernel);
  const venue = new SimulatedVenue(simulatedVenueOptions.parse(world.venue), {
    instruments: setup.instruments.map(({ instrument }) => instrument),
    calendars: setup.instruments.map(() => marketCalendar(calendar)),
    accounts: [{ name: 'ACC', currency: 'USD', cash: { USD: 1_000_000 } }],
    listener: relay,
    isTransient: true,
  });
  const driver: Driver = new Driver({ kernel, venue, relay, onNotice: (notice) => void scene.notices.push(notice) });
  if (!isSparing) Object.defineProperty(driver, 'calmBars', { value: undefined });
  let seen = 0;
  const onBarOpen = venue.onBarOpen.bind(venue);
  venue.onBarOpen = (...args) => {
    seen += 1;
    onBarOpen(...args);
  };
  const tradeFrom = FROM + world.warmupMinutes * MINUTE_MS;
  const cursors = all.map((rows, order) =>
    cursorOf(blocksOf(rows, `S${order}`), order, { kind: 'bars', barMs: rows.minutes * MINUTE_MS, tradeFrom }),
  );
  let at = FROM;
  const ticks = tickBlock(
    `S${count}`,
    tickGaps.map((gap) => (at += gap * 1_000)),
  );
  await new StreamMerge([...cursors, cursorOf([ticks], count, { kind: 'ticks' })]).run(driver);
  driver.advanceTo(kernel.now);
  const { marks, fills, refusals, ended } = scene.listener;
  const said = { events: scene.journal, marks, fills, refusals, ended, notices: scene.notices, bars: driver.bars };
  return { seen, said, state: { kernel: kernel.snapshot(), now: kernel.now, hash: kernel.hash() } };
}

describe('bars that nobody looks at', () => {
  it('leave what they leave where the venue sees each of them', async () => {
    let [seen, all, fills] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const [sparing, plain] = [await play(world, true), await play(world, false)];
        expect(sparing.said).toEqual(plain.said);
        expect(sparing.state).toEqual(plain.state);
        seen += sparing.seen;
        all += plain.seen;
        fills += plain.said.fills.length;
      }),
      { numRuns: 150 },
    );
    expect(fills).toBeGreaterThan(500);
    expect(seen).toBeLessThan(all * 0.9);
  });
});
