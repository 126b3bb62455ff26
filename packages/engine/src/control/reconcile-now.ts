// The command `reconcile`: the engine asks its brokers, and the person gets what they said.
import type { CommandResult } from '@bookrunner/sdk';
import type { EngineSnapshot } from './engine-snapshot.js';
import { refusal } from './check-command.js';
import { renderReconciliation } from './render-reconciliation.js';

/** Longest wait for the brokers' answers. */
export const RECONCILE_WAIT_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** What the engine shows: fresh, or the last known where it does not answer. */
export interface ReconcileLink {
  snapshot(): Promise<{ readonly snapshot: EngineSnapshot; readonly isFresh: boolean } | undefined>;
}

/**
 * To be called when the engine has taken the command. Waits for the answers, but no longer than {@link RECONCILE_WAIT_MS}, and gives
 * the comparison: `isComplete` says whether every broker that has a session gave a whole answer in that time.
 */
export async function reconcileAnswer(link: ReconcileLink): Promise<CommandResult> {
  const until = performance.now() + RECONCILE_WAIT_MS;
  const first = (await link.snapshot())?.snapshot;
  if (first === undefined) return refusal('ENGINE_STARTING', 'The engine is starting and shows nothing yet.');
  const asked = new Map(first.reconciliation.map(({ venue, query }) => [venue, query]));
  let last: EngineSnapshot = first;
  let isFresh = true;
  while (!isAnswered(last, asked) && performance.now() < until) {
    // Each look waits for the one before.
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    // oxlint-disable-next-line no-await-in-loop
    const shown = await link.snapshot();
    last = shown?.snapshot ?? last;
    isFresh = shown?.isFresh === true;
  }
  const { at, takenAt, reconciliation } = last;
  const isComplete =
    isAnswered(last, asked) && reconciliation.every(({ state, failures }) => state === 'ready' && failures === 0);
  const text = renderReconciliation(reconciliation, at ?? takenAt);
  return {
    kind: 'done',
    data: { at, takenAt, isFresh, isComplete, reconciliation, text },
    text,
  };
}

/** Whether no broker owes an answer; one that is away is not asked, and a later question has answered an earlier one. */
function isAnswered({ reconciliation }: EngineSnapshot, asked: ReadonlyMap<string, number>): boolean {
  return reconciliation.every(
    ({ venue, state, isAsked, query }) => state === 'away' || !isAsked || query > (asked.get(venue) ?? query),
  );
}
