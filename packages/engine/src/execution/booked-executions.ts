import type { Currency, EpochMs } from '@bookrunner/sdk';

/** An execution as it was booked: what a commission, a correction or a bust that comes later has to change. */
export interface BookedExecution {
  /** Place of its slot among those of the kernel; -1 for one that is known and was booked nowhere. */
  readonly slot: number;
  /** Of the order it was booked to. */
  readonly sequence: number;
  readonly signedScaled: number;
  readonly price: number;
  fee: number;
  readonly feeCurrency: Currency;
  readonly at: EpochMs;
}

/** A fee that was told before its execution, and when. */
export interface EarlyFee {
  readonly fee: number;
  readonly feeCurrency: Currency;
  readonly at: EpochMs;
}

/** A fee whose execution never came. */
export interface LostFee extends EarlyFee {
  readonly account: string;
  readonly executionId: string;
}

/** Most fees that wait for their executions. */
export const MOST_EARLY_FEES = 10_000;

/** For how many days an execution can be corrected or busted. What is told of one that is older is not booked: it may have been, and be forgotten. */
export const EXECUTION_DAYS = 31;

/** Every execution that was booked, by (account, execution id): none is booked twice, whoever tells of it and how often. */
export class BookedExecutions {
  readonly #booked = new Map<string, BookedExecution>();
  readonly #earlyFees = new Map<string, EarlyFee>();

  get size(): number {
    return this.#booked.size;
  }

  find(account: string, executionId: string): BookedExecution | undefined {
    return this.#booked.get(keyOf(account, executionId));
  }

  /** Booked, or known and booked nowhere. */
  has(account: string, executionId: string): boolean {
    return this.#booked.has(keyOf(account, executionId));
  }

  add(account: string, executionId: string, execution: BookedExecution): void {
    this.#booked.set(keyOf(account, executionId), execution);
  }

  /** Keeps a fee whose execution has not come. */
  keepFee(account: string, executionId: string, fee: EarlyFee): void {
    this.#earlyFees.set(keyOf(account, executionId), fee);
  }

  /** The fee that came before its execution; it is kept no longer. */
  takeFee(account: string, executionId: string): EarlyFee | undefined {
    if (this.#earlyFees.size === 0) return undefined;
    const key = keyOf(account, executionId);
    const fee = this.#earlyFees.get(key);
    this.#earlyFees.delete(key);
    return fee;
  }

  /** Gives up fees that were told before an instant, and the oldest where too many wait: their executions are somebody else's. */
  dropFees(before: EpochMs): readonly LostFee[] {
    const lost: LostFee[] = [];
    // In order of arrival, so the old ones come first.
    for (const [key, fee] of this.#earlyFees) {
      if (fee.at >= before && this.#earlyFees.size <= MOST_EARLY_FEES) break;
      this.#earlyFees.delete(key);
      const [account = '', ...rest] = key.split(SEPARATOR);
      lost.push({ ...fee, account, executionId: rest.join(SEPARATOR) });
    }
    return lost;
  }

  /** Forgets what is older than an instant. */
  forgetBefore(at: EpochMs): void {
    // In order of booking, so the old ones come first.
    for (const [key, execution] of this.#booked) {
      if (execution.at >= at) return;
      this.#booked.delete(key);
    }
  }

  save(): ExecutionsState {
    return {
      booked: [...this.#booked].map(([key, execution]) => [key, { ...execution }] as const),
      earlyFees: [...this.#earlyFees],
    };
  }

  load({ booked, earlyFees }: ExecutionsState): void {
    this.#booked.clear();
    this.#earlyFees.clear();
    for (const [key, execution] of booked) this.#booked.set(key, { ...execution });
    for (const [key, fee] of earlyFees) this.#earlyFees.set(key, fee);
  }
}

/** As plain values. */
export interface ExecutionsState {
  readonly booked: readonly (readonly [string, BookedExecution])[];
  readonly earlyFees: readonly (readonly [string, EarlyFee])[];
}

const SEPARATOR = '|';

function keyOf(account: string, executionId: string): string {
  return `${account}${SEPARATOR}${executionId}`;
}
