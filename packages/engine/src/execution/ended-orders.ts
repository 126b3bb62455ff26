import type { OrderStatus } from '@bookrunner/sdk';
import type { VenueReportEvent } from '../kernel/event.js';
import type { OrderRecord } from './order-record.js';
import { NEVER_ARRIVED } from './order-state.js';

/** Reason of an order that is over because its venue stopped showing it. */
export const GONE_AT_VENUE = 'GONE_AT_VENUE';

/** How an order ended: filled; turned down; ended there in any other way; given up here, since answers did not show it. */
type End = 'filled' | 'not-there' | 'over' | 'given-up';

const ENDS: readonly (End | undefined)[] = [undefined, 'filled', 'not-there', 'over', 'given-up'];
const FILLED = 1;
const NOT_THERE = 2;
const OVER = 3;
const GIVEN_UP = 4;
/** Orders remembered, a power of two. What is said of older ones is news to nobody: the next snapshot shows what is there. */
const REMEMBERED = 1024;

/** Of an order that was not filled. */
function endOf(status: OrderStatus, reason: string): number {
  if (reason === NEVER_ARRIVED || reason === GONE_AT_VENUE) return GIVEN_UP;
  return status === 'rejected' ? NOT_THERE : OVER;
}

function placeOf(sequence: number): number {
  return sequence & (REMEMBERED - 1);
}

/** How orders ended, as plain values: number and end. */
export type EndedState = readonly (readonly [number, number])[];

/** How the last orders ended, so that what a venue says of them afterwards can be judged. Numbers in place: nothing is made per order. */
export class EndedOrders {
  private readonly sequences = new Float64Array(REMEMBERED);
  private readonly ends = new Uint8Array(REMEMBERED);

  note(order: OrderRecord, reason: string): void {
    const place = placeOf(order.sequence);
    this.sequences[place] = order.sequence;
    this.ends[place] = order.isFilled ? FILLED : endOf(order.status, reason);
  }

  isFilled(sequence: number): boolean {
    return this.#endOf(sequence) === 'filled';
  }

  /** Whether anything is known of its end. */
  isKnown(sequence: number): boolean {
    return this.#endOf(sequence) !== undefined;
  }

  /** Whether an order ended because answers did not show it: nobody at the venue has said so. */
  isGivenUp(sequence: number): boolean {
    return this.#endOf(sequence) === 'given-up';
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
        return end === 'not-there' || end === 'given-up';
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

  /** Numbers and ends, in a fixed order. */
  save(): EndedState {
    const saved: (readonly [number, number])[] = [];
    for (let place = 0; place < REMEMBERED; place++) {
      const end = this.ends[place] as number;
      if (end !== 0) saved.push([this.sequences[place] as number, end]);
    }
    return saved;
  }

  load(saved: EndedState): void {
    this.sequences.fill(0);
    this.ends.fill(0);
    for (const [sequence, end] of saved) {
      this.sequences[placeOf(sequence)] = sequence;
      this.ends[placeOf(sequence)] = end;
    }
  }

  #endOf(sequence: number): End | undefined {
    const place = placeOf(sequence);
    return this.sequences[place] === sequence ? ENDS[this.ends[place] as number] : undefined;
  }
}
