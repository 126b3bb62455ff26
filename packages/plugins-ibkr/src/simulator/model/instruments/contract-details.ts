// Instruments in the words of the wire.
import type { WireContract } from '../../wire/contract.js';
import type { WireContractDetails } from '../../wire/messages.js';
import type { InstrumentDefinition } from './instrument-definition.js';

/** What the details of one listing need beside the instrument. */
export interface ListingFacts {
  readonly exchange: string;
  readonly tradingHours: string;
  readonly liquidHours: string;
  readonly marketRule: number;
  readonly underlying: InstrumentDefinition | undefined;
}

/** The contract on an exchange; positions and executions leave the exchange empty or name the listing. */
export function listedContract(instrument: InstrumentDefinition, exchange: string): WireContract {
  const { conId, symbol, secType, currency, expiry = '', strike = 0, right = '', multiplier } = instrument;
  return {
    conId,
    symbol,
    secType,
    lastTradeDateOrContractMonth: expiry,
    strike,
    right,
    multiplier: multiplier === undefined ? '' : String(multiplier),
    exchange,
    primaryExchange: primaryExchangeOf(instrument),
    currency,
    localSymbol: instrument.localSymbol ?? symbol,
    tradingClass: instrument.tradingClass ?? symbol,
  };
}

/** Every stock has one: that of the listing, where it is not said, is the first exchange that is one. */
export function primaryExchangeOf({ primaryExchange, secType, exchanges }: InstrumentDefinition): string {
  if (primaryExchange !== undefined || secType !== 'STK') return primaryExchange ?? '';
  return exchanges.find((exchange) => exchange !== 'SMART') ?? '';
}

/** The contract of a position: on its listing exchange, or on none; never SMART. */
export function heldContract(instrument: InstrumentDefinition): WireContract {
  return listedContract(instrument, primaryExchangeOf(instrument));
}

/** Details of one listing. */
export function detailsOf(instrument: InstrumentDefinition, facts: ListingFacts): WireContractDetails {
  const { exchanges, sizeIncrement, expiry, expiryTime } = { ...PLAIN, ...instrument };
  const contract = listedContract(instrument, facts.exchange);
  const lastTrade = expiryTime === '' ? expiry : `${expiry} ${expiryTime}`;
  return {
    contract: { ...contract, lastTradeDateOrContractMonth: lastTrade },
    lastTradeDate: expiry,
    marketName: contract.tradingClass,
    minTick: Math.min(...instrument.priceIncrements.map(({ increment }) => increment)),
    orderTypes: ORDER_TYPES,
    validExchanges: exchanges.join(','),
    ...describe(instrument),
    contractMonth: expiry.slice(0, 6),
    timeZoneId: instrument.timeZone,
    tradingHours: facts.tradingHours,
    liquidHours: facts.liquidHours,
    securityIds: [],
    underSymbol: facts.underlying?.symbol ?? '',
    underSecType: facts.underlying?.secType ?? '',
    marketRuleIds: exchanges.map(() => facts.marketRule).join(','),
    realExpirationDate: expiry,
    minSize: instrument.minSize ?? sizeIncrement,
    sizeIncrement,
    suggestedSizeIncrement: sizeIncrement < 1 && instrument.secType === 'STK' ? 1 : sizeIncrement,
  };
}

const PLAIN = {
  expiry: '',
  expiryTime: '',
  sizeIncrement: 1,
  priceMagnifier: 1,
  underlying: 0,
  industry: '',
  category: '',
  stockType: '',
};

/** What is copied as it stands. */
function describe(instrument: InstrumentDefinition) {
  const { priceMagnifier, underlying, industry, category, stockType, longName } = {
    ...PLAIN,
    longName: instrument.symbol,
    ...instrument,
  };
  return { priceMagnifier, underConId: underlying, industry, category, subcategory: '', stockType, longName };
}

const ORDER_TYPES =
  'ACTIVETIM,ADJUST,ALERT,ALGO,ALLOC,AON,AVGCOST,BASKET,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,GAT,GTC,GTD,GTT,HID,' +
  'IOC,LIT,LMT,LOC,MIT,MKT,MOC,OCA,OPG,PEGMID,REL,STP,STPLMT,TRAIL,TRAILLMT,WHATIF';
