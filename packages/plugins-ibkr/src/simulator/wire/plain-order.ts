// A contract and an order of which nothing is said that has a usual value.
import { UNSET_DOUBLE, UNSET_INTEGER } from './contract.js';
import type { WireContract } from './contract.js';
import type { WireOrder } from './requests.js';

/** A stock for dollars at SMART; it lacks its symbol. */
export const PLAIN_CONTRACT: WireContract = {
  conId: 0,
  symbol: '',
  secType: 'STK',
  lastTradeDateOrContractMonth: '',
  strike: 0,
  right: '',
  multiplier: '',
  exchange: 'SMART',
  primaryExchange: '',
  currency: 'USD',
  localSymbol: '',
  tradingClass: '',
};

/** An order to buy at the market for the day; it lacks its size and its id. */
export const PLAIN_ORDER: WireOrder = {
  orderId: 0,
  action: 'BUY',
  totalQuantity: 0,
  orderType: 'MKT',
  lmtPrice: UNSET_DOUBLE,
  auxPrice: UNSET_DOUBLE,
  tif: 'DAY',
  ocaGroup: '',
  ocaType: 0,
  account: '',
  orderRef: '',
  transmit: true,
  parentId: 0,
  outsideRth: false,
  hidden: false,
  displaySize: UNSET_INTEGER,
  allOrNone: false,
  minQty: UNSET_INTEGER,
  goodAfterTime: '',
  goodTillDate: '',
  trailStopPrice: UNSET_DOUBLE,
  trailingPercent: UNSET_DOUBLE,
  cashQty: UNSET_DOUBLE,
  whatIf: false,
  modelCode: '',
  algoStrategy: '',
  algoParameters: [],
  comboLegs: [],
  smartComboRouting: [],
};
