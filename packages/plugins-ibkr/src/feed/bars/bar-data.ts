// Subscriptions of ready bars: asked for under the limits of history, asked for again whenever they may have died.
import type { BarSpec, Clock, FeedSink, Logger } from '@bookrunner/sdk';
import type { WhatToShow } from '@stoqey/ib';
import type { QualifiedContract } from '../../contracts/qualified-contract.js';
import { TWS_EVENT } from '../../contracts/tws-names.js';
import type { Farm, Gateway } from '../../session/gateway.js';
import { dataVerdict, type DataVerdict, farmCarries } from '../data-codes.js';
import type { FeedReporter } from '../feed-reporter.js';
import type { FeedData } from '../gateway-feed.js';
import { whatToShow } from '../history/bar-sizes.js';
import { HistoryPacer } from '../history/history-pacer.js';
import { usesRegularHours } from '../history/ibkr-history.js';
import type { IbkrBarFeedOptions } from './bar-feed-options.js';
import { BAR_SECONDS, BarLine } from './bar-line.js';

/** A subscription that ended by itself is asked for again after this time, should no farm say that it is well. */
const RENEW_MS = 15_000;

/** What {@link BarData} is made of. */
export interface BarDataParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: IbkrBarFeedOptions;
  readonly reporter: FeedReporter;
}

/** Open, high, low, close, volume, average, count. */
type BarValues = readonly (number | undefined)[];

interface BrokenFarm {
  readonly name: string;
  readonly lines: Set<BarLine>;
}

/** Bars of five seconds, as IB makes them of all its trades or quotes. */
export class BarData implements FeedData {
  readonly #parts: BarDataParts;
  readonly #spec: BarSpec;
  readonly #lines = new Map<string, BarLine>();
  readonly #requests = new Map<number, BarLine>();
  readonly #stops: (() => void)[] = [];
  /** Of what is asked for on the present connection. */
  #abort = new AbortController();
  /** Farms that are broken, by kind and name, with the lines to ask for again when they are whole. */
  readonly #broken = new Map<string, BrokenFarm>();
  readonly #renewals = new Map<BarLine, () => void>();

  constructor(parts: BarDataParts) {
    this.#parts = parts;
    this.#spec = Object.freeze({ use: 'time', options: { seconds: BAR_SECONDS, price: parts.options.price } });
  }

  open(): void {
    const { gateway } = this.#parts;
    this.#stops.push(
      gateway.on(TWS_EVENT.realtimeBar, (id: number, seconds: number, ...values: BarValues) => {
        const [open, high, low, close, volume, average, count] = values;
        this.#requests.get(id)?.live({ seconds, open, high, low, close, volume, average, count });
      }),
      gateway.on(TWS_EVENT.error, (error: Error, code: number, id: number) => {
        const line = this.#requests.get(id);
        if (line !== undefined) this.#onVerdict(line, dataVerdict(code, error.message));
      }),
    );
  }

  close(): void {
    for (const line of this.#lines.values()) this.#cancel(line);
    this.onDown();
    this.#lines.clear();
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Errors: IBKR_HISTORY_NOT_AVAILABLE where the contract has no bars of the price. */
  add(contract: QualifiedContract, sink: FeedSink): void {
    const { symbol } = contract.instrument;
    const shown = whatToShow(this.#spec, contract.secType);
    const known = this.#lines.get(symbol);
    const line = known ?? new BarLine(contract, this.#parts.reporter, this.#spec);
    if (line.sinks.includes(sink)) return;
    line.sinks = [...line.sinks, sink];
    this.#lines.set(symbol, line);
    if (known !== undefined) return this.#parts.reporter.tellTo(sink, line);
    this.#request(line, shown);
    for (const farm of this.#broken.values()) this.#break(farm, [line]);
  }

  remove(symbol: string, sink: FeedSink): void {
    const line = this.#lines.get(symbol);
    if (line === undefined) return;
    line.sinks = line.sinks.filter((other) => other !== sink);
    if (line.sinks.length > 0) return;
    this.#lines.delete(symbol);
    this.#forget(line);
    this.#cancel(line);
  }

  onDown(): void {
    this.#abort.abort(new Error('The connection is gone.'));
    this.#abort = new AbortController();
    this.#requests.clear();
    for (const line of this.#lines.values()) {
      line.request = 0;
      this.#forget(line);
    }
    this.#broken.clear();
  }

  onUp(): void {
    for (const line of this.#lines.values()) if (line.request === 0) this.#restart(line);
  }

  /** Bars die with the line to IB, whatever the gateway says of data that was kept (1102). */
  onUpstream(_isDataLost: boolean): void {
    for (const line of this.#lines.values()) this.#restart(line);
  }

  onFarm({ kind, name, isBroken }: Farm): void {
    if (kind === 'contracts') return;
    const key = `${kind} ${name}`;
    if (isBroken) {
      const farm = { name, lines: new Set<BarLine>() };
      this.#broken.set(key, farm);
      return this.#break(farm, [...this.#lines.values()]);
    }
    const lines = this.#broken.get(key)?.lines ?? [];
    this.#broken.delete(key);
    for (const line of lines) if (this.#lines.get(line.symbol) === line) this.#restart(line);
  }

  /** Bars that are missed come from history, once the feed says that it was away. */
  #break({ name, lines }: BrokenFarm, subscribed: readonly BarLine[]): void {
    const message = `The data farm ${name} is broken.`;
    for (const line of subscribed.filter(({ contract }) => farmCarries(name, contract.secType))) {
      lines.add(line);
      line.health.add('farm', { state: 'disconnected', reason: 'IBKR_FARM_BROKEN', message });
    }
  }

  #restart(line: BarLine): void {
    this.#forget(line);
    this.#cancel(line);
    line.health.restart([...this.#broken.values()].some(({ lines }) => lines.has(line)));
    this.#request(line, whatToShow(this.#spec, line.contract.secType));
  }

  /** Asks for bars. What was missed meanwhile is the engine's to ask of history. */
  #request(line: BarLine, shown: WhatToShow): void {
    const { gateway, options } = this.#parts;
    if (gateway.state !== 'up' && gateway.state !== 'upstream-lost') return;
    const id = gateway.nextRequestId();
    line.request = id;
    this.#requests.set(id, line);
    const { conId, contract } = line.contract;
    const series = `${conId} ${contract.exchange} ${shown}`;
    const paced = { series, key: `${series} real time`, weight: 1, isSmall: true };
    const { signal } = this.#abort;
    const pacer = HistoryPacer.of(gateway, this.#parts.clock);
    void pacer.acquire(paced, signal).then(
      (release) => {
        release();
        if (line.request !== id) return;
        const useRegularHours = usesRegularHours(line.contract, options);
        void gateway.send({
          lane: 'data',
          write: (api) => api.reqRealTimeBars(id, contract, BAR_SECONDS, shown, useRegularHours),
        });
      },
      () => undefined,
    );
  }

  #onVerdict(line: BarLine, { kind, text }: DataVerdict): void {
    switch (kind) {
      case 'ended':
      case 'duplicate-id':
      case 'competing':
        if (kind === 'competing') {
          line.health.add('competing', { state: 'disconnected', reason: 'IBKR_DATA_COMPETING', message: text });
        }
        return this.#renewLater(line);
      case 'not-subscribed':
        return line.health.add('not-subscribed', {
          state: 'failed',
          reason: 'IBKR_DATA_NOT_SUBSCRIBED',
          message: text,
        });
      case 'too-many':
      case 'refused':
      case 'no-tick-by-tick':
        return line.health.add('failed', { state: 'failed', reason: 'IBKR_FEED_UNAVAILABLE', message: text });
      default:
        this.#parts.logger.debug('The gateway says something of a subscription.', { symbol: line.symbol, text });
    }
  }

  #renewLater(line: BarLine): void {
    if (this.#renewals.has(line)) return;
    const { clock } = this.#parts;
    const cancel = clock.callAt(clock.nowUtc() + RENEW_MS, () => {
      this.#renewals.delete(line);
      if (this.#lines.get(line.symbol) === line) this.#restart(line);
    });
    this.#renewals.set(line, cancel);
  }

  #forget(line: BarLine): void {
    this.#renewals.get(line)?.();
    this.#renewals.delete(line);
  }

  #cancel(line: BarLine): void {
    const id = line.request;
    line.request = 0;
    if (id === 0) return;
    this.#requests.delete(id);
    void this.#parts.gateway.send({ lane: 'data', write: (api) => api.cancelRealTimeBars(id) });
  }
}
