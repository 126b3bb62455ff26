// From what a broker reports to what the kernel takes. Nothing damaged passes.
import type { EpochMs, Fill, VenueReport } from '@bookrunner/sdk';
import { BLANK_REPORT } from '../../execution/blank-report.js';
import { parseOrderId } from '../../execution/order-id.js';
import type { OrderRecord } from '../../execution/order-record.js';
import type { ExecutionEvent, VenueReportEvent } from '../../kernel/event.js';
import { ownerOf } from '../../reconciliation/book-execution.js';
import type { AccountNames } from './broker-accounts.js';

/** What is known on this side of the wire. */
export interface ReportContext {
  readonly venue: string;
  readonly runEpoch: string;
  readonly accounts: AccountNames;
  readonly symbols: ReadonlySet<string>;
  /** A live order of this run. */
  readonly find: (sequence: number) => OrderRecord | undefined;
  /** Engine's account of a book. */
  readonly accountOfBook: (book: string) => string | undefined;
}

/** What a report comes to. */
export type ReadReport =
  | { readonly kind: 'event'; readonly event: VenueReportEvent | ExecutionEvent }
  /** About somebody else's order, and no execution. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'damaged'; readonly message: string };

/** A report about an order of the run that says nothing but its kind. */
export function plainReport(
  order: OrderRecord,
  report: VenueReportEvent['report'],
  more: { readonly at: EpochMs; readonly reason?: string; readonly message?: string },
): VenueReportEvent {
  const { sequence, instrumentIndex } = order;
  return { ...BLANK_REPORT, report, sequence, instrumentIndex, ...more };
}

/** Reads one report; `at` is when it came. */
export function readReport(report: VenueReport, context: ReportContext, at: EpochMs): ReadReport {
  const fault = faultOf(report, context);
  if (fault !== undefined) return { kind: 'damaged', message: fault };
  switch (report.kind) {
    case 'commission':
    case 'busted':
      return { kind: 'event', event: statement(report, context, at) };
    case 'corrected':
      return isKnown(report.fill, context) ? execution('corrected', report, { context, at }) : { kind: 'foreign' };
    case 'filled':
      return filled(report, context, at);
    default:
      return aboutOrder(report, context, at);
  }
}

type About<Kind extends VenueReport['kind']> = Extract<VenueReport, { kind: Kind }>;

function filled(report: About<'filled'>, context: ReportContext, at: EpochMs): ReadReport {
  const order = orderOf(report, context);
  // An order that is over, or never was ours: what it means is for the books to find out.
  if (order === undefined) {
    return isKnown(report.fill, context) ? execution('fill', report, { context, at }) : { kind: 'foreign' };
  }
  const { fill, venueOrderId = '' } = report;
  const { qty, price, fee, feeCurrency, liquidity, executionId } = fill;
  const event = { ...plainReport(order, 'filled', { at }), venueOrderId, qty, price, fee, feeCurrency, liquidity };
  return { kind: 'event', event: { ...event, executionId } };
}

function aboutOrder(
  report: Exclude<VenueReport, { kind: 'commission' | 'busted' | 'corrected' | 'filled' }>,
  context: ReportContext,
  at: EpochMs,
): ReadReport {
  const sequence = parseOrderId(context.runEpoch, report.clientOrderId);
  if (Number.isNaN(sequence)) return { kind: 'foreign' };
  const order = context.find(sequence);
  const { kind, venueOrderId = '' } = report;
  const reason = 'reason' in report ? report.reason : kind === 'expired' ? 'EXPIRED' : '';
  const event: VenueReportEvent = {
    ...{ ...BLANK_REPORT, report: kind, sequence, at, venueOrderId, reason },
    instrumentIndex: order?.instrumentIndex ?? -1,
    ...('message' in report ? { message: report.message } : {}),
    ...(kind === 'replaced' ? { qty: report.qty, limitPrice: report.limitPrice, stopPrice: report.stopPrice } : {}),
  };
  return { kind: 'event', event };
}

function orderOf({ clientOrderId }: VenueReport, { runEpoch, find }: ReportContext): OrderRecord | undefined {
  const sequence = parseOrderId(runEpoch, clientOrderId);
  return Number.isNaN(sequence) ? undefined : find(sequence);
}

function execution(
  change: 'fill' | 'corrected',
  report: About<'filled' | 'corrected'>,
  { context, at }: { readonly context: ReportContext; readonly at: EpochMs },
): ReadReport {
  const account = accountOf(report, context);
  const { fill, clientOrderId } = report;
  const orderId = fill.orderId === '' ? clientOrderId : fill.orderId;
  const executionId = 'executionId' in report ? report.executionId : fill.executionId;
  const booked: Fill = Object.freeze({ ...fill, orderId, executionId, account });
  return { kind: 'event', event: { kind: 'execution', at, venue: context.venue, change, account, execution: booked } };
}

/** A fee told later, or an execution that never was: only what names it. */
function statement(report: About<'commission' | 'busted'>, context: ReportContext, at: EpochMs): ExecutionEvent {
  const account = accountOf(report, context);
  const order = orderOf(report, context);
  const { clientOrderId, executionId, symbol, ts } = report;
  const isFee = report.kind === 'commission';
  const execution: Fill = Object.freeze({
    ...{ orderId: clientOrderId, executionId, symbol, ts, account },
    ...{ side: order?.side ?? 'buy', qty: Number.NaN, price: Number.NaN, liquidity: 'unknown' as const },
    fee: isFee ? report.fee : Number.NaN,
    feeCurrency: isFee ? report.feeCurrency : '',
    tag: order?.tag ?? '',
  });
  return { kind: 'execution', at, venue: context.venue, change: report.kind, account, execution };
}

/** Where it was booked: as the venue says, else as the order says, else as the tag of an order of this run says, else the only account there. */
function accountOf(report: VenueReport, context: ReportContext): string {
  const fill = 'fill' in report ? report.fill : undefined;
  if (fill?.account !== undefined) return context.accounts.nameOf(fill.account);
  return orderOf(report, context)?.account ?? accountOfTag(report, context) ?? context.accounts.only ?? '';
}

/** Of an order of this run only: books of another engine may be called as ours are. */
function accountOfTag(report: VenueReport, { runEpoch, accountOfBook }: ReportContext): string | undefined {
  if (Number.isNaN(parseOrderId(runEpoch, report.clientOrderId))) return undefined;
  const [book = ''] = ownerOf('fill' in report ? report.fill.tag : '');
  return accountOfBook(book);
}

function isKnown({ symbol }: Fill, { symbols }: ReportContext): boolean {
  return symbols.has(symbol);
}

/** What is wrong with a report; undefined where nothing is. */
function faultOf(report: VenueReport, context: ReportContext): string | undefined {
  switch (report.kind) {
    case 'filled':
    case 'corrected':
      return fillFault(report.fill) ?? mismatch(report.fill, orderOf(report, context));
    case 'replaced':
      return report.qty > 0 && Number.isFinite(report.qty) ? undefined : `quantity ${report.qty}`;
    case 'commission':
      return Number.isFinite(report.fee) ? executionFault(report.executionId) : `fee ${report.fee}`;
    case 'busted':
      return executionFault(report.executionId);
    default:
      return undefined;
  }
}

/** Why an execution cannot be booked; undefined where it can. */
export function fillFault({ qty, price, fee, side, executionId }: Fill): string | undefined {
  if (!(qty > 0 && Number.isFinite(qty))) return `quantity ${qty}`;
  if (!Number.isFinite(price)) return `price ${price}`;
  if (!Number.isFinite(fee)) return `fee ${fee}`;
  if (side !== 'buy' && side !== 'sell') return `side '${String(side)}'`;
  return executionFault(executionId);
}

function executionFault(executionId: string): string | undefined {
  return typeof executionId === 'string' && executionId !== '' ? undefined : 'no execution id';
}

/** An execution of a live order that is not of what was ordered. */
function mismatch({ symbol, side }: Fill, order: OrderRecord | undefined): string | undefined {
  if (order === undefined) return undefined;
  if (symbol !== order.symbol) return `symbol '${symbol}', ordered is ${order.symbol}`;
  return side === order.side ? undefined : `side '${side}', ordered is ${order.side}`;
}
