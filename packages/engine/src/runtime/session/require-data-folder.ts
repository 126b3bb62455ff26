import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { journalPath } from '../../journal/journal-file.js';
import { requireWritable } from '../../report/require-writable.js';

/** Of a live start that comes to nothing before anything could be looked at. */
const UNWATCHED =
  ' Nothing trades: positions and orders that earlier sessions of this data folder left at brokers stay there and are watched by nobody.';

/** Whether a run can be written down. A live one that cannot says what that means for what is open. Errors: REPORT_WRITE_FAILED. */
export function requireDataFolder(dataDir: string, mode: 'paper' | 'live'): void {
  const hasLeft = mode === 'live' && existsSync(journalPath(dataDir));
  requireWritable(join(dataDir, 'runs'), hasLeft ? UNWATCHED : '');
}
