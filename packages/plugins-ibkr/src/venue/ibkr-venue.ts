import { isTradingError } from '@bookrunner/sdk';
import type {
  EpochMs,
  Instrument,
  Order,
  OrderChange,
  OrderRef,
  PluginContext,
  SubmitOutcome,
  Venue,
  VenueCapabilities,
  VenueReport,
  VenueSink,
  VenueSnapshot,
  VenueStatus,
} from '@bookrunner/sdk';
import { GatewayContractBook } from '../contracts/contract-book.js';
import { classify } from '../errors/classify.js';
import { ibkrError } from '../ibkr-errors.js';
import type { Farm, Gateway, GatewayState, GatewayUser } from '../session/gateway.js';
import { AccountWatch } from './account-watch.js';
import { AnswerWaits } from './answer-waits.js';
import { GatewayLists } from './gateway-lists.js';
import { listenForOrders } from './gateway-news.js';
import { orderFault } from './ib-order.js';
import { ListedOrders } from './listed-orders.js';
import { OpenFees } from './open-fees.js';
import { OrderDesk } from './order-desk.js';
import { askPreview, type OrderPreview } from './order-preview.js';
import { OrderRegister } from './order-register.js';
import { OrderWording } from './order-wording.js';
import { type Refusal, refused } from './refusal.js';
import { SessionRecovery } from './session-recovery.js';
import type { IbkrVenueOptions } from './venue-options.js';
import { VenueSnapshots } from './venue-snapshots.js';

/** What the venue can do at any gateway. */
export const IBKR_VENUE_CAPABILITIES: VenueCapabilities = Object.freeze({
  orderTypes: Object.freeze(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'] as const),
  timeInForce: Object.freeze(['DAY', 'GTC', 'IOC', 'FOK', 'GTD'] as const),
  oco: true,
  bracket: true,
  replace: true,
  shortSale: true,
  fractional: true,
});

/**
 * Orders to accounts at Interactive Brokers. Whatever the gateway says of them is taken in any order and any number of times, and
 * told once. Orders go out only after the gateway has told of open orders and executions, on each connection anew.
 */
export class IbkrVenue implements Venue, GatewayUser {
  readonly capabilities = IBKR_VENUE_CAPABILITIES;
  readonly name: string;
  readonly #context: PluginContext<IbkrVenueOptions>;
  readonly #gateway: Gateway;
  readonly #contracts: GatewayContractBook;
  readonly #register: OrderRegister;
  readonly #waits: AnswerWaits;
  readonly #desk: OrderDesk;
  readonly #recovery: SessionRecovery;
  readonly #accounts: AccountWatch;
  readonly #snapshots: VenueSnapshots;
  readonly #openFees = new OpenFees();
  readonly #zone: string;
  #sink: VenueSink | undefined;
  #stopListening: () => void = () => undefined;
  /** Counts sessions, and losses of the line to IB within them. */
  #session = 0;
  #isUp = false;
  #down: { readonly code: string; readonly message: string } = {
    code: 'IBKR_NOT_CONNECTED',
    message: 'The venue is not open.',
  };
  /** The gateway itself takes no orders. */
  #isGatewayReadOnly = false;
  #lastTs: EpochMs = 0;

  constructor(context: PluginContext<IbkrVenueOptions>, gateway: Gateway) {
    const { name, options, clock, logger } = context;
    const { commissionWaitMs, settleMs, answerMs, outsideRth } = options;
    this.name = name;
    this.#context = context;
    this.#gateway = gateway;
    this.#zone = options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.#contracts = new GatewayContractBook({ gateway, clock, name, isOneToOne: true });
    this.#waits = new AnswerWaits({ clock, limitMs: answerMs, onSilence: () => this.#recovery.request() });
    const wording = new OrderWording(this.#contracts, this.#zone);
    const isOurs = (account: string): boolean => this.#accountIds.includes(account);
    const session = (): number | undefined => (this.#isUp ? this.#session : undefined);
    const lists = new GatewayLists({ gateway, clock, limitMs: answerMs });
    const register: OrderRegister = new OrderRegister({
      ...{ clock, logger, commissionWaitMs, settleMs, wording, isOurs, clientId: gateway.clientId },
      report: (report) => this.#report(report),
      ask: () => this.#recovery.request(),
      cancelRest: (order) => this.#desk.cancelRest(order),
      alarm: (code, message) => this.onAlarm(code, message),
    });
    this.#register = register;
    const listed = new ListedOrders({ clock, lists, register, wording, isOurs, answerMs, clientId: gateway.clientId });
    const openOrders = (): ReturnType<ListedOrders['ask']> => listed.ask();
    this.#recovery = new SessionRecovery({
      ...{ clock, logger, lists, openOrders, register, session, retryMs: answerMs },
      onSettled: () => {
        this.#tell('ready', '', '');
        this.#desk.dropRemnants();
      },
    });
    this.#accounts = new AccountWatch({
      ...{ gateway, clock, limitMs: answerMs, accounts: () => this.#accountIds },
      positions: () => this.#snapshots.declaredPositions,
      push: (state) => this.#sink?.account(state),
    });
    this.#snapshots = new VenueSnapshots({
      ...{ clock, lists, openOrders, register, wording, isOurs, session, zone: this.#zone, commissionWaitMs },
      ...{ logger, openFees: this.#openFees },
      offsetMs: () => (options.timeZone === undefined ? gateway.offsetMs : undefined),
      accounts: this.#accounts,
    });
    this.#desk = new OrderDesk({
      ...{ clock, gateway, register, isOurs, outsideRth, contracts: this.#contracts, waits: this.#waits },
      closedFor: (what) => this.#closedFor(what),
      lookAtOpenOrders: async () => void (await openOrders()),
    });
  }

  /** Whether the session has told of open orders and executions: what `ready` says. */
  get isReady(): boolean {
    return this.#recovery.isSettled;
  }

  /** Errors: those of the gateway's `attach`; IBKR_ACCOUNT_UNKNOWN; IBKR_NO_ANSWER where the login names no account yet. */
  async open(sink: VenueSink): Promise<void> {
    if (this.#sink !== undefined) return;
    this.#sink = sink;
    this.#stopListening = listenForOrders({
      ...{ gateway: this.#gateway, register: this.#register, zone: this.#zone },
      ...{ clock: this.#context.clock, openFees: this.#openFees },
      isOurs: (account) => this.#accountIds.includes(account),
      onUnreadable: ({ execId = '' }) =>
        this.onAlarm('IBKR_UNREADABLE', `An execution cannot be read, and is booked by nobody: '${execId}'.`),
      onHeard: () => this.#waits.look(),
      onCode: (code, message) => this.#heardCode(code, message),
    });
    this.#accounts.open();
    try {
      await this.#gateway.attach(this);
      this.#checkAccounts();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Orders stay where they are. */
  async close(): Promise<void> {
    if (this.#sink === undefined) return;
    this.#sink = undefined;
    this.#isUp = false;
    this.#down = { code: 'IBKR_NOT_CONNECTED', message: 'The venue is closed.' };
    this.#stopListening();
    this.#recovery.stop();
    this.#accounts.close();
    this.#waits.lost('The venue was closed.');
    this.#register.stop();
    await this.#gateway.detach(this);
  }

  accountIds(): readonly string[] {
    return this.#accountIds;
  }

  /** Errors: those of {@link GatewayContractBook.qualify}. */
  async resolve(instrument: Instrument): Promise<Instrument> {
    return (await this.#contracts.qualify(instrument)).instrument;
  }

  submit(group: readonly Order[]): Promise<SubmitOutcome> {
    return this.#desk.submit(group);
  }

  cancel(order: OrderRef): Promise<SubmitOutcome> {
    return this.#desk.cancel(order);
  }

  replace(order: OrderRef, change: OrderChange): Promise<SubmitOutcome> {
    return this.#desk.replace(order, change);
  }

  snapshot(): Promise<VenueSnapshot> {
    return this.#snapshots.take();
  }

  /**
   * Margin and commission of an order that is not given. Errors: IBKR_NOT_CONNECTED, IBKR_NO_ANSWER, IBKR_CONTRACT_NOT_FOUND,
   * IBKR_ORDER_REFUSED, and the code with which `submit` would refuse it.
   */
  async preview(order: Order): Promise<OrderPreview> {
    const { answerMs, outsideRth } = this.#context.options;
    const closed = this.#closedFor('order');
    if (closed !== undefined) throw ibkrError(closed.reason, closed.message);
    const qualified = this.#contracts.of(order.symbol);
    if (qualified === undefined)
      throw ibkrError('IBKR_CONTRACT_NOT_FOUND', `Nobody has asked IB for ${order.symbol} yet.`);
    const fault = orderFault(order, qualified);
    if (fault !== undefined) throw ibkrError(fault.reason, fault.message);
    const parts = { gateway: this.#gateway, clock: this.#context.clock, limitMs: answerMs, outsideRth };
    return askPreview(parts, order, qualified);
  }

  // What the session says.

  onState(state: GatewayState, code: string, message: string): void {
    if (state === 'up') return;
    const wasUp = this.#isUp;
    this.#isUp = false;
    this.#down = { code: code === '' ? 'IBKR_NOT_CONNECTED' : code, message };
    // Executions still come; what they are of stays known.
    if (state !== 'upstream-lost' && wasUp) this.#lost(message);
    this.#tell(statusOf(state), code, message);
  }

  onUp(): void {
    this.#lost('Another connection has taken the place of the last one.');
    this.#isGatewayReadOnly = false;
    this.#begin();
    // Names are wanted first, but not at any price.
    const { clock, options } = this.#context;
    const enough = new AbortController();
    const inTime = clock.sleepUntil(clock.nowUtc() + options.answerMs, enough.signal).catch(() => {});
    void Promise.race([this.#qualifyAll(), inTime]).then(() => {
      enough.abort();
      this.#recovery.run();
    });
  }

  onUpstream(_isDataLost: boolean): void {
    this.#begin();
    this.#recovery.run();
  }

  onFarm(_farm: Farm): void {
    // Of data: orders go another way.
  }

  onHeartbeat(latencyMs: number, gatewayTs: EpochMs): void {
    // The gateway tells whole seconds: within one its clock says nothing.
    const ts = Math.min(Math.max(this.#context.clock.nowUtc(), gatewayTs), gatewayTs + 999);
    this.#sink?.heartbeat({ ts, source: this.name, ok: true, latencyMs });
  }

  onAlarm(code: string, message: string): void {
    this.#context.logger.error(message, { code, venue: this.name });
  }

  get #accountIds(): readonly string[] {
    return this.#context.options.accounts ?? this.#gateway.accounts;
  }

  #begin(): void {
    this.#session += 1;
    this.#isUp = this.#gateway.state === 'up';
  }

  #lost(message: string): void {
    this.#register.onLost();
    this.#accounts.lost();
    this.#waits.lost(message);
  }

  /** What engine.yaml says is traded here, so that orders and positions that are there already have their names. */
  async #qualifyAll(): Promise<void> {
    const { instruments, logger } = this.#context;
    const named = [...instruments.values()].filter(({ venues }) => venues[this.name] !== undefined);
    const outcomes = await Promise.allSettled(named.map((instrument) => this.#contracts.qualify(instrument)));
    outcomes.forEach((outcome, i) => {
      if (outcome.status === 'fulfilled') return;
      // Nobody was there to ask: that is told by itself.
      if (isTradingError(outcome.reason) && outcome.reason.code === 'IBKR_NOT_CONNECTED') return;
      logger.warn('An instrument is not known at IB; who trades it is refused.', {
        symbol: named[i]?.symbol,
        error: String(outcome.reason),
      });
    });
  }

  #report(report: Omit<VenueReport, 'ts'>): void {
    this.#sink?.report({ ...report, ts: this.#now() } as VenueReport);
    const { kind, clientOrderId } = report;
    if (kind === 'rejected' || kind === 'cancelled' || kind === 'expired')
      this.#desk.onEnded(clientOrderId, kind === 'rejected');
  }

  #checkAccounts(): void {
    const missing = this.#accountIds.filter((account) => !this.#gateway.accounts.includes(account));
    if (missing.length === 0) return;
    // A login that has not told its accounts yet is no mistake in engine.yaml.
    if (this.#gateway.accounts.length === 0) throw ibkrError('IBKR_NO_ANSWER', 'The login names no account yet.');
    const managed = this.#gateway.accounts.join(', ');
    throw ibkrError('IBKR_ACCOUNT_UNKNOWN', `The login manages ${managed}, and not ${missing.join(', ')}.`);
  }

  #closedFor(what: 'order' | 'cancel'): Refusal | undefined {
    const { readOnly } = this.#context.options;
    if (this.#sink === undefined) return refused('IBKR_NOT_CONNECTED', 'The venue is not open.');
    if (readOnly || this.#isGatewayReadOnly) {
      return refused('IBKR_READ_ONLY', readOnly ? 'The venue is set to `readOnly`.' : 'The gateway takes no orders.');
    }
    const { state, isRestartDue } = this.#gateway;
    // A cancel as well: it would take protection off while nothing new can take its place.
    if (isRestartDue && this.#isUp && state === 'up')
      return refused('IBKR_PLANNED_OUTAGE', 'The gateway is about to restart: what is sent now may be lost.');
    if (what === 'cancel') return undefined;
    if (!this.#isUp || state !== 'up') return refused(refusalCode(state), this.#down.message);
    if (!this.#recovery.isSettled) {
      return refused('IBKR_NOT_RECONCILED', 'The gateway has not yet told of open orders and executions.');
    }
    return undefined;
  }

  #heardCode(code: number, message: string): void {
    if (classify(code, 'new-order', message).ours === 'IBKR_READ_ONLY') this.#isGatewayReadOnly = true;
  }

  #tell(state: VenueStatus['state'], reason: string, message: string): void {
    this.#sink?.status({ ts: this.#now(), venue: this.name, state, reason, message });
  }

  /** Never backwards, even where the machine's clock is set. */
  #now(): EpochMs {
    this.#lastTs = Math.max(this.#lastTs, this.#context.clock.nowUtc());
    return this.#lastTs;
  }
}

function refusalCode(state: GatewayState): Refusal['reason'] {
  if (state === 'upstream-lost') return 'IBKR_UPSTREAM_LOST';
  return state === 'planned-outage' ? 'IBKR_PLANNED_OUTAGE' : 'IBKR_NOT_CONNECTED';
}

function statusOf(state: GatewayState): VenueStatus['state'] {
  switch (state) {
    case 'connecting':
      return 'connecting';
    case 'planned-outage':
      return 'planned-outage';
    case 'failed':
      return 'failed';
    case 'up':
    case 'upstream-lost':
    case 'disconnected':
    case 'closed':
      return 'disconnected';
  }
}
