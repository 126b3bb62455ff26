// One self-contained HTML page about a run: no network, nothing to install, readable on paper.
import { createHash } from 'node:crypto';
import type { NoticeRow } from '../recorder/record-rows.js';
import { readChartLibrary, type ChartLibrary } from './chart-library.js';
import {
  formatCount,
  formatDate,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRate,
  formatSignedPercent,
  formatTime,
} from './format.js';
import { dataElement, markup, verbatim, type Html, type HtmlPart } from './html.js';
import { metricGroups } from './metric-groups.js';
import { REPORT_SCRIPT } from './report-script.js';
import { REPORT_STYLE } from './report-style.js';
import {
  bookTable,
  drawdownTable,
  fillTable,
  monthTable,
  sourceTable,
  strategyTable,
  tradeTable,
  type ShownRows,
} from './report-tables.js';
import type { RunKind, ReportInput } from './run-result.js';
import { table } from './table.js';

/** Options of {@link renderReport}. */
export interface ReportOptions {
  /** Most trades and most fills that the page carries, 2,000 each unless told otherwise. */
  readonly rows?: number;
  /** Records that were written to their Parquet files while the run went on, so that those hold every row. */
  readonly streamed?: readonly StreamedRecord[];
}

/** A record that may be streamed. */
export type StreamedRecord = 'fills' | 'orders' | 'trades';

const DEFAULT_ROWS = 2000;
const MOST_NOTICES = 200;
const CURVE_DIGITS = 9;

const KINDS: Readonly<Record<RunKind, string>> = { backtest: 'Backtest', paper: 'Paper trading', live: 'Live trading' };

/**
 * The report of a run as a whole HTML document. A content security policy allows the page's own scripts and styles by hash and
 * nothing from anywhere else. Errors: REPORT_CHARTS_MISSING.
 */
export function renderReport(result: ReportInput, options: ReportOptions = {}): string {
  const shown = (record: StreamedRecord): ShownRows => ({
    most: options.rows ?? DEFAULT_ROWS,
    isStreamed: options.streamed?.includes(record) === true,
  });
  const library = readChartLibrary();
  const style = `${library.style}\n${REPORT_STYLE}`;
  const scripts = [libraryScript(library), REPORT_SCRIPT];
  const title = `${result.name}: ${KINDS[result.kind].toLowerCase()} ${result.runId}`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Bookrunner ${result.engineVersion}" />
        <meta http-equiv="Content-Security-Policy" content="${policy(style, scripts)}" />
        <title>${title}</title>
        ${verbatim('style', style)}
      </head>
      <body>
        ${pageHeader(result)}
        <main>
          ${chartSection(result)} ${section('Monthly returns', monthTable(result))} ${metricSection(result)}
          ${result.drawdowns.length === 0 ? '' : section('Drawdowns', drawdownTable(result.drawdowns))}
          ${section('Books', bookTable(result))} ${section('Strategies', strategyTable(result))}
          ${section('Trades', tradeTable(result.trades, shown('trades')))} ${section('Fills', fillTable(result.fills, shown('fills')))}
          ${modelSection(result)} ${section('Data', sourceTable(result.sources))} ${noticeSection(result)}
          ${section(
            'Configuration',
            markup`<details>
              <summary>Effective configuration (YAML, secrets masked)</summary>
              <pre>${result.config}</pre>
            </details>`,
          )}
          ${identitySection(result)}
        </main>
        <footer>
          Made by Bookrunner ${result.engineVersion}. All times are UTC. Past results, simulated or real, do not tell
          future ones.
        </footer>
        ${dataElement('curve', curveData(result))}
        ${scripts.map((script) => verbatim('script', script))}
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

function pageHeader(result: ReportInput): Html {
  const speed = result.elapsedMs > 0 ? (result.bars + result.ticks) / (result.elapsedMs / 1000) : Number.NaN;
  const events = [
    ...(result.bars > 0 ? [`${formatCount(result.bars)} bars`] : []),
    ...(result.ticks > 0 ? [`${formatCount(result.ticks)} ticks`] : []),
  ].join(' and ');
  return markup`<header>
    <h1>${result.name}<span class="kind">${KINDS[result.kind]}</span></h1>
    <p class="about">
      ${formatDate(result.from)} to ${formatDate(result.to)}, ${events || 'no data'}, in
      ${formatDuration(result.elapsedMs)}${
        result.kind === 'backtest' && speed > 0 ? ` (${formatRate(speed)} a second)` : ''
      }.
      Run <code>${result.runId}</code>.
    </p>
    ${warningBox(result.warnings)} ${tiles(result)}
  </header>`;
}

function warningBox(warnings: readonly string[]): Html | '' {
  if (warnings.length === 0) return '';
  return markup`<section class="warnings" aria-labelledby="warnings">
    <h2 id="warnings">Read this first</h2>
    <ul>
      ${warnings.map((warning) => markup`<li>${warning}</li>`)}
    </ul>
  </section>`;
}

function tiles(result: ReportInput): Html {
  const { metrics, currency } = result;
  const figures: readonly (readonly [label: string, text: string, value: number | null])[] = [
    [`Final equity (${currency})`, formatNumber(metrics.finalEquity), null],
    ['Total return', formatSignedPercent(metrics.totalReturn), metrics.totalReturn],
    ['CAGR', formatSignedPercent(metrics.cagr), metrics.cagr],
    ['Sharpe', formatNumber(metrics.sharpe), null],
    ['Max drawdown', formatPercent(metrics.maxDrawdown), null],
    ['Trades', formatCount(metrics.trades), null],
    ['Hit rate, after fees', formatPercent(metrics.hitRate, 1), null],
    ['Fees, of capital', formatPercent(metrics.feesPct === null ? null : metrics.feesPct / 100), null],
  ];
  return markup`<dl class="tiles">
    ${figures.map(
      ([label, text, value]) =>
        markup`<div>
          <dt>${label}</dt>
          <dd class="${tone(value)}">${text}</dd>
        </div> `,
    )}
  </dl>`;
}

function tone(value: number | null): string {
  if (value === null || value === 0) return '';
  return value > 0 ? 'gain' : 'loss';
}

function chartSection(result: ReportInput): Html {
  const { metrics, currency } = result;
  if (result.equity.length === 0) return section('Equity', markup`<p class="soft">The run marked no equity.</p>`);
  const equityText = `Equity from ${formatNumber(metrics.initialEquity)} to ${formatNumber(metrics.finalEquity)} ${currency}`;
  const fallText = `Fall from the peak; the deepest is ${formatPercent(metrics.maxDrawdown)}`;
  return section(
    'Equity and drawdown',
    markup`<figure class="chart">
        <figcaption><strong>Equity (${currency})</strong><output id="equity-plot-value"></output></figcaption>
        <div class="plot" id="equity-plot" role="img" aria-label="${equityText}"></div>
      </figure>
      <figure class="chart">
        <figcaption><strong>Drawdown</strong><output id="drawdown-plot-value"></output></figcaption>
        <div class="plot" id="drawdown-plot" role="img" aria-label="${fallText}"></div>
      </figure>
      <noscript><p class="soft">The charts need JavaScript; every figure of this page does not.</p></noscript>`,
  );
}

function metricSection(result: ReportInput): Html {
  const groups = metricGroups(result.metrics, result.currency).map(
    (group) =>
      markup`<section>
        <h3>${group.title}</h3>
        <dl>
          ${group.lines.map(
            (line) =>
              markup`<div>
                <dt>${line.label}</dt>
                <dd>${line.text}</dd>
              </div> `,
          )}
        </dl>
      </section>`,
  );
  return section('Metrics', markup`<div class="groups">${groups}</div>`);
}

function modelSection(result: ReportInput): Html {
  if (result.costs.length === 0) return section('Costs and fills', markup`<p class="soft">No model was set.</p>`);
  return section(
    'Costs and fills',
    markup`<dl class="facts">
      ${result.costs.map(
        (cost) =>
          markup`<dt>${cost.label}</dt>
            <dd>${cost.text}</dd> `,
      )}
    </dl>`,
  );
}

function noticeSection(result: ReportInput): Html | '' {
  const { notices } = result;
  const count = Math.min(MOST_NOTICES, notices.total - notices.first);
  if (count === 0) return '';
  const newest = Array.from({ length: count }, (_, k) => notices.at(notices.total - 1 - k));
  const rows = newest.map((notice: NoticeRow) => [
    formatTime(notice.ts),
    notice.level,
    notice.code,
    notice.subject,
    notice.message,
  ]);
  return section(
    'Notices',
    table({
      caption: `The newest ${formatCount(count)} of ${formatCount(notices.total)} notices, newest first.`,
      columns: [
        ...['Time (UTC)', 'Level', 'Code', 'About'].map((label) => ({ label })),
        { label: 'Message', isLong: true },
      ],
      rows,
    }),
  );
}

function identitySection(result: ReportInput): Html {
  const facts: readonly (readonly [string, string])[] = [
    ['Run', result.runId],
    ['Started', `${formatTime(result.startedAt)} UTC`],
    ['Elapsed', formatDuration(result.elapsedMs)],
    ['Data', `${formatTime(result.from)} to ${formatTime(result.to)} UTC`],
    ['Decision hash', result.decisionHash],
    ...Object.entries(result.strategyHashes).map(([name, hash]) => [`Strategy ${name}`, hash] as const),
    ['Engine', result.engineVersion],
    ['Orders', `${formatCount(result.orders.total)}, in orders.parquet`],
  ];
  return section(
    'Identity',
    markup`<p class="soft">Two runs with the same decision hash sent the same orders and had the same fills.</p>
      <dl class="facts">
        ${facts.map(
          ([label, text]) =>
            markup`<dt>${label}</dt>
              <dd><code>${text}</code></dd> `,
        )}
      </dl>`,
  );
}

function curveData(result: ReportInput): unknown {
  const { equity } = result;
  const round = (value: number): number => Number(value.toPrecision(CURVE_DIGITS));
  return {
    ts: Array.from(equity.ts, (ts) => ts / 1000),
    equity: Array.from(equity.equity, round),
    drawdown: Array.from(equity.drawdown, (share) => Number(share.toFixed(6))),
  };
}

/** The chart library with its licence, as a page carries it. */
export function libraryScript(library: ChartLibrary): string {
  return `/*!\n${library.licence.replaceAll('*/', '* /').trim()}\n*/\n${library.script}`;
}

/** A content security policy that allows exactly these. */
export function policy(style: string, scripts: readonly string[]): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(style)}; script-src ${scripts.map(hash).join(' ')}; base-uri 'none'; form-action 'none'`;
}
