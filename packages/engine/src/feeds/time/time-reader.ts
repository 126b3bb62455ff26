import { ROW_FAULT } from '../rows/row-fault.js';
import type { RowFault } from '../rows/row-fault.js';

/** Why a text is no time. */
export type TimeFault = Extract<RowFault, 5 | 6 | 7 | 8>;

/** Reads times from the bytes of one field. */
export interface TimeReader {
  /** Why the last {@link read} answered NaN. */
  readonly fault: TimeFault;
  /** End of the bar that the last text names, for texts that name a day; else NaN. */
  readonly endTs: number;
  /** Local noon of the date that the last text names, by which every market has opened; NaN for texts that name no day. */
  readonly noonTs: number;
  /**
   * Epoch milliseconds, whole; finer digits are cut off. NaN where the text in `bytes[start, end)` is no time. `previousTs` is the
   * time of the row above, NaN for the first row; it decides between the two meanings of a wall time that occurs twice.
   */
  read(bytes: Uint8Array, start: number, end: number, previousTs: number): number;
}

const ZERO = 48;

/** The whole number in `bytes[start, end)`; NaN when there is none or another byte is among the digits. At most 15 digits. */
export function readDigits(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 15) return Number.NaN;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Answer of {@link readTwoDigits} where there are none: above whatever two digits are, so a check of their range finds it. */
export const NO_TWO_DIGITS = 100;

/** The number in two bytes; NO_TWO_DIGITS where one of them is no digit. */
export function readTwoDigits(bytes: Uint8Array, start: number): number {
  const tens = bytes[start]! - ZERO;
  const ones = bytes[start + 1]! - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NO_TWO_DIGITS;
}

/** Milliseconds of a fraction of a second: the first three digits count, the others only have to be digits. NaN if none. */
export function readFraction(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start) return Number.NaN;
  let value = 0;
  let scale = 100;
  for (let i = start; i < end; i += 1) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value += digit * scale;
    // After three digits the scale is 0 and further digits add nothing.
    scale = scale === 1 ? 0 : scale / 10;
  }
  return value;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Milliseconds from 1970-01-01 to a civil date; NaN where the calendar has no such date. Remembers the last date asked for. */
export class DateMemory {
  #key = -1;
  #ms = Number.NaN;

  toMs(year: number, month: number, day: number): number {
    // A month or day of 100, which is how no digits are told, has the key of a month or day 0: no date either.
    const key = (year * 100 + month) * 100 + day;
    if (key === this.#key) return this.#ms;
    this.#key = key;
    this.#ms = isDate(year, month, day) ? utcDate(year, month, day) : Number.NaN;
    return this.#ms;
  }
}

function isDate(year: number, month: number, day: number): boolean {
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || !(day >= 1)) return false;
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= days + (isLeap ? 1 : 0);
}

function utcDate(year: number, month: number, day: number): number {
  // Date.UTC takes years below 100 for the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** The fault of a text that is no time at all. */
export const NO_TIME: TimeFault = ROW_FAULT.timeFormat;
