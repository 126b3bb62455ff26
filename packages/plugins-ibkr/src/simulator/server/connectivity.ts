// The gateway's line to IB: what it says when the line or a farm breaks, and which data stops.
import { checkCall } from '../calls/check-call.js';
import { CONNECTIVITY_CALLS } from '../calls/fault-calls.js';
import type { ServerMessage } from '../wire/messages.js';
import type { ClientRequest } from '../wire/requests.js';
import { farmOf } from './subscriptions.js';
import type { DataFarm, Subscriptions } from './subscriptions.js';

/** A group of IB's servers: what it is for, and the codes that say it is broken, whole, and whole but asleep. */
const FARMS = {
  'market-data': { broken: 2103, ok: 2104, what: 'Market data farm' },
  history: { broken: 2105, ok: 2106, what: 'HMDS data farm' },
  contracts: { broken: 2157, ok: 2158, what: 'Sec-def data farm' },
} as const;

/** Name of a group of farms. */
export type FarmKind = keyof typeof FARMS;

/** A client as connectivity sees it. */
export interface ConnectedParty {
  readonly subscriptions: Subscriptions;
  /** Says something that faults do not touch. */
  say(message: ServerMessage): void;
}

const UPSTREAM_TEXTS = {
  1100: 'Connectivity between IBKR and Trader Workstation has been lost.',
  1101: 'Connectivity between IBKR and Trader Workstation has been restored - data lost.',
  1102: 'Connectivity between IBKR and Trader Workstation has been restored - data maintained.',
  2110: 'Connectivity between Trader Workstation and server is broken. It will be restored automatically.',
} as const;

/** State of the lines behind the gateway. Orders and reports are the model's and pass; only data stops here. */
export class Connectivity {
  readonly #parties: () => Iterable<ConnectedParty>;
  /** Names by kind: data of a kind comes again once all of its farms are whole. */
  readonly #broken = new Map<FarmKind, Set<string>>();
  #isUpstreamLost = false;
  #isCompeting = false;

  constructor(parties: () => Iterable<ConnectedParty>) {
    this.#parties = parties;
  }

  get isUpstreamLost(): boolean {
    return this.#isUpstreamLost;
  }

  /** 1100 or 2110, said so many times: data stops, connections stay. */
  loseUpstream(options: { readonly code?: 1100 | 2110; readonly repeats?: number } = {}): void {
    checkCall('faults.connectivity.loseUpstream', CONNECTIVITY_CALLS.loseUpstream, [options]);
    const { code = 1100, repeats = 1 } = options;
    this.#isUpstreamLost = true;
    for (let time = 0; time < repeats; time += 1) this.announce(code, UPSTREAM_TEXTS[code]);
  }

  /** 1101 where data was lost: every subscription is dead. 1102 where it was kept: but the bars are dead, as they are in practice. */
  restoreUpstream(options: { readonly isDataLost?: boolean } = {}): void {
    checkCall('faults.connectivity.restoreUpstream', CONNECTIVITY_CALLS.restoreUpstream, [options]);
    const code = options.isDataLost === true ? 1101 : 1102;
    this.#isUpstreamLost = false;
    for (const { subscriptions } of this.#parties()) subscriptions.kill(code === 1101 ? 'all' : 'bars');
    this.announce(code, UPSTREAM_TEXTS[code]);
  }

  /** A farm breaks: its data stops without another word. */
  breakFarm(kind: FarmKind, name: string): void {
    checkCall('faults.connectivity.breakFarm', CONNECTIVITY_CALLS.breakFarm, [kind, name]);
    this.#broken.set(kind, (this.#broken.get(kind) ?? new Set()).add(name));
    this.announce(FARMS[kind].broken, `${FARMS[kind].what} connection is broken:${name}`);
  }

  /** The farm is whole again; ticks go on, bars are dead until they are asked for anew. */
  mendFarm(kind: FarmKind, name: string): void {
    checkCall('faults.connectivity.mendFarm', CONNECTIVITY_CALLS.mendFarm, [kind, name]);
    this.#broken.get(kind)?.delete(name);
    for (const { subscriptions } of this.#parties()) subscriptions.kill('bars');
    this.announce(FARMS[kind].ok, `${FARMS[kind].what} connection is OK:${name}`);
  }

  /** Another session of the login takes the market data: 10197 for each ticker, and none of its data. */
  startCompeting(): void {
    this.#isCompeting = true;
    for (const party of this.#parties()) for (const id of party.subscriptions.tickers) party.say(competing(id));
  }

  /** The other session is gone; data comes again. */
  stopCompeting(): void {
    this.#isCompeting = false;
  }

  /** Everything works again, and nothing is said of it. */
  reset(): void {
    this.#broken.clear();
    this.#isUpstreamLost = false;
    this.#isCompeting = false;
  }

  /** Says a code to every client, as the gateway says what concerns no request. */
  announce(code: number, message: string): void {
    checkCall('faults.connectivity.announce', CONNECTIVITY_CALLS.announce, [code, message]);
    for (const party of this.#parties()) party.say({ kind: 'error', id: -1, code, message });
  }

  /** After a request was handed to the model. */
  afterRequest(party: ConnectedParty, request: ClientRequest): void {
    if (this.#isCompeting && (request.kind === 'requestMarketData' || request.kind === 'requestTickByTick'))
      party.say(competing(request.requestId));
  }

  #isBroken(farm: DataFarm): boolean {
    return (this.#broken.get(farm)?.size ?? 0) > 0;
  }

  /** Whether this message does not come through now. */
  stops(subscriptions: Subscriptions, message: ServerMessage): boolean {
    const farm: DataFarm | undefined = farmOf(message.kind);
    if (farm === undefined) return false;
    if (this.#isUpstreamLost || this.#isBroken(farm) || subscriptions.isDead(message)) return true;
    return this.#isCompeting && farm === 'market-data';
  }
}

function competing(requestId: number): ServerMessage {
  return { kind: 'error', id: requestId, code: 10_197, message: 'No market data during competing live session' };
}
