import type { EpochMs } from '@bookrunner/sdk';
import type { OrderReport } from './order-report.js';
import type { ChangeableTerms } from './order-terms.js';

/** What is asked of an order at one moment. */
export interface PendingRequests {
  readonly change: ChangeableTerms | undefined;
  readonly cancelAskedAt: EpochMs | undefined;
}

/** What was asked of an order and has not been answered yet: a change, a cancel, or both. */
export class OrderRequests {
  readonly #tell: (report: OrderReport) => void;
  #wanted: ChangeableTerms | undefined;
  #changeAt: EpochMs = Number.NaN;
  #cancelAt: EpochMs = Number.NaN;
  /** Cancels on their way: one that was sent again is answered by itself. */
  #openCancels = 0;
  #isCancelOurs = false;
  #isRestAsked = false;
  #wasCancelAsked = false;
  #wasChangeAsked = false;

  constructor(tell: (report: OrderReport) => void) {
    this.#tell = tell;
  }

  /** The terms it is to have. */
  get wanted(): ChangeableTerms | undefined {
    return this.#wanted;
  }
  get isCancelAsked(): boolean {
    return this.#openCancels > 0;
  }
  /** Whether a cancel was ever asked for, whatever became of it. */
  get wasCancelAsked(): boolean {
    return this.#wasCancelAsked;
  }
  /** The same of a change. */
  get wasChangeAsked(): boolean {
    return this.#wasChangeAsked;
  }
  /** When the last open cancel was asked for. */
  get cancelAskedAt(): EpochMs | undefined {
    return this.isCancelAsked ? this.#cancelAt : undefined;
  }
  /** Should it be cancelled, that is what we wanted; also where a lost connection made nobody wait for it. */
  get isCancelOurs(): boolean {
    return this.#isCancelOurs;
  }

  askCancel(at: EpochMs): void {
    this.#openCancels += 1;
    this.#cancelAt = at;
    this.#wasCancelAsked = true;
    this.#isCancelOurs = true;
    this.#isRestAsked = false;
  }

  askChange(wanted: ChangeableTerms, at: EpochMs): void {
    this.#wanted = wanted;
    this.#wasChangeAsked = true;
    this.#changeAt = at;
  }

  /** What was asked at an instant or before, and is still open. */
  pendingSince(at: EpochMs): PendingRequests {
    return {
      change: this.#changeAt <= at ? this.#wanted : undefined,
      cancelAskedAt: this.#cancelAt <= at ? this.cancelAskedAt : undefined,
    };
  }

  /** It never left: nobody will answer. */
  withdraw(what: 'cancel' | 'change'): void {
    if (what === 'change') return this.endChange();
    this.#openCancels = Math.max(0, this.#openCancels - 1);
    // Another one may still do it.
    if (!this.isCancelAsked) this.#isCancelOurs = false;
  }

  /** The change was made, or matters no more. */
  endChange(): void {
    this.#wanted = undefined;
  }

  /** The session that was asked is gone: what became of it, the engine finds out from snapshots. */
  lost(): void {
    this.#openCancels = 0;
    this.#wanted = undefined;
  }

  /** Nobody answers it, and the order works on. Should it end after all, that is what we wanted. */
  loseCancel(reason: string): void {
    if (!this.isCancelAsked) return;
    this.#openCancels = 0;
    this.#tell({ kind: 'cancel-rejected', reason });
  }

  /** True once for each cancel. */
  takeRest(): boolean {
    if (!this.isCancelAsked || this.#isRestAsked) return false;
    this.#isRestAsked = true;
    return true;
  }

  /** IB says no, in the first place to this; to the other where nobody asked for this. */
  decline(what: 'cancel' | 'change', reason: string): void {
    const isChange = what === 'change' ? this.#wanted !== undefined : !this.isCancelAsked;
    if (isChange && this.#wanted !== undefined) {
      this.#wanted = undefined;
      this.#tell({ kind: 'replace-rejected', reason });
    } else if (!isChange && this.isCancelAsked) {
      this.withdraw('cancel');
      if (!this.isCancelAsked) this.#tell({ kind: 'cancel-rejected', reason });
    }
  }
}
