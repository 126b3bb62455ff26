// What befell the session and cannot befall a backtest: the evidence that differences are explained with.
import type { Command, EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { GuardEvent, KernelEvent, VenueReportEvent } from '../kernel/event.js';
import type { JournalledEntry, JournalRecord } from '../journal/journal-record.js';
import { SUSPENSE, suspenseBook } from '../reconciliation/suspense.js';

/** Causes that a disturbance stands for. */
export type DisturbanceCause = 'data' | 'restart' | 'broker' | 'guard';

/** A span of time in which the session was not left alone. `to` is infinity while it lasts. */
export interface Disturbance {
  readonly cause: DisturbanceCause;
  from: EpochMs;
  to: EpochMs;
  /** Whom it concerns: a strategy, a book, or nobody in particular. */
  readonly strategy: string | undefined;
  readonly book: string | undefined;
  /** One symbol, the books of one account or of one venue; undefined for all of them. */
  readonly symbol?: string;
  readonly account?: string;
  readonly venue?: string;
  /** It gave up what strategies had wanted: after it their next answer is sized anew, though it be the same. */
  readonly isAnsweredAnew?: boolean;
  /** One sentence. */
  text: string;
}

/** What a person sets is as good as engine.yaml: the backtest has it, too, from that instant on. */
export const SETTINGS: ReadonlySet<string> = new Set(['alloc', 'risk']);
/** Commands whose effect is of the moment; the halt that comes with a panic tells of itself. */
const MOMENTARY: ReadonlySet<string> = new Set(['panic', 'reduce-only', 'start', 'resume', 'shutdown']);

/** Collects the disturbances of a session from its records. */
export class DisturbanceLog {
  readonly all: Disturbance[] = [];
  /** Commands that the backtest is given as well disturb nothing. */
  readonly #hasCommands: boolean;
  readonly #open = new Map<string, Disturbance>();
  /** Notices of the backtest, which did not come of a disturbance. */
  readonly #shared = new Set<string>();
  readonly #keys = new Map<Disturbance, string>();
  /** What a person lets close, by account, and by the orders that close it. */
  readonly #closings = new Map<string, Disturbance>();
  readonly #closingOrders = new Map<number, Disturbance>();

  constructor({ hasCommands }: { readonly hasCommands: boolean }) {
    this.#hasCommands = hasCommands;
  }

  take(record: JournalRecord): void {
    if (record.kind === 'gap') this.#gap(record.from, record.at);
    else if (record.kind === 'event') this.#event(record.event);
    else if (record.kind === 'outbox') this.#told(record.entry);
  }

  #told(entry: JournalledEntry): void {
    if (entry.kind === 'notify') return this.#notice(entry.notice);
    if (entry.kind !== 'submit') return;
    for (const { sequence, strategy, book } of entry.orders) {
      const closing = strategy === SUSPENSE ? this.#closings.get(book) : undefined;
      if (closing !== undefined) this.#closingOrders.set(sequence, closing);
    }
  }

  /** A session begins: nothing is sent to these brokers, and no strategy of theirs asked, before they have said what is there. */
  begin(venues: readonly string[], at: EpochMs): void {
    for (const venue of venues) this.#shut(venue, at, 'had not yet said what was there');
  }

  /** A notice that the backtest gave as well. */
  shared(notice: EngineNotice): void {
    this.#shared.add(noticeKey(notice));
  }

  /** All but those the backtest had too. */
  own(): readonly Disturbance[] {
    return this.all.filter((each) => !this.#shared.has(this.#keys.get(each) ?? ''));
  }

  #gap(from: EpochMs, to: EpochMs): void {
    const text = `The engine was down from ${iso(from)} to ${iso(to)}.`;
    this.all.push({ cause: 'restart', from, to, strategy: undefined, book: undefined, text });
  }

  #event(event: KernelEvent): void {
    if (event.kind === 'venue-report') this.#reported(event);
    else if (event.kind === 'command') this.#command(event.command, event.at);
    else if (event.kind === 'guard') this.#guard(event);
  }

  /** What is being closed holds back what could trade with it, for as long as its orders are heard of. */
  #reported({ sequence, at }: VenueReportEvent): void {
    const closing = this.#closingOrders.get(sequence);
    if (closing !== undefined) closing.to = Math.max(closing.to, at);
  }

  /** A strategy that was stopped, or an outage for which entries were held back. Other guards only tell. */
  #guard({ guard, stage, subject, message, at }: GuardEvent): void {
    const made: Disturbance = {
      ...{ cause: 'guard', from: at, to: Number.POSITIVE_INFINITY, strategy: undefined, book: undefined },
      text: `Guard ${guard}: ${message}`,
    };
    if (guard === 'slow-strategy' && stage !== 'warning')
      this.#stopped({ ...made, strategy: subject, isAnsweredAnew: true });
    if (guard !== 'planned-outage' || stage === 'late') return;
    const key = `OUTAGE ${subject}`;
    const open = this.#open.get(key);
    if (stage === 'end') {
      if (open !== undefined) open.to = at;
      this.#open.delete(key);
    } else if (open === undefined) {
      const outage = { ...made, venue: subject };
      this.all.push(outage);
      this.#open.set(key, outage);
    }
  }

  #command({ name, args, actor }: Command, at: EpochMs): void {
    // What is stopped is so until it is started.
    const isLasting = name === 'stop';
    if (this.#hasCommands || (!isLasting && !MOMENTARY.has(name))) return;
    const to = isLasting ? Number.POSITIVE_INFINITY : at;
    const text = `Command ${name} by ${actor || 'somebody'} at ${iso(at)}.`;
    const strategy = textOf(args['name']);
    if (name === 'start') this.#started(strategy, at);
    const book = textOf(args['book']);
    const made: Disturbance = { cause: 'guard', from: at, to, strategy, book, isAnsweredAnew: true, text };
    if (name === 'stop') this.#stopped(made);
    else this.all.push(made);
  }

  /** A strategy is stopped until a person starts it. */
  #stopped(made: Disturbance): void {
    const key = `STOP ${made.strategy}`;
    if (this.#open.has(key)) return;
    this.all.push(made);
    this.#open.set(key, made);
  }

  #started(strategy: string | undefined, at: EpochMs): void {
    const key = `STOP ${strategy}`;
    const open = this.#open.get(key);
    if (open !== undefined) open.to = at;
    this.#open.delete(key);
  }

  /** The gate of a broker is shut; one that is shut already is so since the earlier of both. */
  #shut(venue: string, at: EpochMs, why: string): void {
    const key = `BROKER ${venue}`;
    const open = this.#open.get(key);
    if (open !== undefined) {
      open.from = Math.min(open.from, at);
      return;
    }
    const made: Disturbance = {
      ...{ cause: 'broker', from: at, to: Number.POSITIVE_INFINITY, strategy: undefined, book: undefined, venue },
      text: `From ${iso(at)} venue ${venue} ${why}: no strategy was asked, and nothing sent.`,
    };
    this.all.push(made);
    this.#open.set(key, made);
  }

  #opened(venue: string, at: EpochMs): void {
    const key = `BROKER ${venue}`;
    const open = this.#open.get(key);
    if (open === undefined) return;
    open.to = at;
    open.text = open.text.replace(' venue ', ` to ${iso(at)} venue `);
    this.#open.delete(key);
  }

  /** Whether the notice was about the gate of a broker. */
  #gate({ code, ts, details }: EngineNotice): boolean {
    const venue = String(details['venue']);
    if (code === 'BROKER_AWAY') this.#shut(venue, ts, 'was away, or had not said what was there');
    else if (code === 'ACCOUNT_UNKNOWN') this.#shut(venue, ts, 'did not know an account of ours');
    else if (code === 'BROKER_READY') this.#opened(venue, ts);
    else return false;
    return true;
  }

  /** Its strategies sent nothing of the symbol until a person had decided. */
  #frozen(notice: EngineNotice): void {
    const { ts, message, details } = notice;
    const key = frozenKey(notice);
    if (this.#open.has(key)) return;
    const made: Disturbance = {
      ...{ cause: 'guard', from: ts, to: Number.POSITIVE_INFINITY, strategy: undefined, book: undefined },
      ...{ symbol: String(details['symbol']), account: String(details['account']) },
      text: `Frozen from ${iso(ts)}: ${message}`,
    };
    this.all.push(made);
    this.#open.set(key, made);
  }

  /** A person has decided on what no book explained. */
  #decided({ ts, message, details }: EngineNotice): void {
    const account = String(details['account']);
    const made: Disturbance = {
      ...{ cause: 'guard', from: ts, to: ts, strategy: textOf(details['strategy']), book: textOf(details['book']) },
      ...{ symbol: String(details['symbol']), account, text: `Decided at ${iso(ts)}: ${message}` },
    };
    this.all.push(made);
    if (details['decision'] === 'flatten') this.#closings.set(suspenseBook(account), made);
  }

  #thawed(notice: EngineNotice): void {
    const key = frozenKey(notice);
    const open = this.#open.get(key);
    if (open !== undefined) open.to = notice.ts;
    this.#open.delete(key);
  }

  #notice(notice: EngineNotice): void {
    if (notice.code === 'SYMBOL_FROZEN') return this.#frozen(notice);
    if (notice.code === 'DIFFERENCE_DECIDED') this.#decided(notice);
    if (isThawed(notice)) return this.#thawed(notice);
    if (!this.#gate(notice)) this.#paused(notice);
  }

  /** A limit, a guard or a feed held somebody back, or does so no longer. */
  #paused(notice: EngineNotice): void {
    const { code, ts, details } = notice;
    const [kind] = code.split('_');
    if ((kind !== 'RISK' && kind !== 'FEED') || code === 'RISK_LIMIT_SET' || details['scope'] === undefined) return;
    const key = `${kind} ${String(details['scope'])} ${String(details['name'])}`;
    const open = this.#open.get(key);
    if (open !== undefined) open.to = ts;
    this.#open.delete(key);
    if (code.endsWith('_RESUMED')) return;
    const name = textOf(details['name']);
    const made: Disturbance = {
      cause: kind === 'FEED' ? 'data' : 'guard',
      ...{ from: ts, to: Number.POSITIVE_INFINITY },
      strategy: details['scope'] === 'strategy' ? name : undefined,
      book: details['scope'] === 'book' ? name : undefined,
      text: `From ${iso(ts)}: ${notice.message}`,
    };
    this.all.push(made);
    this.#keys.set(made, noticeKey(notice));
    this.#open.set(key, made);
  }
}

/** Whether a frozen symbol is so no longer. What a person lets close stays frozen until an answer has no more of it. */
function isThawed({ code, details }: EngineNotice): boolean {
  if (code === 'DIFFERENCE_DECIDED') return details['decision'] !== 'flatten';
  if (code === 'SYMBOL_THAWED') return true;
  return details['cause'] === 'position-explained' && details['action'] === 'no longer frozen';
}

function frozenKey({ details }: EngineNotice): string {
  return `FROZEN ${String(details['account'])} ${String(details['symbol'])}`;
}

function noticeKey({ ts, code, details }: EngineNotice): string {
  return `${ts} ${code} ${String(details['scope'])} ${String(details['name'])}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}
