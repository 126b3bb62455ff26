import { MINUTE_MS, SECOND_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';

/** One request as pacing sees it. */
export interface PacedRequest {
  /** Equal for requests that ask for the same. */
  readonly identity: string;
  /** Equal for requests about one contract, exchange and kind of data. */
  readonly series: string;
  /** BID_ASK counts twice. */
  readonly weight: 1 | 2;
}

const LONG_MS = 10 * MINUTE_MS;
const MOST_IN_LONG = 60;
const IDENTICAL_MS = 15 * SECOND_MS;
const SHORT_MS = 2 * SECOND_MS;
const MOST_IN_SHORT = 5;

/** The pacing rules for historical data: 60 in ten minutes, none twice within 15 s, fewer than six of one series in 2 s. */
export class HistoryPacing {
  #past: (PacedRequest & { readonly ts: EpochMs })[] = [];

  /** Counts a request and says whether it breaks a rule. */
  isViolation(request: PacedRequest, ts: EpochMs): boolean {
    this.#past = this.#past.filter((past) => ts - past.ts < LONG_MS);
    const total = this.#past.reduce<number>((sum, { weight }) => sum + weight, request.weight);
    const isRepeated = this.#past.some((past) => past.identity === request.identity && ts - past.ts < IDENTICAL_MS);
    const inShort = this.#past.filter((past) => past.series === request.series && ts - past.ts < SHORT_MS).length;
    this.#past.push({ ...request, ts });
    return total > MOST_IN_LONG || isRepeated || inShort >= MOST_IN_SHORT;
  }
}
