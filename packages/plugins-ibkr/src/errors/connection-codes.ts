import type { TwsCodeGroup } from './tws-code.js';

/** Of lines, farms, and requests as such. */
export const CONNECTION_CODES: readonly TwsCodeGroup[] = [
  {
    ...{ subject: 'connection', effect: 'connection', severity: 'retryable', ours: 'IBKR_UPSTREAM_LOST' },
    codes: {
      1100: 'the gateway has lost its line to IB; the connection to the gateway stays, and reports still come over it',
      2110: 'the gateway has no line to IB and tries to get one',
    },
  },
  {
    ...{ subject: 'connection', effect: 'connection', severity: 'retryable', ours: '' },
    remedy: 'Nothing: subscriptions are asked for again, and orders and executions compared.',
    codes: {
      1101: 'the line to IB is back, and subscriptions were lost',
      1102: 'the line to IB is back, and subscriptions were kept (bars that are kept up to date were not)',
    },
  },
  {
    ...{ subject: 'connection', effect: 'connection', severity: 'retryable', ours: 'IBKR_PORT_MOVED' },
    codes: { 1300: 'the gateway has moved to another port and drops the connection' },
  },
  {
    ...{ subject: 'connection', effect: 'stalls', severity: 'retryable', ours: '' },
    remedy: 'Nothing: what the farm carries is stale until it is back; orders are not touched.',
    codes: {
      2103: 'a market data farm is broken',
      2105: 'a farm of historical data is broken',
      2157: 'the farm of contract details is broken',
    },
  },
  {
    ...{ subject: 'connection', effect: 'informs', severity: 'retryable', ours: '' },
    remedy: 'Nothing.',
    codes: {
      2104: 'a market data farm is well',
      2106: 'a farm of historical data is well',
      2107: 'a farm of historical data sleeps until it is needed',
      2108: 'a market data farm sleeps until it is needed',
      2119: 'a market data farm is being connected',
      2158: 'the farm of contract details is well',
    },
  },
  {
    ...{ subject: 'connection', effect: 'connection', severity: 'retryable', ours: 'IBKR_CLIENT_ID_IN_USE' },
    codes: { 326: 'another client has this client id; after a lost connection it may be the one that was lost' },
  },
  {
    ...{ subject: 'connection', effect: 'informs', severity: 'retryable', ours: 'IBKR_MESSAGE_RATE' },
    codes: { 100: 'more than 50 messages in a second; after some of these the gateway cuts the connection' },
  },
  {
    ...{ subject: 'connection', effect: 'connection', severity: 'retryable', ours: 'IBKR_UNREACHABLE', source: 'seen' },
    codes: { 502: 'said by the library: nobody listens there, or the connection broke' },
  },
  {
    ...{
      subject: 'connection',
      effect: 'connection',
      severity: 'retryable',
      ours: 'IBKR_NOT_CONNECTED',
      source: 'seen',
    },
    codes: { 504: 'said by the library: there is no connection' },
  },
  {
    ...{ subject: 'connection', effect: 'connection', severity: 'fatal', ours: 'IBKR_SERVER_VERSION', source: 'seen' },
    codes: {
      503: 'said by the library: the gateway is too old, or too old for one request',
      506: 'said by the library: the gateway speaks a version that it does not',
    },
  },
  {
    ...{ subject: 'connection', effect: 'informs', severity: 'retryable', ours: 'IBKR_UNREADABLE', source: 'seen' },
    codes: {
      505: 'said by the library: a message is unknown, too short, or longer than expected',
      507: 'said by the library: the length of a message is wrong',
      508: 'said by the library: a message cannot be read',
    },
  },
  {
    ...{ subject: 'request', effect: 'refuses', severity: 'rejected', ours: 'IBKR_ORDER_REFUSED' },
    remedy: 'Read what the gateway says: a field is missing, wrong, or not for this account.',
    codes: {
      320: 'the gateway could not read a request',
      321: 'a request does not hold together, or the API is read-only',
      322: 'the gateway failed on a request; also for an id that is in use',
      323: 'the gateway failed, and says why',
    },
  },
  {
    ...{ subject: 'request', effect: 'informs', severity: 'rejected', ours: '' },
    remedy: 'Nothing: it had ended before it was cancelled.',
    codes: {
      300: 'there is no subscription with this id',
      310: 'there is no subscription of market depth with this id',
      366: 'there is no query for historical data with this id',
    },
  },
];
