import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { LostFee } from '../execution/booked-executions.js';
import type { OrderRecord } from '../execution/order-record.js';

/** What a difference between a broker and the books is. */
export type DifferenceCause =
  /** An execution of an order of ours that no report had told of. */
  | 'missed-execution'
  /** An execution of an order that is not ours. */
  | 'external-execution'
  /** An execution that the broker changed or took back. */
  | 'changed-execution'
  /** An order whose outcome was not known works there. */
  | 'order-arrived'
  /** An order whose outcome was not known never got there. */
  | 'order-never-arrived'
  /** An order that worked is there no more, and nobody said so. */
  | 'order-gone'
  /** An order that is over here works there. */
  | 'order-revived'
  /** A stop of a session that the journal does not have protects what is held, or what no strategy has. */
  | 'order-kept'
  /** An order has other terms than we gave it. */
  | 'order-changed'
  /** A change of ours whose outcome was not known was carried out. */
  | 'change-arrived'
  /** A cancel or a change was asked for and has had no effect. */
  | 'request-lost'
  /** An open order that is not ours. */
  | 'external-order'
  /** A position that the books do not explain. */
  | 'position'
  /** Others traded away what the books have: it is explained, and the books have more than the broker. */
  | 'position-taken'
  /** Something that others traded, and that nobody has decided on yet. */
  | 'undecided'
  /** A symbol whose reports never cease: nothing of it could be compared. */
  | 'never-quiet'
  /** A position that could not be explained before. */
  | 'position-explained'
  /** Cash that moved without a trade: deposits, interest, fees told late. */
  | 'cash';

/** One difference between what a broker says and what the books say, why it is one, and what is done about it. */
export interface Difference {
  readonly cause: DifferenceCause;
  readonly account: string;
  /** Empty for cash. */
  readonly symbol: string;
  /** What shows it. */
  readonly evidence: string;
  /** What has been done, or a person has to do. */
  readonly action: string;
  /** The broker's id of an order that stays open there and is left alone: it has one row, however often it changes. */
  readonly order?: string;
  /** The engine's own id of an order of this run that it is about. */
  readonly clientOrderId?: string;
  /** Whether a person has to decide. */
  readonly isOpen: boolean;
}

/** One line of the comparison: an account's position in one symbol, or its cash in one currency. Units, or money. */
export interface BalanceLine {
  readonly account: string;
  readonly kind: 'position' | 'cash';
  /** Symbol or currency. */
  readonly name: string;
  readonly books: number;
  readonly suspense: number;
  readonly broker: number;
  /** Reports came between question and answer: not compared. */
  readonly isBusy: boolean;
  /** Broker less books less suspense, exact; 0 for cash that differs by no more than the broker rounds it. Null where it is not compared. */
  readonly difference: number | null;
}

/** What one comparison came to. */
export interface ReconciliationReport {
  readonly venue: string;
  readonly at: EpochMs;
  /** False where the broker gave no complete answer: nothing was compared. */
  readonly isComplete: boolean;
  readonly message: string;
  readonly differences: readonly Difference[];
  readonly balances: readonly BalanceLine[];
}

/** Collects what a comparison finds. */
export class ReportDraft {
  readonly differences: Difference[] = [];
  readonly balances: BalanceLine[] = [];

  add(difference: Omit<Difference, 'isOpen'>, isOpen = false): void {
    this.differences.push({ ...difference, isOpen });
  }
}

/** Causes that are no news for a person. */
const QUIET: ReadonlySet<DifferenceCause> = new Set(['order-arrived', 'change-arrived', 'cash']);

/** Of one kind in one answer so many are told one by one: hundreds of executions after an outage are one message more. */
const MOST_WARNED = 10;

/** What a person is told of the differences of one answer. All are notices; of those that ask for nobody the first of a kind are warnings. */
export function noticesOfDifferences(
  differences: readonly Difference[],
  venue: string,
  at: EpochMs,
): readonly EngineNotice[] {
  const warned = new Map<DifferenceCause, number>();
  const notices = differences.map((difference): EngineNotice => {
    const notice = noticeOfDifference(difference, venue, at);
    if (notice.level !== 'warning') return notice;
    const count = (warned.get(difference.cause) ?? 0) + 1;
    warned.set(difference.cause, count);
    return count > MOST_WARNED ? { ...notice, level: 'info' } : notice;
  });
  const more = [...warned].filter(([, count]) => count > MOST_WARNED);
  return [...notices, ...more.map(([cause, count]) => noticeOfMore(cause, count - MOST_WARNED, { venue, at }))];
}

function noticeOfMore(
  cause: DifferenceCause,
  count: number,
  { venue, at }: { readonly venue: string; readonly at: EpochMs },
): EngineNotice {
  return {
    ts: at,
    level: 'warning',
    code: 'BROKER_DIFFERS_MORE',
    message: `Venue ${venue}: ${count} more of '${cause}' in the same answer. Each is in the log and in the journal as information.`,
    details: { venue, cause, count },
  };
}

/** What a person is told of it. */
export function noticeOfDifference(difference: Difference, venue: string, at: EpochMs): EngineNotice {
  const { cause, account, symbol, evidence, action, order, clientOrderId, isOpen } = difference;
  const what = symbol === '' ? account : `${account}, ${symbol}`;
  return {
    ts: at,
    level: isOpen ? 'alarm' : QUIET.has(cause) ? 'info' : 'warning',
    code: isOpen ? 'SYMBOL_FROZEN' : 'BROKER_DIFFERS',
    message: `${what}: ${evidence}; ${action}.`,
    details: {
      ...{ venue, account, symbol, cause, evidence, action },
      ...(order === undefined ? {} : { order }),
      ...(clientOrderId === undefined ? {} : { clientOrderId }),
    },
  };
}

/** What a person is told of an order that nobody can say the outcome of. */
export function noticeOfUnknown(
  { clientOrderId, side, qty, symbol, status, owner }: OrderRecord,
  { venue, since, at }: { readonly venue: string; readonly since: EpochMs; readonly at: EpochMs },
): EngineNotice {
  return {
    ts: at,
    level: 'alarm',
    code: 'ORDER_OUTCOME_UNKNOWN',
    message:
      `Order ${clientOrderId} of ${owner.strategy} (${side} ${qty} ${symbol}) has been '${status}' for ` +
      `${Math.round((at - since) / 1_000)} s. It is not sent again; look for it at the broker.`,
    details: { venue, order: clientOrderId, strategy: owner.strategy, symbol, status },
  };
}

/** The all-clear for one who was told that. */
export function noticeOfKnown(order: string, venue: string, at: EpochMs): EngineNotice {
  return {
    ts: at,
    level: 'info',
    code: 'ORDER_KNOWN',
    message: `What was asked for order ${order} is not unknown any more: the venue has said what became of it.`,
    details: { venue, order },
  };
}

/** What a person is told of an answer that is not whole. */
export function noticeOfIncomplete(
  { venue, failures }: { readonly venue: string; readonly failures: number },
  message: string,
  at: EpochMs,
): EngineNotice {
  return {
    ts: at,
    level: failures > 3 ? 'alarm' : 'warning',
    code: 'RECONCILE_INCOMPLETE',
    message: `Venue ${venue} gave no complete answer (${failures}): nothing is compared. ${message}`.trimEnd(),
    details: { venue, failures },
  };
}

/** What a person is told where the broker does not know an account of engine.yaml. */
export function noticeOfUnknownAccounts(
  venue: string,
  { unknown, shown }: { readonly unknown: readonly string[]; readonly shown: readonly string[] },
  at: EpochMs,
): EngineNotice {
  const places = unknown.map((name) => `accounts.${name}.id`).join(', ');
  return {
    ts: at,
    level: 'alarm',
    code: 'ACCOUNT_UNKNOWN',
    message:
      `${places} in engine.yaml: venue ${venue} knows no such account, so nothing is sent there and nothing counts as reconciled. ` +
      `It shows ${shown.join(', ')}: name one of these, or give the venue the right one under its options.`,
    details: { venue, accounts: unknown, shown },
  };
}

/** What a person is told of fees whose executions nobody told of. */
export function noticeOfLostFees(fees: readonly LostFee[], at: EpochMs): EngineNotice {
  const [first] = fees;
  const sums = new Map<string, number>();
  for (const { fee, feeCurrency } of fees) sums.set(feeCurrency, (sums.get(feeCurrency) ?? 0) + fee);
  const money = [...sums].map(([currency, sum]) => `${Number(sum.toFixed(8))} ${currency}`).join(', ');
  const { account = '', executionId = '' } = first ?? {};
  const more = fees.length > 1 ? ` and ${fees.length - 1} more` : '';
  return {
    ts: at,
    level: 'warning',
    code: 'FEE_DROPPED',
    message: `Fees of ${money} are in no book: the broker told them of execution ${executionId} on ${account}${more}, and of the execution itself nobody told. The cash of the account has them.`,
    details: { count: fees.length, account, executionId },
  };
}
