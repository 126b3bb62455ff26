import type { EpochMs } from '@bookrunner/sdk';
import { runtimeError } from '../../runtime/runtime-errors.js';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** A range of time as `--from` and `--to` say it; an absent bound is absent. */
export interface TimeRange {
  readonly from?: EpochMs;
  readonly to?: EpochMs;
}

/**
 * Reads `--from` and `--to`: `YYYY-MM-DD` is the first instant of that day in UTC, an instant without an offset is UTC.
 * Errors: RUN_RANGE_INVALID.
 */
export function timeRange(from: string | undefined, to: string | undefined): TimeRange {
  const range = {
    ...(from === undefined ? {} : { from: instant('--from', from) }),
    ...(to === undefined ? {} : { to: instant('--to', to) }),
  };
  if (range.from !== undefined && range.to !== undefined && range.from >= range.to) {
    throw runtimeError('RUN_RANGE_INVALID', `--from ${from} is not before --to ${to}.`);
  }
  return range;
}

function instant(option: string, text: string): EpochMs {
  const ts = parse(text);
  if (ts === undefined) throw runtimeError('RUN_RANGE_INVALID', `${option} '${text}' is no date and no instant.`);
  return ts;
}

function parse(text: string): EpochMs | undefined {
  if (!DATE.test(text) && !INSTANT.test(text)) return undefined;
  const isDate = DATE.test(text);
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  const ts = Date.parse(isDate || hasZone ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(ts)) return undefined;
  // Date.parse takes 30 February for 1 March; the day of the text says whether it exists.
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return new Date(day).toISOString().slice(0, 10) === text.slice(0, 10) ? ts : undefined;
}
