import { checks } from '../lib/check.mjs';
import { columnarQuotes } from '../lib/columnar-quotes.mjs';
import { configFile, engineRun, outcomeOf } from '../lib/engine-run.mjs';
import { FillHash } from '../lib/fill-hash.mjs';
import { W2 } from '../lib/published.mjs';
import { QuoteData, quoteBlocks, QuoteWalk } from '../lib/quote-data.mjs';
import { provide } from '../lib/reference-feed.mjs';
import { rounds } from '../lib/rounds.mjs';

export const w2 = {
  describe: 'quotes to one-minute bars of their mid, fills at the ask and the bid; --full for fifty million',
  rows: 2_000_000,
  fullRows: 50_000_000,
  targets: { quotesPerSecond: { atLeast: 25_000_000 }, peakRssMb: { atMost: 200 } },

  async measure({ rows, rounds: count }) {
    const data = new QuoteData({ rows });
    provide('W2', { blocks: () => quoteBlocks(data, 'W2') });
    const { ms: _, ...bare } = columnarQuotes(data);
    const outcome = await checkedRun();
    const figures = await rounds({
      engine: () => engineRun(configFile('w2.yaml')),
      columnar: () => columnarQuotes(data),
      rows,
      rounds: count,
      row: 'Quote',
      isStreamed: true,
    });
    return {
      facts: { n: rows, ...outcome },
      checks: [...checks('bare loop and engine', bare, outcome), ...checks('published', W2[rows], outcome)],
      figures,
    };
  },
};

async function checkedRun() {
  const hash = new FillHash();
  // Times ascend strictly, so a second walk over the same quotes finds the index of each fill.
  const walk = new QuoteWalk();
  let index = -1;
  const run = await engineRun(configFile('w2.yaml'), {
    onFill: (ts, qty, price) => {
      for (; index < 0 || walk.ts < ts; index++) walk.next();
      hash.add(index, qty, price);
    },
  });
  const { fills, finalEquity } = outcomeOf(run);
  return { bars: run.result.bars, fills, finalEquity, fillHash: hash.text };
}
