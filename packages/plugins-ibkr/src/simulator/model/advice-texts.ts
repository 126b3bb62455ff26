/** Texts of messages that tests ask for by code alone. */
export const ADVICE_TEXTS: Readonly<Record<number, string>> = {
  104: 'Cannot modify a filled order.',
  105: 'Order being modified does not match original order.',
  110: 'The price does not conform to the minimum price variation for this contract.',
  161: 'Cancel attempted when order is not in a cancellable state.',
  399: 'Order Message:\nWarning: Your order size is below the EUR 20000 IdealPro minimum and will be routed as an odd lot order.',
  404: 'Order held while securities are located.',
  2102: 'Unable to modify this order as it is still being processed.',
  2109: "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination. PlaceOrder is now being processed.",
  2137: 'Cross Side Warning: This order is on the other side of an order that is working.',
  10089:
    'Requested market data requires additional subscription for API. See link in "Market Data Connections" dialog for more details. Delayed market data is available.',
  10090:
    'Part of requested market data is not subscribed. Subscription-independent ticks are still active. Delayed market data is available.',
  10091:
    'Part of requested market data requires additional subscription for API. See link in "Market Data Connections" dialog for more details. Delayed market data is available.',
  10147: 'OrderId that needs to be cancelled is not found.',
  10148: 'OrderId that needs to be cancelled cannot be cancelled, state: PendingSubmit.',
  10349: 'Order TIF was set to DAY based on order preset.',
};
