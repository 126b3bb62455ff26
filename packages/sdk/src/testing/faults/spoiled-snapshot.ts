// Snapshots that tell less than the truth, or tell it by another clock.
import type { SnapshotPart, VenueSnapshot } from '../../model/venue-report.js';
import type { RandomSource } from '../random.js';

/** The parts of a snapshot. */
export const SNAPSHOT_PARTS: readonly (keyof VenueSnapshot)[] = ['positions', 'openOrders', 'executions', 'accounts'];

/** Applies one change to every part. */
export function mapParts(
  snapshot: VenueSnapshot,
  change: <T>(part: SnapshotPart<T>, name: keyof VenueSnapshot) => SnapshotPart<T>,
): VenueSnapshot {
  return {
    positions: change(snapshot.positions, 'positions'),
    openOrders: change(snapshot.openOrders, 'openOrders'),
    executions: change(snapshot.executions, 'executions'),
    accounts: change(snapshot.accounts, 'accounts'),
  };
}

/** A snapshot whose named parts miss an item or more, and say that they are not complete. */
export function incompleteSnapshot(
  snapshot: VenueSnapshot,
  { parts, random }: { readonly parts: readonly (keyof VenueSnapshot)[]; readonly random: RandomSource },
): VenueSnapshot {
  return mapParts(snapshot, (part, name) => {
    if (!parts.includes(name)) return part;
    const missing = part.items.length === 0 ? -1 : random() % part.items.length;
    const items = part.items.filter((_, i) => i !== missing && random() % 2 === 0);
    return { ...part, complete: false, items };
  });
}

/** A snapshot with nothing in it. */
export function emptySnapshot(snapshot: VenueSnapshot, claimsComplete: boolean): VenueSnapshot {
  return mapParts(snapshot, (part) => ({ ...part, complete: claimsComplete && part.complete, items: [] }));
}

/** A snapshot by a clock that is off by so much. */
export function skewedSnapshot(snapshot: VenueSnapshot, skewMs: number): VenueSnapshot {
  if (skewMs === 0) return snapshot;
  return mapParts(snapshot, (part) => ({
    ...part,
    asOf: part.asOf + skewMs,
    since: part.since + skewMs,
    items: part.items.map(<T>(item: T) => skewedItem(item, skewMs)),
  }));
}

/** An item with an instant of its own (an execution, an account) by that clock. */
function skewedItem<T>(item: T, skewMs: number): T {
  if (typeof item !== 'object' || item === null || !('ts' in item) || typeof item.ts !== 'number') return item;
  return { ...item, ts: item.ts + skewMs };
}
