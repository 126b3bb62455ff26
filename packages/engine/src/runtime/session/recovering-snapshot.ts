import type { EngineSnapshot } from '../../control/engine-snapshot.js';

const GONE = { state: 'disconnected', message: 'The engine was lost, and a fresh one has not begun.' } as const;

/** What the last engine showed, while a fresh one has not begun: no feed and no broker is connected. */
export function recoveringSnapshot(snapshot: EngineSnapshot): EngineSnapshot {
  const { feeds, venues, reconciliation } = snapshot;
  return {
    ...snapshot,
    state: 'recovering',
    feeds: feeds.map((feed) => ({ ...feed, ...GONE })),
    venues: venues.map((venue) => ({ ...venue, ...GONE, isReconciled: false })),
    reconciliation: reconciliation.map((view) => ({ ...view, state: 'away' })),
  };
}
