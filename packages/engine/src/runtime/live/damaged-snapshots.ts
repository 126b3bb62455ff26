import type { EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { RecoveredRun } from '../../journal/recover-run.js';

/** Says that a run is gone on from an older snapshot than it has; undefined where all that were looked at are whole. */
export function damagedSnapshots({ run, damaged = [] }: RecoveredRun, ts: EpochMs): EngineNotice | undefined {
  if (damaged.length === 0) return undefined;
  const message =
    `${damaged.join(' ')} This start went on from what is older and the records after it, which are whole: nothing is lost. Check the disk; ` +
    '`bookrunner journal verify` names every damaged place.';
  return { ts, level: 'warning', code: 'JOURNAL_SNAPSHOT_DAMAGED', message, details: { run, damaged } };
}
