// Books against brokers as a run shows them, read from the reconciler between two events. Changes nothing.
import {
  type BalanceView,
  type DifferenceView,
  type DoubtView,
  type FrozenView,
  type ReconciliationView,
  type UndecidedView,
  type UnknownOrderView,
  VIEW_BALANCES,
  VIEW_ROWS,
} from '../control/reconciliation-view.js';
import type { OrderDesk } from '../execution/order-desk.js';
import type { Kernel } from '../kernel/kernel.js';
import type { BrokerWatch } from '../reconciliation/broker-watch.js';
import { asTheyStand, type Stand, withStanding } from './difference-log.js';
import type { BalanceLine } from '../reconciliation/difference.js';
import { closableAt, type Place } from '../reconciliation/freeze.js';
import { isToDecide } from '../reconciliation/undecided.js';

/** One view for each broker; none where all fills are simulated. */
export function reconciliationViews(
  { parts }: Kernel,
  differences: readonly DifferenceView[],
): readonly ReconciliationView[] {
  return (parts.reconciler?.watches ?? []).map((watch) => viewOf(watch, parts.desk, differences));
}

function viewOf(watch: BrokerWatch, desk: OrderDesk, differences: readonly DifferenceView[]): ReconciliationView {
  const { venue, state, isOutage, query, isAsked, failures, report, completeReport } = watch;
  const unknown = unknownOrders(watch, desk);
  const balances = balanceViews(completeReport?.balances ?? []);
  const shown = withStanding(differences, venue, watch.standing.values()).slice(-VIEW_ROWS);
  return {
    ...{ venue, state, isOutage, query, isAsked, failures },
    completeAt: completeReport?.at ?? null,
    message: report?.message ?? '',
    frozen: frozenViews(watch),
    undecided: undecidedViews(watch),
    doubts: doubtViews(watch),
    unknown: unknown.slice(-VIEW_ROWS),
    unknownTotal: unknown.length,
    differences: asTheyStand(shown, (row) => standOf(watch, row)),
    balances: balances.slice(0, VIEW_BALANCES),
    balancesTotal: balances.length,
  };
}

function standOf({ accounts }: BrokerWatch, { account: name, symbol }: DifferenceView): Stand {
  const account = accounts.find(({ account }) => account === name);
  const index = account?.slots.findIndex(({ instrument }) => instrument.symbol === symbol) ?? -1;
  if (account === undefined || index < 0) return 'settled';
  if (account.explained.has(index)) return 'frozen';
  return isToDecide(account, index) ? 'undecided' : 'settled';
}

function frozenViews(watch: BrokerWatch): readonly FrozenView[] {
  return watch.accounts.flatMap((account) =>
    [...account.explained.keys()].map((index) => {
      const { instrument } = account.slotOf(index);
      const isClosing = account.closing.has(index);
      const action = isClosing ? 'it is being closed' : `adopt, flatten or ignore ${instrument.symbol}`;
      return { ...openView({ watch, account, index }), isClosing, action };
    }),
  );
}

function undecidedViews(watch: BrokerWatch): readonly UndecidedView[] {
  return watch.accounts.flatMap((account) =>
    account.slots.flatMap(({ instrument, isFlattening }, index) => {
      // What a panic closes is nobody's to decide on.
      if (isFlattening || account.explained.has(index) || account.openOf(index) === 0) return [];
      const action = `adopt, flatten or ignore ${instrument.symbol}; strategies trade on`;
      return [{ ...openView({ watch, account, index }), isToDecide: isToDecide(account, index), action }];
    }),
  );
}

function openView(place: Place): Pick<FrozenView, 'account' | 'symbol' | 'qty' | 'closable'> {
  const { account, index } = place;
  const { state, instrument } = account.slotOf(index);
  const open = account.openOf(index);
  const closable = state.units(closableAt(place, open));
  return { account: account.account, symbol: instrument.symbol, qty: state.units(open), closable };
}

function doubtViews({ accounts, doubts }: BrokerWatch): readonly DoubtView[] {
  return [...doubts].flatMap(([key, { residueScaled, since }]) => {
    const bar = key.lastIndexOf('|');
    const account = accounts.find((candidate) => candidate.account === key.slice(0, bar));
    if (account === undefined) return [];
    const { state } = account.slotOf(Number(key.slice(bar + 1)));
    return [{ account: account.account, symbol: state.instrument.symbol, qty: state.units(residueScaled), since }];
  });
}

/** What is on its way for a moment only is none of them: `sent` is the wait for an answer, `unknown` the want of one. */
function unknownOrders({ pending, setup }: BrokerWatch, desk: OrderDesk): readonly UnknownOrderView[] {
  const accounts = new Set(setup.accounts.map(({ name }) => name));
  return [...pending].flatMap(([sequence, { since, isPaged }]) => {
    const order = desk.find(sequence);
    if (order === undefined || !accounts.has(order.account)) return [];
    if (order.status !== 'unknown' && !isPaged) return [];
    const { clientOrderId: orderId, account, owner, symbol, side, qty, status } = order;
    return [{ orderId, account, strategy: owner.strategy, symbol, side, qty, status, since }];
  });
}

/** Those that differ first: a bound cuts off what agrees. */
function balanceViews(balances: readonly BalanceLine[]): readonly BalanceView[] {
  return balances.toSorted((a, b) => Number(b.difference !== 0) - Number(a.difference !== 0));
}
