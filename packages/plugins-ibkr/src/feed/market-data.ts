// The subscriptions of a feed at the gateway: asked for once, asked for again when they are gone, ended when nobody needs them.
import type { Clock, FeedSink, Logger } from '@bookrunner/sdk';
import type { Contract, TickByTickDataType } from '@stoqey/ib';
import type { QualifiedContract } from '../contracts/qualified-contract.js';
import { TWS_EVENT } from '../contracts/tws-names.js';
import type { Farm, Gateway } from '../session/gateway.js';
import { dataVerdict, farmCarries } from './data-codes.js';
import type { IbkrFeedOptions } from './feed-options.js';
import type { FeedData } from './gateway-feed.js';
import type { FeedReporter } from './feed-reporter.js';
import { LineTroubles } from './line-troubles.js';
import { cancelling, dataContract, tickByTickOf, tradeSourceOf, writeBook } from './line-requests.js';
import { MarketLine } from './market-line.js';
import { RowDispatch } from './row-dispatch.js';
import { WaitingQuotes } from './waiting-quotes.js';

/** IB refuses tick-by-tick data of an instrument asked for twice within 15 s; requests may arrive closer together than they leave. */
const TICK_BY_TICK_PAUSE_MS = 16_000;

/** What {@link MarketData} is made of. */
export interface MarketDataParts {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly options: IbkrFeedOptions;
  readonly reporter: FeedReporter;
}

/** All lines of one feed. */
export class MarketData implements FeedData {
  readonly #parts: MarketDataParts;
  readonly #lines = new Map<string, MarketLine>();
  readonly #rows = new RowDispatch();
  readonly #waiting: WaitingQuotes;
  readonly #troubles: LineTroubles;
  readonly #stops: (() => void)[] = [];
  /** When tick-by-tick data was asked for last, by contract and kind. */
  readonly #askedAt = new Map<string, number>();
  readonly #later = new Set<() => void>();

  constructor(parts: MarketDataParts) {
    this.#parts = parts;
    const onFault = (error: unknown): void => {
      parts.logger.error('A receiver of quotes failed; the feed goes on.', { error: String(error) });
    };
    this.#waiting = new WaitingQuotes(parts.clock, parts.options.quoteWaitMs, onFault);
    this.#troubles = new LineTroubles({
      ...parts,
      renew: (line) => this.#renew(line),
      fallBack: (line, kind, isTooEarly) => this.#fallBack(line, kind, isTooEarly),
    });
  }

  open(): void {
    const { gateway } = this.#parts;
    this.#stops.push(
      ...this.#rows.listen(gateway),
      gateway.on(TWS_EVENT.error, (error: Error, code: number, id: number) => this.#onError(error, code, id)),
      gateway.on(TWS_EVENT.rerouteMktDataReq, (id: number, conId: number, exchange: string) => {
        const line = this.#rows.book.get(id);
        if (line === undefined) return;
        line.routed = { conId, exchange };
        this.#renew(line);
      }),
    );
  }

  close(): void {
    for (const line of this.#lines.values()) this.#end(line);
    this.#lines.clear();
    for (const stop of this.#stops.splice(0)) stop();
    this.#forgetTimers();
    this.#troubles.close();
  }

  add(contract: QualifiedContract, sink: FeedSink): void {
    const { symbol } = contract.instrument;
    const known = this.#lines.get(symbol);
    const line = known ?? this.#create(contract);
    if (line.sinks.includes(sink)) return;
    line.sinks = [...line.sinks, sink];
    if (known !== undefined) return this.#parts.reporter.tellTo(sink, line);
    this.#request(line);
    for (const farm of this.#troubles.brokenFarms) this.#break(farm, [line]);
  }

  remove(symbol: string, sink: FeedSink): void {
    const line = this.#lines.get(symbol);
    if (line === undefined) return;
    line.sinks = line.sinks.filter((other) => other !== sink);
    if (line.sinks.length > 0) return;
    this.#lines.delete(symbol);
    const freed = [line.requests.quotes, line.requests.trades].filter((id) => id !== 0).length;
    this.#end(line);
    this.#offer(freed);
  }

  onDown(): void {
    for (const line of this.#lines.values()) this.#rows.closeAll(line);
    this.#forgetTimers();
    this.#troubles.close();
  }

  onUp(): void {
    for (const line of this.#lines.values()) if (line.requests.book === 0) this.#restart(line);
  }

  /**
   * Subscriptions that the gateway lost (1101), and those it was asked for meanwhile, are asked for anew; else states that differ from
   * `live` are said again.
   */
  onUpstream(isDataLost: boolean): void {
    for (const line of this.#lines.values()) {
      if (isDataLost || line.isAskedInVain) this.#restart(line);
      else this.#parts.reporter.repeat(line);
    }
  }

  /** A farm broke: what it may carry is stale until it tells something; whole again, that is asked for anew. */
  onFarm({ kind, name, isBroken }: Farm): void {
    if (kind !== 'market-data') return;
    if (isBroken) return this.#break(name, [...this.#lines.values()]);
    for (const line of this.#troubles.mendFarm(name)) if (this.#lines.get(line.symbol) === line) this.#restart(line);
  }

  #break(farm: string, lines: readonly MarketLine[]): void {
    this.#troubles.breakFarm(
      farm,
      lines.filter((line) => farmCarries(farm, line.contract.secType)),
    );
  }

  #create(contract: QualifiedContract): MarketLine {
    const { options, reporter } = this.#parts;
    const line = new MarketLine(
      contract,
      reporter.host((waiting) => this.#waiting.add(waiting)),
      {
        takesDelayed: options.marketData !== 'live',
        trades: tradeSourceOf(contract.secType, options),
      },
    );
    this.#lines.set(line.symbol, line);
    return line;
  }

  /** Asks for a line from the beginning: live data first, tick-by-tick where wanted. */
  #restart(line: MarketLine): void {
    line.wantsDelayed = false;
    line.health.restart(this.#troubles.isFarmBroken(line));
    this.#cancel(this.#rows.closeAll(line));
    this.#request(line);
  }

  /** Asks for the top of book under a new id. */
  #renew(line: MarketLine): void {
    this.#cancel({ book: this.#rows.close(line, 'book'), quotes: 0, trades: 0 });
    this.#requestBook(line);
  }

  #request(line: MarketLine): void {
    this.#requestBook(line);
    this.#requestTickByTick(line);
  }

  #requestBook(line: MarketLine): void {
    const { gateway, options } = this.#parts;
    if (gateway.state !== 'up' && gateway.state !== 'upstream-lost') return;
    this.#rows.open(line, 'book', gateway.nextRequestId());
    line.begin();
    line.isAskedInVain = gateway.state === 'upstream-lost';
    const delayed = options.marketData === 'delayed' || line.wantsDelayed;
    const rtVolume = tradeSourceOf(line.contract.secType, options) === 'rt-volume';
    const id = line.requests.book;
    void gateway.send({
      ...{ lane: 'data', cost: 2 },
      write: (api) => {
        if (line.requests.book === id) writeBook(api, line, { delayed, rtVolume });
      },
    });
  }

  #requestTickByTick(line: MarketLine): void {
    const kinds = tickByTickOf(line.contract.secType, this.#parts.options);
    if (kinds.quotes !== undefined) this.#ask(line, 'quotes', kinds.quotes);
    if (kinds.trades !== undefined) this.#ask(line, 'trades', kinds.trades);
  }

  /** One tick-by-tick request, not before IB allows it again. Until it is written, the top of book is what is delivered. */
  #ask(line: MarketLine, kind: 'quotes' | 'trades', type: TickByTickDataType): void {
    const { gateway, clock } = this.#parts;
    if (line.requests.book === 0) return;
    const key = `${line.contract.conId} ${type}`;
    const now = clock.nowUtc();
    // No longer than that from now, should the clock have been set back.
    const askedAt = Math.min(this.#askedAt.get(key) ?? Number.NEGATIVE_INFINITY, now);
    const at = askedAt + TICK_BY_TICK_PAUSE_MS;
    if (at > now) {
      this.#askedAt.set(key, askedAt);
      this.#callLater(at, () => {
        if (this.#isWithout(line, kind)) this.#ask(line, kind, type);
      });
      return;
    }
    this.#askedAt.set(key, now);
    const id = gateway.nextRequestId();
    this.#rows.open(line, kind, id);
    const contract: Contract = dataContract(line);
    void gateway.send({ lane: 'data', write: (api) => api.reqTickByTickData(id, contract, type, 0, false) });
  }

  /**
   * No tick-by-tick data of this line: its top of book is asked for again, which tells the quote as it stands. Where it was only
   * too early, it is tried once more.
   */
  #fallBack(line: MarketLine, kind: 'quotes' | 'trades', isTooEarly: boolean): void {
    this.#rows.close(line, kind);
    if (kind === 'quotes') this.#renew(line);
    if (!isTooEarly) return;
    this.#callLater(this.#parts.clock.nowUtc() + TICK_BY_TICK_PAUSE_MS, () => {
      const type = tickByTickOf(line.contract.secType, this.#parts.options)[kind];
      if (type !== undefined && this.#isWithout(line, kind)) this.#ask(line, kind, type);
    });
  }

  /** Whether a line is still wanted and has no such request. */
  #isWithout(line: MarketLine, kind: 'quotes' | 'trades'): boolean {
    return this.#lines.get(line.symbol) === line && line.requests[kind] === 0;
  }

  /** A market-data line is free, and so many tick-by-tick requests: who was refused one asks again. */
  #offer(tickByTick: number): void {
    const lines = [...this.#lines.values()];
    const refused = lines.find(({ health }) => health.has('failed') && health.state.reason === 'IBKR_DATA_LIMIT');
    if (refused !== undefined) this.#renew(refused);
    let left = tickByTick;
    for (const line of lines) {
      for (const kind of ['quotes', 'trades'] as const) {
        const type = tickByTickOf(line.contract.secType, this.#parts.options)[kind];
        if (left === 0 || type === undefined || !this.#isWithout(line, kind)) continue;
        left -= 1;
        this.#ask(line, kind, type);
      }
    }
  }

  #end(line: MarketLine): void {
    this.#troubles.forget(line);
    this.#cancel(this.#rows.closeAll(line));
  }

  #cancel(ids: MarketLine['requests']): void {
    const { cost, write } = cancelling(ids);
    if (cost > 0) void this.#parts.gateway.send({ lane: 'data', cost, write });
  }

  #onError(error: Error, code: number, id: number): void {
    const found = this.#rows.find(id);
    if (found === undefined) return;
    const { line, kind } = found;
    const verdict = dataVerdict(code, error.message);
    if (kind === 'book') this.#troubles.onBook(line, verdict);
    else this.#troubles.onTickByTick({ line, kind }, verdict);
  }

  #callLater(at: number, act: () => void): void {
    const cancel = this.#parts.clock.callAt(at, () => {
      this.#later.delete(cancel);
      act();
    });
    this.#later.add(cancel);
  }

  #forgetTimers(): void {
    for (const cancel of this.#later) cancel();
    this.#later.clear();
    this.#waiting.clear();
  }
}
