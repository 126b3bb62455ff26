// Requests as clients of IB write them, field by field, from the protocol's layout.
import type { Fields } from './raw-client.js';

/** conId, symbol, secType, expiry, strike, right, multiplier, exchange, primary exchange, currency, local symbol, trading class. */
export const AAPL_FIELDS: Fields = [
  '265598',
  'AAPL',
  'STK',
  '',
  '0.0',
  '',
  '',
  'SMART',
  'NASDAQ',
  'USD',
  'AAPL',
  'NMS',
];

export const ACCOUNT_ID = 'DU1234567';

/** Places of a plain order's fields. */
const PLACE = {
  ...{ orderId: 1, action: 16, totalQuantity: 17, orderType: 18, lmtPrice: 19, auxPrice: 20, tif: 21, account: 23 },
  ...{ origin: 25, orderRef: 26, transmit: 27, parentId: 28, exemptCode: 45, whatIf: 84 },
} as const;
const FIELDS_OF_ORDER = 118;
/** Fields that only newer gateways read: the last four. */
const NEWER_THAN_178 = 4;

/** An order: whole, with everything that is not given empty. */
export function placeOrder(order: Readonly<Partial<Record<keyof typeof PLACE, string>>>, serverVersion = 193): Fields {
  const fields = Array<string>(FIELDS_OF_ORDER).fill('');
  fields[0] = '3';
  AAPL_FIELDS.forEach((field, i) => (fields[2 + i] = field));
  const plain = { action: 'BUY', totalQuantity: '100', orderType: 'MKT', tif: 'DAY', account: ACCOUNT_ID, origin: '0' };
  const all = { ...plain, transmit: '1', parentId: '0', exemptCode: '-1', whatIf: '0', ...order };
  for (const [name, value] of Object.entries(all)) fields[PLACE[name as keyof typeof PLACE]] = value;
  for (const at of [29, 30, 32, 33, 34, 49, 52, 53, 55, 61, 66, 77, 80, 81, 86, 87, 88, 89, 105, 106]) fields[at] = '0';
  return serverVersion >= 193 ? fields : fields.slice(0, FIELDS_OF_ORDER - NEWER_THAN_178);
}

export function cancelOrder(orderId: string, serverVersion = 193): Fields {
  return serverVersion >= 192 ? ['4', orderId, '', '', '2147483647'] : ['4', '1', orderId, ''];
}

const [C, ID] = [AAPL_FIELDS, '11'];

/** Short requests, as they are read. */
const SHORT = [
  ...['58||', '2|1|11', '25|1|11', '98|11', '51|1|11', '90|11', '7|3|11|0||||||', '5|1', '16|1', '15|1|1', '99|0'],
  ...['8|1|1', '17|1', '49|1', '14|1|2', '59|1|3', '61|1', '64|1', '74|1|11|DU1234567|', '75|1|11', '63|1|11'],
  ...['62|1|11|All|NetLiquidation,BuyingPower', '6|2|1|DU1234567', '76|2|11|DU1234567||1', '77|2|11', '93|11'],
  ...['92|11|DU1234567|', '94|11|DU1234567||265598', '95|11', '91|26', '81|11|AAP', '78|11|AAPL||STK|265598'],
  ...['83|11|a6', '11|1|11|1'],
].map((text): Fields => text.split('|'));

/** One of every kind of request, whole: what is damaged to see who lives. */
export const SOUND_REQUESTS: readonly Fields[] = [
  placeOrder({ orderId: '5' }),
  placeOrder({ orderId: '6', orderType: 'LMT', lmtPrice: '99' }),
  cancelOrder('6'),
  ['1', '11', ID, ...C, '0', '233', '0', '0', ''],
  ['9', '8', ID, ...C, '0', '', '', ''],
  ['20', ID, ...C, '0', '', '1 min', '1800 S', '1', 'TRADES', '2', '0', ''],
  ['96', ID, ...C, '0', '', '20140505 08:00:00 US/Eastern', '10', 'TRADES', '1', '0', ''],
  ['97', ID, ...C, 'BidAsk', '0', '0'],
  ['50', '3', ID, ...C, '5', 'TRADES', '1', ''],
  ['87', ID, ...C, '0', '1', 'TRADES', '2'],
  ['10', '5', ID, ...C, '5', '1', ''],
  ...SHORT,
];
