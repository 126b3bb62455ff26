import type { TwsCodeGroup } from './tws-code.js';

/** Of contracts, market data, history and accounts. */
export const DATA_CODES: readonly TwsCodeGroup[] = [
  {
    ...{ subject: 'contract', effect: 'refuses', severity: 'rejected', ours: 'IBKR_CONTRACT_NOT_FOUND' },
    codes: { 200: 'no contract, or more than one, is as described' },
  },
  {
    ...{ subject: 'data', effect: 'refuses', severity: 'rejected', ours: 'IBKR_DATA_NOT_SUBSCRIBED' },
    codes: {
      354: 'the market data are not subscribed; delayed ones could be had',
      420: 'real-time bars cannot be had: permission, or too many requests',
      10089: 'the market data need a subscription for the API',
      10168: 'the market data are not subscribed, and delayed ones not enabled',
      10186: 'the market data are not subscribed, and delayed ones not enabled',
      10189: 'tick-by-tick data cannot be had: permission, or the contract has none',
    },
  },
  {
    ...{ subject: 'data', effect: 'informs', severity: 'retryable', ours: 'IBKR_DATA_NOT_SUBSCRIBED' },
    codes: {
      10090: 'a part of the market data is not subscribed; the rest comes, delayed where enabled',
      10091: 'a part of the market data needs a subscription for the API; the rest comes',
      2152: 'some exchanges of the contract need further subscriptions; the rest comes',
    },
  },
  {
    ...{ subject: 'data', effect: 'delays', severity: 'retryable', ours: 'IBKR_DATA_DELAYED' },
    codes: { 10167: 'the market data are not subscribed; delayed ones come instead' },
  },
  {
    ...{ subject: 'data', effect: 'stalls', severity: 'retryable', ours: 'IBKR_DATA_COMPETING' },
    codes: { 10197: 'the market data of this login go to another session; they come again when it ends' },
  },
  {
    ...{ subject: 'data', effect: 'ends', severity: 'retryable', ours: 'IBKR_NO_ANSWER' },
    remedy: 'Nothing: it is asked for again, after a broken farm when that is well.',
    codes: {
      10182: 'bars are not kept up to date any more: the farm was lost',
      10225: 'trades were taken back, and real-time bars have ended because of it',
    },
  },
  {
    ...{ subject: 'data', effect: 'refuses', severity: 'rejected', ours: 'IBKR_DATA_LIMIT' },
    codes: {
      101: 'all market data lines are in use',
      309: 'no more subscriptions of market depth',
      10190: 'no more tick-by-tick subscriptions',
    },
  },
  {
    ...{ subject: 'data', effect: 'refuses', severity: 'rejected', ours: 'IBKR_DATA_LIMIT' },
    remedy: 'Report it: ids of requests should never meet.',
    codes: { 102: 'a subscription with this id exists' },
  },
  {
    ...{ subject: 'data', effect: 'informs', severity: 'retryable', ours: '' },
    remedy: 'Nothing: the book is sent anew.',
    codes: { 316: 'market depth has stopped', 317: 'market depth begins anew: what was known of it is void' },
  },
  {
    ...{ subject: 'history', effect: 'refuses', severity: 'retryable', ours: 'IBKR_HISTORY_FAILED' },
    remedy: 'Read what the gateway says: pacing is waited for, and no data is an answer.',
    codes: {
      162: 'history cannot be had: no data, pacing, no permission, or cancelled, as the text says',
      165: 'the service of historical data says something of a query',
      166: 'the contract has expired, and its history cannot be had',
      10187: 'historical ticks cannot be had',
      10299: 'the contract has aggregated trades only',
      10314: 'the end of the query is no time that the gateway reads',
    },
  },
  {
    ...{ subject: 'account', effect: 'informs', severity: 'retryable', ours: '' },
    remedy: 'Let one client ask for account updates; there is one such subscription.',
    codes: {
      2100: 'account updates go to another request now',
      2101: 'account updates cannot go to this request as well',
    },
  },
  {
    ...{ subject: 'account', effect: 'informs', severity: 'retryable', ours: '' },
    remedy: 'Nothing: our own figures are used.',
    codes: { 2150: 'the gateway could not work out the profit of a position' },
  },
  {
    ...{ subject: 'account', effect: 'refuses', severity: 'rejected', ours: 'IBKR_ACCOUNT_UNKNOWN' },
    codes: { 435: 'the account is missing', 436: 'the split over accounts is missing' },
  },
];
