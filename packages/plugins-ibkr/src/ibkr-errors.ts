import { errorFactory } from '@bookrunner/sdk';
import type { ErrorTable } from '@bookrunner/sdk';

/** Errors of this plugin. What TWS itself says has a table of its own: errors/tws-codes.ts. */
export const IBKR_ERRORS = {
  IBKR_UNREACHABLE: {
    severity: 'retryable',
    remedy:
      'Start TWS or IB Gateway, allow API connections in its settings, and compare `host` and `port` with the port shown there.',
  },
  IBKR_HANDSHAKE_TIMEOUT: {
    severity: 'retryable',
    remedy: 'Look at the window of TWS or IB Gateway: a dialog may be open, or the login not finished.',
  },
  IBKR_CLIENT_ID_IN_USE: {
    severity: 'retryable',
    remedy:
      'Close the other client, or give this one another `clientId`; after a lost connection the old one is freed after a while.',
  },
  IBKR_SERVER_VERSION: {
    severity: 'fatal',
    remedy: 'Use a TWS or IB Gateway that speaks the text protocol in server versions 177 to 193; newer ones do.',
  },
  IBKR_ACCOUNT_UNKNOWN: {
    severity: 'fatal',
    remedy: 'Compare the account ids in engine.yaml with those the login manages.',
  },
  IBKR_NOT_CONNECTED: { severity: 'retryable', remedy: 'Wait until the gateway is back.' },
  IBKR_NOT_RECONCILED: { severity: 'retryable', remedy: 'Wait until orders and executions have been asked for.' },
  IBKR_UPSTREAM_LOST: { severity: 'retryable', remedy: 'Wait until the gateway has its line to IB again.' },
  IBKR_PLANNED_OUTAGE: { severity: 'retryable', remedy: 'Wait until the gateway has restarted.' },
  IBKR_READ_ONLY: {
    severity: 'rejected',
    remedy: 'Take the tick from "Read-Only API" in the settings of TWS or IB Gateway, and set `readOnly: false`.',
  },
  IBKR_NO_ANSWER: { severity: 'retryable', remedy: 'Look at the gateway; the request is asked again after a while.' },
  IBKR_CONTRACT_NOT_FOUND: {
    severity: 'rejected',
    remedy:
      "Give the instrument's `venues.<name>` the symbol, exchange, currency and type that IB uses (see IB's contract search).",
  },
  IBKR_CONTRACT_AMBIGUOUS: {
    severity: 'rejected',
    remedy:
      "Write the `conId` of the one that you mean under the instrument's `venues.<name>` in engine.yaml; the message says what else tells them apart.",
  },
  IBKR_CONTRACT_TWICE: {
    severity: 'rejected',
    remedy:
      'Take one of the two instruments out of engine.yaml, or name another contract for it, such as another expiry or currency.',
  },
  IBKR_CONTRACT_TERMS: {
    severity: 'rejected',
    remedy: 'Correct the instrument in engine.yaml to what IB says: its currency, multiplier or steps.',
  },
  IBKR_ORDER_NOT_SUPPORTED: { severity: 'rejected', remedy: 'Use an order that docs/ibkr-orders.md names.' },
  IBKR_ORDER_REFUSED: {
    severity: 'rejected',
    remedy: 'Read what the gateway says; correct the order or the permissions.',
  },
  IBKR_ORDER_UNWRITTEN: {
    severity: 'rejected',
    remedy:
      'Report it with the order: the library cannot write it. What had left of its group is cancelled; look in TWS whether it is.',
  },
  IBKR_ORDER_TWICE: {
    severity: 'retryable',
    remedy: 'Two orders live at IB under one reference: cancel both in TWS and let the engine reconcile.',
  },
  IBKR_DATA_NOT_SUBSCRIBED: {
    severity: 'rejected',
    remedy:
      'Subscribe to the market data in the Client Portal, or set `marketData: delayed` where delayed data is enough.',
  },
  IBKR_DATA_DELAYED: {
    severity: 'retryable',
    remedy:
      'Orders would follow prices of some 15 minutes ago: subscribe to live data, and leave `marketData` at `live`, which delivers nothing else.',
  },
  IBKR_DATA_COMPETING: {
    severity: 'retryable',
    remedy: 'Close the other session that uses the market data of this login.',
  },
  IBKR_DATA_LIMIT: { severity: 'rejected', remedy: 'Ask for fewer instruments, or buy more market-data lines.' },
  IBKR_HISTORY_FAILED: {
    severity: 'retryable',
    remedy: 'Read what the gateway says; history is asked again where pacing was the cause.',
  },
  IBKR_HISTORY_PACING: { severity: 'retryable', remedy: 'Wait; requests are spread under the limits of IB.' },
  IBKR_HANDSHAKE_REFUSED: {
    severity: 'retryable',
    remedy:
      'Allow this host under "Trusted IPs" in the API settings of TWS or IB Gateway, and look for a dialog in its window.',
  },
  IBKR_LIBRARY: { severity: 'fatal', remedy: 'Install the version of @stoqey/ib that this package names: `npm ci`.' },
  IBKR_UNREADABLE: {
    severity: 'retryable',
    remedy:
      'Compare the version of TWS or IB Gateway with the one the README names: a newer one may send more than the library reads.',
  },
  IBKR_MESSAGE_RATE: {
    severity: 'retryable',
    remedy: 'Lower `limits.messagesPerSecond`: IB cuts off at 50.',
  },
  IBKR_PORT_MOVED: { severity: 'retryable', remedy: 'Set `port` to the port that TWS or IB Gateway now shows.' },
  IBKR_ORDER_IDS_DAMAGED: {
    severity: 'fatal',
    remedy:
      'Restore the file from a backup. Without one, delete it when no order of this client id is working and the gateway has restarted since the last one.',
  },
  IBKR_ORDER_IDS_UNWRITABLE: {
    severity: 'fatal',
    remedy: 'Make room on the disk of `dataDir` and let the engine write there.',
  },
  IBKR_ORDER_IDS_EXHAUSTED: {
    severity: 'fatal',
    remedy: 'Give the connection another `clientId`: order ids of this one have come to their end.',
  },
  IBKR_CONTRACT_INVALID: {
    severity: 'rejected',
    remedy: "Correct the instrument's `venues.<name>` in engine.yaml; the README names its keys.",
  },
  IBKR_FEED_NOT_OPEN: { severity: 'retryable', remedy: 'Open the feed before it is asked for anything.' },
  IBKR_FEED_UNAVAILABLE: {
    severity: 'rejected',
    remedy: 'Read what the gateway says; correct the instrument, its subscription or the permissions.',
  },
  IBKR_DATA_FROZEN: {
    severity: 'retryable',
    remedy: 'Wait until the market opens: the gateway tells the last quote before the close.',
  },
  IBKR_DATA_HALTED: { severity: 'retryable', remedy: 'Wait until the exchange resumes trading.' },
  IBKR_FARM_BROKEN: { severity: 'retryable', remedy: "Wait; the gateway connects to IB's data farms again by itself." },
  IBKR_HISTORY_NOT_AVAILABLE: {
    severity: 'rejected',
    remedy: 'Ask for bars that IB keeps: the README names lengths and prices.',
  },
  IBKR_ORDER_OFF_GRID: {
    severity: 'rejected',
    remedy: 'Let the engine use the steps that IB names for the price band, and the size increment of the contract.',
  },
  IBKR_ORDER_OVERFILLED: {
    severity: 'retryable',
    remedy:
      'IB has filled more than was ordered: compare its trades with the fills of the engine, and decide what to keep.',
  },
  IBKR_ORDER_NOT_WORKING: {
    severity: 'rejected',
    remedy: 'Nothing: the order is over, or not known at this gateway. The next snapshot shows what is open.',
  },
  IBKR_ORDER_DUPLICATE: {
    severity: 'rejected',
    remedy: 'Nothing: an order with that id was sent before, and stays as it is.',
  },
  IBKR_ORDER_OF_OTHERS: {
    severity: 'rejected',
    remedy: 'Cancel it where it was given: in TWS, or in the program with that client id.',
  },
} as const satisfies ErrorTable;

/** Code of {@link IBKR_ERRORS}. */
export type IbkrErrorCode = keyof typeof IBKR_ERRORS;

/** Raises the errors of this package. */
export const ibkrError = errorFactory<IbkrErrorCode>(IBKR_ERRORS);
