// The instruments every simulator has. Expiries follow from the instant it is started at, so that they never are all past.
import { DAY_MS } from '@bookrunner/sdk';
import type { EpochMs } from '@bookrunner/sdk';
import type { InstrumentDefinition } from './instrument-definition.js';

const CENT = [{ lowEdge: 0, increment: 0.01 }];
const US_STOCK = {
  secType: 'STK',
  currency: 'USD',
  exchanges: ['SMART', 'NASDAQ', 'NYSE', 'ARCA', 'ISLAND', 'IEX', 'DRCTEDGE'],
  priceIncrements: [
    { lowEdge: 0, increment: 0.0001 },
    { lowEdge: 1, increment: 0.01 },
  ],
  minSize: 0.0001,
  sizeIncrement: 0.0001,
  calendar: 'XNYS',
  extendedHours: ['04:00', '20:00'],
  timeZone: 'US/Eastern',
  stockType: 'COMMON',
} as const;
const LONDON = {
  symbol: 'VOD',
  secType: 'STK',
  longName: 'VODAFONE GROUP PLC',
  calendar: 'XLON',
  timeZone: 'GB-Eire',
  stockType: 'COMMON',
} as const;
const FOREX = {
  secType: 'CASH',
  exchanges: ['IDEALPRO'],
  sizeIncrement: 1,
  calendar: '24x5',
  timeZone: 'US/Eastern',
  marginRate: 0.02,
  quoteSize: 1_000_000,
  minuteVolatility: 0.00005,
} as const;

const AAPL = 265_598;
const SPX = 416_904;

/** The default instruments as of an instant. */
export function defaultInstruments(now: EpochMs): readonly InstrumentDefinition[] {
  return [
    ...stocks(),
    vodafone(),
    vodafoneReceipt(),
    ...currencies(),
    index(),
    ...quarterlies(now).map(future),
    ...monthlies(now).flatMap((expiry) =>
      STRIKES.flatMap((strike) => [option(expiry, strike, 'C'), option(expiry, strike, 'P')]),
    ),
    appleCfd(),
    bitcoin(),
  ];
}

function stocks(): readonly InstrumentDefinition[] {
  return [
    {
      ...US_STOCK,
      conId: AAPL,
      symbol: 'AAPL',
      tradingClass: 'NMS',
      longName: 'APPLE INC',
      primaryExchange: 'NASDAQ',
      startPrice: 200,
      industry: 'Technology',
      category: 'Computers',
    },
    {
      ...US_STOCK,
      conId: 272_093,
      symbol: 'MSFT',
      tradingClass: 'NMS',
      longName: 'MICROSOFT CORP',
      primaryExchange: 'NASDAQ',
      startPrice: 400,
      industry: 'Technology',
      category: 'Software',
    },
    {
      ...US_STOCK,
      conId: 756_733,
      symbol: 'SPY',
      longName: 'SPDR S&P 500 ETF TRUST',
      primaryExchange: 'ARCA',
      startPrice: 500,
      stockType: 'ETF',
    },
  ];
}

/** Quoted in pence of a pound. */
function vodafone(): InstrumentDefinition {
  return {
    ...LONDON,
    conId: 141_128,
    currency: 'GBP',
    exchanges: ['SMART', 'LSE'],
    primaryExchange: 'LSE',
    tradingClass: 'SET1',
    priceMagnifier: 100,
    priceIncrements: [
      { lowEdge: 0, increment: 0.01 },
      { lowEdge: 50, increment: 0.02 },
      { lowEdge: 100, increment: 0.05 },
    ],
    startPrice: 72.4,
    quoteSize: 5000,
  };
}

/** The same symbol in another currency: what makes a contract ambiguous. */
function vodafoneReceipt(): InstrumentDefinition {
  return {
    ...US_STOCK,
    conId: 120_549_813,
    symbol: 'VOD',
    longName: 'VODAFONE GROUP PLC-SP ADR',
    tradingClass: 'NMS',
    primaryExchange: 'NASDAQ',
    startPrice: 9.5,
    stockType: 'ADR',
  };
}

function currencies(): readonly InstrumentDefinition[] {
  const pair = (symbol: string, currency: string) => ({
    ...FOREX,
    symbol,
    currency,
    localSymbol: `${symbol}.${currency}`,
    tradingClass: `${symbol}.${currency}`,
    longName: `${symbol}.${currency}`,
  });
  const fine = [{ lowEdge: 0, increment: 0.000_05 }];
  return [
    { ...pair('EUR', 'USD'), conId: 12_087_792, priceIncrements: fine, startPrice: 1.1 },
    { ...pair('GBP', 'USD'), conId: 12_087_797, priceIncrements: fine, startPrice: 1.3 },
    {
      ...pair('USD', 'JPY'),
      conId: 15_016_059,
      priceIncrements: [{ lowEdge: 0, increment: 0.005 }],
      startPrice: 150,
    },
  ];
}

const FUTURE = {
  currency: 'USD',
  priceIncrements: [{ lowEdge: 0, increment: 0.25 }],
  calendar: 'CMES',
  timeZone: 'US/Central',
  startPrice: 5000,
} as const;

/** What the futures stand on: it has a price and no market. */
function index(): InstrumentDefinition {
  return {
    conId: SPX,
    symbol: 'SPX',
    secType: 'IND',
    currency: 'USD',
    exchanges: ['CBOE'],
    longName: 'S&P 500 Stock Index',
    priceIncrements: CENT,
    calendar: 'XNYS',
    timeZone: 'US/Central',
    startPrice: 5000,
  };
}

function future(expiry: string): InstrumentDefinition {
  const month = 'HMUZ'[Math.floor((Number(expiry.slice(4, 6)) - 1) / 3)] ?? '';
  return {
    ...FUTURE,
    conId: 495_000_000 + Number(expiry.slice(2, 6)),
    symbol: 'ES',
    secType: 'FUT',
    exchanges: ['CME'],
    localSymbol: `ES${month}${expiry.slice(3, 4)}`,
    tradingClass: 'ES',
    longName: 'E-mini S&P 500',
    multiplier: 50,
    expiry,
    expiryTime: '08:30 US/Central',
    underlying: SPX,
    marginRate: 0.06,
    quoteSize: 40,
  };
}

const STRIKES = [190, 200, 210];

function option(expiry: string, strike: number, right: 'C' | 'P'): InstrumentDefinition {
  const inTheMoney = Math.max(0, right === 'C' ? 200 - strike : strike - 200);
  return {
    conId: 700_000_000 + (Number(expiry.slice(2, 6)) * 1000 + strike) * 2 + (right === 'C' ? 0 : 1),
    symbol: 'AAPL',
    secType: 'OPT',
    currency: 'USD',
    exchanges: ['SMART', 'CBOE', 'AMEX', 'BOX'],
    localSymbol: `AAPL  ${expiry.slice(2)}${right}${String(strike * 1000).padStart(8, '0')}`,
    tradingClass: 'AAPL',
    longName: 'APPLE INC',
    multiplier: 100,
    expiry,
    strike,
    right,
    underlying: AAPL,
    priceIncrements: [
      { lowEdge: 0, increment: 0.01 },
      { lowEdge: 3, increment: 0.05 },
    ],
    calendar: 'XNYS',
    timeZone: 'US/Eastern',
    startPrice: inTheMoney + 5,
    minuteVolatility: 0.001,
    quoteSize: 20,
    marginRate: 1,
  };
}

/** Data of a CFD is that of its stock: a subscription is sent there. */
function appleCfd(): InstrumentDefinition {
  return {
    ...US_STOCK,
    conId: 118_089_500,
    symbol: 'AAPL',
    secType: 'CFD',
    exchanges: ['SMART'],
    localSymbol: 'AAPLn',
    tradingClass: 'AAPLn',
    longName: 'Apple Inc',
    priceIncrements: CENT,
    sizeIncrement: 1,
    minSize: 1,
    underlying: AAPL,
    startPrice: 200,
    marginRate: 0.2,
  };
}

function bitcoin(): InstrumentDefinition {
  return {
    conId: 479_624_278,
    symbol: 'BTC',
    secType: 'CRYPTO',
    currency: 'USD',
    exchanges: ['PAXOS'],
    localSymbol: 'BTC.USD',
    tradingClass: 'BTC',
    longName: 'Bitcoin cryptocurrency',
    priceIncrements: [{ lowEdge: 0, increment: 0.25 }],
    minSize: 0.000_01,
    sizeIncrement: 0.000_000_01,
    calendar: '24x7',
    timeZone: 'US/Central',
    startPrice: 60_000,
    quoteSize: 2,
    marginRate: 1,
  };
}

/** The quarter before now and the three after: third Fridays. */
function quarterlies(now: EpochMs): readonly string[] {
  const all = thirdFridays(now, -4, 15).filter((expiry) => Number(expiry.slice(4, 6)) % 3 === 0);
  const next = all.findIndex((expiry) => expiry >= textOf(now));
  return all.slice(Math.max(0, next - 1), next + 3);
}

function monthlies(now: EpochMs): readonly string[] {
  return thirdFridays(now, 0, 5)
    .filter((expiry) => expiry >= textOf(now))
    .slice(0, 2);
}

function thirdFridays(now: EpochMs, from: number, to: number): readonly string[] {
  const date = new Date(now);
  return Array.from({ length: to - from }, (_, i) => {
    const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + from + i, 1);
    const toFriday = (5 - new Date(first).getUTCDay() + 7) % 7;
    return textOf(first + (toFriday + 14) * DAY_MS);
  });
}

function textOf(ts: EpochMs): string {
  return new Date(ts).toISOString().slice(0, 10).replaceAll('-', '');
}
