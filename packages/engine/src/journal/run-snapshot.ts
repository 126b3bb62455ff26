// The whole state of a run at one instant: kernel and simulated venues.
import type { KernelSnapshot } from '../kernel/snapshot.js';
import type { SavedVenue } from '../simulated-venue/venue-state.js';
import { journalError } from './journal-errors.js';
import type { OpenEnds } from './open-ends.js';
import { decodeValue, encodeValue } from './value-codec.js';

/** Plain data. */
export interface RunSnapshot {
  readonly kernel: KernelSnapshot;
  /** In the order of `Assembly.venues`. */
  readonly venues: readonly SavedVenue[];
  /** Rows taken so far. */
  readonly rows: { readonly ticks: number; readonly bars: number };
  /** Set in the snapshot that a run goes on from after another process died. */
  readonly ends?: OpenEnds;
}

/** Errors: JOURNAL_VALUE_UNSUPPORTED. */
export function encodeSnapshot(snapshot: RunSnapshot): Uint8Array {
  return encodeValue(snapshot);
}

/** Errors: JOURNAL_RECORD_INVALID. */
export function decodeSnapshot(bytes: Uint8Array): RunSnapshot {
  const value = decodeValue(bytes) as Partial<RunSnapshot> | null | undefined;
  const kernel = value?.kernel as Partial<KernelSnapshot> | undefined;
  if (typeof value === 'object' && kernel?.version === 1 && Array.isArray(value?.venues)) return value as RunSnapshot;
  throw journalError('JOURNAL_RECORD_INVALID', 'A snapshot of the journal is none of this engine’s.');
}
