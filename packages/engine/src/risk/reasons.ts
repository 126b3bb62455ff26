// Every reason code of the standard policy and of the sizers, with its text. `{value}` and `{limit}` are the numbers compared.

/** Reason code to text. Codes are stable: stores, alerts and strategies may key on them. */
export const RISK_REASONS = {
  RISK_QUANTITY_INVALID: 'The quantity {value} is not a number above {limit}.',
  RISK_PRICE_COLLAR: 'The order price is {value} bps from its reference price; the collar is {limit} bps.',
  RISK_PRICE_UNKNOWN: 'The price {value}, at {limit} of money per unit and point, gives the order no value to check.',
  RISK_POSITION_UNKNOWN:
    'The position and its working orders ({value} units) or the gross exposure ({limit}) are not known.',
  RISK_EQUITY: 'Equity is {value}; orders that add risk need more than {limit}.',
  RISK_LOSS_DAY: 'The day stands at {value} bps of its starting equity; the limit is -{limit} bps.',
  RISK_ORDERS_SECOND: '{value} orders went out within the last second; the limit is {limit}.',
  RISK_ORDERS_MINUTE: '{value} orders went out within the last minute; the limit is {limit}.',
  RISK_WORKING_ORDERS: '{value} orders are working; the limit is {limit}.',
  RISK_SHORT: 'The position would be {value} units; the lowest allowed is {limit}.',
  RISK_UNITS: 'The position would be {value} units; the limit is {limit}.',
  RISK_VALUE: 'The position would be worth {value}; the limit is {limit}.',
  RISK_WEIGHT: 'The position would be {value} of equity; the limit is {limit}.',
  RISK_LEVERAGE: 'Gross exposure would be {value} times equity; the limit is {limit}.',
  RISK_ORDER_VALUE: 'The order is worth {value}; the limit is {limit}.',
  RISK_SIZE_SHARE: 'The share {value} is not a number from -{limit} to {limit}.',
  RISK_SIZE_EQUITY: 'The equity to size from is {value}; it has to be above {limit}.',
  RISK_SIZE_PRICE: 'The price {value}, at {limit} of money per unit and point, gives a unit no value to size with.',
  RISK_SIZE_NOT_WARM: 'The feature the sizer needs is {value}: it takes {limit} finished bars to warm up.',
  RISK_SIZE_VOLATILITY: 'The volatility to size from is {value}; it has to be above {limit}.',
  RISK_SIZE_LEVERAGE: 'The strategy is already exposed {value} elsewhere; its sizer allows {limit} in all.',
} as const satisfies Readonly<Record<string, string>>;

/** Texts where the number compared is not known. */
const NOT_KNOWN: Readonly<Partial<Record<string, string>>> = {
  RISK_EQUITY: 'Equity is not known, since a currency has no rate yet; orders that add risk need more than {limit}.',
  RISK_LOSS_DAY:
    'What the day has lost is not known: its starting equity is not, or not above 0; the limit is -{limit} bps.',
  RISK_SIZE_EQUITY:
    'The equity to size from is not known, since a currency has no rate yet; it has to be above {limit}.',
} satisfies Partial<Record<keyof typeof RISK_REASONS, string>>;

/** A reason code of this folder. */
export type RiskReason = keyof typeof RISK_REASONS;

/** The text of a reason with both numbers. */
export function reasonText(reason: RiskReason, value: number, limit: number): string {
  const text = (Number.isNaN(value) ? NOT_KNOWN[reason] : undefined) ?? RISK_REASONS[reason];
  return text.replaceAll('{value}', numberText(value)).replaceAll('{limit}', numberText(limit));
}

/** At most eight significant digits: enough to tell the numbers apart, few enough to read. */
function numberText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(8))) : String(value);
}
