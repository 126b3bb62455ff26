// What can be wrong with a row of data. Faults are small integers in the hot path and words everywhere else.

/** Words of the faults, as totals list them. The index is the fault's number; 0 means the row is good. */
export const ROW_FAULTS = [
  'none',
  'column-count',
  'quotes',
  'line-too-long',
  'number',
  'time-format',
  'time-nonexistent',
  'not-a-trading-day',
  'calendar-range',
  'time-backwards',
  'time-duplicate',
  'price-missing',
  'price-not-positive',
  'high-below-low',
  'outside-high-low',
  'volume',
  'crossed',
  'size',
  'bar-end',
  'bar-overlap',
] as const;

/** Word of a fault. */
export type RowFaultName = (typeof ROW_FAULTS)[number];

/** Number of each fault. */
export const ROW_FAULT = {
  none: 0,
  columnCount: 1,
  quotes: 2,
  lineTooLong: 3,
  number: 4,
  timeFormat: 5,
  timeNonexistent: 6,
  notATradingDay: 7,
  calendarRange: 8,
  timeBackwards: 9,
  timeDuplicate: 10,
  priceMissing: 11,
  priceNotPositive: 12,
  highBelowLow: 13,
  outsideHighLow: 14,
  volume: 15,
  crossed: 16,
  size: 17,
  barEnd: 18,
  barOverlap: 19,
} as const;

/** Number of a fault; 0 means the row is good. */
export type RowFault = (typeof ROW_FAULT)[keyof typeof ROW_FAULT];

/** The word of a fault's number. */
export function faultName(fault: RowFault): RowFaultName {
  return ROW_FAULTS[fault];
}
