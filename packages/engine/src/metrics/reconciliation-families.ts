// Metrics of books against brokers. No sample where nothing trades at a broker.
import type { ReconciliationView } from '../control/reconciliation-view.js';
import { gauge, type Labels, type MetricFamily, type Sample } from './metric-family.js';

function perVenue(
  value: (view: ReconciliationView, now: number) => number | null,
): readonly [Labels, MetricFamily['samples']] {
  return [
    ['venue'],
    ({ snapshot, now }) => (snapshot?.reconciliation ?? []).map((view) => [value(view, now), view.venue]),
  ];
}

function perBalance(
  kind: 'position' | 'cash',
  value: (balance: ReconciliationView['balances'][number]) => number | null,
): readonly [Labels, MetricFamily['samples']] {
  return [
    ['venue', 'account', kind === 'cash' ? 'currency' : 'symbol'],
    ({ snapshot }) =>
      (snapshot?.reconciliation ?? []).flatMap(({ venue, balances }) =>
        balances
          .filter((balance) => balance.kind === kind)
          .map((balance): Sample => [value(balance), venue, balance.account, balance.name]),
      ),
  ];
}

/** Metrics of books against brokers. */
export const RECONCILIATION: readonly MetricFamily[] = [
  gauge(
    'reconciliation_ready',
    'Whether the broker has said what is there since its session began: 1, or 0 where nothing is sent.',
    perVenue(({ state }) => Number(state === 'ready')),
  ),
  gauge(
    'reconciliation_age_seconds',
    'Time since the last complete answer of the broker; no sample before the first.',
    perVenue(({ completeAt }, now) => (completeAt === null ? null : Math.max(0, now - completeAt) / 1000)),
  ),
  gauge(
    'reconciliation_incomplete_answers',
    'Incomplete answers of the broker in a row.',
    perVenue(({ failures }) => failures),
  ),
  gauge(
    'frozen_symbols',
    'Positions that no book explains and a person has to decide on.',
    perVenue(({ frozen }) => frozen.length),
  ),
  gauge(
    'broker_orders_unknown',
    'Orders at the broker whose outcome, or that of their cancel or change, is not known.',
    perVenue(({ unknownTotal }) => unknownTotal),
  ),
  gauge(
    'suspense_quantity',
    'Signed units in the suspense book of an account.',
    perBalance('position', ({ suspense }) => suspense),
  ),
  gauge(
    'suspense_cash',
    'Cash in the suspense book of an account.',
    perBalance('cash', ({ suspense }) => suspense),
  ),
  gauge(
    'reconciliation_difference_quantity',
    'Broker less books less suspense, in signed units; no sample where reports came meanwhile.',
    perBalance('position', ({ difference }) => difference),
  ),
];
