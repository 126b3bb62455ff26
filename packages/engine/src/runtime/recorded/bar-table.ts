// Bars as rows of numbers in one Float64Array: the place of each field in a row, and the numbers of a row.
export const START = 0;
export const OPEN = 1;
export const HIGH = 2;
export const LOW = 3;
export const CLOSE = 4;
export const VOLUME = 5;
export const END = 6;
export const TICKS = 7;
export const VWAP = 8;
export const BAR_STRIDE = 9;
