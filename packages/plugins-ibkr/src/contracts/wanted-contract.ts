// From an instrument of engine.yaml to the contract that IB is asked for.
import type { AssetClass, Instrument } from '@bookrunner/sdk';
import type { Contract, OptionType, SecType } from '@stoqey/ib';
import { ibkrError } from '../ibkr-errors.js';
import { type InstrumentBlock, readInstrumentBlock } from './instrument-block.js';

const TYPES: Readonly<Record<AssetClass, string>> = {
  equity: 'STK',
  fx: 'CASH',
  future: 'FUT',
  option: 'OPT',
  crypto: 'CRYPTO',
  commodity: 'CMDTY',
  index: 'IND',
  bond: 'BOND',
};

/** Where orders go unless told otherwise. Futures and indices have no such place: their exchange is looked up. */
const EXCHANGES: Readonly<Record<string, string>> = {
  STK: 'SMART',
  OPT: 'SMART',
  CFD: 'SMART',
  BOND: 'SMART',
  WAR: 'SMART',
  CMDTY: 'SMART',
  CASH: 'IDEALPRO',
  CRYPTO: 'PAXOS',
  FUND: 'FUNDSERV',
};

/** Derivatives, which a symbol alone does not name. */
const DATED = new Set(['FUT', 'OPT', 'FOP', 'WAR']);

/** The contract to ask for, with whatever is known of it. Errors: IBKR_CONTRACT_INVALID. */
export function wantedContract(instrument: Instrument, name: string): Contract {
  const block = readInstrumentBlock(instrument, name);
  if (block.conId !== undefined) return namedById(block);
  const secType = block.secType ?? TYPES[instrument.assetClass];
  if (block.localSymbol === undefined) checkDerivative(instrument, name, { ...block, secType });
  const isNamed = block.localSymbol !== undefined && block.symbol === undefined;
  return defined({
    ...termsOf(block),
    ...(isNamed ? { currency: block.currency ?? instrument.quote } : symbolAndCurrency(instrument, block, secType)),
    secType: secType as SecType,
    exchange: block.exchange ?? EXCHANGES[secType],
  });
}

/** What an id names is not contradicted by anything that was not written next to it. */
function namedById(block: InstrumentBlock): Contract {
  const { conId, symbol, currency, secType, exchange } = block;
  return defined({ ...termsOf(block), conId, symbol, currency, secType: secType as SecType | undefined, exchange });
}

function termsOf(block: InstrumentBlock): Loose<Contract> {
  return {
    primaryExch: block.primary,
    lastTradeDateOrContractMonth: block.expiry,
    strike: block.strike,
    right: block.right as OptionType | undefined,
    multiplier: block.multiplier,
    localSymbol: block.localSymbol,
    tradingClass: block.tradingClass,
  };
}

/** IB names a pair by its base and takes the quote as currency: EUR in USD. */
function symbolAndCurrency(instrument: Instrument, block: InstrumentBlock, secType: string): Contract {
  const currency = block.currency ?? instrument.quote;
  const symbol = block.symbol ?? instrument.symbol;
  if (secType !== 'CASH' && secType !== 'CRYPTO') return { symbol, currency };
  const pair = /^([A-Z0-9]{2,10})[./]([A-Z]{3})$/i.exec(symbol);
  if (pair !== null) return { symbol: pair[1]!.toUpperCase(), currency: pair[2]!.toUpperCase() };
  if (block.symbol === undefined && instrument.base !== undefined) return { symbol: instrument.base, currency };
  return {
    symbol: symbol.length > 3 && symbol.endsWith(currency) ? symbol.slice(0, -currency.length) : symbol,
    currency,
  };
}

function checkDerivative(instrument: Instrument, name: string, block: InstrumentBlock): void {
  const { secType = '' } = block;
  if (!DATED.has(secType)) return;
  const isOption = secType !== 'FUT';
  const missing = [
    ...(block.expiry === undefined ? ['expiry'] : []),
    ...(isOption && block.strike === undefined ? ['strike'] : []),
    ...(isOption && block.right === undefined ? ['right'] : []),
  ];
  if (missing.length === 0) return;
  throw ibkrError(
    'IBKR_CONTRACT_INVALID',
    `instruments.${instrument.symbol}.venues.${name}: ${secType === 'OPT' ? 'an' : 'a'} ${secType} needs ${missing.join(', ')}, or a localSymbol or conId.`,
    { details: { symbol: instrument.symbol, venue: name } },
  );
}

type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** The same without what is undefined. */
function defined(contract: Loose<Contract>): Contract {
  return Object.fromEntries(Object.entries(contract).filter(([, value]) => value !== undefined));
}
