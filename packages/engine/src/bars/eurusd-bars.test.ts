// Real quotes against the plainest grouping there is. The data may not be part of the project; where it is absent, this is skipped.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { marketCalendar, type BarPrice } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { build, quote, timeBars } from './bars.fixture.js';

const FILE = fileURLToPath(new URL('../../../../../shared/data/eurusd-quotes-2014-05.csv.gz', import.meta.url));
const withData = existsSync(FILE) ? it : it.skip;

interface Quote {
  readonly ts: number;
  readonly bid: number;
  readonly ask: number;
}

function readQuotes(): readonly Quote[] {
  const lines = gunzipSync(readFileSync(FILE)).toString('utf8').trim().split('\n').slice(1);
  return lines.map((line) => {
    const [ts, bid, ask] = line.split(',').map(Number);
    return { ts: ts ?? Number.NaN, bid: bid ?? Number.NaN, ask: ask ?? Number.NaN };
  });
}

/** Bars by floor(ts / 60,000) of the quotes inside sessions. */
function groupByMinute(quotes: readonly Quote[], price: (quote: Quote) => number) {
  const calendar = marketCalendar('24x5');
  const groups = new Map<number, Quote[]>();
  for (const row of quotes) {
    if (!calendar.isOpen(row.ts)) continue;
    const minute = Math.floor(row.ts / 60_000) * 60_000;
    const group = groups.get(minute);
    if (group === undefined) groups.set(minute, [row]);
    else group.push(row);
  }
  return [...groups].map(([ts, rows]) => {
    const prices = rows.map(price);
    const [high, low] = [Math.max(...prices), Math.min(...prices)];
    return { ts, endTs: ts + 60_000, open: prices[0], high, low, close: prices.at(-1), nTicks: rows.length };
  });
}

describe('one-minute bars of two weeks of EURUSD quotes', () => {
  withData('are the quotes grouped by minute, for bid, ask and mid', () => {
    const quotes = readQuotes();
    expect(quotes.length).toBeGreaterThan(500_000);
    const ticks = quotes.map(({ ts, bid, ask }) => quote(ts, bid, ask));
    const prices: Readonly<Record<Exclude<BarPrice, 'last'>, (row: Quote) => number>> = {
      bid: (row) => row.bid,
      ask: (row) => row.ask,
      mid: (row) => (row.bid + row.ask) / 2,
    };
    for (const [price, read] of Object.entries(prices)) {
      const builder = timeBars({ seconds: 60, price }, '24x5');
      const bars = build(builder, ticks).map(({ ts, endTs, open, high, low, close, nTicks }) => ({
        ts,
        endTs,
        open,
        high,
        low,
        close,
        nTicks,
      }));
      const expected = groupByMinute(quotes, read);
      expect(bars.length).toBe(expected.length);
      // As text: comparing 50,000 objects one by one takes seconds.
      expect(JSON.stringify(bars) === JSON.stringify(expected)).toBe(true);
      expect(builder.ignoredTicks).toBe(quotes.length - expected.reduce((sum, bar) => sum + bar.nTicks, 0));
    }
  });
});
