// What a session heard of its executions besides the reports of fills: told late, changed, taken back, charged.
import type { Fill } from '@bookrunner/sdk';
import { parseOrderId } from '../execution/order-id.js';
import type { ExecutionEvent, KernelEvent, VenueReportEvent } from '../kernel/event.js';
import type { SideFill, SideLedger } from './side-ledger.js';

/** Keeps the executions of a session at brokers as its kernel booked them: each once, as it is now. Others' are none of its business. */
export class SessionExecutions {
  readonly #ledger: SideLedger;
  readonly #known = new Map<string, SideFill>();
  /** Fees that were told before their executions. */
  readonly #early = new Map<string, Fill>();

  constructor(ledger: SideLedger) {
    this.#ledger = ledger;
  }

  /** One event of a session whose order ids begin with `runEpoch`. */
  take(event: KernelEvent, runEpoch: string): void {
    if (event.kind === 'venue-report') return this.#report(event);
    if (event.kind === 'venue-snapshot') {
      for (const fill of event.snapshot?.executions.items ?? []) this.#fill(fill, event.at, runEpoch);
      return;
    }
    if (event.kind === 'execution') this.#change(event, runEpoch);
  }

  #change({ execution, change, at }: ExecutionEvent, runEpoch: string): void {
    const known = this.#known.get(execution.executionId);
    if (change === 'commission') return this.#charge(known, execution);
    if (change === 'fill') return this.#fill(execution, at, runEpoch);
    if (change === 'corrected' && known === undefined) return this.#fill(execution, at, runEpoch);
    if (known !== undefined) Object.assign(known, change === 'busted' ? NOTHING : valuesOf(execution, known));
  }

  #report(report: VenueReportEvent): void {
    const { executionId } = report;
    if (this.#known.has(executionId)) return;
    const fill = this.#ledger.reported(report);
    if (executionId !== '') this.#keep(executionId, fill);
  }

  /** An execution of an order of ours that no report has told of. */
  #fill(fill: Fill, at: number, runEpoch: string): void {
    const { executionId, orderId } = fill;
    const known = this.#known.get(executionId);
    if (known !== undefined) {
      if (known.fee === 0 && Number.isFinite(fill.fee)) this.#charge(known, fill);
      return;
    }
    const sequence = parseOrderId(runEpoch, orderId);
    if (Number.isNaN(sequence)) return;
    this.#keep(executionId, this.#ledger.executed(sequence, { ts: at, ...valuesOf(fill) }));
  }

  #keep(executionId: string, fill: SideFill | undefined): void {
    if (fill === undefined) return;
    this.#known.set(executionId, fill);
    const early = this.#early.get(executionId);
    if (early !== undefined) this.#charge(fill, early);
  }

  #charge(known: SideFill | undefined, { executionId, fee, feeCurrency }: Fill): void {
    if (known === undefined) this.#early.set(executionId, { fee, feeCurrency, executionId } as Fill);
    else Object.assign(known, { fee, feeCurrency });
  }
}

/** What is left of an execution that was taken back. */
const NOTHING = { qty: 0, fee: 0 };

/** A fee that is not told yet is none, or stays what it was. */
function valuesOf({ qty, price, fee, feeCurrency }: Fill, before?: SideFill): Omit<SideFill, 'ts'> {
  const isTold = !Number.isNaN(fee);
  return {
    qty,
    price,
    ...(isTold ? { fee, feeCurrency } : { fee: before?.fee ?? 0, feeCurrency: before?.feeCurrency ?? feeCurrency }),
  };
}
