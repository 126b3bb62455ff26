// Layouts of what the gateway says about accounts, positions and profit.
import { INTEGER, NUMBER, SPELLED_NUMBER, TEXT } from './codecs.js';
import { field, version, within } from './layout.js';
import type { MessageLayouts } from './message-layout.js';
import { account, heldContract, requestId } from './shared-items.js';

const position = field('position', NUMBER);
const averageCost = field('avgCost', NUMBER);
const model = field('model', TEXT);
const keyAndValue = [field('key', TEXT), field('value', TEXT), field('currency', TEXT)] as const;
const profit = [
  field('daily', SPELLED_NUMBER),
  field('unrealized', SPELLED_NUMBER),
  field('realized', SPELLED_NUMBER),
] as const;

export const ACCOUNT_MESSAGES: MessageLayouts<
  | 'position'
  | 'positionEnd'
  | 'positionMulti'
  | 'positionMultiEnd'
  | 'accountSummary'
  | 'accountSummaryEnd'
  | 'accountValue'
  | 'portfolioValue'
  | 'accountUpdateTime'
  | 'accountDownloadEnd'
  | 'accountUpdateMulti'
  | 'accountUpdateMultiEnd'
  | 'pnl'
  | 'pnlSingle'
> = {
  position: [61, version(3), account, heldContract, position, averageCost],
  positionEnd: [62, version(1)],
  positionMulti: [71, version(1), requestId, account, heldContract, position, averageCost, model],
  positionMultiEnd: [72, version(1), requestId],
  accountSummary: [
    63,
    version(1),
    requestId,
    account,
    field('tag', TEXT),
    field('value', TEXT),
    field('currency', TEXT),
  ],
  accountSummaryEnd: [64, version(1), requestId],
  accountValue: [6, version(2), ...keyAndValue, account],
  // The only position with the primary exchange, in place of the exchange.
  portfolioValue: [
    7,
    version(8),
    within(
      'contract',
      field('conId', INTEGER),
      field('symbol', TEXT),
      field('secType', TEXT),
      field('lastTradeDateOrContractMonth', TEXT),
      field('strike', NUMBER),
      field('right', TEXT),
      field('multiplier', TEXT),
      field('primaryExchange', TEXT),
      field('currency', TEXT),
      field('localSymbol', TEXT),
      field('tradingClass', TEXT),
    ),
    position,
    field('marketPrice', NUMBER),
    field('marketValue', NUMBER),
    averageCost,
    field('unrealizedPnl', NUMBER),
    field('realizedPnl', NUMBER),
    account,
  ],
  accountUpdateTime: [8, version(1), field('time', TEXT)],
  accountDownloadEnd: [54, version(1), account],
  accountUpdateMulti: [73, version(1), requestId, account, model, ...keyAndValue],
  accountUpdateMultiEnd: [74, version(1), requestId],
  pnl: [94, requestId, ...profit],
  pnlSingle: [95, requestId, position, ...profit, field('value', SPELLED_NUMBER)],
};
