import type { OrderStatus } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';

/** Reason of an order that is over because its venue stopped showing it. */
export const GONE_AT_VENUE = 'GONE_AT_VENUE';

/** How an order ended: filled; never there, or gone; ended there in any other way. */
type End = 'filled' | 'not-there' | 'over';

const ENDS: readonly (End | undefined)[] = [undefined, 'filled', 'not-there', 'over'];
const FILLED = 1;
const NOT_THERE = 2;
const OVER = 3;
/** Orders remembered. What is said of older ones is news to nobody: the next snapshot shows what is there. */
const REMEMBERED = 1024;

/** How orders ended, as plain values: number and end. */
export type EndedState = readonly (readonly [number, number])[];

/** How the last orders ended, so that what a venue says of them afterwards can be judged. Numbers in place: nothing is made per order. */
export class EndedOrders {
  readonly #sequences = new Float64Array(REMEMBERED);
  readonly #ends = new Uint8Array(REMEMBERED);

  note(sequence: number, status: OrderStatus, reason: string): void {
    const place = sequence % REMEMBERED;
    this.#sequences[place] = sequence;
    if (status === 'filled') this.#ends[place] = FILLED;
    else this.#ends[place] = status === 'rejected' || reason === GONE_AT_VENUE ? NOT_THERE : OVER;
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

  /** Numbers and ends of which a report could say something else, in a fixed order. */
  save(): EndedState {
    const saved: (readonly [number, number])[] = [];
    for (let place = 0; place < REMEMBERED; place++) {
      const end = this.#ends[place] as number;
      if (end === FILLED || end === NOT_THERE) saved.push([this.#sequences[place] as number, end]);
    }
    return saved;
  }

  load(saved: EndedState): void {
    this.#sequences.fill(0);
    this.#ends.fill(0);
    for (const [sequence, end] of saved) {
      this.#sequences[sequence % REMEMBERED] = sequence;
      this.#ends[sequence % REMEMBERED] = end;
    }
  }

  #endOf(sequence: number): End | undefined {
    const place = sequence % REMEMBERED;
    return this.#sequences[place] === sequence ? ENDS[this.#ends[place] as number] : undefined;
  }
}
