// One order and what a gateway may say of it.
import type { Fill } from '@bookrunner/sdk';
import { anOrder, FakeClock } from '@bookrunner/sdk/testing';
import { IbOrderState } from './ib-order-state.js';
import type { IbExecution, IbFee } from './ib-execution.js';
import type { OrderReport } from './order-report.js';
import type { SeenStatus } from './order-status.js';
import { type OrderTerms, termsOf } from './order-terms.js';

export const PERM_ID = 900_001;
export const ORDER_ID = 55;
export const SETTLE_MS = 1_000;
export const COMMISSION_WAIT_MS = 100;

/** An order of 100 at a limit of 50 unless told otherwise. */
export class StateBench {
  readonly clock = new FakeClock();
  readonly reports: OrderReport[] = [];
  readonly alarms: string[] = [];
  readonly state: IbOrderState;
  asked = 0;
  restCancelled = 0;

  constructor(terms: Partial<OrderTerms> = {}, options: { readonly commissionWaitMs?: number } = {}) {
    const order = anOrder({ qty: 100, orderType: 'limit', limitPrice: 50 });
    this.state = new IbOrderState({
      clock: this.clock,
      terms: { ...termsOf(order), ...terms },
      commissionWaitMs: options.commissionWaitMs ?? COMMISSION_WAIT_MS,
      settleMs: SETTLE_MS,
      quantityDecimals: 3,
      describe: (execution, fee) => fillOf(execution, fee),
      tell: (report) => this.reports.push(report),
      ask: () => {
        this.asked += 1;
      },
      cancelRest: () => {
        this.restCancelled += 1;
      },
      alarm: (code) => this.alarms.push(code),
    });
    this.state.permIds.sent(ORDER_ID);
  }

  get kinds(): readonly OrderReport['kind'][] {
    return this.reports.map(({ kind }) => kind);
  }

  status(status: string, fields: Partial<SeenStatus> = {}): void {
    this.state.onStatus({ status, ...SEEN, filled: 0, ...fields });
  }

  openOrder(status: string, terms: Partial<OrderTerms> = {}, permId = PERM_ID): void {
    const seen = { ...this.state.terms, ...terms };
    this.state.onStatus({ ...SEEN, status, permId }, seen);
  }

  execution(fields: Partial<IbExecution> = {}): void {
    this.state.onExecution(anExecution(fields), undefined);
  }

  fee(fee: Partial<IbFee> = {}): void {
    this.state.onFee({ executionId: EXECUTION_ID, fee: 1.25, currency: 'USD', ...fee });
  }

  code(code: number, message = 'as IB says'): void {
    this.state.onCode(code, message);
  }

  /** Lets everything that waits come to its end; a gateway that is asked has nothing more to tell. */
  settle(): void {
    for (let i = 0; i < 4; i++) {
      this.clock.advance(SETTLE_MS);
      if (this.state.awaited.isAsked) this.state.awaited.giveUp();
    }
  }

  /** What all of it came to: fills as they were corrected, with the fee told last. */
  outcome(): unknown {
    const fills = new Map<string, { qty: number; price: number; fee: number; currency: string }>();
    for (const report of this.reports) {
      if (report.kind === 'filled') fills.set(report.fill.executionId, money(report.fill));
      if (report.kind === 'corrected') fills.set(report.executionId, money(report.fill));
      const fill = report.kind === 'commission' ? fills.get(report.executionId) : undefined;
      if (fill !== undefined && report.kind === 'commission') {
        Object.assign(fill, { fee: report.fee, currency: report.feeCurrency });
      }
    }
    const rest = this.kinds.filter((kind) => kind !== 'filled' && kind !== 'corrected' && kind !== 'commission');
    const { phase, leavesQty, permIds } = this.state;
    const sorted = [...fills].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return { phase, leavesQty, venueOrderId: permIds.venueOrderId, fills: sorted, rest, alarms: this.alarms };
  }
}

const SEEN = { orderId: ORDER_ID, permId: PERM_ID, filled: Number.NaN, whyHeld: '' };
export const EXECUTION_ID = '0000e0d5.6596b0b1.01.01';

export function anExecution(fields: Partial<IbExecution> = {}): IbExecution {
  return {
    executionId: EXECUTION_ID,
    revision: 1,
    orderId: ORDER_ID,
    permId: PERM_ID,
    clientId: 1,
    clientOrderId: 'TEST000000000001',
    tag: 'TEST|CORE|20140505',
    account: 'DU1',
    contract: { conId: 1 },
    side: 'buy',
    qty: 100,
    price: 50,
    cumQty: Number.NaN,
    liquidity: 'taker',
    ts: 0,
    isProvisional: false,
    ...fields,
  };
}

function fillOf(execution: IbExecution, fee: IbFee | undefined): Fill {
  const { executionId, side, qty, price, liquidity, ts, tag, clientOrderId } = execution;
  const cost = { fee: fee?.fee ?? 0, feeCurrency: fee?.currency ?? 'USD' };
  return { orderId: clientOrderId, executionId, symbol: 'TEST', side, qty, price, liquidity, ts, tag, ...cost };
}

function money({ qty, price, fee, feeCurrency }: Fill): { qty: number; price: number; fee: number; currency: string } {
  return { qty, price, fee, currency: feeCurrency };
}
