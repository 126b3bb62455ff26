import { SECOND_MS } from '@bookrunner/sdk';
import type { Clock } from '@bookrunner/sdk';
import type { ClientRequest } from '../../wire/requests.js';
import { sendError } from '../client-directory.js';
import type { GatewayClient } from '../gateway-model.js';
import type { ContractRegister } from '../instruments/contract-register.js';
import type { KnobSettings } from '../knob-settings.js';
import type { Market } from '../market/market.js';
import type { MarketChange, MarketPlace } from '../market/market-place.js';
import type { SimulatorSettings } from '../simulator-options.js';
import { dayText, instantText, timeText } from '../wall-clock.js';
import { barCount, barsOf, currentBar, HISTORY_BEGIN, startOf } from './bar-series.js';
import type { BarQuery } from './bar-series.js';
import { ticksMessage, ticksOf } from './historical-ticks.js';
import { HistoryPacing } from './history-pacing.js';
import { readBarRequest, readTickRequest, seriesName, serviceError } from './history-request.js';
import type { BarRequest, HistoryFault, TickRequest } from './history-request.js';

interface Parts {
  readonly clock: Clock;
  readonly settings: SimulatorSettings;
  readonly knobs: KnobSettings;
  readonly contracts: ContractRegister;
  readonly markets: MarketPlace;
}

/** A request that is not answered yet, or that is kept up to date. */
interface OpenQuery {
  readonly client: GatewayClient;
  readonly requestId: number;
  readonly market: Market;
  readonly query: BarQuery | undefined;
  stop(): void;
}

/** More bars than this are too many for one request. */
const MOST_BARS = 50_000;
/** Bars up to this size, and ticks, are paced. */
const PACED_MS = 30 * SECOND_MS;

/** History: bars, ticks, the bar of now, and how often one may ask. */
export class HistoryDesk {
  readonly #parts: Parts;
  readonly #pacing = new HistoryPacing();
  readonly #open: OpenQuery[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.markets.listenData((change) => this.#onMarket(change));
  }

  bars(client: GatewayClient, request: BarRequest): void {
    const { clock, contracts, markets, settings } = this.#parts;
    const now = clock.nowUtc();
    const answer = contracts.resolve(request.contract, now);
    if (answer.kind !== 'found') return refuse(client, request.requestId, { code: 200, message: answer.message });
    const { instrument } = answer;
    const query = readBarRequest(request, { instrument, now, timeZone: settings.timeZone });
    if ('code' in query) return refuse(client, request.requestId, query);
    const isSmall = query.size.kind === 'intraday' && query.size.ms <= PACED_MS;
    const fault = this.#hindrance(request, { isSmall, series: seriesName(request, instrument) });
    if (fault !== undefined) return refuse(client, request.requestId, fault);
    const market = markets.of(instrument);
    const missing = serviceError(`HMDS query returned no data: ${seriesName(request, instrument)}`);
    this.#later(client, { requestId: request.requestId, market, query }, () => {
      if (!this.#answerBars(client, { request, market, query, missing }) || !request.keepUpToDate) return;
      this.#open.push({ client, requestId: request.requestId, market, query, stop: () => undefined });
    });
  }

  ticks(client: GatewayClient, request: TickRequest): void {
    const { clock, contracts, markets, settings } = this.#parts;
    const now = clock.nowUtc();
    const { requestId } = request;
    const answer = contracts.resolve(request.contract, now);
    if (answer.kind !== 'found') return refuse(client, requestId, { code: 200, message: answer.message });
    const query = readTickRequest(request, { instrument: answer.instrument, timeZone: settings.timeZone });
    if ('code' in query) return refuse(client, requestId, query);
    const fault = this.#hindrance(request, { isSmall: true, series: seriesName(request, answer.instrument) });
    if (fault !== undefined) return refuse(client, requestId, fault);
    const market = markets.of(answer.instrument);
    this.#later(client, { requestId, market, query: undefined }, () => {
      client.send(ticksMessage(requestId, market, { kind: query.kind, ticks: ticksOf(market, query, clock.nowUtc()) }));
    });
  }

  headTimestamp(
    client: GatewayClient,
    request: Extract<ClientRequest, { readonly kind: 'requestHeadTimestamp' }>,
  ): void {
    const { requestId, contract, formatDate } = request;
    const answer = this.#parts.contracts.resolve(contract, this.#parts.clock.nowUtc());
    if (answer.kind !== 'found') return refuse(client, requestId, { code: 200, message: answer.message });
    const text = `${dayText(HISTORY_BEGIN, 'UTC')}-${timeText(HISTORY_BEGIN, 'UTC')}`;
    client.send({
      kind: 'headTimestamp',
      requestId,
      timestamp: formatDate === 2 ? String(HISTORY_BEGIN / SECOND_MS) : text,
    });
  }

  cancel(client: GatewayClient, requestId: number): void {
    const found = this.#open.find((item) => item.client === client && item.requestId === requestId);
    if (found === undefined) {
      return refuse(client, requestId, {
        code: 366,
        message: `No historical data query found for ticker id:${requestId}`,
      });
    }
    this.#close(found);
    refuse(client, requestId, serviceError(`API historical data query cancelled: ${requestId}`));
  }

  disconnect(client: GatewayClient): void {
    for (const item of this.#open.filter((open) => open.client === client)) this.#close(item);
  }

  /** Requests kept up to date stop without a word, as after 1102 and flaps of the data farm; new ones work. */
  silenceUpdates(): void {
    for (const item of this.#open.filter(({ query }) => query !== undefined)) this.#close(item);
  }

  /** Requests kept up to date stop, each with its 10182. */
  failUpdates(): void {
    for (const item of this.#open.filter(({ query }) => query !== undefined)) {
      this.#close(item);
      refuse(item.client, item.requestId, { code: 10182, message: 'Failed to request live updates (disconnected).' });
    }
  }

  #answerBars(
    client: GatewayClient,
    asked: {
      readonly request: BarRequest;
      readonly market: Market;
      readonly query: BarQuery;
      readonly missing: HistoryFault;
    },
  ): boolean {
    const { request, market, query, missing } = asked;
    const { requestId } = request;
    if (barCount(market, query) > MOST_BARS) {
      refuse(client, requestId, serviceError('Time length exceed max.'));
      return false;
    }
    const bars = barsOf(market, query);
    if (bars.length === 0) {
      refuse(client, requestId, missing);
      return false;
    }
    const text = (ts: number): string => instantText(ts, query.timeZone);
    client.send({ kind: 'historicalData', requestId, start: text(startOf(market, query)), end: text(query.end), bars });
    return true;
  }

  /** Answers now, or after the time that history takes here; until then it can be cancelled. */
  #later(client: GatewayClient, item: Pick<OpenQuery, 'requestId' | 'market' | 'query'>, answer: () => void): void {
    const { clock, settings } = this.#parts;
    if (settings.historyMs === 0) return answer();
    const open: OpenQuery = {
      ...item,
      client,
      query: undefined,
      stop: clock.callAt(clock.nowUtc() + settings.historyMs, () => {
        this.#close(open);
        answer();
      }),
    };
    this.#open.push(open);
  }

  #hindrance(
    request: BarRequest | TickRequest,
    { isSmall, series }: { readonly isSmall: boolean; readonly series: string },
  ): HistoryFault | undefined {
    const { clock, settings, knobs } = this.#parts;
    const failure = knobs.historyErrors.shift();
    if (failure !== undefined) return failure;
    if (settings.historyPacing === 'off' || (settings.historyPacing === 'small-bars' && !isSmall)) return undefined;
    const identity = JSON.stringify({ ...request, requestId: 0 });
    const weight = request.whatToShow === 'BID_ASK' ? 2 : 1;
    const isViolation = this.#pacing.isViolation({ identity, series, weight }, clock.nowUtc());
    return isViolation ? serviceError('Historical data request pacing violation') : undefined;
  }

  #onMarket({ market }: MarketChange): void {
    for (const { client, requestId, query, market: of } of this.#open) {
      if (of !== market || query === undefined) continue;
      const bar = currentBar(market, { ...query, end: this.#parts.clock.nowUtc() + 1 });
      if (bar !== undefined) client.send({ kind: 'historicalDataUpdate', requestId, bar });
    }
  }

  #close(item: OpenQuery): void {
    item.stop();
    const at = this.#open.indexOf(item);
    if (at >= 0) this.#open.splice(at, 1);
  }
}

function refuse(client: GatewayClient, id: number, { code, message }: HistoryFault): void {
  sendError(client, { id, code, message });
}
