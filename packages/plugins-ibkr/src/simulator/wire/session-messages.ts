// Layouts of what the gateway says about the session and about contracts.
import { ESCAPED_TEXT, INTEGER, NUMBER, TEXT, WORDS } from './codecs.js';
import { derived, field, fixed, list, since, values, version, when, within } from './layout.js';
import type { MessageLayouts } from './message-layout.js';
import { requestId } from './shared-items.js';

const tags = list('securityIds', field('tag', TEXT), field('value', TEXT));

/** Names, loads and minimums of a fund: seventeen fields, none of which the simulator has. */
const fundFields = when(
  (details: { readonly contract: { readonly secType: string } }) => details.contract.secType === 'FUND',
  ...Array.from({ length: 17 }, (_, index) => fixed(`fund ${index}`)),
);

export const SESSION_MESSAGES: MessageLayouts<
  | 'nextValidId'
  | 'managedAccounts'
  | 'currentTime'
  | 'error'
  | 'contractDetails'
  | 'contractDetailsEnd'
  | 'marketRule'
  | 'symbolSamples'
  | 'optionChain'
  | 'optionChainEnd'
  | 'smartComponents'
> = {
  nextValidId: [9, version(1), field('orderId', INTEGER)],
  managedAccounts: [15, version(1), field('accounts', WORDS)],
  currentTime: [49, version(1), field('epochSeconds', INTEGER)],
  error: [
    4,
    version(2),
    field('id', INTEGER),
    field('code', INTEGER),
    field('message', ESCAPED_TEXT),
    derived('advancedOrderRejectJson', (message: { readonly advancedOrderRejectJson?: string }) =>
      ESCAPED_TEXT.write(message.advancedOrderRejectJson ?? ''),
    ),
  ],
  contractDetails: [
    10,
    requestId,
    within(
      'details',
      within('contract', field('symbol', TEXT), field('secType', TEXT), field('lastTradeDateOrContractMonth', TEXT)),
      since(182, field('lastTradeDate', TEXT)),
      within(
        'contract',
        field('strike', NUMBER),
        field('right', TEXT),
        field('exchange', TEXT),
        field('currency', TEXT),
        field('localSymbol', TEXT),
      ),
      field('marketName', TEXT),
      within('contract', field('tradingClass', TEXT), field('conId', INTEGER)),
      field('minTick', NUMBER),
      within('contract', field('multiplier', TEXT)),
      field('orderTypes', TEXT),
      field('validExchanges', TEXT),
      field('priceMagnifier', INTEGER),
      field('underConId', INTEGER),
      field('longName', ESCAPED_TEXT),
      within('contract', field('primaryExchange', TEXT)),
      field('contractMonth', TEXT),
      field('industry', TEXT),
      field('category', TEXT),
      field('subcategory', TEXT),
      field('timeZoneId', TEXT),
      field('tradingHours', TEXT),
      field('liquidHours', TEXT),
      fixed('evRule'),
      fixed('evMultiplier', '0'),
      tags,
      fixed('aggGroup', '1'),
      field('underSymbol', TEXT),
      field('underSecType', TEXT),
      field('marketRuleIds', TEXT),
      field('realExpirationDate', TEXT),
      field('stockType', TEXT),
      field('minSize', NUMBER),
      field('sizeIncrement', NUMBER),
      field('suggestedSizeIncrement', NUMBER),
      since(179, fundFields),
      since(186, fixed('ineligibilityReasons', '0')),
    ),
  ],
  contractDetailsEnd: [52, version(1), requestId],
  marketRule: [
    93,
    field('marketRuleId', INTEGER),
    list('increments', field('lowEdge', NUMBER), field('increment', NUMBER)),
  ],
  symbolSamples: [
    79,
    requestId,
    list(
      'contracts',
      within(
        'contract',
        field('conId', INTEGER),
        field('symbol', TEXT),
        field('secType', TEXT),
        field('primaryExchange', TEXT),
        field('currency', TEXT),
      ),
      values('derivativeSecTypes', TEXT),
      fixed('description'),
      fixed('issuerId'),
    ),
  ],
  optionChain: [
    75,
    requestId,
    field('exchange', TEXT),
    field('underlyingConId', INTEGER),
    field('tradingClass', TEXT),
    field('multiplier', TEXT),
    values('expirations', TEXT),
    values('strikes', NUMBER),
  ],
  optionChainEnd: [76, requestId],
  smartComponents: [
    82,
    requestId,
    list('components', field('bit', INTEGER), field('exchange', TEXT), field('letter', TEXT)),
  ],
};
