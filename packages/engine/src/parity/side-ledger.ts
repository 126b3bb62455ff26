// What one side of the comparison did. Session and backtest are kept by the same code, from the same kinds of facts.
import type { EngineNotice, EpochMs, Fill, OrderPurpose, OrderType, Side, VenueOpenOrder } from '@bookrunner/sdk';
import { fromScaled } from '@bookrunner/sdk';
import { GONE_AT_VENUE } from '../execution/ended-orders.js';
import { parseOrderId } from '../execution/order-id.js';
import { NEVER_ARRIVED } from '../execution/order-state.js';
import type { CashEvent, ExecutionEvent, VenueReportEvent, VenueSnapshotEvent } from '../kernel/event.js';
import type { JournalledEntry, JournalledOrder } from '../journal/journal-record.js';
import { ownerOf } from '../reconciliation/book-execution.js';
import { SUSPENSE } from '../reconciliation/suspense.js';
import type { SideAccounts } from './side-accounts.js';
import { SideExecutions } from './side-executions.js';
import { SideWaits } from './side-waits.js';

/** One execution of an order. */
export interface SideFill {
  readonly ts: EpochMs;
  /** Unsigned units. */
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly feeCurrency: string;
}

/** One order of a side with all that became of it. */
export interface SideOrder {
  readonly sequence: number;
  readonly strategy: string;
  readonly book: string;
  readonly symbol: string;
  readonly side: Side;
  readonly purpose: OrderPurpose;
  readonly orderType: OrderType;
  /** Kernel time of the decision. */
  readonly createdTs: EpochMs;
  /** Units as first sent; prices are NaN where not used. */
  readonly qty: number;
  readonly limitPrice: number;
  readonly stopPrice: number;
  /** When the venue first said, by any report, that it has it; NaN where it never did. */
  acceptedTs: EpochMs;
  /** Last of the reports that end an order, empty while it lives; and its reason. */
  end: string;
  reason: string;
  /** When that was. */
  endTs?: EpochMs;
  readonly fills: SideFill[];
  /** When how much of it was known to be filled, also what was taken back or corrected later; absent where that is as its fills say. */
  readonly moves?: { readonly ts: EpochMs; readonly qty: number }[];
  /** Of what was booked to the strategy without an order that this journal sent: why. */
  readonly booked?: { readonly cause: 'guard' | 'restart'; readonly text: string };
}

/** What the ledger needs to know of an instrument, by its index in the run. */
export interface SideInstrument {
  readonly symbol: string;
  readonly quantityDecimals: number;
}

const ENDS: ReadonlySet<string> = new Set(['rejected', 'refused', 'cancelled', 'expired']);

/** What a broker says of an order that this journal has not sent. */
type UnsentOrder = Pick<
  VenueOpenOrder,
  'clientOrderId' | 'tag' | 'symbol' | 'side' | 'qty' | 'orderType' | 'limitPrice' | 'stopPrice'
>;

/** How orders end that two answers of a broker do not show. */
const NOT_SHOWN: ReadonlyMap<unknown, Pick<SideOrder, 'end' | 'reason'>> = new Map([
  ['order-never-arrived', { end: 'rejected', reason: NEVER_ARRIVED }],
  ['order-gone', { end: 'cancelled', reason: GONE_AT_VENUE }],
]);

/** Notices of quantities that go from the suspense book to a strategy. */
const BOOKING: ReadonlySet<string> = new Set(['DIFFERENCE_DECIDED', 'PANIC_SET_OFF']);

/** Options of {@link SideLedger}. */
export interface SideLedgerOptions {
  /** First half of the order ids that brokers know; nothing is heard of them without. */
  readonly runEpoch?: string;
  /** Whether the other side has the strategy of an order; it has unless given. */
  readonly isCompared?: (order: SideOrder) => boolean;
}

/** Orders, fills and cash of one side, in the order they happened. */
export class SideLedger {
  readonly orders: SideOrder[] = [];
  /** Orders that closed what no book explains: no strategy decided them, so they are in no comparison and in no sum. */
  readonly suspense: SideOrder[] = [];
  /** Orders of strategies that the other side has not: nothing is there to compare them with. */
  readonly apart: SideOrder[] = [];
  readonly cash: { readonly ts: EpochMs; readonly book: string; readonly currency: string; readonly amount: number }[] =
    [];
  #instruments: readonly SideInstrument[];
  readonly #runEpoch: string | undefined;
  readonly #executions: SideExecutions;
  readonly #isCompared: (order: SideOrder) => boolean;
  readonly #live = new Map<number, SideOrder>();
  /** Orders of this run's ids that its journal has not sent, by number. */
  readonly #unsent = new Map<number, UnsentOrder>();
  readonly #held = new Map<string, number>();
  readonly #waits = new SideWaits();

  constructor(
    instruments: readonly SideInstrument[],
    accounts: SideAccounts,
    { runEpoch, isCompared = () => true }: SideLedgerOptions = {},
  ) {
    this.#instruments = instruments;
    this.#runEpoch = runEpoch;
    this.#isCompared = isCompared;
    this.#executions = new SideExecutions({
      accounts,
      liveOf: (orderId) => this.#live.get(this.#numberOf(orderId)),
      onFilled: (order, units) => this.#filledMore(order, units),
    });
  }

  /** A session goes on that numbers its instruments otherwise. */
  goesOn(instruments: readonly SideInstrument[]): void {
    this.#instruments = instruments;
  }

  /** When strategies could not send what they wanted. */
  get waits(): SideWaits['all'] {
    return this.#waits.all;
  }

  /** What the kernel put into its outbox at an instant. */
  decided(entry: JournalledEntry, at: EpochMs): void {
    if (entry.kind === 'notify') return this.#told(entry.notice);
    if (entry.kind === 'cancel') return this.#takenOff(entry.sequence, at);
    if (entry.kind !== 'submit') return;
    for (const order of entry.orders) {
      const { strategy, symbol, purpose } = this.#add(this.#orderOf(order));
      if (purpose !== 'protection') this.#waits.end(keyOf(strategy, symbol), at);
    }
  }

  /** What a venue said. */
  reported(report: VenueReportEvent): void {
    if (report.report === 'filled') return this.#filled(report);
    const order = this.#live.get(report.sequence);
    if (order === undefined) return;
    // Said again after a restart or a lost session, it is no news.
    if (report.report === 'accepted' && Number.isNaN(order.acceptedTs)) order.acceptedTs = report.at;
    if (report.report === 'cancel-rejected') this.#waits.end(String(report.sequence), report.at);
    if (!ENDS.has(report.report)) return;
    this.#waits.end(String(report.sequence), report.at);
    order.end = report.report;
    order.endTs = report.at;
    order.reason = report.reason;
  }

  /** What a broker said of an execution beside that. */
  executed(event: ExecutionEvent): void {
    this.#executions.change(event, this.#orderOfFill);
  }

  /** What a broker had in its list of executions. */
  shown({ snapshot, venue, at }: VenueSnapshotEvent): void {
    for (const fill of snapshot?.executions.items ?? []) this.#executions.show({ fill, venue, at }, this.#orderOfFill);
    for (const open of snapshot?.openOrders.items ?? []) this.#noteOpen(open);
  }

  moved({ at, book, currency, amount, reason }: CashEvent): void {
    if (reason !== 'deposit') this.cash.push({ ts: at, book, currency, amount });
  }

  #filled({ at, sequence, instrumentIndex, qty, price, fee, feeCurrency, executionId }: VenueReportEvent): void {
    const order =
      this.#live.get(sequence) ?? this.#lost(sequence, at) ?? this.#adopted(sequence, { at, instrumentIndex, qty });
    if (order === undefined) return;
    // What is filled has arrived, whatever is said of it later.
    if (Number.isNaN(order.acceptedTs)) order.acceptedTs = at;
    this.#executions.add(order, { ts: at, qty, price, fee, feeCurrency }, executionId);
    if (!(filledOf(order).qty < order.qty)) this.#waits.end(String(sequence), at);
  }

  /** Protection goes before what it protects is sold, an entry before what takes its place: until it is gone, nothing else goes out. */
  #takenOff(sequence: number, from: EpochMs): void {
    const order = this.#live.get(sequence);
    if (order?.purpose !== 'protection' && order?.purpose !== 'entry') return;
    const { purpose: kind, strategy, symbol } = order;
    const what = kind === 'entry' ? 'The entry before it' : 'Its protection';
    const text = `${what} had to be off first, asked for at ${new Date(from).toISOString()}.`;
    this.#waits.begin(String(sequence), { kind, strategy, symbol, from, text });
  }

  /** What the kernel says of what it did without an order, or a report of one. */
  #told(notice: EngineNotice): void {
    const { ts, code, details } = notice;
    if (BOOKING.has(code)) return this.#booked(notice);
    if (code === 'SELF_TRADE_WAIT') return this.#waiting(notice);
    const ended = code === 'BROKER_DIFFERS' ? NOT_SHOWN.get(details['cause']) : undefined;
    const order = ended && this.#live.get(this.#numberOf(String(details['clientOrderId'])));
    if (order === undefined || order.end !== '') return;
    Object.assign(order, ended, { endTs: ts });
    this.#waits.end(String(order.sequence), ts);
  }

  #waiting({ ts, message, details }: EngineNotice): void {
    const [strategy, symbol] = [String(details['strategy']), String(details['symbol'])];
    const text = `From ${new Date(ts).toISOString()}: ${message}`;
    this.#waits.begin(keyOf(strategy, symbol), { kind: 'other strategy', strategy, symbol, from: ts, text });
  }

  /** What no book explained is booked to a strategy: a person said so, or a panic would else sell what is not there. */
  #booked({ ts, message, details }: EngineNotice): void {
    const { strategy, book, symbol, quantity, price } = details;
    if (typeof quantity !== 'number' || typeof price !== 'number') return;
    const qty = Math.abs(quantity);
    const order: SideOrder = {
      ...{ sequence: 0, strategy: String(strategy), book: String(book), symbol: String(symbol), qty },
      ...{ side: quantity > 0 ? 'buy' : 'sell', purpose: 'kill', orderType: 'market', createdTs: ts, acceptedTs: ts },
      ...{ limitPrice: Number.NaN, stopPrice: Number.NaN, end: '', reason: '', fills: [] },
      booked: { cause: 'guard', text: message },
    };
    this.#listOf(order).push(order);
    this.#executions.add(order, { ts, qty, price, fee: 0, feeCurrency: '' }, '');
  }

  #filledMore(order: SideOrder, units: number): void {
    const key = keyOf(order.strategy, order.symbol);
    this.#held.set(key, (this.#held.get(key) ?? 0) + directionOf(order) * units);
  }

  readonly #orderOfFill = ({ orderId, tag, symbol, side, qty }: Fill, at: EpochMs): SideOrder | undefined => {
    const sequence = this.#numberOf(orderId);
    const known = this.#live.get(sequence);
    if (known !== undefined || Number.isNaN(sequence)) return known;
    const terms = { clientOrderId: orderId, tag, symbol, side, qty, orderType: 'market' } as const;
    if (!this.#unsent.has(sequence))
      this.#unsent.set(sequence, { ...terms, limitPrice: Number.NaN, stopPrice: Number.NaN });
    return this.#lost(sequence, at);
  };

  /** Number of an order by the id that brokers know it by; NaN for one that is not of this run. */
  #numberOf(orderId: string): number {
    return this.#runEpoch === undefined ? Number.NaN : parseOrderId(this.#runEpoch, orderId);
  }

  /** An order that is open there. */
  #noteOpen(open: UnsentOrder): void {
    const sequence = this.#numberOf(open.clientOrderId);
    if (!Number.isNaN(sequence) && !this.#live.has(sequence)) this.#unsent.set(sequence, open);
  }

  /** An order of a session that the journal does not have, as after a restore: what it fills is booked to the owner that its tag names. */
  #lost(sequence: number, at: EpochMs): SideOrder | undefined {
    const terms = this.#unsent.get(sequence);
    if (terms === undefined) return undefined;
    const { clientOrderId, tag, symbol, side, qty, orderType, limitPrice, stopPrice } = terms;
    const [book = '', strategy] = ownerOf(tag);
    const text = `Order ${clientOrderId} is of a session that the journal does not have.`;
    return this.#add({
      ...{ sequence, strategy, book, symbol, side, qty, orderType, limitPrice, stopPrice, purpose: 'kill' },
      ...{
        createdTs: at,
        acceptedTs: at,
        end: '',
        reason: '',
        fills: [],
        moves: [],
        booked: { cause: 'restart', text },
      },
    });
  }

  /** An execution the venue made by itself after a margin call: of who held the most, as the kernel books it. */
  #adopted(
    sequence: number,
    { at, instrumentIndex, qty }: { readonly at: EpochMs; readonly instrumentIndex: number; readonly qty: number },
  ): SideOrder | undefined {
    const symbol = this.#instruments[instrumentIndex]?.symbol ?? '';
    const holders = [...this.orders, ...this.apart].filter(
      (order) => order.symbol === symbol && this.#heldBy(order) !== 0,
    );
    const [owner] = holders.toSorted((a, b) => Math.abs(this.#heldBy(b)) - Math.abs(this.#heldBy(a)));
    if (owner === undefined) return undefined;
    const { strategy, book } = owner;
    const side = this.#heldBy(owner) > 0 ? 'sell' : 'buy';
    return this.#add({
      ...{ sequence, strategy, book, symbol, side, qty, createdTs: at, acceptedTs: at, end: '', fills: [] },
      ...{ purpose: 'kill', orderType: 'market', limitPrice: Number.NaN, stopPrice: Number.NaN, reason: 'MARGIN_CALL' },
    });
  }

  #heldBy({ strategy, symbol }: SideOrder): number {
    return this.#held.get(keyOf(strategy, symbol)) ?? 0;
  }

  #orderOf(order: JournalledOrder): SideOrder {
    const { sequence, strategy, book, side, purpose, orderType, createdTs, limitPrice, stopPrice } = order;
    const { symbol = '', quantityDecimals = 0 } = this.#instruments[order.instrumentIndex] ?? {};
    const qty = fromScaled(order.qtyScaled, quantityDecimals);
    return {
      ...{ sequence, strategy, book, symbol, side, purpose, orderType, createdTs, qty, limitPrice, stopPrice },
      ...{ acceptedTs: Number.NaN, end: '', reason: '', fills: [], moves: [] },
    };
  }

  #add(order: SideOrder): SideOrder {
    this.#listOf(order).push(order);
    this.#live.set(order.sequence, order);
    return order;
  }

  #listOf(order: SideOrder): SideOrder[] {
    if (order.strategy === SUSPENSE) return this.suspense;
    return this.#isCompared(order) ? this.orders : this.apart;
  }
}

/** Strategy and symbol as one key. */
export function keyOf(strategy: string, symbol: string): string {
  return `${strategy}\u0000${symbol}`;
}

/** +1 for a buy, -1 for a sell. */
export function directionOf({ side }: Pick<SideOrder, 'side'>): 1 | -1 {
  return side === 'buy' ? 1 : -1;
}

/** When how much of an order was known to be filled; what was taken back is negative. */
export function movesOf({ moves, fills }: Pick<SideOrder, 'moves' | 'fills'>): readonly {
  readonly ts: EpochMs;
  readonly qty: number;
}[] {
  return moves ?? fills;
}

/** Units of an order that were still at work at an instant; 0 where it had ended. An execution that is taken back brings none of it back. */
export function workingAt(order: Pick<SideOrder, 'moves' | 'fills' | 'qty' | 'endTs'>, at: EpochMs): number {
  if ((order.endTs ?? Number.POSITIVE_INFINITY) <= at) return 0;
  let filled = 0;
  let most = 0;
  for (const { ts, qty } of movesOf(order)) {
    if (ts <= at) filled += qty;
    most = Math.max(most, filled);
  }
  return Math.max(0, order.qty - most);
}

/** Units filled, their average price (NaN where there are none), and when the last of them came. */
export function filledOf({ fills }: Pick<SideOrder, 'fills'>): {
  readonly qty: number;
  readonly price: number;
  readonly ts: EpochMs;
} {
  let qty = 0;
  let value = 0;
  for (const fill of fills) {
    qty += fill.qty;
    value += fill.qty * fill.price;
  }
  const [only] = fills;
  return {
    qty,
    // One fill keeps its price to the last digit.
    price: fills.length === 1 && only !== undefined ? only.price : qty === 0 ? Number.NaN : value / qty,
    ts: fills.at(-1)?.ts ?? Number.NaN,
  };
}
