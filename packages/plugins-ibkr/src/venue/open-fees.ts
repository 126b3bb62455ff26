// Commissions within what an open position cost. IB's average cost has them in it, and they are off the cash as well.
import { DAY_MS, type EpochMs } from '@bookrunner/sdk';
import type { Contract } from '@stoqey/ib';
import { exactDecimal } from './exact-decimal.js';
import type { IbExecution, IbFee } from './ib-execution.js';

/** An open position in signed units. */
export interface OpenPosition {
  readonly account: string;
  readonly conId: number;
  readonly qty: number;
}

interface Traded {
  readonly revision: number;
  readonly ts: EpochMs;
  /** Signed units. */
  readonly qty: number;
  readonly currency: string | undefined;
}

/** A position while its executions are gone through; fees undefined where not all of them are known. */
interface Running {
  readonly qty: number;
  readonly fees: number | undefined;
}

/** Not paid for: what they cost is asked of IB, see `account-values.ts`. */
const MARGINED: ReadonlySet<string> = new Set(['FUT', 'CFD']);

/** Whether IB takes only gains and losses of a contract, and not what it costs. */
export function isMargined({ secType }: Pick<Contract, 'secType'>): boolean {
  return MARGINED.has(secType ?? '');
}

const DECIMALS = 8;
/** What is flat, and older than what IB tells again, is forgotten. */
const KEPT_MS = 2 * DAY_MS;
/** Of one position; one that is older than these is not known. */
const MOST_EXECUTIONS = 20_000;
const MOST_EARLY = 1_000;

/** Remembers executions of contracts that are not paid for, with their commissions. */
export class OpenFees {
  readonly #positions = new Map<string, Map<string, Traded>>();
  readonly #fees = new Map<string, IbFee>();
  /** Executions whose commission has not come. */
  readonly #awaited = new Set<string>();
  /** Of executions that have not come, or are of no such contract: the newest of them. */
  readonly #early = new Map<string, IbFee>();

  onExecution({ account, contract, executionId, revision, ts, side, qty }: IbExecution, heardAt: EpochMs): void {
    if (!isMargined(contract)) return;
    const key = keyOf(account, contract.conId);
    const traded = this.#positions.get(key) ?? new Map<string, Traded>();
    this.#positions.set(key, traded);
    const known = traded.get(executionId);
    if (known !== undefined && known.revision >= revision) return;
    const at = Number.isNaN(ts) ? heardAt : ts;
    traded.set(executionId, { revision, ts: at, qty: side === 'buy' ? qty : -qty, currency: contract.currency });
    const early = this.#early.get(executionId);
    this.#early.delete(executionId);
    if (known === undefined && early !== undefined) this.#fees.set(executionId, early);
    else if (known === undefined) this.#awaited.add(executionId);
    if (traded.size > MOST_EXECUTIONS) this.#forget(traded, [...traded.keys()].slice(0, 1));
  }

  /** To be told of those of all contracts: one may come before its execution. */
  onFee(fee: IbFee): void {
    const { executionId } = fee;
    if (this.#fees.has(executionId) || this.#awaited.delete(executionId)) {
      this.#fees.set(executionId, fee);
      return;
    }
    this.#early.set(executionId, fee);
    const [oldest = ''] = this.#early.keys();
    if (this.#early.size > MOST_EARLY) this.#early.delete(oldest);
  }

  /**
   * Commissions in the cost of a position of so many units, in the currency of its contract; what is closed takes its share with it.
   * Undefined where an execution of it is not known, or what one of them cost.
   */
  of({ account, conId, qty }: OpenPosition, now: EpochMs): number | undefined {
    const traded = this.#positions.get(keyOf(account, conId));
    if (qty === 0) return 0;
    if (traded === undefined) return undefined;
    const inOrder = [...traded].toSorted(([, a], [, b]) => a.ts - b.ts);
    const sum = inOrder.reduce((total, [, one]) => exact(total + one.qty), 0);
    // What was there before the first of them is of executions that nobody knows.
    let running: Running = { qty: exact(qty - sum), fees: sum === qty ? 0 : undefined };
    let flatUntil = 0;
    inOrder.forEach(([executionId, one], i) => {
      running = after(running, one.qty, this.#feeOf(executionId, one));
      if (running.qty === 0 && one.ts < now - KEPT_MS) flatUntil = i + 1;
    });
    this.#forget(
      traded,
      inOrder.slice(0, flatUntil).map(([executionId]) => executionId),
    );
    return running.fees;
  }

  #feeOf(executionId: string, { currency }: Traded): number | undefined {
    const fee = this.#fees.get(executionId);
    return fee === undefined || fee.currency !== currency ? undefined : fee.fee;
  }

  #forget(traded: Map<string, Traded>, executionIds: readonly string[]): void {
    for (const executionId of executionIds) {
      traded.delete(executionId);
      this.#fees.delete(executionId);
      this.#awaited.delete(executionId);
    }
  }
}

function after({ qty, fees }: Running, traded: number, fee: number | undefined): Running {
  const isOpposite = qty !== 0 && qty > 0 !== traded > 0;
  const closed = isOpposite ? Math.min(Math.abs(traded), Math.abs(qty)) : 0;
  const opened = exact(Math.abs(traded) - closed);
  const left = exact(Math.abs(qty) - closed);
  // Of what is flat, nothing is left that anybody would have to know.
  const kept = left === 0 ? 0 : fees === undefined ? undefined : (fees * left) / Math.abs(qty);
  const added = opened === 0 ? 0 : fee === undefined ? undefined : (fee * opened) / Math.abs(traded);
  return {
    qty: exact(qty + traded),
    fees: kept === undefined || added === undefined ? undefined : kept + added,
  };
}

function exact(value: number): number {
  return exactDecimal(value, DECIMALS);
}

function keyOf(account: string, conId: number | undefined): string {
  return `${account} ${conId ?? 0}`;
}
