import { type EpochMs, formatInstant } from '@bookrunner/sdk';

/** The latest instant that a date can have. */
const LATEST = 8.64e15;

/** A time for people; a number that is no date is shown as it is. */
export function instantText(ts: EpochMs): string {
  return Math.abs(ts) <= LATEST ? formatInstant(ts) : String(ts);
}
