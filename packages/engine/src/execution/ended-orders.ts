import type { OrderStatus } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';

/** Reason of an order that is over because its venue stopped showing it. */
export const GONE_AT_VENUE = 'GONE_AT_VENUE';

/** How an order ended: filled; never there, or gone; ended there in any other way. */
type End = 'filled' | 'not-there' | 'over';

const ENDS: readonly (End | undefined)[] = [undefined, 'filled', 'not-there', 'over'];
/** Orders remembered. What is said of older ones is news to nobody: the next snapshot shows what is there. */
const REMEMBERED = 1024;

/** How the last orders ended, so that what a venue says of them afterwards can be judged. Numbers in place: nothing is made per order. */
export class EndedOrders {
  readonly #sequences = new Float64Array(REMEMBERED);
  readonly #ends = new Uint8Array(REMEMBERED);

  note(sequence: number, status: OrderStatus, reason: string): void {
    const place = sequence % REMEMBERED;
    this.#sequences[place] = sequence;
    if (status === 'filled') this.#ends[place] = 1;
    else this.#ends[place] = status === 'rejected' || reason === GONE_AT_VENUE ? 2 : 3;
  }

  /**
   * Whether a report contradicts how its order ended. Brokers repeat themselves, and what they say of an order may overtake its end: that
   * it was accepted once, and that it is over, is no news of an order that is over.
   */
  isContradicted({ sequence, report }: Pick<VenueReportEvent, 'sequence' | 'report'>): boolean {
    const end = this.#endOf(sequence);
    switch (report) {
      case 'accepted':
      case 'replaced':
        return end === 'not-there';
      case 'cancelled':
      case 'expired':
      case 'rejected':
        return end === 'filled';
      case 'cancel-rejected':
      case 'replace-rejected':
        return false;
      default:
        return true;
    }
  }

  #endOf(sequence: number): End | undefined {
    const place = sequence % REMEMBERED;
    return this.#sequences[place] === sequence ? ENDS[this.#ends[place] as number] : undefined;
  }
}
