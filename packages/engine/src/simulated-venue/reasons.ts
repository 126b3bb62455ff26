// Every reason the simulated venue gives for a refusal, a cancel or a cash booking, with its text.

/** Reason codes and what they say to a person. */
export const VENUE_REASONS = {
  ACCOUNT_UNKNOWN: 'The venue does not know the account.',
  INSTRUMENT_UNKNOWN: 'The venue does not trade the instrument.',
  VENUE_NOT_OPEN: 'The venue is not open.',
  ORDER_DUPLICATE: 'The venue has seen this order id before.',
  ORDER_NOT_WORKING: 'The order is not working at the venue.',
  ORDER_INVALID: 'The order lacks a field its type or time in force needs, or carries one it cannot use.',
  QUANTITY_NOT_LOT: 'The quantity is not a whole number of lot steps.',
  QUANTITY_TOO_SMALL: 'The quantity is below the smallest the instrument allows.',
  QUANTITY_TOO_LARGE: 'The quantity is above the largest the instrument allows.',
  QUANTITY_BELOW_FILLED: 'The new quantity is not above what has filled already; cancel the order instead.',
  QUANTITY_ABOVE_PARENT: 'The parent of the bracket has ended; its children may only become smaller.',
  PRICE_OFF_TICK: 'A price is missing or not a whole number of price steps.',
  PRICE_UNKNOWN: 'The margin cannot be computed: the venue has not seen a price or an exchange rate yet.',
  TIME_IN_FORCE_UNSUPPORTED: 'IOC and FOK are for market and limit orders only.',
  EXPIRY_PASSED: 'The expiry of the GTD order is missing or has passed.',
  MARKET_CLOSED: 'The market is closed; an IOC or FOK order cannot wait for it.',
  SHORT_SALE_FORBIDDEN: 'The order would sell more than the position, and short sales are switched off.',
  INSUFFICIENT_MARGIN: 'The worst case of position and working orders needs more margin than the account has.',
  MARGIN_CALL: 'The account is below its maintenance margin; the venue closes its positions.',
  PARENT_NOT_WORKING: 'The parent order of the bracket is not working at the venue.',
  GROUP_REJECTED: 'Another order of the group was rejected, and a group is all or nothing.',
  CANCEL_REQUESTED: 'Cancelled on request.',
  OCO_FILLED: 'Another order of the OCO group filled.',
  PARENT_ENDED: 'The parent order of the bracket ended without a fill for this order.',
  IOC_REMAINDER: 'What an IOC order could not fill at once is cancelled.',
  FOK_NOT_FILLABLE: 'The FOK order could not fill whole at once.',
  FINANCING: 'Financing of a position held over the end of the trading day.',
} as const;

/** Code of a reason the simulated venue gives. */
export type VenueReason = keyof typeof VENUE_REASONS;
