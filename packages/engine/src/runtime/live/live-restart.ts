// A session over live feeds that goes on from the last one: its state, what was under way, and the time nobody watched.
import type { Command, EngineNotice, EpochMs, FeedState, FeedStatus } from '@bookrunner/sdk';
import type { OrderRecord } from '../../execution/order-record.js';
import { journalError } from '../../journal/journal-errors.js';
import type { JournalWriter } from '../../journal/journal-writer.js';
import { type OpenEnds, ordersOf, type Statement, type WaitingRequest } from '../../journal/open-ends.js';
import { carryEnds, carryVenues } from '../../journal/fold-venue.js';
import type { FoldedRun, RecoveredRun } from '../../journal/recover-run.js';
import { isRequest } from '../../journal/replay-venue.js';
import { encodeSnapshot } from '../../journal/run-snapshot.js';
import { isEnding, stopCommand } from '../../kernel/apply-stop.js';
import { carryOver } from '../../kernel/fold-carry.js';
import type { GuardEvent } from '../../kernel/event.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { Assembly } from '../assemble.js';
import type { Seam } from './live-seam.js';
import { orderOf } from './order-of.js';

/** What {@link LiveRestart} works on. */
export interface LiveRestartParts {
  readonly recovered: RecoveredRun;
  readonly assembly: Assembly;
  readonly writer: JournalWriter;
  readonly seam: Seam;
  /** What the data folder says where it was restored since the last run; see RestoreMark. */
  readonly restored?: string | undefined;
}

/** A feed at the restart. */
export interface RestartedFeed {
  readonly feed: string;
  readonly symbols: readonly string[];
  /** Those whose time without an engine comes from history: they are back once it is there. */
  readonly unseen: readonly string[];
  /** The run goes on without it. */
  readonly isAway: boolean;
}

/** Takes over a recovered run. */
export class LiveRestart {
  readonly #parts: LiveRestartParts;
  /** As the set-up that goes on names things. */
  #recovered: RecoveredRun;

  constructor(parts: LiveRestartParts) {
    this.#parts = parts;
    this.#recovered = parts.recovered;
  }

  /** The instant the last run stands at. */
  get from(): EpochMs {
    const { kernel, venues } = this.#recovered.state;
    return Math.max(kernel.now, ...venues.map((venue) => Number(venue.now)));
  }

  /** Whether strategies go on with what they have seen; those of a folded run begin anew. */
  get hasOwnPast(): boolean {
    return this.#recovered.folded === undefined;
  }

  /**
   * Kernel and venue are given the state, and it is looked at whether they have it; what the run that goes on begins with. Of a folded
   * run it is taken over by name, and strategies hear of the time until `at`. Errors: JOURNAL_RESTART_DIFFERS.
   */
  takeOver(at: EpochMs): RecoveredRun {
    const { recovered, assembly } = this.#parts;
    if (recovered.folded !== undefined) this.#recovered = carried(this.#parts, recovered.folded, at);
    else this.#restore();
    assembly.recorder.resume(this.from);
    return this.#recovered;
  }

  #restore(): void {
    const { recovered, assembly } = this.#parts;
    const { kernel, simulator } = assembly;
    const { state } = recovered;
    kernel.restore(state.kernel);
    simulator.load(state.venues, orderOf(kernel));
    const restored = encodeSnapshot({ ...state, kernel: kernel.snapshot(), venues: simulator.save() });
    if (kernel.hash() !== recovered.hash || Buffer.compare(restored, recovered.payload) !== 0) {
      throw journalError(
        'JOURNAL_RESTART_DIFFERS',
        `The state after record ${recovered.after} of run '${recovered.run}' is another one once it is restored.`,
        { details: { run: recovered.run, recorded: recovered.hash, restored: kernel.hash() } },
      );
    }
  }

  /**
   * What lay between venue and kernel when the last run ended is carried out first: reports nobody heard are heard, requests that never left
   * leave now. Then nobody has watched until `at`: prices from before fill nothing, bars under way are dropped, but of symbols whose
   * history is to come, and to the kernel every feed was away. Commands in `first` come before anything else that happens.
   */
  goOn(at: EpochMs, feeds: readonly RestartedFeed[], first: readonly Command[] = []): void {
    const { assembly, writer, seam } = this.#parts;
    const { driver, kernel, simulator } = assembly;
    const { from } = this;
    const ends = this.#recovered.state.ends as OpenEnds;
    this.#putBack(ends);
    const waiting = waitingOrders(kernel, ends);
    for (const statement of ends.statements) this.#hear(statement);
    // The venue has them and was silent: the driver had not said so yet.
    for (const order of [...kernel.parts.desk.live()]) {
      if (order.status === 'pending' && !waiting.has(order)) driver.sent(order, from);
    }
    this.#hold(feeds.flatMap(({ unseen }) => unseen));
    writer.add((records) => records.gap(from, at));
    simulator.forgetPrices();
    seam.drop(at);
    this.#beforeAnything(from);
    for (const command of first) kernel.process({ kind: 'command', at: from, command });
    driver.carryOut(from);
    for (const feed of feeds) this.#away(feed, from);
    for (const feed of feeds) if (!feed.isAway) this.#back(feed, at);
  }

  /** Before anything is decided: what happened at brokers meanwhile is known only when they have said it. */
  #beforeAnything(at: EpochMs): void {
    const { restored, assembly } = this.#parts;
    const { kernel } = assembly;
    for (const { venue } of kernel.parts.reconciler?.watches ?? []) {
      const away = { ts: at, venue, state: 'disconnected', ...RESTARTED } as const;
      kernel.process({ kind: 'venue-status', at, status: away });
    }
    if (restored !== undefined) kernel.process(restoredGuard(restored, at));
    if (isEnding(kernel.parts)) kernel.process({ kind: 'command', at, command: stopCommand(at, 'over') });
  }

  #away({ feed, symbols, unseen, isAway }: RestartedFeed, at: EpochMs): void {
    for (const symbol of unseen.length === 0 || isAway ? [undefined] : symbols) {
      const status = restartStatus({ ts: at, feed, symbol }, 'disconnected');
      this.#parts.assembly.driver.event({ kind: 'feed-status', at, status });
    }
  }

  /** Where some symbols of a feed are still to be filled, each of the others is back by itself. */
  #back({ feed, symbols, unseen }: RestartedFeed, at: EpochMs): void {
    for (const symbol of unseen.length === 0 ? [undefined] : symbols) {
      if (symbol !== undefined && unseen.includes(symbol)) continue;
      const event = { kind: 'feed-status', at, status: restartStatus({ ts: at, feed, symbol }, 'live') } as const;
      this.#parts.assembly.driver.event(unseen.length === 0 ? event : { ...event, filled: unseen });
    }
  }

  /** Bars under way of these symbols, and of no others, wait for history. */
  #hold(symbols: readonly string[]): void {
    const { kernel } = this.#parts.assembly;
    if (symbols.length === 0 && kernel.parts.market.saveHeld() === undefined) return;
    kernel.process({ kind: 'backfill', at: this.from, stage: 'restart', symbols });
  }

  /** Instruments all of whose strategies begin anew: their bars come from history, as at a start. */
  isAnew(instrumentIndex: number, at: EpochMs): boolean {
    if (this.#recovered.folded !== undefined) return true;
    return this.#parts.assembly.kernel.parts.signals.runners
      .filter((runner) => runner.slots.some((slot) => slot.instrumentIndex === instrumentIndex))
      .every((runner) => at - this.from > runner.setup.definition.gapToleranceMs);
  }

  /** The outbox as it was: requests that were recorded and had not left, then what no record tells, which is recorded now. */
  #putBack({ requests, unrecorded }: OpenEnds): void {
    const { assembly, writer } = this.#parts;
    const { kernel } = assembly;
    const { outbox } = kernel;
    const queue = [...requests];
    const newest = unrecorded.filter(({ kind }) => isRequest(kind)).length;
    while (queue.length > newest) putRequest(kernel, queue.shift());
    for (const entry of unrecorded) {
      const place = outbox.end;
      if (entry.kind === 'notify') outbox.notify(entry.notice);
      else if (isRequest(entry.kind)) putRequest(kernel, queue.shift());
      if (outbox.end > place) writer.add((records) => records.entry(outbox.at(place)));
    }
  }

  #hear(statement: Statement): void {
    const { driver, kernel } = this.#parts.assembly;
    switch (statement.kind) {
      case 'report':
        return kernel.process(statement.report);
      case 'cash':
        return kernel.process(statement.event);
      case 'venue-cash':
        return driver.cash(statement.cash);
      case 'liquidation':
        return driver.liquidated(statement.liquidation, statement.at);
    }
  }
}

/** A clock that is so little behind the last run is of no account. */
const BEHIND_LEAST_MS = 1_000;

/** What a person is told where the clock was set back since the last run: kernel time does not run back, so it waits. Undefined where it was not. */
export function clockBehind(from: EpochMs, now: EpochMs): EngineNotice | undefined {
  const behindMs = from - now;
  if (behindMs < BEHIND_LEAST_MS) return undefined;
  const until = new Date(from).toISOString();
  const message = `The clock of this machine is ${Math.round(behindMs / 1_000)} s behind the run that is gone on from: until ${until} no bar closes, no strategy is asked and nothing that is due happens.`;
  return { ts: now, level: 'alarm', code: 'CLOCK_BEHIND_RUN', message, details: { behindMs } };
}

const RESTARTED = { reason: 'ENGINE_RESTARTED', message: 'The engine was not running.' };

/** Recorded like everything else, so that a replay gives the same numbers. */
function restoredGuard(restored: string, at: EpochMs): GuardEvent {
  const message =
    `The data folder was ${restored}: what was sent afterwards is not known here, so new orders get numbers far above. As soon as the broker ` +
    'shows what is from that time, executions are booked, stops that protect what is held stay, other open orders are cancelled: look whether what is ' +
    'held has protection.';
  return { kind: 'guard', at, guard: 'restored-data', subject: 'data folder', message };
}

/** What a feed, or one symbol of it, is at a restart. */
export function restartStatus(
  { ts, feed, symbol }: { readonly ts: EpochMs; readonly feed: string; readonly symbol?: string | undefined },
  state: FeedState,
): FeedStatus {
  return { ts, feed, ...(symbol === undefined ? {} : { symbol }), state, ...RESTARTED };
}

/** A folded run in the kernel and the venue of another set-up. */
function carried({ recovered, assembly }: LiveRestartParts, folded: FoldedRun, at: EpochMs): RecoveredRun {
  const { kernel, simulator, venues } = assembly;
  const kernels = { folded: folded.kernel, kernel };
  const { state } = recovered;
  const { now } = folded.kernel;
  const gap = { from: now, to: Math.max(at, now), reason: folded.reason };
  kernel.restore(carryOver(folded.kernel, kernel, gap));
  const fresh = { names: venues.map(({ name }) => name), states: simulator.save() };
  const old = { names: folded.venues, states: state.venues };
  simulator.load(carryVenues(old, fresh, kernels), orderOf(kernel));
  const ends = carryEnds(state.ends as OpenEnds, kernels);
  const next = { ...state, kernel: kernel.snapshot(), venues: simulator.save(), ends };
  return { ...recovered, hash: kernel.hash(), state: next, payload: encodeSnapshot(next) };
}

function putRequest({ outbox, parts }: Kernel, request: WaitingRequest | undefined): void {
  const orders = request === undefined ? undefined : ordersOf(parts.desk, request);
  const [order, second] = orders ?? [];
  if (request === undefined || order === undefined) return;
  if (request.kind === 'submit') outbox.submit(order, second);
  else if (request.kind === 'cancel') outbox.cancel(order);
  else outbox.replace(order, request.change ?? {});
}

/** Orders of submits that have not left. */
function waitingOrders({ parts }: Kernel, { requests }: OpenEnds): ReadonlySet<OrderRecord> {
  return new Set(
    requests.filter(({ kind }) => kind === 'submit').flatMap((request) => ordersOf(parts.desk, request) ?? []),
  );
}
