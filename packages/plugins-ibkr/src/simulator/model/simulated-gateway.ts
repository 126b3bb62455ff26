import { SystemClock } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import { checkCall } from '../calls/check-call.js';
import { GATEWAY_CALLS } from '../calls/gateway-calls.js';
import { given } from '../calls/values.js';
import type { ClientRequest } from '../wire/requests.js';
import { readTruth } from './broker-truth.js';
import type { BrokerTruth } from './broker-truth.js';
import type { ContractRegister } from './instruments/contract-register.js';
import { assembleGateway } from './gateway-parts.js';
import type { GatewayParts } from './gateway-parts.js';
import type { GatewayClient, GatewayModel, SessionRequest } from './gateway-model.js';
import type { HaltState, QuoteChange } from './market/market.js';
import { ModelKnobs } from './model-knobs.js';
import type { MarketTick } from './market/price-walk.js';
import { requestRoutes } from './request-routes.js';
import type { RequestRoutes } from './request-routes.js';
import { StoppableClock } from './stoppable-clock.js';
import { completeOptions } from './simulator-options.js';
import type { SimulatorOptions, SimulatorSettings } from './simulator-options.js';

/**
 * A TWS or IB Gateway without its wire: contracts, markets, orders and accounts. Deterministic: the same options, the same clock and
 * the same requests give the same messages.
 */
export class SimulatedGateway implements GatewayModel {
  readonly settings: SimulatorSettings;
  /** What makes the gateway behave as the real one does at its worst. */
  readonly knobs: ModelKnobs;
  readonly #clock: StoppableClock;
  readonly #parts: GatewayParts;
  readonly #routes: RequestRoutes;

  constructor(options: SimulatorOptions = {}, clock: Clock = new SystemClock()) {
    this.settings = completeOptions(options);
    this.#clock = new StoppableClock(clock);
    this.#parts = assembleGateway(this.settings, this.#clock);
    this.knobs = new ModelKnobs(this.#parts);
    this.#routes = requestRoutes(this.#parts);
  }

  get accounts(): readonly string[] {
    return this.#parts.accounts.ids;
  }

  /** All that is listed, and how to find it. */
  get contracts(): ContractRegister {
    return this.#parts.contracts;
  }

  nextOrderId(clientId: number): number {
    return this.#parts.register.nextId(clientId);
  }

  rollBackOrderIds(clientId: number, count: number): void {
    const { register } = this.#parts;
    register.setNextId(clientId, Math.max(1, register.nextId(clientId) - count));
  }

  connect(client: GatewayClient): void {
    this.#parts.clients.connect(client);
    if (this.settings.pushOpenOrders) this.pushOpenOrders(client);
  }

  disconnect(client: GatewayClient): void {
    const { clients, marketData, tickByTick, depth, fiveSeconds, history } = this.#parts;
    const { positions, summaries, accountUpdates, accountMulti, pnl } = this.#parts;
    clients.disconnect(client);
    for (const desk of [marketData, tickByTick, depth, fiveSeconds, history]) desk.disconnect(client);
    for (const desk of [positions, summaries, accountMulti, pnl]) desk.disconnect(client);
    accountUpdates.cancel(client);
  }

  handle(client: GatewayClient, request: Exclude<ClientRequest, { readonly kind: SessionRequest }>): void {
    const handler = this.#routes[request.kind] as (client: GatewayClient, request: ClientRequest) => void;
    handler(client, request);
  }

  /** Tells a client its open orders without being asked and without an end, as a gateway does to one that came back. */
  pushOpenOrders(client: GatewayClient): void {
    this.#parts.queries.pushOpenOrders(client);
  }

  /** Sets a market's quote by hand; instruments are named by conId, local symbol (`EUR.USD`) or symbol. */
  quote(name: number | string, change: QuoteChange): void {
    checkCall('model.quote', GATEWAY_CALLS.quote, [name, change]);
    this.#parts.markets.quote(name, given(change));
  }

  /** A market as it stands: quote and last trade. */
  quoteOf(name: number | string): MarketTick {
    checkCall('model.quoteOf', GATEWAY_CALLS.quoteOf, [name]);
    return this.#parts.markets.named(name).now;
  }

  /** A trade in a market, inside or outside its quote. */
  trade(name: number | string, price: number, size: number): void {
    checkCall('model.trade', GATEWAY_CALLS.trade, [name, price, size]);
    this.#parts.markets.trade(name, price, size);
  }

  /** Halts a market, or lets it go on. */
  halt(name: number | string, state: HaltState): void {
    checkCall('model.halt', GATEWAY_CALLS.halt, [name, state]);
    this.#parts.markets.halt(name, state);
  }

  /** Ends prices set by hand: the random walk goes on. */
  letWalk(name: number | string): void {
    checkCall('model.letWalk', GATEWAY_CALLS.letWalk, [name]);
    this.#parts.markets.letWalk(name);
  }

  /** Everything, as it really is. */
  truth(): BrokerTruth {
    return readTruth(this.#parts);
  }

  /** Nothing more happens by the clock: no ticks, no expiries. */
  close(): void {
    this.#clock.stop();
  }
}
