// Money as people read it. Marks and sums are doubles: 994842.3599999999 is 994842.36.

/** Of the ledger's money; see MONEY_DECIMALS of the SDK. */
const DECIMALS = 8;
/** A double has 15 to 17; the last ones are what sums leave. */
const SIGNIFICANT_DIGITS = 14;

/** Without what binary sums leave behind. For answers only: nothing is decided by it. */
export function shownMoney<Value extends number | null>(value: Value): Value | number {
  return value === null ? value : Number(Number(value.toFixed(DECIMALS)).toPrecision(SIGNIFICANT_DIGITS));
}
