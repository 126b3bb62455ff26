import { type BarColumns, HOUR_MS, type HistoryBlock, marketCalendar, MINUTE_MS } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { endOfBar } from './history-blocks.js';
import { endedAtClose } from './session-ends.js';

/** 9:30 in New York of a summer Monday. */
const OPEN = Date.UTC(2024, 6, 8, 13, 30);

function barsOf(starts: readonly number[], endTs?: readonly number[]): BarColumns {
  const zero = new Float64Array(starts.length);
  return {
    ...{ symbol: 'X', length: starts.length, ts: Float64Array.from(starts) },
    ...{ open: zero, high: zero, low: zero, close: zero, volume: zero },
    ...(endTs === undefined ? {} : { endTs: Float64Array.from(endTs) }),
  };
}

/** The blocks as they come out: bars of a length, at a market. */
function ended(calendar: string, seconds: number, ...blocks: readonly BarColumns[]): readonly BarColumns[] {
  const spec = { use: 'time', options: { seconds } };
  const stream = {
    symbol: 'X',
    spec,
    blocks: blocks.map((columns): HistoryBlock => ({ kind: 'bars', columns, spec })),
  };
  const { blocks: out } = endedAtClose(stream, marketCalendar(calendar));
  return [...(out as Iterable<HistoryBlock>)].map(({ columns }) => columns as BarColumns);
}

/** Minutes that each bar lasts. */
function minutes(columns: BarColumns, seconds: number): readonly number[] {
  return [...columns.ts].map((ts, row) => (endOfBar(columns, row, seconds * 1_000) - ts) / MINUTE_MS);
}

describe('bars that do not say when they end', () => {
  it('end with their session where its close cuts them', () => {
    const hours = [0, 5, 6, 24 + 6].map((hour) => OPEN + hour * HOUR_MS);
    const [columns] = ended('XNYS', 3_600, barsOf(hours));
    expect(minutes(columns!, 3_600)).toEqual([60, 60, 30, 30]);
    // The day before Independence Day closes at one.
    const [short] = ended('XNYS', 3_600, barsOf([Date.UTC(2024, 6, 3, 16, 30)]));
    expect(minutes(short!, 3_600)).toEqual([30]);
  });

  it('stay as they are where they say it, outside of sessions, and where nothing is cut', () => {
    const last = OPEN + 6 * HOUR_MS;
    const known = barsOf([last, last + HOUR_MS], [last + HOUR_MS, Number.NaN]);
    const whole = barsOf([OPEN, OPEN + HOUR_MS]);
    expect(ended('XNYS', 3_600, known, whole)).toEqual([known, whole]);
    const minute = barsOf([OPEN + 6.5 * HOUR_MS - MINUTE_MS]);
    const beyond = barsOf([Date.UTC(1900, 0, 1), Date.UTC(2400, 0, 1)]);
    expect(ended('XNYS', 60, minute)[0]).toBe(minute);
    expect(ended('XNYS', 86_400, whole)[0]).toBe(whole);
    expect(ended('XNYS', 3_600, beyond)[0]).toBe(beyond);
  });

  it('are cut by no close behind which the market opens again before they end', () => {
    // Tokyo closes for lunch from 11:30 to 12:30: an hour ends there, of two nobody knows what they hold.
    const eleven = Date.UTC(2024, 6, 8, 2);
    expect(minutes(ended('XTKS', 3_600, barsOf([eleven]))[0]!, 3_600)).toEqual([30]);
    expect(minutes(ended('XTKS', 7_200, barsOf([eleven]))[0]!, 7_200)).toEqual([120]);
    const midnight = Date.UTC(2024, 6, 8, 22);
    expect(minutes(ended('24x7', 14_400, barsOf([midnight]))[0]!, 14_400)).toEqual([240]);
  });

  it('end as the calendar says, whatever came before them', () => {
    const calendar = marketCalendar('XNYS');
    const starts = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(starts, fc.constantFrom(300, 3_600, 7_200, 14_400), (list, seconds) => {
        const ts = list.toSorted((a, b) => a - b).map((minute) => OPEN + minute * MINUTE_MS);
        const [columns] = ended('XNYS', seconds, barsOf(ts));
        const expected = ts.map((start) => {
          const end = start + seconds * 1_000;
          const close = calendar.isOpen(start) ? calendar.sessionClose(start) : end;
          return (Math.min(end, close) - start) / MINUTE_MS;
        });
        expect(minutes(columns!, seconds)).toEqual(expected);
      }),
    );
  });
});
