// What a person need not read again: a feed or a broker that is tried again says the same at every try. The journal, the log file and
// the metrics have every one.
import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import { instantText } from '../instant-text.js';

/** While nothing changes it is told once in this time, with how often it came. */
const AGAIN_MS = 15 * 60_000;
/** Different texts that are told at once; where each try has another one, no more than one in {@link AGAIN_MS} after them. */
const TEXTS_AT_ONCE = 5;

const STATUSES: ReadonlySet<string> = new Set(['FEED_STATUS', 'VENUE_STATUS']);
/** Between two tries; no change. */
const TRYING = 'connecting';

/** Texts of one feed, one of its symbols, or one broker, since its state was another one. */
interface Trouble {
  readonly state: unknown;
  readonly told: Set<string>;
  toldAt: EpochMs;
  /** Since then, without being told. */
  untold: number;
}

/** Decides which statuses a person is told. */
export class RepeatedStatus {
  readonly #troubles = new Map<string, Trouble>();

  /** The notice as it is to be told; undefined where it says nothing new. */
  told(notice: EngineNotice): EngineNotice | undefined {
    const { code, level, details, message, ts } = notice;
    if (!STATUSES.has(code)) return notice;
    const of = JSON.stringify([code, details['feed'] ?? details['venue'], details['symbol']]);
    const { state } = details;
    if (state === TRYING) return notice;
    const trouble = this.#troubles.get(of);
    // An alarm is never left out. What is no warning is not said at a terminal: the warning that follows it with the same text is.
    if (trouble !== undefined && trouble.state === state && level === 'warning') return again(trouble, notice);
    this.#troubles.set(of, { state, told: new Set(level === 'info' ? [] : [message]), toldAt: ts, untold: 0 });
    return notice;
  }
}

function again(trouble: Trouble, notice: EngineNotice): EngineNotice | undefined {
  const { message, ts } = notice;
  const { told, toldAt, untold } = trouble;
  const isNew = !told.has(message) && told.size < TEXTS_AT_ONCE;
  if (!isNew && Math.abs(ts - toldAt) < AGAIN_MS) {
    trouble.untold += 1;
    return undefined;
  }
  if (isNew) told.add(message);
  trouble.toldAt = ts;
  trouble.untold = 0;
  if (untold === 0) return notice;
  return { ...notice, message: `${message} (${untold} more since ${instantText(toldAt)}.)` };
}
