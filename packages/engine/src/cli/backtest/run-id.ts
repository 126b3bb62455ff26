import { randomBytes } from 'node:crypto';
import type { EpochMs } from '@bookrunner/sdk';

/** Id of a run: UTC time, so that ids sort, and three random bytes. `20261123-155842-a1b2c3`. */
export function newRunId(at: EpochMs): string {
  const [date, time] = new Date(at).toISOString().slice(0, 19).split('T') as [string, string];
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(3).toString('hex')}`;
}
