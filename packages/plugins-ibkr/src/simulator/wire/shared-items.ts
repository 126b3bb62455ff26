// Items that several messages have in common.
import { INTEGER, NUMBER, TEXT } from './codecs.js';
import { field, within } from './layout.js';

export const requestId = field('requestId', INTEGER);
export const account = field('account', TEXT);

/** The twelve fields of a contract in a request. */
export const askedContract = within(
  'contract',
  field('conId', INTEGER),
  field('symbol', TEXT),
  field('secType', TEXT),
  field('lastTradeDateOrContractMonth', TEXT),
  field('strike', NUMBER),
  field('right', TEXT),
  field('multiplier', TEXT),
  field('exchange', TEXT),
  field('primaryExchange', TEXT),
  field('currency', TEXT),
  field('localSymbol', TEXT),
  field('tradingClass', TEXT),
);

/** The eleven fields of a contract in a position. */
export const heldContract = within(
  'contract',
  field('conId', INTEGER),
  field('symbol', TEXT),
  field('secType', TEXT),
  field('lastTradeDateOrContractMonth', TEXT),
  field('strike', NUMBER),
  field('right', TEXT),
  field('multiplier', TEXT),
  field('exchange', TEXT),
  field('currency', TEXT),
  field('localSymbol', TEXT),
  field('tradingClass', TEXT),
);

/** Whether it is a combination, of whatever spelling. */
export function isBag(message: { readonly contract: { readonly secType: string } }): boolean {
  return message.contract.secType.toUpperCase() === 'BAG';
}
