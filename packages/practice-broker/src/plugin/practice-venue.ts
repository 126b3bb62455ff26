import type {
  AccountState,
  CancelOutcome,
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
} from '@bookrunner/sdk';
import { practiceError } from '../practice-errors.js';
import type { Message } from '../wire/line-codec.js';
import type { PracticeVenueOptions } from './practice-options.js';
import { ReconnectingSession } from './reconnecting-session.js';
import type { SessionState } from './reconnecting-session.js';

/** What the broker can do. */
export const PRACTICE_VENUE_CAPABILITIES: VenueCapabilities = Object.freeze({
  orderTypes: Object.freeze(['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'] as const),
  timeInForce: Object.freeze(['DAY', 'GTC', 'IOC', 'FOK', 'GTD'] as const),
  oco: true,
  bracket: true,
  replace: true,
  shortSale: true,
});

/** The same where the broker's account is settled on margin. */
export const PRACTICE_MARGIN_CAPABILITIES: VenueCapabilities = Object.freeze({
  ...PRACTICE_VENUE_CAPABILITIES,
  marginSettled: true,
});

/** Orders to the practice broker over one connection. Reports are passed on as they come, repeated ones too. */
export class PracticeVenue implements Venue {
  readonly capabilities: VenueCapabilities;
  readonly #context: PluginContext<PracticeVenueOptions>;
  readonly #session: ReconnectingSession;
  /** Of this process; what one before it sent, the broker knows and rejects. */
  readonly #sentIds = new Set<string>();
  #sink: VenueSink | undefined;
  #lastTs = 0;

  constructor(context: PluginContext<PracticeVenueOptions>, capabilities = PRACTICE_VENUE_CAPABILITIES) {
    this.#context = context;
    this.capabilities = capabilities;
    const { options, clock, logger } = context;
    this.#session = new ReconnectingSession({
      ...{ options, clock, logger },
      login: { role: 'venue', account: options.account },
      onEvent: (event) => this.#receive(event),
      onDamaged: () => logger.warn('The broker sent a line that cannot be read.'),
      onState: (state, reason, message) => this.#tellState(state, reason, message),
    });
  }

  /** Errors: PRACTICE_UNREACHABLE, PRACTICE_NO_ANSWER, PRACTICE_LOGIN_REFUSED. */
  async open(sink: VenueSink): Promise<void> {
    this.#sink = sink;
    await this.#session.open();
  }

  accountIds(): readonly string[] {
    return [this.#context.options.account];
  }

  close(): Promise<void> {
    this.#sink = undefined;
    this.#session.close();
    return Promise.resolve();
  }

  async submit(group: readonly Order[]): Promise<SubmitOutcome> {
    const again = group.find((order) => this.#sentIds.has(order.clientOrderId));
    if (again !== undefined) {
      this.#context.logger.error('An order was about to be sent twice.', { clientOrderId: again.clientOrderId });
      return { kind: 'refused', reason: 'PRACTICE_DUPLICATE', message: `'${again.clientOrderId}' was sent before.` };
    }
    for (const order of group) this.#sentIds.add(order.clientOrderId);
    const outcome = await this.#send('submit', { orders: group });
    if (outcome.kind === 'refused') for (const order of group) this.#sentIds.delete(order.clientOrderId);
    return outcome;
  }

  cancel({ clientOrderId, symbol, venueOrderId }: OrderRef): Promise<CancelOutcome> {
    return this.#send('cancel', { clientOrderId, symbol, ...(venueOrderId !== undefined && { venueOrderId }) });
  }

  replace({ clientOrderId, symbol }: OrderRef, change: OrderChange): Promise<CancelOutcome> {
    return this.#send('replace', { clientOrderId, symbol, change });
  }

  /** Errors: PRACTICE_DISCONNECTED, PRACTICE_NO_ANSWER, PRACTICE_DECLINED. */
  async snapshot(): Promise<VenueSnapshot> {
    const outcome = await this.#session.request('snapshot');
    switch (outcome.kind) {
      case 'answered':
        return outcome.value['snapshot'] as VenueSnapshot;
      case 'declined':
        throw practiceError('PRACTICE_DECLINED', `${outcome.reason}: ${outcome.message}`);
      case 'not-written':
        throw practiceError('PRACTICE_DISCONNECTED', outcome.message);
      case 'unknown':
        throw practiceError('PRACTICE_NO_ANSWER', outcome.message);
    }
  }

  async #send(op: string, fields: Message): Promise<SubmitOutcome> {
    const outcome = await this.#session.request(op, fields);
    switch (outcome.kind) {
      case 'answered':
        return { kind: 'sent' };
      case 'not-written':
        return { kind: 'refused', reason: 'PRACTICE_DISCONNECTED', message: outcome.message };
      // It did reach the wire, so it is no refusal, whatever the broker says of it.
      case 'declined':
        return { kind: 'unknown', reason: 'PRACTICE_DECLINED', message: `${outcome.reason}: ${outcome.message}` };
      case 'unknown':
        return { kind: 'unknown', reason: 'PRACTICE_NO_ANSWER', message: outcome.message };
    }
  }

  #receive(event: Message): void {
    if (this.#sink === undefined) return;
    if (event['event'] === 'account') this.#receiveAccount(event['account'] as AccountState, this.#sink);
    if (event['event'] !== 'report') return;
    // Kernel time is when a fact became available; the broker's own time stays in the fill.
    this.#sink.report({ ...(event['report'] as VenueReport), ts: this.#now() });
  }

  /** It was made when it was sent: what the broker's clock said then. */
  #receiveAccount(account: AccountState, sink: VenueSink): void {
    sink.heartbeat({ ts: account.ts, source: this.#context.name, ok: true, latencyMs: Number.NaN });
    sink.account({ ...account, ts: this.#now() });
  }

  #tellState(state: SessionState, reason: string, message: string): void {
    this.#sink?.status({ ts: this.#now(), venue: this.#context.name, state, reason, message });
  }

  /** Never backwards, even where the machine's clock is set. */
  #now(): number {
    this.#lastTs = Math.max(this.#lastTs, this.#context.clock.nowUtc());
    return this.#lastTs;
  }
}
