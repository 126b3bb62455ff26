// The session of one client id at one gateway, shared by its users. Start reading at `attach`.
import type { Clock, EpochMs, Logger } from '@bookrunner/sdk';
import type { EventName } from '@stoqey/ib';
import type { ConnectionOptions } from '../connection-options.js';
import { ibkrError } from '../ibkr-errors.js';
import { FarmWatch } from './connectivity.js';
import type { ConnectivityNews } from './connectivity.js';
import { gatewayOffset } from './gateway-offset.js';
import { GatewayLine } from './gateway-line.js';
import type { Gateway, GatewayState, GatewayUser, Send, SendOutcome } from './gateway.js';
import { Heartbeat } from './heartbeat.js';
import type { ConnectionFault, Handshake, IbConnection } from './ib-connection.js';
import { ListenerHub } from './listener-hub.js';
import { FIRST_REQUEST_ID, OrderIds } from './order-ids.js';
import { OutboundGate } from './outbound-gate.js';
import { PlannedRestarts } from './planned-restarts.js';
import { SessionUsers } from './session-users.js';
import { SessionWatch } from './session-watch.js';
import { UpstreamLine } from './upstream-line.js';

/** What a session is made of besides its options. */
export interface SessionParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** File that keeps the order ids; without one they start anew in each process. */
  readonly orderIdsPath: string | undefined;
  /** From 0 up to 1: spreads attempts to connect. */
  readonly random: () => number;
}

const UNDECODABLE = 508;
const LAST_REQUEST_ID = 2_147_000_000;

/** {@link Gateway} over one connection after another. */
export class GatewaySession implements Gateway {
  readonly #options: ConnectionOptions;
  readonly #parts: SessionParts;
  readonly #hub: ListenerHub;
  readonly #users: SessionUsers;
  readonly #gate: OutboundGate;
  readonly #orderIds: OrderIds;
  readonly #restarts: PlannedRestarts;
  readonly #heartbeat: Heartbeat;
  readonly #watch: SessionWatch;
  readonly #farms = new FarmWatch();
  readonly #upstream: UpstreamLine;
  readonly #line: GatewayLine;
  #state: GatewayState = 'closed';
  #code = '';
  #message = '';
  #accounts: readonly string[] = [];
  #fault: ConnectionFault | undefined;
  #upSince: EpochMs | undefined;
  #offsetMs: number | undefined;
  #isOrderIdKnown = false;
  #requestId = FIRST_REQUEST_ID;
  #stopWindow: () => void = () => undefined;

  constructor(options: ConnectionOptions, parts: SessionParts) {
    const { clock, logger, random } = parts;
    this.#options = options;
    this.#parts = parts;
    this.#hub = new ListenerHub(logger);
    this.#users = new SessionUsers(this.#hub);
    this.#gate = new OutboundGate({ limits: options.limits, clock, logger });
    this.#orderIds = new OrderIds({ path: parts.orderIdsPath, logger });
    this.#restarts = new PlannedRestarts(options);
    this.#heartbeat = this.#makeHeartbeat();
    this.#watch = this.#makeWatch();
    // What became of subscriptions meanwhile nobody has said.
    this.#upstream = new UpstreamLine({ clock, onPresumedBack: () => this.#upstreamBack(true) });
    this.#line = new GatewayLine({
      ...{ options, clock, logger, random },
      isRestarting: () => this.#restarts.at(clock.nowUtc())?.kind === 'restart',
      listener: {
        onConnecting: () => this.#connecting(),
        onUp: (connection, handshake) => this.#up(connection, handshake),
        onLost: (fault) => this.#lost(fault),
        onEvent: (event, values) => {
          this.#watch.see(event, values);
          this.#hub.emit(event, values);
        },
        onTick: (tick) => this.#hub.emitTick(tick),
        onDecodingFault: (fault) => {
          this.#watch.seeFault(fault);
          // As the library tells of others: a list that is under way misses it.
          if (fault.kind === 'undecodable') this.#hub.emit('error', [new Error(fault.text), UNDECODABLE, -1, '']);
        },
      },
    });
  }

  get state(): GatewayState {
    return this.#state;
  }

  get clientId(): number {
    return this.#options.clientId;
  }

  get accounts(): readonly string[] {
    return this.#accounts;
  }

  get offsetMs(): number | undefined {
    return this.#offsetMs;
  }

  get isRestartDue(): boolean {
    const window = this.#restarts.at(this.#parts.clock.nowUtc());
    if (window?.kind !== 'restart') return false;
    return this.#upSince === undefined || this.#upSince < window.from;
  }

  /** Counted since the session was made: exceptions of listeners, messages that could not be read, sends that wait. */
  get counts(): { readonly listenerFaults: number; readonly unreadable: number; readonly waiting: number } {
    return { listenerFaults: this.#hub.faults, unreadable: this.#watch.unreadable, waiting: this.#gate.waiting };
  }

  attach(user: GatewayUser): Promise<void> {
    if (this.#users.has(user)) return this.#users.waitOf(user);
    try {
      this.#orderIds.load();
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (this.#upSince !== undefined) {
      this.#users.add(user);
      this.#hub.guard(user.name, () => user.onState(this.#state, this.#code, this.#message));
      this.#hub.guard(user.name, () => user.onUp());
      this.#tellBrokenFarms(user);
      return Promise.resolve();
    }
    const { clock } = this.#parts;
    const waiting = this.#users.addWaiting(user, {
      clock,
      ms: this.#options.openTimeoutMs,
      onEnd: () => this.#giveUp(user),
    });
    if (this.#state === 'closed') this.#line.start();
    else this.#hub.guard(user.name, () => user.onState(this.#state, this.#code, this.#message));
    this.#tellBrokenFarms(user);
    return waiting;
  }

  async detach(user: GatewayUser): Promise<void> {
    const isUser = this.#users.remove(user, () => ibkrError('IBKR_NOT_CONNECTED', `${user.name} left the session.`));
    if (isUser && this.#users.count === 0) await this.#close();
  }

  on(event: EventName, listener: (...values: never[]) => void): () => void {
    return this.#hub.on(event, listener);
  }

  send(send: Send): Promise<SendOutcome> {
    return this.#gate.send(send);
  }

  nextRequestId(): number {
    const id = this.#requestId;
    this.#requestId = id === LAST_REQUEST_ID ? FIRST_REQUEST_ID : id + 1;
    return id;
  }

  nextOrderId(): number {
    if (!this.#isOrderIdKnown) {
      throw ibkrError('IBKR_NOT_CONNECTED', 'The gateway has not yet said what its next order id is.');
    }
    return this.#orderIds.next();
  }

  sawOrderId(orderId: number): void {
    this.#orderIds.saw(orderId);
  }

  #makeHeartbeat(): Heartbeat {
    const { heartbeat } = this.#options;
    return new Heartbeat({
      ...heartbeat,
      clock: this.#parts.clock,
      ask: async () => (await this.send({ lane: 'order', write: (api) => api.reqCurrentTime() })) === 'written',
      received: () => this.#line.messagesReceived,
      onAnswer: (latencyMs, gatewayTs) =>
        this.#users.tell('onHeartbeat', (user) => user.onHeartbeat?.(latencyMs, gatewayTs)),
      onSilence: () =>
        this.#line.abandon('IBKR_NO_ANSWER', `The gateway has said nothing for ${heartbeat.limitMs / 1_000} s.`),
    });
  }

  #makeWatch(): SessionWatch {
    const { clock, logger } = this.#parts;
    return new SessionWatch({
      ...{ clientId: this.#options.clientId, clock, logger },
      onNews: (news, text) => this.#hear(news, text),
      onTime: (gatewayTs) => this.#heartbeat.answered(gatewayTs),
      onOrderId: (orderId) => this.#orderIds.saw(orderId),
      onNextOrderId: (orderId) => this.#orderIds.raise(orderId),
      onAlarm: (code, message) => this.#users.tell('onAlarm', (user) => user.onAlarm?.(code, message)),
    });
  }

  #connecting(): void {
    this.#upstream.back();
    // After a loss, and while the gateway is away by plan, that it is tried is no news: its reason is told once, until it is another.
    if (this.#state !== 'closed') return;
    if (this.#restarts.at(this.#parts.clock.nowUtc()) === undefined) this.#setState('connecting', '', '');
    else this.#tellDown();
  }

  #up(connection: IbConnection, { accounts, nextOrderId, serverVersion, wallClock }: Handshake): void {
    this.#stopWindow();
    this.#accounts = accounts;
    this.#orderIds.raise(nextOrderId);
    this.#isOrderIdKnown = true;
    this.#upSince = this.#parts.clock.nowUtc();
    this.#offsetMs = gatewayOffset(wallClock, this.#upSince);
    this.#fault = undefined;
    this.#parts.logger.info('The session with the gateway is up.', { serverVersion, accounts: accounts.length });
    this.#gate.open(connection);
    this.#heartbeat.start();
    if (this.#upstream.isLost) this.#upstreamLost('The gateway has no line to IB.');
    else this.#setState('up', '', '');
    this.#users.tell('onUp', (user) => user.onUp());
    this.#users.settle();
  }

  #lost(fault: ConnectionFault): void {
    this.#fault = fault;
    this.#leaveUp();
    this.#tellDown();
  }

  /** What waits is purged, then whoever waits for an answer is told that none will come. */
  #leaveUp(): void {
    const wasUp = this.#upSince !== undefined;
    this.#upSince = undefined;
    this.#heartbeat.stop();
    this.#farms.clear();
    this.#upstream.back();
    this.#gate.close();
    if (wasUp) this.#hub.emit('disconnected', []);
  }

  /** Says why there is no session, and says it anew when a planned window begins or ends. */
  #tellDown(): void {
    const { clock } = this.#parts;
    const now = clock.nowUtc();
    const window = this.#restarts.at(now);
    const { code, message } = this.#fault ?? { code: '', message: '' };
    if (window !== undefined) {
      const what = window.kind === 'restart' ? 'restarts' : 'waits for its weekly login';
      const until = new Date(window.until).toISOString();
      this.#setState(
        'planned-outage',
        'IBKR_PLANNED_OUTAGE',
        `The gateway ${what}, until ${until}. ${message}`.trimEnd(),
      );
    } else {
      this.#setState(
        code === 'IBKR_SERVER_VERSION' || code === 'IBKR_LIBRARY' ? 'failed' : 'disconnected',
        code,
        message,
      );
    }
    this.#stopWindow();
    const change = this.#restarts.nextChange(now);
    if (change !== Number.POSITIVE_INFINITY) this.#stopWindow = clock.callAt(change, () => this.#tellDown());
  }

  #hear(news: ConnectivityNews, text: string): void {
    switch (news.kind) {
      case 'upstream-lost':
        return this.#upstreamLost(text);
      case 'upstream-back':
        return this.#upstreamBack(news.isDataLost);
      case 'farm':
        if (news.isConnected) this.#upstream.farmConnected();
        else if (news.farm.isBroken) this.#upstream.farmBroken();
        if (!this.#farms.changes(news.farm)) return;
        return this.#users.tell('onFarm', (user) => user.onFarm(news.farm));
      case 'port-moved':
        return this.#portMoved(news.port, text);
    }
  }

  #upstreamBack(isDataLost: boolean): void {
    const wasUp = this.#state === 'up' || this.#state === 'upstream-lost';
    this.#upstream.back();
    if (!wasUp) return;
    this.#setState('up', '', '');
    this.#users.tell('onUpstream', (user) => user.onUpstream(isDataLost));
  }

  #upstreamLost(text: string): void {
    this.#upstream.lost();
    if (this.#upSince !== undefined) this.#setState('upstream-lost', 'IBKR_UPSTREAM_LOST', text);
  }

  #portMoved(port: number | undefined, text: string): void {
    if (port !== undefined) this.#line.moveTo(port);
    this.#users.tell('onAlarm', (user) => user.onAlarm?.('IBKR_PORT_MOVED', text));
    this.#line.abandon('IBKR_PORT_MOVED', text);
  }

  #tellBrokenFarms(user: GatewayUser): void {
    for (const farm of this.#farms.broken) this.#hub.guard(user.name, () => user.onFarm(farm));
  }

  #giveUp(user: GatewayUser): void {
    const { code, message } = this.#fault ?? {
      code: 'IBKR_UNREACHABLE' as const,
      message: 'The gateway has not answered.',
    };
    this.#users.remove(user, () => ibkrError(code, message));
    if (this.#users.count === 0) void this.#close();
  }

  async #close(): Promise<void> {
    this.#stopWindow();
    this.#leaveUp();
    this.#fault = undefined;
    this.#state = 'closed';
    await this.#line.stop();
  }

  #setState(state: GatewayState, code: string, message: string): void {
    if (state === this.#state && code === this.#code && message === this.#message) return;
    this.#state = state;
    this.#code = code;
    this.#message = message;
    this.#users.tellState(state, code, message);
  }
}
