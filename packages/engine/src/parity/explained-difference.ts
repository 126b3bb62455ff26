// A difference with its cause and evidence.
import type { Difference } from './difference.js';

/** Why session and backtest differ; the order of the report, what needs looking at first. */
export const CAUSES = [
  ...(['unexplained', 'data', 'restart', 'broker', 'guard'] as const),
  ...(['timing', 'fill model', 'fee', 'follows'] as const),
] as const;

/** One of {@link CAUSES}. */
export type Cause = (typeof CAUSES)[number];

/** A difference and why it is there. */
export interface ExplainedDifference extends Difference {
  /** From 1, in order of time. */
  readonly id: number;
  readonly cause: Cause;
  /** One sentence. */
  readonly evidence: string;
  /** The earlier difference that this one is a consequence of; 0 for none. */
  readonly follows: number;
}

/** What is said of a difference. */
export type Verdict = Pick<ExplainedDifference, 'cause' | 'evidence' | 'follows'>;

/** A cause with its evidence, of no earlier difference. */
export function verdict(cause: Cause, evidence: string): Verdict {
  return { cause, evidence, follows: 0 };
}

/** A consequence of an earlier difference. */
export function followsOf({ id }: ExplainedDifference, evidence: string): Verdict {
  return { cause: 'follows', evidence, follows: id };
}
