import { isTradingError, type EpochMs, type HistoryBlock, type MarketCalendar } from '@bookrunner/sdk';
import { instantText } from '../../instant-text.js';
import { dataError } from '../data-errors.js';
import { unitHint } from './unit-hint.js';

/** No calendar goes on from here. */
const END_OF_TIME = Date.UTC(10_000, 0);

/** The first time that a reading takes: where the market's calendar has no answer for it, it may be in another unit. */
export class FirstTime {
  readonly #calendar: MarketCalendar | undefined;
  #path = '';
  #format = '';
  #isSeen = false;

  constructor(calendar: MarketCalendar | undefined) {
    this.#calendar = calendar;
  }

  /** The file that is read next, and how its times are written. */
  begin(path: string, format: string): void {
    this.#path = path;
    this.#format = format;
  }

  /** Looks at the first time, and at no other. Errors: DATA_OPTIONS_INVALID, with the question in its details. */
  readonly see = (ts: EpochMs): void => {
    if (this.#isSeen) return;
    this.#isSeen = true;
    const question = unitHint(ts, this.#format);
    if (question === undefined || answers(this.#calendar, ts)) return;
    throw dataError(
      'DATA_OPTIONS_INVALID',
      `${this.#path}: its first row is of ${instantText(ts)}, which is not in ${this.#calendar === undefined ? 'any calendar' : `the calendar '${this.#calendar.id}'`}: ${question}.`,
      { details: { ts, question } },
    );
  };

  /** The same of the first of some blocks. */
  of(blocks: readonly HistoryBlock[]): readonly HistoryBlock[] {
    const [first] = blocks;
    if (first !== undefined) this.see(first.columns.ts[0]!);
    return blocks;
  }
}

function answers(calendar: MarketCalendar | undefined, ts: EpochMs): boolean {
  if (calendar === undefined) return ts < END_OF_TIME;
  try {
    calendar.tradingDay(ts);
    return true;
  } catch (error) {
    if (!isTradingError(error) || error.code !== 'CALENDAR_OUT_OF_RANGE') throw error;
    return false;
  }
}
