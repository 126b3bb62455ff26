// What people are told of a part that is away.
import { type EngineNotice, isTradingError } from '@bookrunner/sdk';
import { messageOf } from '../../execution/message-of.js';
import type { PhaseFailure } from '../../plugins/index.js';
import type { PartName } from './away-parts.js';
import { sentence } from '../../sentence.js';

/** Causes that are told at once; of those whose text is another one each time no more than one in this time. */
const CAUSES_AT_ONCE = 5;
const CAUSE_EVERY_MS = 15 * 60_000;

/** How a part that is away is tried again. */
export type Trying = 'soon' | 'ever-less' | 'seldom';

const AGAIN: Readonly<Record<Trying, string>> = {
  soon: 'in a second, then at most every 30 s, until it is there.',
  'ever-less': 'after ever longer times, at last every 15 minutes.',
  seldom: 'every 15 minutes.',
};

/** What has come of a try. */
export interface FailedTry {
  readonly line: string;
  readonly why: string;
  readonly trying: Trying;
  readonly now: number;
}

/** Each cause is told once, and once more where it is tried otherwise because of it. */
export class AwayNews {
  readonly #part: PartName;
  /** As the start has said it. */
  readonly #first: string;
  readonly #told = new Set<string>();
  #quietUntil = Number.NEGATIVE_INFINITY;
  #why: string;

  constructor(part: PartName, why: string) {
    this.#part = part;
    this.#first = why;
    this.#why = why;
  }

  /** With what to do. */
  get why(): string {
    return this.#why;
  }

  /** A try has failed; `line` says how in short, `why` with what to do. Whether that is to be told. */
  failed({ line, why, trying, now }: FailedTry): boolean {
    const isFirst = trying === 'soon' && line !== '' && this.#first.includes(line);
    // A start says the same in more words.
    this.#why = isFirst ? this.#first : why;
    const cause = `${trying} ${line}`;
    if (this.#told.has(cause) || (this.#told.size >= CAUSES_AT_ONCE && now < this.#quietUntil)) return false;
    this.#told.add(cause);
    this.#quietUntil = now + CAUSE_EVERY_MS;
    return !isFirst;
  }

  /** The alarm; no alarm while the part is away by plan, unless it fails of something else. */
  away(trying: Trying, { ts, isPlanned }: { readonly ts: number; readonly isPlanned: boolean }): EngineNotice {
    const { kind, name } = this.#part;
    const what =
      kind === 'venue'
        ? 'Nothing is sent there, and nobody watches what is open there.'
        : 'Its strategies are not asked, and the engine does not see the market of what they hold.';
    const message = `The session goes on without ${kind} '${name}': ${this.#why} ${what} It is tried again ${AGAIN[trying]}`;
    const level = isPlanned && trying === 'soon' ? 'info' : 'alarm';
    return { ts, level, code: 'ENGINE_PART_AWAY', message, details: { kind, name } };
  }

  /** The all-clear. */
  joined(ts: number): EngineNotice {
    const { kind, name } = this.#part;
    const message = `${kind === 'venue' ? 'Venue' : 'Feed'} '${name}' is open, and has joined the session.`;
    return { ts, level: 'info', code: 'ENGINE_PART_JOINED', message, details: { kind, name } };
  }
}

/** Why a part is away, with what to do. */
export function whyAway(error: unknown): string {
  return isTradingError(error) ? failureText(error) : sentence(inOneLine(messageOf(error)));
}

/** The same of a start. */
export function failureText({ code, message, remedy }: Pick<PhaseFailure, 'code' | 'message' | 'remedy'>): string {
  return `${sentence(inOneLine(`${code}: ${message}`))} ${remedy}`.trim();
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}
