// Picks the one contract that was meant out of what the gateway answers.
import type { Instrument } from '@bookrunner/sdk';
import type { Contract, ContractDetails } from '@stoqey/ib';
import { ibkrError } from '../ibkr-errors.js';

const MOST_NAMED = 6;

/** The listing of the one contract among the rows. Errors: IBKR_CONTRACT_NOT_FOUND, IBKR_CONTRACT_AMBIGUOUS. */
export function pickDetails(
  rows: readonly ContractDetails[],
  { instrument, wanted }: { readonly instrument: Instrument; readonly wanted: Contract },
): ContractDetails {
  const fitting = rows.filter((row) => fits(row, wanted));
  const ids = new Set(fitting.map((row) => row.contract.conId));
  if (ids.size === 0) throw notFound(instrument, wanted, 'IB knows no such contract');
  if (ids.size > 1) throw ambiguous(instrument, fitting, wanted);
  // One contract has one row for each exchange it is listed at, where no exchange was asked for.
  const at = (exchange: string | undefined): ContractDetails | undefined =>
    fitting.find((row) => row.contract.exchange === exchange);
  const isSmart = (row: ContractDetails): boolean => (row.validExchanges ?? '').split(',').includes('SMART');
  if (wanted.exchange !== undefined) return at(wanted.exchange) ?? fitting[0]!;
  return at('SMART') ?? fitting.find(isSmart) ?? at(fitting[0]!.contract.primaryExch) ?? fitting[0]!;
}

/** What the gateway cannot find, in the words of the contract that was asked for. */
export function notFound(instrument: Instrument, wanted: Contract, why: string): ReturnType<typeof ibkrError> {
  return ibkrError('IBKR_CONTRACT_NOT_FOUND', `${instrument.symbol}: ${why} (${contractText(wanted)}).`, {
    details: { symbol: instrument.symbol, wanted },
  });
}

/** The exchange that requests and orders of the contract carry. */
export function exchangeOf(details: ContractDetails, wanted: Contract): string {
  const valid = (details.validExchanges ?? '').split(',');
  if (wanted.exchange !== undefined && wanted.exchange !== '') return wanted.exchange;
  return valid.includes('SMART') ? 'SMART' : (details.contract.exchange ?? valid[0] ?? '');
}

/** A contract in a few words: `ESU6 FUT CME USD 20260918 (conId 495512563)`. */
export function contractText(contract: Contract): string {
  const { symbol, localSymbol, secType, exchange, primaryExch, currency, strike, right, conId } = contract;
  const expiry = expiryOf(contract);
  const parts = [localSymbol || symbol, secType, exchange, primaryExch, currency, expiry, strike || '', right];
  const text = parts.filter((part) => part !== undefined && part !== '').join(' ');
  return conId === undefined || conId === 0 ? text : `${text} (conId ${conId})`.trim();
}

/**
 * Last trading day as YYYYMMDD, or a month as YYYYMM; empty for what does not expire. IB writes the day of futures as
 * `20260918 08:30 US/Central`, in a field that elsewhere holds the month.
 */
export function expiryOf({ lastTradeDate, lastTradeDateOrContractMonth }: Contract): string {
  const day = /^\d{8}$/.test(lastTradeDate ?? '') ? lastTradeDate : lastTradeDateOrContractMonth;
  return /^\d{6,8}/.exec(day ?? '')?.[0] ?? '';
}

/** Rows that IB adds of its own accord are left out: other months, primary exchanges, classes. */
function fits(row: ContractDetails, wanted: Contract): boolean {
  const { contract } = row;
  const isSame = (key: keyof Contract): boolean =>
    wanted[key] === undefined || contract[key] === undefined || contract[key] === wanted[key];
  const keys = ['currency', 'right', 'strike', 'tradingClass'] as const;
  return fitsExpiry(row, wanted) && fitsListing(contract, wanted) && keys.every(isSame);
}

function fitsExpiry({ contract, contractMonth }: ContractDetails, wanted: Contract): boolean {
  const expiry = wanted.lastTradeDateOrContractMonth ?? '';
  // The month of a contract is not always that of its last trading day.
  return (expiry.length === 6 && contractMonth === expiry) || expiryOf(contract).startsWith(expiry);
}

function fitsListing(contract: Contract, { primaryExch, multiplier }: Contract): boolean {
  const isPrimary = primaryExch === undefined || !contract.primaryExch || contract.primaryExch === primaryExch;
  return isPrimary && (multiplier === undefined || contract.multiplier === multiplier);
}

/** Keys of the instrument's block that may tell contracts apart, and what they are of one. */
const TELLING: Readonly<Record<string, (contract: Contract) => string>> = {
  primary: ({ primaryExch }) => primaryExch ?? '',
  expiry: expiryOf,
  strike: ({ strike }) => String(strike || ''),
  right: ({ right }) => right ?? '',
  multiplier: ({ multiplier }) => String(multiplier || ''),
  tradingClass: ({ tradingClass }) => tradingClass ?? '',
  localSymbol: ({ localSymbol }) => localSymbol ?? '',
};

function ambiguous(
  instrument: Instrument,
  rows: readonly ContractDetails[],
  wanted: Contract,
): ReturnType<typeof ibkrError> {
  const byId = new Map(rows.map((row) => [row.contract.conId, row]));
  const all = [...byId.values()];
  const named = all
    .slice(0, MOST_NAMED)
    .map(({ contract, longName }) => [contractText(contract), longName].filter(Boolean).join(', '));
  const more = byId.size > MOST_NAMED ? `; and ${byId.size - MOST_NAMED} more` : '';
  const contracts = all.map(({ contract }) => contract);
  return ibkrError(
    'IBKR_CONTRACT_AMBIGUOUS',
    `${instrument.symbol} may be any of ${byId.size} contracts: ${named.join('; ')}${more}.`,
    { details: { symbol: instrument.symbol, conIds: [...byId.keys()] }, remedy: remedyFor(contracts, wanted) },
  );
}

/** The id always tells contracts apart; other keys by those of their values that one contract alone has. */
function remedyFor(contracts: readonly Contract[], wanted: Contract): string {
  const place = "Under the instrument's `venues.<name>` in engine.yaml write the `conId` of the one that you mean";
  const telling = Object.entries(TELLING).flatMap(([key, of]) => {
    const values = contracts.map(of);
    // What is not said of a contract fits any value.
    if (of(wanted) !== '' || values.includes('')) return [];
    const own = values.filter((value) => values.indexOf(value) === values.lastIndexOf(value));
    return own.length === 0 ? [] : [`\`${key}\` (${own.slice(0, MOST_NAMED).join(', ')})`];
  });
  return telling.length === 0
    ? `${place}: nothing else tells them apart.`
    : `${place}, or its ${telling.join(' or ')}.`;
}
