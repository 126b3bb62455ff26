// Books against brokers as text for a person: what has to be decided first, then the differences, then the whole table.
import type { EpochMs } from '@bookrunner/sdk';
import { textTable } from '../cli/text-table.js';
import type { BalanceView, DifferenceView, ReconciliationView, UnknownOrderView } from './reconciliation-view.js';

/** Renders views as `reconcile` answers and `reconciliation.txt` holds them. `at` is when they were so. */
export function renderReconciliation(views: readonly ReconciliationView[], at: EpochMs): string {
  const head = `Books against brokers, ${isoText(at)}\n`;
  if (views.length === 0) return `${head}\nNo account trades at a broker: all fills are simulated.\n`;
  return [head, ...views.map(venueText)].join('\n');
}

function venueText(view: ReconciliationView): string {
  const { differences, balances, balancesTotal, unknown, unknownTotal } = view;
  const left = balancesTotal - balances.length;
  const parts = [
    `${stateText(view)}\n`,
    section('To decide', decisions(view)),
    section(`Outcome unknown (${unknownTotal})`, unknown.length === 0 ? '' : textTable(unknownRows(unknown))),
    section('Differences found, newest last', differences.length === 0 ? '' : textTable(differenceRows(differences))),
    section('Balances', balances.length === 0 ? '' : textTable(balanceRows(balances))),
    left > 0 ? `… and ${left} more that agree.\n` : '',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function stateText({ venue, state, isOutage, completeAt, failures, message }: ReconciliationView): string {
  const words = { away: 'away', asking: 'connected, and has not yet said what is there', ready: 'ready' } as const;
  const outage = isOutage ? ' (planned outage)' : '';
  const last = completeAt === null ? 'no complete answer yet' : `last complete answer ${isoText(completeAt)}`;
  const failed = failures === 0 ? '' : `; ${failures} incomplete since. ${message}`.trimEnd();
  return `Venue ${venue}: ${words[state]}${outage}; ${last}${failed}`;
}

function decisions({ frozen, undecided, doubts }: ReconciliationView): string {
  const asked = undecided.filter(({ isToDecide }) => isToDecide);
  const rows = [
    ...frozen.map(({ account, symbol, qty, action }) => [account, symbol, `${qty} that no book explains`, action]),
    ...asked.map(({ account, symbol, qty, action }) => [account, symbol, `${qty} that others traded`, action]),
    ...doubts.map(({ account, symbol, qty, since }) => {
      const action = 'nothing yet: the next answer decides';
      return [account, symbol, `${qty} differ since ${isoText(since)}`, action];
    }),
  ];
  return rows.length === 0 ? '' : textTable([['account', 'symbol', 'quantity', 'what to do'], ...rows]);
}

function unknownRows(orders: readonly UnknownOrderView[]): readonly (readonly string[])[] {
  const rows = orders.map(({ orderId, account, strategy, symbol, side, qty, status, since }) => {
    return [orderId, account, strategy, `${side} ${qty} ${symbol}`, status, isoText(since)];
  });
  return [['order', 'account', 'strategy', 'what', 'status', 'since'], ...rows];
}

function differenceRows(differences: readonly DifferenceView[]): readonly (readonly string[])[] {
  const rows = differences.map(({ at, account, symbol, cause, evidence, action }) => {
    return [isoText(at), account, symbol, cause, evidence, action];
  });
  return [['at', 'account', 'symbol', 'cause', 'evidence', 'action'], ...rows];
}

function balanceRows(balances: readonly BalanceView[]): readonly (readonly string[])[] {
  const rows = balances.map(({ account, name, books, suspense, broker, difference }) => {
    const figures = [books, suspense, broker].map(String);
    return [account, name, ...figures, difference === null ? 'moving' : String(difference)];
  });
  return [['account', 'symbol/currency', 'books', 'suspense', 'broker', 'difference'], ...rows];
}

function section(title: string, body: string): string {
  return body === '' ? '' : `${title}\n${body}`;
}

/** For an instant that is known. */
function isoText(at: EpochMs): string {
  return new Date(at).toISOString();
}
