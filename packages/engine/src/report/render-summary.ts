// What a terminal shows at the end of a run: plain text, at most 80 columns.
import {
  formatCount,
  formatDate,
  formatDuration,
  formatNumber,
  formatPercent,
  formatRate,
  formatSigned,
  formatSignedPercent,
} from './format.js';
import type { MetricLine } from './metric-groups.js';
import type { ReportInput } from './run-result.js';

const WIDTH = 80;
const GAP = 4;

/** The summary of a run, lines ended by newlines. No colours and no control characters: it is the same in a pipe. */
export function renderSummary(result: ReportInput): string {
  const lines = [
    ...heading(result),
    '',
    ...twoColumns(figures(result)),
    ...perBook(result),
    ...perStrategy(result),
    ...stillOpen(result),
    ...warnings(result.warnings),
    '',
    `Run       ${result.runId}`,
    `Decisions ${result.decisionHash}`,
  ];
  return `${lines.map((line) => printable(line).trimEnd()).join('\n')}\n`;
}

function heading(result: ReportInput): readonly string[] {
  const seconds = result.elapsedMs / 1000;
  const events = result.bars + result.ticks;
  const what = [
    ...(result.bars > 0 ? [`${formatCount(result.bars)} bars`] : []),
    ...(result.ticks > 0 ? [`${formatCount(result.ticks)} ticks`] : []),
  ].join(', ');
  const speed = result.kind === 'backtest' && seconds > 0 && events > 0 ? ` (${formatRate(events / seconds)}/s)` : '';
  return [
    ...wrapped(`${result.name}, ${result.kind}, ${formatDate(result.from)} to ${formatDate(result.to)}`),
    `${what || 'no data'} in ${formatDuration(result.elapsedMs)}${speed}`,
  ];
}

function figures(result: ReportInput): readonly MetricLine[] {
  const { metrics, currency } = result;
  const line = (label: string, text: string): MetricLine => ({ label, text });
  return [
    line(`Final equity (${currency})`, formatNumber(metrics.finalEquity)),
    line('Trades', formatCount(metrics.trades)),
    line('Total return', formatSignedPercent(metrics.totalReturn)),
    line('Hit rate (after fees)', formatPercent(metrics.hitRate)),
    line('CAGR', formatSignedPercent(metrics.cagr)),
    line('Average trade', formatSigned(metrics.avgTrade)),
    line('Volatility', formatPercent(metrics.volatility)),
    line('Average win', formatNumber(metrics.avgWin)),
    line('Sharpe', formatNumber(metrics.sharpe)),
    line('Average loss', formatNumber(metrics.avgLoss)),
    line('Sortino', formatNumber(metrics.sortino)),
    line('Payoff', formatNumber(metrics.payoff)),
    line('Max drawdown', formatPercent(metrics.maxDrawdown)),
    line('Profit factor', formatNumber(metrics.profitFactor)),
    line('Longest drawdown', formatDuration(metrics.maxDrawdownDays * 86_400_000)),
    line('Turnover a year', formatNumber(metrics.turnoverAnnual)),
    line('Time in market', formatPercent(metrics.exposure, 1)),
    line('Fees', `${formatNumber(metrics.fees)} (${formatPercent(share(metrics.feesPct))})`),
  ];
}

function share(percent: number | null): number | null {
  return percent === null ? null : percent / 100;
}

/** Label and figure, two pairs a line; figures end in one column. One pair a line where two would be too wide. */
function twoColumns(pairs: readonly MetricLine[]): readonly string[] {
  const left = pairs.filter((_, index) => index % 2 === 0);
  const right = pairs.filter((_, index) => index % 2 === 1);
  const leftLines = aligned(left);
  const rightLines = aligned(right);
  const leftWidth = width(leftLines);
  if (leftWidth + GAP + width(rightLines) > WIDTH) return aligned(pairs);
  return leftLines.map((line, index) => `${line.padEnd(leftWidth + GAP)}${rightLines[index] ?? ''}`);
}

function aligned(pairs: readonly MetricLine[]): readonly string[] {
  const labels = width(pairs.map((pair) => pair.label));
  const texts = width(pairs.map((pair) => pair.text));
  return pairs.map((pair) => `${pair.label.padEnd(labels)}  ${pair.text.padStart(texts)}`);
}

function perBook(result: ReportInput): readonly string[] {
  const rows = Object.entries(result.books).map(([name, book]) => [
    name,
    `${formatNumber(book.metrics.finalEquity)} ${book.currency}`,
    formatSignedPercent(book.metrics.totalReturn),
    formatNumber(book.metrics.sharpe),
    formatPercent(book.metrics.maxDrawdown),
    formatCount(book.metrics.trades),
  ]);
  return block(['Book', 'Final equity', 'Return', 'Sharpe', 'Max drawdown', 'Trades'], rows);
}

function perStrategy(result: ReportInput): readonly string[] {
  const rows = Object.entries(result.strategies).map(([name, strategy]) => [
    name,
    strategy.book,
    formatSigned(strategy.realised + strategy.unrealised - strategy.fees),
    formatCount(strategy.trades.trades),
    formatPercent(strategy.trades.hitRate, 1),
    formatSigned(strategy.trades.avgTrade),
  ]);
  return block(['Strategy', 'Book', 'Net profit', 'Trades', 'Hit rate', 'Average trade'], rows);
}

/** Positions a run leaves: what they are worth is in the equity and in the net profit, and in no trade. */
function stillOpen({ openPositions }: ReportInput): readonly string[] {
  if (openPositions.length === 0) return [];
  const lines = openPositions.map(({ symbol, qty, strategy, book, protection }) => {
    const protectedBy = protection.length === 0 ? 'NOT PROTECTED' : `protected by ${protection.join(', ')}`;
    return `${quantityText(qty)} ${symbol} of ${strategy} in ${book}, ${protectedBy}`;
  });
  return ['', 'Positions that stay open', ...lines.flatMap((line) => wrapped(line))];
}

/** Quantities may be fractions, which a count has not. */
function quantityText(qty: number): string {
  return qty.toLocaleString('en-US', { maximumFractionDigits: 12 });
}

/** A small table: the first column is text, names are shortened until the table fits. */
function block(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const widths = titles.map((title, k) => Math.max(title.length, width(rows.map((row) => row[k] ?? ''))));
  const others = widths.slice(1).reduce((sum, columnWidth) => sum + columnWidth + 2, 0);
  widths[0] = Math.max(titles[0]!.length, Math.min(widths[0]!, WIDTH - others));
  const write = (cells: readonly string[]): string =>
    cells.map((cell, k) => (k === 0 ? shortened(cell, widths[0]!) : cell.padStart(widths[k]!))).join('  ');
  return ['', write(titles), ...rows.map(write)];
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text.padEnd(most);
}

function warnings(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [] : ['', ...texts.flatMap((text) => wrapped(`Warning: ${text}`))];
}

/** Lines of at most 80 columns, broken between words; what follows the first is indented. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ` ${word.padStart(word.length + 1)}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function width(lines: readonly string[]): number {
  return Math.max(0, ...lines.map((line) => line.length));
}

/** Names come from configuration: nothing in them may steer a terminal. Minus signs are the ones that scripts understand. */
export function printable(line: string): string {
  return line
    .replace(/\p{Cc}/gu, '?')
    .replaceAll('\u2212', '-')
    .replaceAll('–', '-');
}
