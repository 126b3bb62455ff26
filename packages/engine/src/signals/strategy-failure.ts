import type { EngineNotice } from '@bookrunner/sdk';
import type { InvalidAnswer } from './answer.js';

/** Codes under which a strategy is told to have failed. */
export const STRATEGY_FAILURES = ['STRATEGY_THREW', 'STRATEGY_ANSWER_INVALID', 'STRATEGY_STATE_INVALID'] as const;

/** What a strategy did wrong, and what was thrown. */
export interface StrategyFailure {
  readonly code: (typeof STRATEGY_FAILURES)[number];
  /** Follows the strategy's name. */
  readonly what: string;
  /** What the call was about; undefined where it was about none. */
  readonly symbol?: string | undefined;
  readonly error?: unknown;
  /** The answer that was wrong, and the symbols it could have been for. */
  readonly answer?: InvalidAnswer;
  readonly symbols?: readonly string[];
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
