// One self-contained HTML page about a comparison, in the look of the report.
import { readChartLibrary } from '../report/chart-library.js';
import { formatCount, formatDuration, formatNumber, formatSigned, formatTime } from '../report/format.js';
import { dataElement, type Html, type HtmlPart, markup, verbatim } from '../report/html.js';
import { libraryScript, policy } from '../report/render-report.js';
import { REPORT_STYLE } from '../report/report-style.js';
import { table } from '../report/table.js';
import { ENGINE_VERSION } from '../version.js';
import { CAUSES, type Cause } from './explained-difference.js';
import { orderOfPair } from './match-orders.js';
import type { ParityResult } from './parity-result.js';
import { PARITY_SCRIPT, PARITY_STYLE } from './parity-script.js';
import { verdictOf } from './verdict.js';

/** Most differences that a page carries; the JSON document has them all. */
const MOST = 2_000;
const CURVE_DIGITS = 10;

const MEANINGS: Readonly<Record<Cause, string>> = {
  unexplained:
    'Nothing in the journal explains it. Look at these first: a strategy that reads a clock, chance or a file is the usual reason.',
  data: 'The feed was away or stale, so the session waited, or rebuilt its bars afterwards. The backtest had the rows that did come, and waited for nothing.',
  restart: 'The engine was down. The session dropped the bar under way and began it anew; the backtest went on.',
  broker:
    'The broker was away, or had not yet said what was there, so no strategy on its accounts was asked and nothing sent. The simulated venue is always there.',
  guard: 'A person, a limit or a guard held the session back, or made it act.',
  timing: 'The decision, or the arrival of the order at the venue, lay in another instant.',
  'fill model':
    'The same order, and the venue filled it at another price or with another quantity than the simulation did.',
  fee: 'The same fill costs another fee.',
  follows:
    'A consequence of an earlier difference: the position or the size was another one before. The evidence names it.',
};

/** The page. Errors: REPORT_CHARTS_MISSING. */
export function renderParity(result: ParityResult): string {
  const library = readChartLibrary();
  const style = `${library.style}\n${REPORT_STYLE}${PARITY_STYLE}`;
  const scripts = [libraryScript(library), PARITY_SCRIPT];
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Bookrunner ${ENGINE_VERSION}" />
        <meta http-equiv="Content-Security-Policy" content="${policy(style, scripts)}" />
        <title>${result.name}: parity of ${result.run}</title>
        ${verbatim('style', style)}
      </head>
      <body>
        ${pageHeader(result)}
        <main>
          ${section('Causes', causeTable(result))} ${section('Equity', chart(result))}
          ${section('Strategies', strategyTable(result))} ${section('Differences', differenceTable(result))}
          ${section('How to read this', reading())} ${section('Identity', identity(result))}
        </main>
        <footer>Made by Bookrunner ${ENGINE_VERSION}. All times are UTC.</footer>
        ${dataElement('curve', curveData(result))} ${scripts.map((script) => verbatim('script', script))}
      </body>
    </html>
  `.text;
}

function section(title: string, content: HtmlPart): Html {
  return markup`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;
}

function pageHeader(result: ParityResult): Html {
  const { run, from, to, ticks, bars, pnl, currency, warnings } = result;
  const verdict = verdictOf(result);
  const [tone = ''] = verdict.toLowerCase().split(':');
  return markup`<header>
    <h1>${result.name}<span class="kind">Session against backtest</span></h1>
    <p class="about">
      ${formatTime(from)} to ${formatTime(to)} (${formatDuration(to - from)}), ${formatCount(ticks)} ticks and
      ${formatCount(bars)} ready bars. Run <code>${run}</code>.
    </p>
    <p class="verdict ${tone}">${verdict}</p>
    ${
      warnings.length === 0
        ? ''
        : markup`<section class="warnings" aria-labelledby="warnings">
            <h2 id="warnings">Read this first</h2>
            <ul>${warnings.map((warning) => markup`<li>${warning}</li>`)}</ul>
          </section>`
    }
    <dl class="tiles">
      ${(
        [
          [`Session (${currency})`, formatSigned(pnl.session)],
          [`Backtest (${currency})`, formatSigned(pnl.backtest)],
          [`Difference (${currency})`, formatSigned(pnl.difference)],
          ['Differences', formatCount(result.differences.length)],
        ] as const
      ).map(
        ([label, text]) =>
          markup`<div>
            <dt>${label}</dt>
            <dd>${text}</dd>
          </div> `,
      )}
    </dl>
  </header>`;
}

function causeTable({ causes, rest, pnl, currency }: ParityResult): Html {
  return table({
    caption: `What the session earned more than the backtest, in ${currency}, by cause. Rows add up to the sum.`,
    columns: [
      { label: 'Cause' },
      { label: 'Differences', isNumber: true },
      { label: 'Money', isNumber: true },
      { label: 'Meaning', isLong: true },
    ],
    rows: [
      ...causes
        .filter(({ cause, count }) => count > 0 || cause === 'unexplained')
        .map(({ cause, count, money }) => [cause, formatCount(count), formatSigned(money), MEANINGS[cause]]),
      ['rest', '', formatSigned(rest), 'Interest and other cash, and differences before the period.'],
      [markup`<strong>sum</strong>`, '', markup`<strong>${formatSigned(pnl.difference)}</strong>`, ''],
    ],
  });
}

function chart({ currency }: ParityResult): Html {
  return markup`<figure class="chart">
      <figcaption>
        <strong>Equity (${currency})</strong>
        <span><span class="key"></span>session</span><span><span class="key second"></span>backtest</span>
        <output id="equity-plot-value"></output>
      </figcaption>
      <div class="plot" id="equity-plot" role="img" aria-label="Equity of session and backtest over the period"></div>
    </figure>
    <noscript><p class="soft">The chart needs JavaScript; every figure of this page does not.</p></noscript>`;
}

function strategyTable({ rows }: ParityResult): HtmlPart {
  if (rows.length === 0) return markup`<p class="soft">Neither side sent an order.</p>`;
  const both = (of: { readonly session: number; readonly backtest: number }, text: (value: number) => string): string =>
    `${text(of.session)} / ${text(of.backtest)}`;
  return table({
    caption: 'By strategy and book, session / backtest, in the currency of the book.',
    columns: [
      ...[{ label: 'Strategy' }, { label: 'Book' }, { label: 'Currency' }],
      ...['Orders', 'Fills', 'Fees', 'PnL', 'Difference', 'Rest'].map((label) => ({ label, isNumber: true })),
    ],
    rows: rows.map((row) => [
      ...[row.strategy || '(cash)', row.book, row.currency],
      ...[both(row.orders, formatCount), both(row.fills, formatCount)],
      ...[both(row.fees, formatNumber), both(row.pnl, formatSigned), formatSigned(row.pnl.difference)],
      formatSigned(row.rest),
    ]),
  });
}

function differenceTable({ differences, causes }: ParityResult): HtmlPart {
  if (differences.length === 0) return markup`<p class="soft">There are none.</p>`;
  const shown = differences
    .toSorted((a, b) => CAUSES.indexOf(a.cause) - CAUSES.indexOf(b.cause) || a.id - b.id)
    .slice(0, MOST)
    .toSorted((a, b) => a.id - b.id);
  const filters = [
    { cause: '', label: `all (${formatCount(shown.length)})` },
    ...causes
      .filter(({ count }) => count > 0)
      .map(({ cause, count }) => ({ cause, label: `${cause} (${formatCount(count)})` })),
  ];
  const more = differences.length > MOST ? ` The first ${formatCount(MOST)}; --json has them all.` : '';
  return markup`<div class="filters" role="group" aria-label="Show differences by cause" hidden>
      ${filters.map(
        ({ cause, label }) =>
          markup`<button type="button" data-cause="${cause}" aria-pressed="${cause === '' ? 'true' : 'false'}">${label}</button>`,
      )}
    </div>
    ${table({
      id: 'differences',
      caption: `${formatCount(differences.length)} differences in order of time; money in the currency of the book.${more}`,
      columns: [
        ...['#', 'Cause', 'Time (UTC)', 'Order', 'What'].map((label) => ({ label })),
        { label: 'Money', isNumber: true },
        ...['Session', 'Backtest', 'Evidence'].map((label) => ({ label, isLong: true })),
      ],
      rows: shown.map(({ id, cause, at, strategy, symbol, pair, kind, money, session, backtest, evidence }) => {
        const { side, purpose } = orderOfPair(pair);
        return [
          ...[String(id), cause, formatTime(at), `${strategy}: ${side} ${symbol}, ${purpose}`, kind],
          ...[formatSigned(money), session, backtest, evidence],
        ];
      }),
    })}`;
}

function reading(): Html {
  return markup`<p>
      The market data that the session received and wrote into its journal was run through a backtest: a fresh kernel, the
      simulated venue, the clock of the data. Reports, outages and commands of the session, but for settings, were not given to it, so what it did
      is what the strategies do on that data when nothing comes in between.
    </p>
    <p>
      Orders are paired by strategy, symbol, side, purpose and the bar after which they were decided. Every fill is valued at the
      last price of the period on both sides, so a trade that only one side made is worth its own result, and the parts add up to
      the difference.
    </p>
    <dl class="facts">
      ${CAUSES.map(
        (cause) =>
          markup`<dt>${cause}</dt>
            <dd>${MEANINGS[cause]}</dd> `,
      )}
    </dl>`;
}

function identity({ runs, decisionHash, withCommands }: ParityResult): Html {
  const facts: readonly (readonly [string, string])[] = [
    [runs.length === 1 ? 'Run' : 'Runs', runs.join(', ')],
    ['Decisions of the session', decisionHash.session ?? 'not known: it did not end, or the period is a part of it'],
    ['Decisions of the backtest', decisionHash.backtest],
    ['Commands', withCommands ? 'given to the backtest as well' : 'not given to the backtest, but for alloc and risk'],
  ];
  return markup`<dl class="facts">
    ${facts.map(
      ([label, text]) =>
        markup`<dt>${label}</dt>
          <dd><code>${text}</code></dd> `,
    )}
  </dl>`;
}

function curveData({ curve }: ParityResult): unknown {
  const round = (value: number): number | null =>
    Number.isFinite(value) ? Number(value.toPrecision(CURVE_DIGITS)) : null;
  return {
    ts: curve.ts.map((ts) => ts / 1000),
    session: curve.session.map(round),
    backtest: curve.backtest.map(round),
  };
}
