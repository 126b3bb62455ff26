import type { EpochMs } from './time.js';
import type { Currency } from './instrument.js';
import type { Side } from './order.js';

/** Whether an execution took or gave liquidity, where the venue says so. */
export type Liquidity = 'maker' | 'taker' | 'unknown';

/** One execution. Quantity is unsigned units, price in quote currency, fee as the venue reports it (negative is a rebate). */
export interface Fill {
  readonly orderId: string;
  readonly executionId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly qty: number;
  readonly price: number;
  readonly fee: number;
  readonly feeCurrency: Currency;
  readonly liquidity: Liquidity;
  readonly ts: EpochMs;
  readonly tag: string;
  /** Where it was booked; absent means the account of its order. A venue of several accounts says it in its snapshots. */
  readonly account?: string;
}
