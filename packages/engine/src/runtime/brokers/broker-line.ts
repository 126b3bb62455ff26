// One broker: opened and closed, and what it reports as events; its orders go out beside it.
import type {
  AccountState,
  Clock,
  EngineNotice,
  EpochMs,
  Heartbeat,
  Logger,
  Venue,
  VenueReport,
  VenueSink,
  VenueSnapshot,
  VenueStatus,
} from '@bookrunner/sdk';
import { messageOf } from '../../execution/message-of.js';
import type { VenueFacts } from '../../control/engine-snapshot.js';
import type { KernelEvent } from '../../kernel/event.js';
import { pluginError } from '../../plugins/index.js';
import { withTimeLimit } from '../../plugins/time-limit.js';
import { AccountNames, requireAccounts } from './broker-accounts.js';
import { brokerError } from './broker-errors.js';
import type { BrokerInbox } from './broker-inbox.js';
import { BrokerOrders, type Refusal } from './broker-orders.js';
import { OpeningSink } from './opening-sink.js';
import { BrokerQueries } from './broker-queries.js';
import { readReport, type ReportContext } from './broker-reports.js';
import type { BrokerVenue } from './broker-setup.js';
import { readSnapshot } from './broker-snapshot.js';
import { ClockSkew, type SkewSource, skewText } from './clock-skew.js';
import { maskedReport, maskedTexts } from './masked-texts.js';

/** As at a start. */
const OPEN_LIMIT_MS = 30_000;
const CLOSE_LIMIT_MS = 5_000;
/** How long after a session began what it reports may be old. */
const SETTLED_MS = 30_000;
const NOT_OPEN: Refusal = {
  kind: 'refused',
  reason: 'BROKER_NOT_OPEN',
  message: 'The venue is not open: nothing was sent.',
};
const CLOSED: Refusal = { kind: 'refused', reason: 'BROKER_CLOSED', message: 'The venue is closed.' };
/** Reports that a venue makes at once. */
const ANSWERS: ReadonlySet<VenueReport['kind']> = new Set(['accepted', 'rejected', 'cancelled', 'replaced']);

/** What one broker is made from. */
export interface BrokerLineOptions {
  readonly broker: BrokerVenue;
  readonly venue: Venue;
  readonly clock: Clock;
  readonly log: Logger;
  readonly inbox: BrokerInbox;
  /** How long an order call, and a snapshot, may take, and how far the venue's clock may be off. */
  readonly limits: { readonly callMs: number; readonly snapshotMs: number; readonly skewMs: number };
  /** Removes what came from the environment. */
  readonly mask: (text: string) => string;
  /** Where events go once the run has begun: the kernel, at the instant of arrival. */
  readonly deliver: (make: (at: EpochMs) => KernelEvent | undefined) => void;
  readonly notify: (notice: EngineNotice) => void;
}

/** What is known of the run, once it is put together. */
export type LineContext = Omit<ReportContext, 'venue' | 'accounts'>;

/** The sink of one broker; with its {@link BrokerOrders} the only caller of its plugin. */
export class BrokerLine implements VenueSink {
  readonly #options: BrokerLineOptions;
  readonly #accounts: AccountNames;
  #queries: BrokerQueries;
  readonly #skew: ClockSkew;
  readonly #counts = { foreign: 0, damaged: 0, unknownAccounts: 0 };
  readonly orders: BrokerOrders;
  #context: ReportContext | undefined;
  #sink: OpeningSink;
  /** That of the newest opening. */
  #opened: OpeningSink | undefined;
  #state: VenueStatus['state'] = 'connecting';
  #message = '';
  #since: EpochMs;
  #heartbeat: Heartbeat | undefined;
  #snapshotAt: EpochMs = Number.NaN;
  #readyAt: EpochMs = Number.NaN;
  /** The run goes on without it: it is asked nothing, and sent nothing. */
  #isAway = false;
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: BrokerLineOptions) {
    const { broker, venue, clock, inbox, limits } = options;
    this.#skew = new ClockSkew(limits.skewMs);
    this.#options = options;
    this.#accounts = new AccountNames(broker.accounts);
    this.#since = clock.nowUtc();
    this.#sink = new OpeningSink(this, { isHeld: false });
    this.orders = new BrokerOrders({
      ...{ venue, clock, inbox, callMs: limits.callMs, mask: options.mask, deliver: options.deliver },
      idOf: (account) => this.#accounts.idOf(account),
      warn: (code, text) => this.#notice('warning', code, text),
      refusal: () => this.#refusal(),
    });
    this.#queries = this.#newQueries();
  }

  get name(): string {
    return this.#options.broker.name;
  }
  get venue(): Venue {
    return this.#options.venue;
  }

  connect(context: LineContext): void {
    this.#context = { ...context, venue: this.name, accounts: this.#accounts };
  }

  /** Errors: BROKER_ACCOUNT_UNKNOWN, BROKER_ACCOUNTS_UNTOLD, and what the plugin throws. */
  open(): Promise<void> {
    return this.#open(this.#renew({ isHeld: false }));
  }

  /**
   * {@link open} in a run that goes on without it: nothing that the venue says is heard, and nothing is sent there, before `check` agrees.
   * Errors: those of both; BROKER_FAILED where it has given up by then.
   */
  async join(check: () => Promise<void>): Promise<void> {
    const sink = this.#renew({ isHeld: true });
    const opened = await withTimeLimit(() => this.#open(sink), OPEN_LIMIT_MS);
    if (opened.kind === 'failed') throw opened.cause;
    if (opened.kind === 'late') {
      throw pluginError('PLUGIN_OPEN_TIMEOUT', `venue '${this.name}' did not open within ${OPEN_LIMIT_MS} ms.`);
    }
    await check();
    if (sink.isOver || this.#isClosed)
      throw brokerError('BROKER_NOT_OPEN', `Venue '${this.name}' was closed meanwhile.`);
    if (sink.lastState === 'failed')
      throw brokerError('BROKER_FAILED', `Venue '${this.name}' opened, and has failed since.`);
    this.#isAway = false;
    try {
      sink.hear();
    } catch (error) {
      // It will be given up, and may have said already that it is ready.
      this.away(messageOf(error));
      throw error;
    }
  }

  /** The run goes on without it: whatever it has said is void. */
  away(message: string): void {
    this.#renew({ isHeld: false });
    this.#readyAt = Number.NaN;
    this.#heartbeat = undefined;
    this.#isAway = true;
    // What an instance owes that is given up is no reason not to ask the next one.
    this.#queries.close();
    this.#queries = this.#newQueries();
    const ts = this.#options.clock.nowUtc();
    this.status({ ts, venue: this.name, state: 'disconnected', reason: 'BROKER_NOT_OPEN', message });
  }

  /** It is away for another reason now. */
  stillAway(message: string): void {
    this.#message = message;
  }

  /** Closes what was not opened well, or has not joined well; it may be opened again. */
  async leave(): Promise<void> {
    // What the line itself has said of it, that it is away, is still to be heard.
    if (this.#opened !== undefined) this.#opened.isOver = true;
    await withTimeLimit(() => this.#options.venue.close(), CLOSE_LIMIT_MS);
  }

  /** Orders stay where they are. A second call waits for the first. Errors: BROKER_CLOSE_LATE, and what the plugin throws. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  view(): VenueFacts {
    const { broker } = this.#options;
    const heartbeat = this.#heartbeat;
    const irregular = Object.entries(this.#counts).filter(([, count]) => count > 0);
    return {
      ...{ name: this.name, state: this.#state, message: this.#message, since: this.#since },
      accounts: broker.accounts.map(({ name }) => name),
      heartbeatAt: heartbeat?.ts ?? null,
      latencyMs: heartbeat === undefined || !Number.isFinite(heartbeat.latencyMs) ? null : heartbeat.latencyMs,
      snapshotAt: Number.isNaN(this.#snapshotAt) ? null : this.#snapshotAt,
      irregular: Object.fromEntries(irregular),
    };
  }

  // What the plugin says.

  report(said: VenueReport): void {
    const { mask, clock } = this.#options;
    const report = maskedReport(said, mask);
    // An answer to what we just sent is told at once; executions, and what a new session repeats, may be old.
    const isFresh = ANSWERS.has(report.kind) && clock.nowUtc() - this.#readyAt > SETTLED_MS;
    if (isFresh) this.#compareClocks('report', report.ts);
    this.#push(() => this.#reported(report));
  }

  account(state: AccountState): void {
    if (!this.#accounts.isKnown(state.account)) {
      this.#counts.unknownAccounts += 1;
      return;
    }
    const account = Object.freeze({ ...state, account: this.#accounts.nameOf(state.account) });
    this.#event((at) => ({ kind: 'account', at, account }));
  }

  status(said: VenueStatus): void {
    const { clock, mask } = this.#options;
    const { reason, message } = maskedTexts(said, mask);
    const status = Object.freeze({ ...said, venue: this.name, reason, message });
    if (status.state !== this.#state) this.#since = clock.nowUtc();
    if (status.state === 'ready') this.#readyAt = clock.nowUtc();
    this.#state = status.state;
    this.#message = status.message;
    this.#event((at) => ({ kind: 'venue-status', at, status }));
  }

  heartbeat(heartbeat: Heartbeat): void {
    this.#heartbeat = { ...heartbeat };
    if (heartbeat.ok) this.#compareClocks('heartbeat', heartbeat.ts);
  }

  // What the kernel wants, but for orders.

  query(query: number): void {
    if (!this.#isClosed) this.#queries.query(query);
  }

  #reported(report: VenueReport): void {
    const { deliver, log } = this.#options;
    let damage: string | undefined;
    deliver((at) => {
      const read = readReport(report, this.#context as ReportContext, at);
      if (read.kind === 'event') return read.event;
      if (read.kind === 'damaged') {
        damage = read.message;
        return undefined;
      }
      this.#counts.foreign += 1;
      log.debug('report of an order that is not ours', { kind: report.kind, order: report.clientOrderId });
      return undefined;
    });
    if (damage !== undefined)
      this.#damaged('BROKER_REPORT_DAMAGED', `'${report.kind}' of order '${report.clientOrderId}': ${damage}`);
  }

  #answered(query: number, answer: { readonly snapshot?: VenueSnapshot; readonly message: string }): void {
    const { mask, deliver, clock } = this.#options;
    const read = answer.snapshot === undefined ? undefined : this.#read(answer.snapshot);
    const snapshot = typeof read === 'string' ? undefined : read?.snapshot;
    const message = mask(typeof read === 'string' ? read : answer.message);
    const part = snapshot === undefined ? {} : { snapshot };
    deliver((at) => ({ kind: 'venue-snapshot', at, venue: this.name, query, message, ...part }));
    if (snapshot === undefined || read === undefined || typeof read === 'string') return;
    this.#snapshotAt = clock.nowUtc();
    const [first] = read.faults;
    if (first === undefined) return;
    this.#counts.damaged += read.faults.length;
    const more = read.faults.length === 1 ? '' : `, and ${read.faults.length - 1} more`;
    this.#notice(
      'alarm',
      'BROKER_SNAPSHOT_DAMAGED',
      `A snapshot of '${this.name}' is not used whole: ${first}${more}.`,
    );
  }

  /** Text where it is no snapshot at all. */
  #read(snapshot: VenueSnapshot): ReturnType<typeof readSnapshot> | string {
    try {
      return readSnapshot(snapshot, this.#accounts);
    } catch {
      return 'What came is no snapshot.';
    }
  }

  /** What happened is not known from this: the venue is asked. */
  #damaged(code: string, what: string): void {
    this.#counts.damaged += 1;
    this.#notice('alarm', code, `A report of '${this.name}' cannot be used and is not booked: ${what}.`);
    const command = { name: 'reconcile', args: {}, actor: `venue ${this.name}` } as const;
    this.#options.deliver((at) => ({ kind: 'command', at, command: { ts: at, ...command } }));
  }

  #compareClocks(source: SkewSource, said: EpochMs): void {
    const { clock } = this.#options;
    const change = this.#skew.sample(source, said, clock.nowUtc());
    if (change === undefined) return;
    const { name: subject } = this;
    const message = skewText(subject, change);
    this.#event((at) => ({ kind: 'guard', at, guard: 'clock-skew', stage: change.stage, subject, message }));
  }

  #event(make: (at: EpochMs) => KernelEvent): void {
    this.#push(() => this.#options.deliver(make));
  }

  /** What the venue has said, unless that is void by the time it is delivered. */
  #push(delivery: () => void): void {
    const sink = this.#sink;
    this.#options.inbox.push(() => {
      if (!sink.isOver) delivery();
    });
  }

  #newQueries(): BrokerQueries {
    const { clock, inbox, limits, venue } = this.#options;
    return new BrokerQueries({
      ...{ clock, limitMs: limits.snapshotMs },
      ask: () =>
        this.#isAway
          ? Promise.reject(brokerError('BROKER_NOT_OPEN', 'The venue is not open.'))
          : inbox.call(() => venue.snapshot()),
      // What an instance answers that was given up meanwhile says nothing of what is there.
      answer: (query, answer) =>
        inbox.push(() => this.#answered(query, this.#isAway ? { message: NOT_OPEN.message } : answer)),
    });
  }

  #refusal(): Refusal | undefined {
    if (this.#isClosed) return CLOSED;
    return this.#isAway ? NOT_OPEN : undefined;
  }

  #renew(how: { readonly isHeld: boolean }): OpeningSink {
    this.#sink.isOver = true;
    this.#sink = new OpeningSink(this, how);
    return this.#sink;
  }

  #notice(level: EngineNotice['level'], code: string, text: string): void {
    const { clock, mask, notify } = this.#options;
    notify({ ts: clock.nowUtc(), level, code, message: mask(text), details: { venue: this.name } });
  }

  async #open(sink: OpeningSink): Promise<void> {
    this.#opened = sink;
    const { venue, broker } = this.#options;
    await venue.open(sink);
    requireAccounts(broker, venue.accountIds?.());
  }

  async #close(): Promise<void> {
    const { venue } = this.#options;
    this.#isClosed = true;
    this.#queries.close();
    const outcome = await withTimeLimit(() => venue.close(), CLOSE_LIMIT_MS);
    if (outcome.kind === 'failed') throw outcome.cause;
    if (outcome.kind === 'late') {
      throw brokerError('BROKER_CLOSE_LATE', `Venue '${this.name}' did not close within ${CLOSE_LIMIT_MS} ms.`);
    }
  }
}
