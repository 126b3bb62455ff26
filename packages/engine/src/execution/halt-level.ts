// How much what a person said stops.
import type { GuardedScope } from './guarded-scope.js';

/** How much a reason that a command gave stops: 1 halt, 2 reduce-only, 3 panic; 0 for those of policies. */
export function levelOf(reason: string): number {
  return ['halt by ', 'reduce-only by ', 'panic by '].findIndex((start) => reason.startsWith(start)) + 1;
}

/** Whether a panic of the scope, or of its venue, is in force. */
export function isPanicking({ haltReason, venueHalt }: Pick<GuardedScope, 'haltReason' | 'venueHalt'>): boolean {
  return levelOf(haltReason) === 3 || levelOf(venueHalt) === 3;
}
