import type { EngineNotice } from '@bookrunner/sdk';

/** What a strategy did wrong, and what was thrown. */
export interface StrategyFailure {
  readonly code: 'STRATEGY_THREW' | 'STRATEGY_ANSWER_INVALID';
  /** Follows the strategy's name. */
  readonly what: string;
  /** What the call was about; undefined where it was about none. */
  readonly symbol?: string | undefined;
  readonly error?: unknown;
}

/** Beside the notices, not in them: they are journalled and compared, and where code lies differs from one machine to another. */
const FAILURES = new WeakMap<EngineNotice, StrategyFailure>();

/** Keeps with a notice what it tells of. */
export function noteFailure(notice: EngineNotice, failure: StrategyFailure): EngineNotice {
  FAILURES.set(notice, failure);
  return notice;
}

/** What a notice of this run tells of; undefined for other notices, and for those of an earlier run. */
export function failureOf(notice: EngineNotice): StrategyFailure | undefined {
  return FAILURES.get(notice);
}
