// The comparison on a terminal.
import { textTable } from '../text-table.js';
import { formatCount, formatSigned, formatNumber, formatTime } from '../../report/format.js';
import { verdictOf } from '../../parity/verdict.js';
import type { ParityResult } from '../../parity/parity-result.js';

/** Verdict, causes, strategies, and the first differences. */
export function parityText(result: ParityResult, rows: number): string {
  const { run, from, to, currency, pnl } = result;
  const parts = [
    `Run ${run}, ${formatTime(from)} to ${formatTime(to)} UTC\n${verdictOf(result)}\n`,
    textTable([
      ['', `PnL (${currency})`],
      ['session', formatSigned(pnl.session)],
      ['backtest', formatSigned(pnl.backtest)],
      ['difference', formatSigned(pnl.difference)],
    ]),
  ];
  if (!result.isSame) parts.push(causeText(result), strategyText(result), differenceText(result, rows));
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

function causeText({ causes, rest, pnl, currency }: ParityResult): string {
  return textTable([
    ['cause', 'differences', `money (${currency})`],
    ...causes
      .filter(({ cause, count }) => count > 0 || cause === 'unexplained')
      .map(({ cause, count, money }) => [cause, formatCount(count), formatSigned(money)]),
    ['rest', '', formatSigned(rest)],
    ['sum', '', formatSigned(pnl.difference)],
  ]);
}

function strategyText({ rows }: ParityResult): string {
  return textTable([
    ['strategy', 'book', 'orders', 'fills', 'fees', 'session', 'backtest', 'difference', ''],
    ...rows.map(({ strategy, book, orders, fills, fees, pnl, currency }) => [
      strategy || '(cash)',
      book,
      `${orders.session} / ${orders.backtest}`,
      `${fills.session} / ${fills.backtest}`,
      `${formatNumber(fees.session)} / ${formatNumber(fees.backtest)}`,
      formatSigned(pnl.session),
      formatSigned(pnl.backtest),
      formatSigned(pnl.difference),
      currency,
    ]),
  ]);
}

function differenceText({ differences }: ParityResult, rows: number): string {
  if (rows === 0 || differences.length === 0) return '';
  // What nobody can explain is what has to be seen.
  const first = differences.toSorted(
    (a, b) => Number(b.cause === 'unexplained') - Number(a.cause === 'unexplained') || a.id - b.id,
  );
  const more = differences.length - rows;
  const table = textTable([
    ['#', 'time (UTC)', 'strategy', 'symbol', 'what', 'cause', 'money', 'evidence'],
    ...first
      .slice(0, rows)
      .map(({ id, at, strategy, symbol, kind, cause, money, evidence }) => [
        String(id),
        formatTime(at),
        strategy,
        symbol,
        kind,
        cause,
        formatSigned(money),
        evidence,
      ]),
  ]);
  return more > 0 ? `${table}and ${formatCount(more)} more, on the page\n` : table;
}
