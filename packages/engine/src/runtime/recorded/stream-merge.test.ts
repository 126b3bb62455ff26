import { MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  barBlock,
  cursorOf,
  type Delivery,
  read,
  type ReadOptions,
  run,
  type TestStream,
  tickBlock,
} from './recorded.fixture.js';

const T = Date.UTC(2014, 4, 5);

const cuts = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })
  .filter((rows) => rows.some((n) => n > 0));
const gaps = (unit: number, max: number, min: number) =>
  fc
    .array(fc.integer({ min, max }), { minLength: 0, maxLength: 25 })
    .map((list) => list.reduce<number[]>((times, gap) => [...times, (times.at(-1) ?? T) + gap * unit], []));
const ticks = fc.record({ kind: fc.constant('ticks' as const), times: gaps(20_000, 6, 0), cuts });
const bars = fc.record({ kind: fc.constant('bars' as const), times: gaps(MINUTE_MS, 3, 1), cuts });
const longBars = fc.record({
  kind: fc.constant('bars' as const),
  times: gaps(3 * MINUTE_MS, 2, 1),
  cuts,
  barMs: fc.constant(3 * MINUTE_MS),
});
const streams = fc.array(fc.oneof(ticks, bars, longBars), { minLength: 1, maxLength: 6 });

/** What a stream says, each line with its place in the order of one instant. */
function lines(
  stream: TestStream,
  order: number,
  { closeDelayMs = 0, tradeFrom = Number.NEGATIVE_INFINITY }: ReadOptions,
) {
  const rows: { at: number; rank: number; text: string }[] = [];
  for (const ts of stream.times) {
    if (stream.kind === 'ticks') {
      rows.push({ at: ts, rank: 2e6 + order, text: `tick S${order} ${ts} ${ts}` });
      continue;
    }
    const end = ts + (stream.barMs ?? MINUTE_MS);
    const price = ts / MINUTE_MS;
    const isWarmup = ts < tradeFrom;
    if (!isWarmup) {
      rows.push({ at: ts, rank: 1e6 + order, text: `open S${order} ${ts} ${price}` });
      rows.push({ at: end, rank: order, text: `range S${order} ${end} ${price}` });
    }
    const at = end + closeDelayMs;
    rows.push({ at, rank: order, text: `bar S${order} ${at} ${price} NaN${isWarmup ? ' warm-up' : ''}` });
  }
  return rows;
}

/** All lines of all streams, sorted by time and rank the naive way. */
function naive(all: readonly TestStream[], options: ReadOptions = {}): readonly string[] {
  return all
    .flatMap((stream, order) => lines(stream, order, options))
    .toSorted((a, b) => a.at - b.at || a.rank - b.rank)
    .map((line) => line.text);
}

const textOf = (seen: readonly Delivery[]): readonly string[] => seen.map((delivery) => delivery.text);

describe('the merge of recorded streams', () => {
  it('equals a stable sort by time and rank, wherever blocks end', async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (all) => {
        expect(textOf(await read(all))).toEqual(naive(all));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its order when it is paced, and when blocks come late', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.boolean(), async (all, isAsync) => {
        expect(textOf(await read(all, { isPaced: true, isAsync }))).toEqual(naive(all));
      }),
    );
  });

  it('keeps time ascending with a close delay, wherever blocks end', async () => {
    const delays = fc.constantFrom(1, 1_500, MINUTE_MS - 1, MINUTE_MS + 1, 200_000);
    await fc.assert(
      fc.asyncProperty(streams, delays, fc.boolean(), async (all, closeDelayMs, isPaced) => {
        const seen = await read(all, { closeDelayMs, isPaced });
        const times = seen.map((delivery) => delivery.at);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(textOf(seen).toSorted()).toEqual(naive(all, { closeDelayMs }).toSorted());
        const whole = all.map((stream) => ({ ...stream, cuts: [1_000] }));
        expect(textOf(seen)).toEqual(textOf(await read(whole, { closeDelayMs, isPaced })));
      }),
      { numRuns: 200 },
    );
  });

  it('shows the venue nothing of the warm-up, and the kernel all of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bars, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 30 }),
        async (all, minutes) => {
          const options = { tradeFrom: T + minutes * MINUTE_MS };
          expect(textOf(await read(all, options))).toEqual(naive(all, options));
        },
      ),
    );
  });

  it('delivers a stream alone as it does among others', async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (all) => {
        const merged = textOf(await read(all));
        const last = all.length - 1;
        const own = merged.filter((line) => line.includes(` S${last} `));
        expect(own).toEqual(naive([...all.slice(0, last).map((stream) => ({ ...stream, times: [] })), all[last]!]));
      }),
    );
  });

  it('delivers long blocks of bars', async () => {
    const manyRows = fc.integer({ min: 25, max: 300 });
    const stream = fc.tuple(manyRows, manyRows, fc.constantFrom(1, 3)).map(([rows, cut, minutes]) => ({
      kind: 'bars' as const,
      times: Array.from({ length: rows }, (_, i) => T + i * minutes * MINUTE_MS),
      cuts: [cut],
      barMs: minutes * MINUTE_MS,
    }));
    await fc.assert(
      fc.asyncProperty(fc.array(stream, { minLength: 2, maxLength: 4 }), fc.boolean(), async (all, isPaced) => {
        expect(textOf(await read(all, { isPaced }))).toEqual(naive(all));
      }),
      { numRuns: 50 },
    );
  });

  it('of nothing ends', async () => {
    expect(await read([])).toEqual([]);
    expect(await read([{ kind: 'ticks', times: [], cuts: [1] }])).toEqual([]);
  });
});

describe('columns that a later block lacks', () => {
  it('are not known there: a tick keeps nothing of the block before', async () => {
    const both = { bid: Float64Array.of(7) };
    const { bid: _, ...rest } = (tickBlock('S0', [T + 1]) as { columns: { bid?: Float64Array } }).columns;
    const bare = { kind: 'ticks', columns: rest } as ReturnType<typeof tickBlock>;
    const seen = await run([cursorOf([tickBlock('S0', [T], both), bare], 0, { kind: 'ticks' })]);
    expect(textOf(seen)).toEqual([`tick S0 ${T} 7`, `tick S0 ${T + 1} NaN`]);
  });

  it('are not known there: nor does a bar', async () => {
    const blocks = [barBlock('S0', [T], { nTicks: Float64Array.of(9) }), barBlock('S0', [T + MINUTE_MS])];
    const seen = await run([cursorOf(blocks, 0, { kind: 'bars' })]);
    expect(
      textOf(seen)
        .filter((line) => line.startsWith('bar'))
        .map((line) => line.split(' ').at(-1)),
    ).toEqual(['9', 'NaN']);
  });
});

describe('bars of several streams', () => {
  it('say what their blocks say, and nothing of the block before', async () => {
    const details = { nTicks: Float64Array.of(9), vwap: Float64Array.of(5), endTs: Float64Array.of(T + 40_000) };
    const blocks = [barBlock('S0', [T], details), barBlock('S0', [T + MINUTE_MS])];
    const other = [barBlock('S1', [T, T + MINUTE_MS])];
    const seen = await run([cursorOf(blocks, 0, { kind: 'bars' }), cursorOf(other, 1, { kind: 'bars' })]);
    const price = T / MINUTE_MS;
    expect(textOf(seen).filter((line) => line.startsWith('bar'))).toEqual([
      `bar S0 ${T + 40_000} ${price} 9`,
      `bar S1 ${T + MINUTE_MS} ${price} NaN`,
      `bar S0 ${T + 2 * MINUTE_MS} ${price + 1} NaN`,
      `bar S1 ${T + 2 * MINUTE_MS} ${price + 1} NaN`,
    ]);
  });
});

describe('a cursor', () => {
  it('ends a bar after its length where its source does not know the end', async () => {
    const ends = { endTs: Float64Array.of(T + 40_000, Number.NaN) };
    const seen = await run([cursorOf([barBlock('S0', [T, T + MINUTE_MS], ends)], 0, { kind: 'bars' })]);
    const bars = textOf(seen).filter((line) => line.startsWith('bar'));
    expect(bars.map((line) => Number(line.split(' ')[2]))).toEqual([T + 40_000, T + 2 * MINUTE_MS]);
  });

  it('counts its rows and knows its first instant', async () => {
    const cursor = cursorOf([tickBlock('S0', []), tickBlock('S0', [T, T + 1]), tickBlock('S0', [T + 5])], 0, {
      kind: 'ticks',
    });
    await run([cursor]);
    expect([cursor.rows, cursor.from]).toEqual([3, T]);
    const bar = cursorOf([barBlock('S0', []), barBlock('S0', [T])], 0, { kind: 'bars' });
    await run([bar]);
    expect([bar.rows, bar.from]).toEqual([1, T]);
  });

  it('takes recvTs for the time where it was recorded', async () => {
    const seen = await run([
      cursorOf([tickBlock('S0', [T], { recvTs: Float64Array.of(T + 40) })], 0, { kind: 'ticks' }),
    ]);
    expect(seen.map((delivery) => delivery.at)).toEqual([T + 40]);
  });

  it('refuses blocks of the other kind', async () => {
    await expect(run([cursorOf([barBlock('S0', [T])], 0, { kind: 'ticks' })])).rejects.toThrow(TypeError);
    await expect(run([cursorOf([tickBlock('S0', [T])], 0, { kind: 'bars' })])).rejects.toThrow(TypeError);
  });
});
