// What a person is told of orders.
import { type Currency, type EngineNotice, type EpochMs, MINUTE_MS } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';
import type { Book } from '../portfolio/book.js';
import type { OrderDesk } from './order-desk.js';
import type { OrderRecord } from './order-record.js';
import type { SelfTradeWait, TargetSlot } from './target-slot.js';

/** A report that cannot follow what the order is. */
export function impossibleReport({ clientOrderId, status }: OrderRecord, event: VenueReportEvent): EngineNotice {
  return {
    ts: event.at,
    level: 'alarm',
    code: 'ORDER_IMPOSSIBLE_REPORT',
    message: `Order ${clientOrderId} is ${status}; the venue reported '${event.report}', which cannot follow.`,
    details: { order: clientOrderId, status, report: event.report },
  };
}

/** A report of an order that is over, which says nothing against that. */
function lateReport({ at, report, sequence }: VenueReportEvent): EngineNotice {
  return {
    ts: at,
    level: 'info',
    code: 'ORDER_REPORT_LATE',
    message: `The venue reported '${report}' for order number ${sequence}, which is over.`,
    details: { sequence, report },
  };
}

/** A report that says something else of an order than how it ended, or of one that never was. */
function reportWithoutOrder({ at, report, sequence }: VenueReportEvent): EngineNotice {
  return {
    ts: at,
    level: 'alarm',
    code: 'ORDER_NOT_LIVE',
    message: `The venue reported '${report}' for order number ${sequence}, which is not live.`,
    details: { sequence, report },
  };
}

/** What a person is told of a report of an order that is not live; nothing of an answer to our cancel or change that it overtook. */
export function noticesOfOrphan(desk: OrderDesk, event: VenueReportEvent): readonly EngineNotice[] {
  const { sequence, report } = event;
  if (sequence > desk.sequence || desk.ended.isContradicted(event)) return [reportWithoutOrder(event)];
  const isLateAnswer = report === 'cancel-rejected' || report === 'replace-rejected';
  return isLateAnswer ? [] : [lateReport(event)];
}

/** Something a person should know of an order, with the venue's words. */
export function orderNotice(
  { clientOrderId, side, qty, symbol, owner }: OrderRecord,
  { at, reason, message }: VenueReportEvent,
  { code, level }: Pick<EngineNotice, 'code' | 'level'>,
): EngineNotice {
  return {
    ts: at,
    level,
    code,
    message: `Order ${clientOrderId} (${side} ${qty} ${symbol}): ${reason} ${message}`.trimEnd(),
    details: { order: clientOrderId, strategy: owner.strategy, reason },
  };
}

/** The all-clear: what was not known of an order is. */
export function orderKnown(
  { clientOrderId, side, qty, symbol, status, owner }: OrderRecord,
  at: EpochMs,
): EngineNotice {
  return {
    ts: at,
    level: 'info',
    code: 'ORDER_KNOWN',
    message: `Order ${clientOrderId} of ${owner.strategy} (${side} ${qty} ${symbol}), of which something was not known: it is '${status}'.`,
    details: { order: clientOrderId, strategy: owner.strategy, symbol, status },
  };
}

/** An order does not go out since another strategy's could trade with it. */
export function selfTradeWait(slot: TargetSlot, { since, strategy }: SelfTradeWait, at: EpochMs): EngineNotice {
  const { symbol } = slot.instrument;
  const minutes = Math.floor((at - since) / MINUTE_MS);
  return {
    ts: at,
    level: 'warning',
    code: 'SELF_TRADE_WAIT',
    message:
      `An order of ${slot.strategy} in ${symbol} waits${minutes === 0 ? '' : ` since ${minutes} minutes`}: one of ${strategy} on ` +
      `account ${slot.account} could trade with it. What can be done where it rests for long: docs/risk.md, Strategies that share a symbol.`,
    details: { strategy: slot.strategy, symbol, inTheWay: strategy, since },
  };
}

/** An exit does not go out yet, and what protects the position stays. */
export function exitWait(slot: TargetSlot, why: string, at: EpochMs): EngineNotice {
  const { symbol } = slot.instrument;
  return {
    ts: at,
    level: 'warning',
    code: 'EXIT_WAITS',
    message: `An exit of ${slot.strategy} in ${symbol} waits ${why}. Its protection stays.`,
    details: { strategy: slot.strategy, symbol, book: slot.book },
  };
}

/** A book has come to a currency that nothing converts: its equity is not known, and limits let no new risk pass. */
export function currencyWithoutRate({ name, base }: Book, currency: Currency, at: EpochMs): EngineNotice {
  return {
    ts: at,
    level: 'alarm',
    code: 'CURRENCY_WITHOUT_RATE',
    message:
      `Book ${name} was charged in ${currency}, and no rate to ${base} is known: its equity is not either, so that it takes no new risk. ` +
      `Declare an instrument of asset class fx that converts ${currency}, and name it among the symbols of a strategy.`,
    details: { book: name, currency },
  };
}
