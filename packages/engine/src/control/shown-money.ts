// Figures as people read them. Marks and sums are doubles: 994842.3599999999 is 994842.36.

/** Of the ledger's money; see MONEY_DECIMALS of the SDK. */
const DECIMALS = 8;
/** A double has 15 to 17; the last ones are what sums leave. */
const SIGNIFICANT_DIGITS = 14;

/** Money without what binary sums leave behind. For answers only: nothing is decided by it. */
export function shownMoney<Value extends number | null>(value: Value): Value | number {
  return value === null ? value : shownFigure(Number(value.toFixed(DECIMALS)));
}

/** The same of a price, which may have more decimals than money. Quantities are whole lots, and as they are. */
export function shownFigure<Value extends number | null>(value: Value): Value | number {
  return value === null ? value : Number(value.toPrecision(SIGNIFICANT_DIGITS));
}
