import type {
  Clock,
  EpochMs,
  Fill,
  Instrument,
  Order,
  OrderChange,
  OrderRef,
  Side,
  VenueReport,
} from '@bookrunner/sdk';
import type { VenueSnapshot } from '@bookrunner/sdk';
import type { BrokerSettings } from './broker-options.js';
import { brokerFault } from './broker-fault.js';
import { Chance } from './chance.js';
import { Ledger } from './ledger.js';
import type { Execution } from './ledger.js';
import { Market } from './market.js';
import type { Quote } from './market.js';
import { OrderDesk } from './order-desk.js';
import type { OrderReport, Trade } from './order-desk.js';
import { rejectionOf } from './order-rules.js';
import type { Rejection } from './order-rules.js';
import { OrderRegister } from './order-register.js';
import type { BrokerTruth } from './order-register.js';
import type { WorkingOrder } from './working-order.js';

/** Who hears what happens at the broker. */
export interface BrokerListener {
  report(account: string, report: VenueReport): void;
  tick(market: Market): void;
}

const NO_QUOTE: Quote = { bid: Number.NaN, ask: Number.NaN, last: Number.NaN };

/** The broker without its wire: accounts, orders, executions and markets. It forgets nothing, and its {@link truth} is the oracle. */
export class PracticeBroker {
  readonly settings: BrokerSettings;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly #clock: Clock;
  readonly #listener: BrokerListener;
  readonly #ledgers: ReadonlyMap<string, Ledger>;
  readonly #markets = new Map<string, Market>();
  readonly #desk: OrderDesk;
  readonly #register = new OrderRegister();
  readonly #startedAt: EpochMs;
  #skewMs = 0;
  #executionCount = 0;

  constructor(settings: BrokerSettings, clock: Clock, listener: BrokerListener) {
    this.settings = settings;
    this.#clock = clock;
    this.#listener = listener;
    this.#startedAt = clock.nowUtc();
    this.instruments = new Map(settings.instruments.map((instrument) => [instrument.symbol, instrument]));
    this.#ledgers = new Map(settings.accounts.map((account) => [account.id, new Ledger(account, this.instruments)]));
    settings.instruments.forEach((instrument, i) => {
      const shape = settings.markets[instrument.symbol] ?? { startPrice: 100, moveSteps: 4, spreadSteps: 2 };
      const { startPrice = Number.NaN, moveSteps, spreadSteps } = shape;
      const chance = new Chance(settings.seed + i);
      this.#markets.set(instrument.symbol, new Market(instrument, { startPrice, moveSteps, spreadSteps }, chance));
    });
    this.#desk = new OrderDesk({
      clock,
      instruments: this.instruments,
      maxUnitsPerFill: settings.maxUnitsPerFill,
      fillsPerTick: settings.fillsPerTick,
      now: () => this.now(),
      quoteOf: (symbol) => this.#markets.get(symbol)?.quote ?? NO_QUOTE,
      report: (order, report) => this.#report(order, report),
      trade: (trade) => this.#trade(trade),
    });
  }

  /** The broker's own time. */
  now(): EpochMs {
    return this.#clock.nowUtc() + this.#skewMs;
  }

  skewClock(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  rollIdsBack(count: number): void {
    this.#desk.rollIdsBack(count);
  }

  /** All markets one tick on. */
  tick(): void {
    for (const market of this.#markets.values()) if (market.move()) this.#moved(market);
  }

  /** Moves one market to these prices. Errors: BrokerFault unknown-symbol. */
  quote(symbol: string, quote: Quote): void {
    const market = this.#marketOf(symbol);
    market.set(quote);
    this.#moved(market);
  }

  /** Prices for the ticks to come. Errors: BrokerFault unknown-symbol. */
  script(symbol: string, quotes: readonly Quote[]): void {
    this.#marketOf(symbol).follow(quotes);
  }

  /** Takes a group whole, or rejects it whole. An id that came before is counted and rejected. */
  submit(account: string, group: readonly Order[]): void {
    const known = group.filter((order) => this.#register.has(order.clientOrderId));
    const rejection = this.#rejectionOf(account, group, known);
    const reached = group.map((order) => ({ ...order, account }));
    for (const order of reached) this.#register.receive(order);
    if (rejection !== undefined) return this.#reject(account, reached, rejection);
    this.#register.take(this.#desk.take(reached));
  }

  /** Asks to cancel: `cancelled` or `cancel-rejected` follows. */
  cancel(account: string, ref: OrderRef): void {
    const order = this.#workingOf(account, ref);
    if (order === undefined) this.#tell(account, ref, { kind: 'cancel-rejected', reason: 'not-working' });
    else this.#desk.end(order, 'cancelled', 'asked');
  }

  /** Asks for a change: `replaced` or `replace-rejected` follows. */
  replace(account: string, ref: OrderRef, change: OrderChange): void {
    const order = this.#workingOf(account, ref);
    const isDone = order !== undefined && this.#isTradable(order, change) && this.#desk.replace(order, change);
    if (isDone) return;
    const reason = order === undefined ? 'not-working' : 'bad-terms';
    this.#tell(account, ref, { kind: 'replace-rejected', reason });
  }

  /** All that is true of an account now. Errors: BrokerFault unknown-account. */
  snapshot(account: string): VenueSnapshot {
    const ledger = this.#ledgerOf(account);
    const asOf = this.now();
    const since = Math.max(Math.min(this.#startedAt, asOf), asOf - this.settings.executionsKeptMs);
    const openOrders = this.#desk.working.filter((order) => order.order.account === account);
    const executions = ledger.executions.filter((execution) => execution.state !== 'busted');
    const isAll = this.settings.executionsKeptMs === Number.MAX_SAFE_INTEGER;
    const listed = isAll ? executions : executions.filter((execution) => execution.ts >= since);
    const part = <T>(items: readonly T[], from = asOf) => ({ asOf, complete: true, since: from, items });
    return {
      positions: part(ledger.positions()),
      openOrders: part(openOrders.map((order) => order.toOpenOrder())),
      executions: part(listed.map(fillOf), since),
      accounts: part(ledger.states(asOf, (symbol) => this.#bidOf(symbol))),
    };
  }

  /** What an account is worth. Errors: BrokerFault unknown-account. */
  accountState(account: string): ReturnType<Ledger['state']> {
    return this.#ledgerOf(account).state(this.now(), (symbol) => this.#bidOf(symbol));
  }

  #bidOf(symbol: string): number {
    return this.#markets.get(symbol)?.quote.bid ?? Number.NaN;
  }

  /** Somebody trades by hand: an order without an id of ours. */
  externalOrder(account: string, fields: Partial<Order> & Pick<Order, 'symbol' | 'side' | 'qty'>): WorkingOrder {
    this.#ledgerOf(account);
    const order = { ...BLANK, ...fields, account, createdTs: this.now() };
    const rejection = rejectionOf(order, this.instruments.get(order.symbol));
    if (rejection !== undefined) throw brokerFault(rejection.reason, rejection.message);
    const [working] = this.#desk.take([order]) as readonly [WorkingOrder];
    this.#register.takeExternal(working);
    return working;
  }

  /** An execution that no market gave: of a working order where `clientOrderId` names one, else of nobody's. */
  externalFill(account: string, fill: ExternalFill): string {
    const { clientOrderId = '', symbol, qty, price } = fill;
    const ref = { clientOrderId, symbol };
    const working = this.#workingOf(account, ref);
    if (clientOrderId === '') {
      const stranger = this.externalOrder(account, { ...fill, orderType: 'limit', limitPrice: NEVER[fill.side] });
      this.#desk.fill(stranger, qty, price);
    } else if (working === undefined || qty > working.leavesQty) throw brokerFault('not-working', 'That cannot fill.');
    else this.#desk.fill(working, qty, price);
    return `E-${this.#executionCount}`;
  }

  /** Takes an execution back. Errors: BrokerFault unknown-execution. */
  bust(executionId: string): void {
    const execution = this.#amend(executionId, { state: 'busted' });
    this.#tell(execution.account, refOf(execution), { kind: 'busted', executionId });
  }

  /** Changes price or quantity of an execution. Errors: BrokerFault unknown-execution. */
  correct(executionId: string, change: { readonly qty?: number; readonly price?: number }): void {
    const execution = this.#amend(executionId, { ...change, state: 'corrected' });
    const report = { kind: 'corrected', executionId, fill: fillOf(execution) } as const;
    this.#tell(execution.account, refOf(execution), report);
  }

  deposit(account: string, amount: number): void {
    this.#ledgerOf(account).deposit(amount);
  }

  /** Tells the last executions of an account again. */
  replayExecutions(account: string, count: number): readonly VenueReport[] {
    const executions = this.#ledgerOf(account).executions.filter((execution) => execution.state !== 'busted');
    return executions.slice(-count).map((execution) => {
      const leavesQty = this.#register.leavesAfter(execution, executions);
      return { kind: 'filled', ...refOf(execution), ts: this.now(), fill: fillOf(execution), leavesQty };
    });
  }

  /** Everything, as it really is. */
  truth(): BrokerTruth {
    const ledgers = [...this.#ledgers.values()];
    const executions = ledgers.flatMap((ledger) => ledger.executions);
    const openOrders = this.#desk.working.map((order) => order.toOpenOrder());
    const positions = ledgers.flatMap((ledger) => ledger.positions());
    const cash = Object.fromEntries(ledgers.map((ledger) => [ledger.account, ledger.cash]));
    const balances = Object.fromEntries(ledgers.map((ledger) => [ledger.account, ledger.balances()]));
    return { ts: this.now(), ...this.#register.truth(), openOrders, executions, positions, cash, balances };
  }

  #moved(market: Market): void {
    this.#listener.tick(market);
    this.#desk.match(market.instrument.symbol);
  }

  #rejectionOf(account: string, group: readonly Order[], known: readonly Order[]): Rejection | undefined {
    if (!this.#ledgers.has(account)) return { reason: 'unknown-account', message: `There is no account '${account}'.` };
    const ids = new Set(group.map((order) => order.clientOrderId));
    if (known.length > 0 || ids.size < group.length) {
      return { reason: 'duplicate-order', message: 'An order with this id was sent before.' };
    }
    for (const order of group) {
      const rejection = rejectionOf(order, this.instruments.get(order.symbol));
      if (rejection !== undefined) return rejection;
      if (order.parentId !== '' && !ids.has(order.parentId))
        return { reason: 'unknown-parent', message: 'The parent is not in the group.' };
    }
    return undefined;
  }

  #reject(account: string, group: readonly Order[], rejection: Rejection): void {
    for (const order of group) {
      this.#tell(account, order, { kind: 'rejected', ...rejection });
    }
  }

  #trade({ order, qty, price }: Trade): void {
    const { clientOrderId, symbol, side, tag, account } = order.order;
    this.#executionCount += 1;
    const ledger = this.#ledgerOf(account);
    const execution: Execution = {
      orderId: clientOrderId,
      executionId: `E-${this.#executionCount}`,
      symbol,
      side,
      qty,
      price,
      fee: Math.round(qty * this.settings.feePerUnit * 1e8) / 1e8,
      feeCurrency: this.settings.feeCurrency ?? ledger.currency,
      liquidity: order.order.orderType === 'limit' ? 'unknown' : 'taker',
      ts: this.now(),
      tag,
      account,
      venueOrderId: order.venueOrderId,
      state: 'booked',
    };
    ledger.book(execution);
    const { executionId, fee, feeCurrency } = execution;
    const isLater = this.settings.commissions === 'later';
    const fill = { ...fillOf(execution), fee: isLater ? 0 : fee };
    this.#report(order, { kind: 'filled', fill, leavesQty: order.leavesQty });
    if (isLater) this.#report(order, { kind: 'commission', executionId, fee, feeCurrency });
  }

  #report(order: WorkingOrder, report: OrderReport): void {
    this.#tell(order.order.account, { ...order.order, venueOrderId: order.venueOrderId }, report);
  }

  #tell(account: string, { clientOrderId, symbol, venueOrderId }: ToldOrder, report: OrderReport): void {
    const base = { clientOrderId, symbol, ts: this.now(), ...(venueOrderId === undefined ? {} : { venueOrderId }) };
    this.#listener.report(account, { ...base, ...report });
  }

  /** Named by our id where it has one, else by that of the venue. */
  #workingOf(account: string, { clientOrderId, symbol, venueOrderId = '' }: OrderRef): WorkingOrder | undefined {
    return this.#desk.working.find(
      (working) =>
        (clientOrderId === ''
          ? working.venueOrderId === venueOrderId
          : working.order.clientOrderId === clientOrderId) &&
        working.order.symbol === symbol &&
        working.order.account === account,
    );
  }

  #isTradable({ order }: WorkingOrder, change: OrderChange): boolean {
    return rejectionOf({ ...order, ...change }, this.instruments.get(order.symbol)) === undefined;
  }

  #amend(executionId: string, change: Partial<Execution>): Execution {
    for (const ledger of this.#ledgers.values()) {
      const execution = ledger.amend(executionId, change);
      if (execution !== undefined) return execution;
    }
    throw brokerFault('unknown-execution', `There is no execution '${executionId}' to change.`);
  }

  #ledgerOf(account: string): Ledger {
    const ledger = this.#ledgers.get(account);
    if (ledger === undefined) throw brokerFault('unknown-account', `There is no account '${account}'.`);
    return ledger;
  }

  #marketOf(symbol: string): Market {
    const market = this.#markets.get(symbol);
    if (market === undefined) throw brokerFault('unknown-symbol', `'${symbol}' is not traded here.`);
    return market;
  }
}

/** What `external-fill` takes. */
export interface ExternalFill {
  readonly clientOrderId?: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: number;
  readonly price: number;
}

/** Limits that no market reaches. */
const NEVER: Readonly<Record<Side, number>> = { buy: 1e-9, sell: 1e9 };

const BLANK = {
  clientOrderId: '',
  orderType: 'market',
  limitPrice: Number.NaN,
  stopPrice: Number.NaN,
  trail: Number.NaN,
  tif: 'GTC',
  expiresAt: Number.NaN,
  tag: '',
  purpose: 'entry',
  ocoGroup: '',
  parentId: '',
} as const;

/** The order that a report is about. */
interface ToldOrder extends OrderRef {
  readonly venueOrderId?: string;
}

function refOf({ orderId, symbol, venueOrderId }: Execution): Required<ToldOrder> {
  return { clientOrderId: orderId, symbol, venueOrderId };
}

function fillOf({ venueOrderId: _id, state: _state, ...fill }: Execution): Fill {
  return fill;
}
