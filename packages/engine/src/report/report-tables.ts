// The tables of the report.
import type { DrawdownEpisode } from '../portfolio/drawdown.js';
import type { FillRow, TradeRow } from '../recorder/record-rows.js';
import type { RowTable } from '../recorder/record-table.js';
import {
  formatCount,
  formatDate,
  formatDuration,
  formatExact,
  formatNumber,
  formatPercent,
  formatSigned,
  formatSignedPercent,
  formatTime,
  NONE,
} from './format.js';
import { dataElement, markup, type Html } from './html.js';
import { monthlyReturns } from './monthly-returns.js';
import type { DataSourceResult, ReportInput } from './run-result.js';
import { table, type TableColumn } from './table.js';

const DAY_MS = 86_400_000;
const PAGE_ROWS = 25;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const text = (label: string): TableColumn => ({ label });
const number = (label: string): TableColumn => ({ label, isNumber: true });

/** Returns by month as a heat map; the sign stands in the text too, so colour is never the only carrier. */
export function monthTable(result: ReportInput): Html {
  const years = monthlyReturns(result.daily);
  const known = years.flatMap((year) => year.months.filter((month) => month !== null));
  const largest = Math.max(0, ...known.map(Math.abs));
  const cell = (value: number | null): Html => markup`<td class="${heat(value, largest)}">${monthText(value)}</td>`;
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Monthly returns">
    <table class="months">
      <caption>
        Return by month of the trading day, in per cent, after all costs.
      </caption>
      <thead>
        <tr>
          <th scope="col">Year</th>
          ${MONTHS.map((month) => markup`<th scope="col">${month}</th>`)}
          <th scope="col">Year</th>
        </tr>
      </thead>
      <tbody>
        ${years.map(
          (year) =>
            markup`<tr>
              <th scope="row">${year.year}</th>
              ${year.months.map(cell)}
              <td>${monthText(year.total)}</td>
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

function monthText(value: number | null): string {
  return value === null ? '' : formatSigned(value * 100, 2);
}

/** Three steps of colour each way, relative to the largest month. */
function heat(value: number | null, largest: number): string {
  if (value === null || value === 0 || largest === 0) return '';
  const step = Math.min(3, Math.max(1, Math.ceil((Math.abs(value) / largest) * 3)));
  return `${value > 0 ? 'g' : 'l'}${step}`;
}

/** The deepest falls. */
export function drawdownTable(episodes: readonly DrawdownEpisode[]): Html {
  return table({
    caption: 'The deepest falls from a peak, and how long equity stayed below it.',
    columns: [text('Peak'), number('Depth'), text('Deepest point'), text('Recovered'), number('Length')],
    rows: episodes.map((fall) => [
      formatDate(fall.peakTs),
      formatPercent(fall.depth),
      formatDate(fall.troughTs),
      fall.recoveryTs === null ? 'not yet' : formatDate(fall.recoveryTs),
      formatDuration(fall.days * DAY_MS),
    ]),
  });
}

/** One line for each book. */
export function bookTable(result: ReportInput): Html {
  return table({
    caption: 'By book, each in its own currency.',
    columns: [
      text('Book'),
      ...['Capital', 'Final equity', 'Return', 'Sharpe', 'Max drawdown', 'Realised', 'Open profit'].map(number),
      ...['Fees', 'Financing', 'Trades', 'Exposure'].map(number),
    ],
    rows: Object.entries(result.books).map(([name, book]) => [
      name,
      `${formatNumber(book.capital)} ${book.currency}`,
      formatNumber(book.metrics.finalEquity),
      formatSignedPercent(book.metrics.totalReturn),
      formatNumber(book.metrics.sharpe),
      formatPercent(book.metrics.maxDrawdown),
      formatSigned(book.realised),
      formatSigned(book.unrealised),
      formatNumber(book.metrics.fees),
      formatSigned(book.financing),
      formatCount(book.metrics.trades),
      formatPercent(book.metrics.exposure, 1),
    ]),
  });
}

/** One line for each strategy. */
export function strategyTable(result: ReportInput): Html {
  return table({
    caption: 'By strategy, in the currency of its book. Realised is before fees.',
    columns: [
      ...['Strategy', 'Book', 'Symbols'].map(text),
      ...['Realised', 'Open profit', 'Fees', 'Net', 'Trades', 'Hit rate', 'Average trade'].map(number),
      number('Exposure'),
    ],
    rows: Object.entries(result.strategies).map(([name, strategy]) => [
      name,
      strategy.book,
      shortList(strategy.symbols),
      formatSigned(strategy.realised),
      formatSigned(strategy.unrealised),
      formatNumber(strategy.fees),
      formatSigned(strategy.realised + strategy.unrealised - strategy.fees),
      formatCount(strategy.trades.trades),
      formatPercent(strategy.trades.hitRate, 1),
      formatSigned(strategy.trades.avgTrade),
      formatPercent(strategy.exposure, 1),
    ]),
  });
}

function shortList(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

/** Where the data came from and how much of it was refused. */
export function sourceTable(sources: readonly DataSourceResult[]): Html {
  return table({
    caption: 'What the run read. Rejected rows were malformed and left out.',
    columns: [
      text('Source'),
      text('Symbol'),
      number('Rows'),
      number('Rejected'),
      ...['Most frequent reason', 'From (UTC)', 'To (UTC)', 'Content hash'].map(text),
    ],
    rows: sources.map((source) => [
      source.source,
      source.symbol,
      formatCount(source.rows),
      formatCount(source.rejected),
      source.reason ?? NONE,
      formatTime(source.from),
      formatTime(source.to),
      source.hash ?? NONE,
    ]),
  });
}

/** The newest closed trades, newest first. */
export function tradeTable(trades: RowTable<TradeRow>, shown: ShownRows): Html {
  const columns = [
    ...['Closed (UTC)', 'Opened (UTC)', 'Symbol', 'Strategy', 'Book', 'Side'].map(text),
    ...['Quantity', 'Entry value', 'Exit value', 'Fees', 'Profit'].map(number),
  ];
  return pagedTable({ id: 'trades', name: 'trades', columns, records: trades, shown }, (trade) => [
    formatTime(trade.closeTs),
    formatTime(trade.openTs),
    trade.symbol,
    trade.strategy,
    trade.book,
    trade.side === 'buy' ? 'long' : 'short',
    formatExact(trade.qty),
    formatNumber(trade.entryValue),
    formatNumber(trade.exitValue),
    formatNumber(trade.fees),
    formatSigned(trade.pnl),
  ]);
}

/** The newest fills, newest first. */
export function fillTable(fills: RowTable<FillRow>, shown: ShownRows): Html {
  const columns = [
    ...['Time (UTC)', 'Symbol', 'Strategy', 'Book', 'Side'].map(text),
    ...['Quantity', 'Price', 'Fee', 'Realised'].map(number),
    text('Order'),
  ];
  return pagedTable({ id: 'fills', name: 'fills', columns, records: fills, shown }, (fill) => [
    formatTime(fill.ts),
    fill.symbol,
    fill.strategy,
    fill.book,
    fill.side,
    formatExact(fill.qty),
    formatExact(fill.price),
    `${formatNumber(fill.fee)} ${fill.feeCurrency}`,
    formatSigned(fill.realised),
    fill.orderId,
  ]);
}

/** How many rows a table shows, and whether the record's file has those as well that are no longer held. */
export interface ShownRows {
  readonly most: number;
  readonly isStreamed: boolean;
}

interface PagedTable<Row> {
  readonly id: string;
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly records: RowTable<Row>;
  readonly shown: ShownRows;
}

/** A table whose further pages a script shows from data in the page. It says how many rows of how many are here. */
function pagedTable<Row>(content: PagedTable<Row>, cells: (row: Row) => readonly string[]): Html {
  const { id, name, columns, records, shown } = content;
  const count = Math.min(shown.most, records.total - records.first);
  const rows: (readonly string[])[] = [];
  for (let back = 1; back <= count; back += 1) rows.push(cells(records.at(records.total - back)));
  const isWhole = shown.isStreamed || records.first === 0;
  const caption =
    count === records.total
      ? `All ${formatCount(count)} ${name}, newest first.`
      : `The newest ${formatCount(count)} of ${formatCount(records.total)} ${name}, newest first; the run folder's ${name}.parquet has ${isWhole ? 'all' : `the last ${formatCount(records.total - records.first)}`}.`;
  return markup`<div class="pager" data-pager="${id}" data-size="${PAGE_ROWS}" hidden>
      <button type="button" aria-label="First page of ${name}">First</button
      ><button type="button" aria-label="Previous page of ${name}">Previous</button>
      <button type="button" aria-label="Next page of ${name}">Next</button
      ><button type="button" aria-label="Last page of ${name}">Last</button>
      <output aria-live="polite">Rows 1 to ${Math.min(PAGE_ROWS, count)}</output>
    </div>
    ${table({ id, caption, columns, rows: rows.slice(0, PAGE_ROWS) })}
    ${dataElement(`${id}-rows`, rows)}`;
}
