import { BarData } from '../lib/bar-data.mjs';
import { sumOfColumns, sumOfCsv } from '../lib/bar-files.mjs';
import { checks } from '../lib/check.mjs';
import { columnarBars } from '../lib/columnar-bars.mjs';
import { columnarQuotes } from '../lib/columnar-quotes.mjs';
import { W1, W1_SUMS, W2 } from '../lib/published.mjs';
import { QuoteData } from '../lib/quote-data.mjs';

export const data = {
  describe: 'the generators against the published sums, and the bare loops against the published fills; no engine',
  rows: 1_000_000,
  processes: 1,
  targets: {},

  measure({ isFull }) {
    const bars = new BarData({ rows: 1_000_000 });
    const sums = { bin: sumOfColumns(bars), csv: sumOfCsv(bars) };
    const sizes = isFull ? Object.keys(W1) : Object.keys(W1).slice(0, 2);
    const quotes = isFull ? Object.keys(W2) : Object.keys(W2).slice(0, 1);
    return {
      facts: { n: bars.rows, ...sums },
      checks: [
        ...checks('sha256', W1_SUMS, sums),
        ...sizes.flatMap((rows) => {
          const { closedTrades: _trades, wins: _wins, ...expected } = W1[rows];
          return checks(`W1, ${rows} bars`, expected, columnarBars(new BarData({ rows: Number(rows) })));
        }),
        ...quotes.flatMap((rows) =>
          checks(`W2, ${rows} quotes`, W2[rows], columnarQuotes(new QuoteData({ rows: Number(rows) }))),
        ),
      ],
      figures: {},
    };
  },
};
