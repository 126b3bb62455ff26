import type { EpochMs, OrderChange } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';

/** A request on its way to the venue. */
export type VenueRequest =
  | { readonly kind: 'submit'; readonly due: EpochMs; readonly group: readonly OrderRecord[] }
  | { readonly kind: 'cancel'; readonly due: EpochMs; readonly order: OrderRecord }
  | { readonly kind: 'replace'; readonly due: EpochMs; readonly order: OrderRecord; readonly change: OrderChange };

/** Requests on their way, first in first out as on one session: a later request never overtakes an earlier one. */
export class RequestQueue {
  /** When the next request arrives; Infinity when none is on its way. */
  nextDue: EpochMs = Number.POSITIVE_INFINITY;
  /** When the last of those on their way arrives; -Infinity when none is. */
  private lastDue: EpochMs = Number.NEGATIVE_INFINITY;
  #requests: VenueRequest[] = [];
  #head = 0;

  /** When a request arrives that is sent now and takes `latencyMs`. */
  arrivalOf(now: EpochMs, latencyMs: number): EpochMs {
    const due = now + latencyMs;
    return due < this.lastDue ? this.lastDue : due;
  }

  push(request: VenueRequest): void {
    this.#requests.push(request);
    this.#aim();
  }

  /** Takes the next request out. */
  shift(): VenueRequest | undefined {
    const request = this.#requests[this.#head];
    if (request === undefined) return undefined;
    this.#head += 1;
    if (this.#head === this.#requests.length || this.#head >= 1_024) {
      this.#requests = this.#requests.slice(this.#head);
      this.#head = 0;
    }
    this.#aim();
    return request;
  }

  /** The requests on their way, in order. */
  list(): readonly VenueRequest[] {
    return this.#requests.slice(this.#head);
  }

  #aim(): void {
    this.nextDue = this.#requests[this.#head]?.due ?? Number.POSITIVE_INFINITY;
    this.lastDue = this.#requests.at(-1)?.due ?? Number.NEGATIVE_INFINITY;
  }
}
