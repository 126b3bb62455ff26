import type { Clock } from '../../interfaces/clock.js';
import type { VenueSink, VenueStatus } from '../../interfaces/venue.js';
import type { AccountState } from '../../model/account.js';
import type { Heartbeat } from '../../model/heartbeat.js';
import type { RandomSource } from '../random.js';
import type { FaultLog } from './fault-log.js';
import type { Strike } from './fault-script.js';
import { FaultyLine } from './faulty-line.js';
import { SkewedClock } from './skewed-clock.js';
import type { VenueFault } from './venue-fault.js';

/** How long a connection is down, a silence and a wrong clock last, and a call waits, unless told otherwise. */
const DOWN_MS = 5_000;
const SILENCE_MS = 30_000;
const SKEW_LASTS_MS = 60_000;
const LIMIT_MS = 10_000;
const SKEW_MS = -5_000;

/** How calls fare in a silence. */
export interface CallsInSilence {
  readonly limitMs: number;
  readonly keeps: boolean;
  readonly reach: number;
  readonly heartbeats: boolean;
  readonly random: RandomSource;
}

/** What follows a disconnect of a kind of its own. */
export interface AfterReconnect {
  rollIdsBack(count: number): void;
  replay(count: number): void;
}

/** The connection between a faulty venue and whoever uses it: what it is like, and what it says of itself. */
export class VenueConnection {
  readonly line: FaultyLine;
  readonly skew: SkewedClock;
  readonly #clock: Clock;
  readonly #log: FaultLog;
  readonly #after: AfterReconnect;
  #sink: VenueSink | undefined;
  /** What the inner venue last said of its session. */
  #inner: VenueStatus | undefined;
  #silence: CallsInSilence = { limitMs: LIMIT_MS, keeps: true, reach: 1, heartbeats: false, random: () => 0 };

  constructor(options: { readonly clock: Clock; readonly log: FaultLog; readonly after: AfterReconnect }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#after = options.after;
    this.skew = new SkewedClock(options.clock);
    this.line = new FaultyLine(options.clock, { lost: () => this.#lost(), restored: () => this.#restored() });
  }

  /** Where what arrives is delivered; undefined while the venue is closed. */
  get sink(): VenueSink | undefined {
    return this.#sink;
  }

  get silence(): CallsInSilence {
    return this.#silence;
  }

  open(sink: VenueSink): void {
    this.line.reset();
    this.#sink = sink;
  }

  close(): void {
    this.#sink = undefined;
    this.line.reset();
  }

  /** The inner venue speaks of its session: passed on unless the connection is cut, and told again when it is back. */
  onStatus(status: VenueStatus): void {
    this.#inner = status;
    this.line.pass(() => this.#sink?.status(this.#byTheirClock(status)));
  }

  onAccount(state: AccountState): void {
    const told = this.skew.ms === 0 ? state : { ...state, ts: state.ts + this.skew.ms };
    this.line.pass(() => this.#sink?.account(told));
  }

  onHeartbeat(heartbeat: Heartbeat): void {
    const told = this.skew.ms === 0 ? heartbeat : { ...heartbeat, ts: heartbeat.ts + this.skew.ms };
    if (this.line.isSilent && this.#silence.heartbeats) this.#sink?.heartbeat(told);
    else this.line.pass(() => this.#sink?.heartbeat(told));
  }

  /** Lets the faults of the connection among these happen. */
  strike(strikes: readonly Strike<VenueFault>[], at: string): void {
    for (const strike of strikes) this.#strikeOne(strike, at);
  }

  #strikeOne({ fault, random }: Strike<VenueFault>, at: string): void {
    switch (fault.kind) {
      case 'disconnect':
        return this.cut(fault.kind, { at, downMs: fault.downMs });
      case 'roll-ids-back': {
        const afterwards = (): void => this.#after.rollIdsBack(fault.count ?? 1);
        return this.cut(fault.kind, { at, downMs: fault.downMs, afterwards });
      }
      case 'replay-executions': {
        const afterwards = (): void => this.#after.replay(fault.count ?? Number.POSITIVE_INFINITY);
        return this.cut(fault.kind, { at, downMs: fault.downMs, afterwards });
      }
      case 'silent': {
        const { lastsMs = SILENCE_MS, limitMs = LIMIT_MS, keeps = true, reach = 0.5, heartbeats = false } = fault;
        const isSilent = this.line.fallSilent({ lastsMs, keeps });
        if (isSilent) this.#silence = { limitMs, keeps, reach, heartbeats, random };
        return this.#log.add(fault.kind, isSilent ? `for ${lastsMs} ms, at ${at}` : `nothing, as it is cut, at ${at}`);
      }
      case 'skew-clock': {
        const { skewMs = SKEW_MS, lastsMs = SKEW_LASTS_MS } = fault;
        this.skew.skew(skewMs, lastsMs);
        return this.#log.add(fault.kind, `by ${skewMs} ms for ${lastsMs} ms, at ${at}`);
      }
      default:
    }
  }

  /** Loses the connection. */
  cut(
    kind: string,
    how: { readonly at: string; readonly downMs?: number | undefined; readonly afterwards?: () => void },
  ): void {
    const { at, downMs = DOWN_MS, afterwards } = how;
    this.#log.add(kind, `connection lost for ${downMs} ms, at ${at}`);
    const lost = this.line.cut(downMs, afterwards);
    if (lost > 0) this.#log.add(kind, `${lost} messages held by a silence are lost`);
  }

  #lost(): void {
    const message = 'The connection to the venue is lost.';
    this.#tell({ state: 'disconnected', reason: 'TESTING_CONNECTION_LOST', message });
  }

  #restored(): void {
    this.#log.add('', 'connection restored');
    this.#tell({ state: 'connecting', reason: '', message: '' });
    const { state, reason, message } = this.#inner ?? { state: 'ready', reason: '', message: '' };
    this.#tell({ state, reason, message });
  }

  #tell(status: Pick<VenueStatus, 'state' | 'reason' | 'message'>): void {
    const ts = this.#clock.nowUtc();
    this.#sink?.status(this.#byTheirClock({ ts, venue: this.#inner?.venue ?? 'venue', ...status }));
  }

  #byTheirClock(status: VenueStatus): VenueStatus {
    return this.skew.ms === 0 ? status : { ...status, ts: status.ts + this.skew.ms };
  }
}
