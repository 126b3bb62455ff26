// Layouts of what the gateway says about orders and executions.
import { FLAG, INTEGER, NUMBER, SPELLED_NUMBER, STRIKE_WITH_POINT, TEXT } from './codecs.js';
import { field, fixed, since, version, within } from './layout.js';
import type { MessageLayouts } from './message-layout.js';
import { keeps } from './order-items.js';
import { completedOrder, customer, openOrder, pegOffsets } from './order-state-items.js';
import { UNSET_DOUBLE_TEXT } from './plain-number.js';
import { requestId } from './shared-items.js';

const execution = within(
  'execution',
  field('orderId', INTEGER),
  within(
    'contract',
    field('conId', INTEGER),
    field('symbol', TEXT),
    field('secType', TEXT),
    field('lastTradeDateOrContractMonth', TEXT),
    field('strike', STRIKE_WITH_POINT),
    field('right', TEXT),
    field('multiplier', TEXT),
    field('exchange', TEXT),
    field('currency', TEXT),
    field('localSymbol', TEXT),
    field('tradingClass', TEXT),
  ),
  field('execId', TEXT),
  field('time', TEXT),
  field('account', TEXT),
  field('exchange', TEXT),
  field('side', TEXT),
  field('shares', NUMBER),
  field('price', NUMBER),
  field('permId', INTEGER),
  field('clientId', INTEGER),
  field('liquidation', FLAG),
  field('cumQty', NUMBER),
  field('avgPrice', NUMBER),
  field('orderRef', TEXT),
  fixed('evRule'),
  fixed('evMultiplier'),
  field('modelCode', TEXT),
  field('lastLiquidity', INTEGER),
  since(178, field('pendingPriceRevision', FLAG)),
);

export const ORDER_MESSAGES: MessageLayouts<
  | 'orderStatus'
  | 'openOrder'
  | 'openOrderEnd'
  | 'completedOrder'
  | 'completedOrdersEnd'
  | 'orderBound'
  | 'execDetails'
  | 'execDetailsEnd'
  | 'commissionReport'
> = {
  orderStatus: [
    3,
    field('orderId', INTEGER),
    field('status', TEXT),
    field('filled', NUMBER),
    field('remaining', NUMBER),
    field('avgFillPrice', NUMBER),
    field('permId', INTEGER),
    field('parentId', INTEGER),
    field('lastFillPrice', NUMBER),
    field('clientId', INTEGER),
    field('whyHeld', TEXT),
    field('mktCapPrice', NUMBER),
  ],
  openOrder: [5, openOrder],
  openOrderEnd: [53, version(1)],
  completedOrder: [
    101,
    completedOrder,
    field('filledQuantity', NUMBER),
    fixed('refFuturesConId', '0'),
    within('state', keeps(['autoCancelParent', '0'])),
    fixed('shareholder', 'Not an insider or substantial shareholder'),
    fixed('imbalanceOnly', '0'),
    fixed('routeMarketableToBbo', '0'),
    fixed('parentPermId', '0'),
    field('completedTime', TEXT),
    field('completedStatus', TEXT),
    within('state', pegOffsets, ...customer),
  ],
  completedOrdersEnd: [102],
  orderBound: [100, field('permId', INTEGER), field('clientId', INTEGER), field('orderId', INTEGER)],
  execDetails: [11, requestId, execution],
  execDetailsEnd: [55, version(1), requestId],
  commissionReport: [
    59,
    version(1),
    field('execId', TEXT),
    field('commission', SPELLED_NUMBER),
    field('currency', TEXT),
    field('realizedPnl', SPELLED_NUMBER),
    fixed('yield', UNSET_DOUBLE_TEXT),
    fixed('yieldRedemptionDate'),
  ],
};
