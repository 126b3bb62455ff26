import type { Clock } from '@bookrunner/sdk';
import type { ClientRequest } from '../../wire/requests.js';
import { sendError } from '../client-directory.js';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { InstrumentDefinition } from '../instruments/instrument-definition.js';
import type { GatewayClient } from '../gateway-model.js';
import type { KnobSettings } from '../knob-settings.js';
import type { DataPermission, SimulatorSettings } from '../simulator-options.js';
import type { MarketChange, MarketPlace } from './market-place.js';
import { QuoteStream } from './quote-stream.js';
import type { MarketDataType } from './quote-stream.js';

type Request = Extract<ClientRequest, { readonly kind: 'requestMarketData' }>;

interface Parts {
  readonly clock: Clock;
  readonly settings: SimulatorSettings;
  readonly knobs: KnobSettings;
  readonly contracts: ContractRegister;
  readonly markets: MarketPlace;
}

/** Top-of-book subscriptions, and what the login may see. Delayed data comes under its own tick types, but without the delay. */
export class MarketDataDesk {
  readonly #parts: Parts;
  readonly #streams: QuoteStream[] = [];
  readonly #wantedTypes = new WeakMap<GatewayClient, MarketDataType>();
  readonly #permissions = new Map<number, DataPermission>();
  #isCompeting = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.markets.listenData((change) => this.#onMarket(change));
  }

  /** What a client wants of the types of data; its later subscriptions are asked for with it. */
  want(client: GatewayClient, type: number): void {
    if (type >= 1 && type <= 4) this.#wantedTypes.set(client, type as MarketDataType);
  }

  subscribe(client: GatewayClient, request: Request): void {
    const { clock, contracts, markets, settings } = this.#parts;
    const { requestId, contract, genericTicks, snapshot } = request;
    const refuse = (code: number, message: string): void => sendError(client, { id: requestId, code, message });
    const failure = this.#parts.knobs.dataErrors.shift();
    if (failure !== undefined) return refuse(failure.code, failure.message);
    if (this.#find(client, requestId) !== undefined) return refuse(102, 'Duplicate ticker ID.');
    if (this.#streams.length >= settings.marketDataLines) return refuse(101, 'Max number of tickers has been reached.');
    const answer = contracts.resolve(contract, clock.nowUtc());
    if (answer.kind !== 'found') return refuse(200, answer.message);
    const { instrument } = answer;
    if (instrument.secType === 'CFD') {
      return client.send({
        kind: 'rerouteMarketData',
        requestId,
        conId: instrument.underlying ?? 0,
        exchange: 'SMART',
      });
    }
    const type = this.#grant(client, requestId, instrument);
    if (type === undefined) return;
    const underlying = contracts.byId(instrument.underlying ?? 0);
    const terms = {
      requestId,
      genericTicks,
      isSnapshot: snapshot,
      underlying: underlying === undefined ? undefined : markets.of(underlying),
    };
    const stream = new QuoteStream(client, markets.of(instrument), { terms, type });
    if (!snapshot) this.#streams.push(stream);
    if (this.#isCompeting) return refuse(...COMPETING);
    stream.begin(clock.nowUtc());
  }

  cancel(client: GatewayClient, requestId: number): void {
    const stream = this.#find(client, requestId);
    if (stream !== undefined) this.#streams.splice(this.#streams.indexOf(stream), 1);
    else sendError(client, { id: requestId, code: 300, message: `Can't find EId with tickerId:${requestId}` });
  }

  disconnect(client: GatewayClient): void {
    for (const stream of this.#streams.filter((item) => item.client === client)) {
      this.#streams.splice(this.#streams.indexOf(stream), 1);
    }
  }

  /** Another live session takes the login's data, or gives it back. */
  compete(isCompeting: boolean): void {
    this.#isCompeting = isCompeting;
    for (const stream of this.#streams) {
      const [code, message] = COMPETING;
      if (isCompeting) sendError(stream.client, { id: stream.terms.requestId, code, message });
      else stream.begin(this.#parts.clock.nowUtc());
    }
  }

  /** All subscriptions are lost without a word, as after a 1101. */
  dropAll(): void {
    this.#streams.length = 0;
  }

  /** Changes what the login may see; running subscriptions switch by themselves, or end with 354. */
  permit(instrument: InstrumentDefinition, permission: DataPermission): void {
    this.#permissions.set(instrument.conId, permission);
    for (const stream of this.#streams.filter(({ market }) => market.instrument.conId === instrument.conId)) {
      if (permission !== 'none') stream.switchTo(permission === 'live' ? 1 : 3, this.#parts.clock.nowUtc());
      else {
        this.cancel(stream.client, stream.terms.requestId);
        sendError(stream.client, { id: stream.terms.requestId, ...NOT_SUBSCRIBED });
      }
    }
  }

  /** What the login may see of an instrument. */
  permissionOf({ conId, symbol, localSymbol = symbol }: InstrumentDefinition): DataPermission {
    const { dataPermissions, dataPermission } = this.#parts.settings;
    const named = dataPermissions[conId] ?? dataPermissions[localSymbol] ?? dataPermissions[symbol];
    return this.#permissions.get(conId) ?? named ?? dataPermission;
  }

  /** The type granted; undefined where there is no data for the client. */
  #grant(client: GatewayClient, id: number, instrument: InstrumentDefinition): MarketDataType | undefined {
    const wanted = this.#wantedTypes.get(client) ?? 1;
    const permission = this.permissionOf(instrument);
    const isClosed = !this.#parts.contracts.hours(instrument).isTrading(this.#parts.clock.nowUtc());
    if (permission === 'live') return isClosed && wanted % 2 === 0 ? 2 : 1;
    if (permission === 'none') {
      sendError(client, { id, ...NOT_SUBSCRIBED });
      return undefined;
    }
    if (wanted < 3) {
      sendError(client, {
        id,
        code: 10168,
        message: 'Requested market data is not subscribed. Delayed market data is not enabled.',
      });
      return undefined;
    }
    sendError(client, {
      id,
      code: 10167,
      message: 'Requested market data is not subscribed. Displaying delayed market data.',
    });
    return isClosed && wanted === 4 ? 4 : 3;
  }

  #onMarket({ market, tick, hasTrade, hasHalt = false }: MarketChange): void {
    if (this.#isCompeting) return;
    const now = this.#parts.clock.nowUtc();
    for (const stream of this.#streams) {
      if (stream.market !== market) continue;
      if (hasHalt) stream.tellHalt();
      stream.tell(tick, now);
      if (hasTrade) stream.tellTrade(tick, now);
    }
  }

  #find(client: GatewayClient, requestId: number): QuoteStream | undefined {
    return this.#streams.find((stream) => stream.client === client && stream.terms.requestId === requestId);
  }
}

const NOT_SUBSCRIBED = { code: 354, message: 'Requested market data is not subscribed.' };
const COMPETING = [10197, 'No market data during competing live session'] as const;
