// One execution as TWS tells it, read once. A trade keeps one id here over all its corrections.
import type { EpochMs, Liquidity, Side } from '@bookrunner/sdk';
import type { CommissionReport, Contract, Execution } from '@stoqey/ib';
import { executionTime } from './execution-time.js';
import { readOrderRef } from './order-reference.js';

/** One execution. Price is as IB writes it, not yet in the quote currency. */
export interface IbExecution {
  /** Of the trade, whatever its revision: IB's id with the first revision behind the last period. */
  readonly executionId: string;
  /** 1 as it was told first; corrections count on. */
  readonly revision: number;
  readonly orderId: number;
  readonly permId: number;
  readonly clientId: number;
  /** Of the order, where an engine gave it; empty otherwise. */
  readonly clientOrderId: string;
  readonly tag: string;
  readonly account: string;
  readonly contract: Contract;
  readonly side: Side;
  readonly qty: number;
  readonly price: number;
  /** Of the order up to and with this execution; NaN where not told. */
  readonly cumQty: number;
  readonly liquidity: Liquidity;
  /** NaN where the text could not be read. */
  readonly ts: EpochMs;
  /** IB says that the price may still be revised. */
  readonly isProvisional: boolean;
}

/** What an execution cost. */
export interface IbFee {
  readonly executionId: string;
  /** Negative is a rebate. */
  readonly fee: number;
  readonly currency: string;
}

/** Of two digits; a longer number is part of the trade's own id, and two trades must not become one. */
const REVISION = /\.(\d{1,3})$/;
/** IB's word for "not known yet". */
const PENDING_FEE = -1;
const SIDES: ReadonlyMap<string, Side> = new Map([
  ['BOT', 'buy'],
  ['SLD', 'sell'],
]);
const ADDED = 1;
const REMOVED = 2;

/** What is not told. */
const NOTHING = {
  ...{ execId: '', orderId: 0, permId: 0, clientId: 0, acctNumber: '', side: '' },
  ...{ shares: Number.NaN, price: Number.NaN, cumQty: Number.NaN, pendingPriceRevision: false },
};

/** Undefined for what is no execution: without id, quantity, price or side. */
export function readExecution(contract: Contract, told: Execution, zone: string): IbExecution | undefined {
  const given = Object.entries(told).filter(([, value]) => value !== undefined);
  const { execId, acctNumber, side, shares, price, pendingPriceRevision, ...rest } = {
    ...NOTHING,
    ...(Object.fromEntries(given) as Execution & typeof NOTHING),
  };
  const isWhole = execId !== '' && shares > 0 && Number.isFinite(price) && SIDES.has(side);
  if (!isWhole) return undefined;
  const reference = readOrderRef(told.orderRef);
  const { orderId, permId, clientId, cumQty } = rest;
  return {
    ...tradeOf(execId),
    ...{ orderId, permId, clientId, cumQty, contract, price },
    clientOrderId: reference?.clientOrderId ?? '',
    tag: reference?.tag ?? '',
    account: acctNumber,
    side: SIDES.get(side) as Side,
    qty: shares,
    liquidity: liquidityOf(told.lastLiquidity),
    ts: executionTime(told.time, zone),
    isProvisional: pendingPriceRevision,
  };
}

/** Whether an execution is, or may be, one of ours: one that names no account may be anybody's. */
export function mayBeOurs({ acctNumber = '' }: Execution, isOurs: (account: string) => boolean): boolean {
  return acctNumber === '' || isOurs(acctNumber);
}

/** Undefined while IB does not know it: not given, or -1. */
export function readFee({ execId = '', commission, currency = '' }: CommissionReport): IbFee | undefined {
  if (execId === '' || commission === undefined || !Number.isFinite(commission)) return undefined;
  if (commission === PENDING_FEE || currency === '') return undefined;
  return { executionId: tradeOf(execId).executionId, fee: commission, currency };
}

/** Corrections differ behind the last period only. Source: IB's description of execDetails, seen 2026-11-28. */
function tradeOf(execId: string): Pick<IbExecution, 'executionId' | 'revision'> {
  const match = REVISION.exec(execId);
  if (match === null) return { executionId: execId, revision: 1 };
  const digits = match[1] as string;
  const first = '1'.padStart(digits.length, '0');
  return { executionId: `${execId.slice(0, match.index)}.${first}`, revision: Number(digits) };
}

function liquidityOf(told: number | undefined): Liquidity {
  if (told === ADDED) return 'maker';
  return told === REMOVED ? 'taker' : 'unknown';
}
