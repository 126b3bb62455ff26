// Open orders that are left alone: each is told once, and again when it has changed, not with every answer that shows it.
import type { EpochMs, VenueOpenOrder } from '@bookrunner/sdk';
import type { BrokerWatch } from './broker-watch.js';
import type { Difference, ReportDraft } from './difference.js';

/** One that was told, as it was then. */
export interface StandingOrder {
  readonly at: EpochMs;
  readonly difference: Difference;
}

/** Those of one complete answer. */
export class StandingOrders {
  readonly #watch: BrokerWatch;
  readonly #at: EpochMs;
  readonly #draft: ReportDraft;
  readonly #shown = new Set<string>();

  constructor({
    watch,
    at,
    draft,
  }: {
    readonly watch: BrokerWatch;
    readonly at: EpochMs;
    readonly draft: ReportDraft;
  }) {
    this.#watch = watch;
    this.#at = at;
    this.#draft = draft;
  }

  tell(open: VenueOpenOrder, { cause, evidence, action }: Pick<Difference, 'cause' | 'evidence' | 'action'>): void {
    const { account, symbol } = open;
    const order = this.#keyOf(open);
    this.#shown.add(order);
    const known = this.#watch.standing.get(order)?.difference;
    if (known?.cause === cause && known.evidence === evidence && known.action === action) return;
    const difference: Difference = { cause, account, symbol, evidence, action, order, isOpen: false };
    this.#watch.standing.set(order, { at: this.#at, difference });
    this.#draft.add(difference);
  }

  /** Whether an order, open since, was told with this action. */
  isTold(open: VenueOpenOrder, action: string): boolean {
    return this.#watch.standing.get(this.#keyOf(open))?.difference.action === action;
  }

  /** What the answer does not show is open no longer: should it come again, it is news. */
  end(): void {
    const { standing } = this.#watch;
    for (const order of standing.keys()) if (!this.#shown.has(order)) standing.delete(order);
  }

  /** What the broker calls it. Orders without any name are told apart by what they are and their place. */
  #keyOf({ venueOrderId, clientOrderId, account, symbol, side }: VenueOpenOrder): string {
    const id = venueOrderId === '' ? clientOrderId : venueOrderId;
    if (id !== '') return id;
    const nameless = `${account} ${symbol} ${side}`;
    let place = 1;
    while (this.#shown.has(`${nameless} ${place}`)) place += 1;
    return `${nameless} ${place}`;
  }
}

/** How a person finds an order at the broker: by its name there, and by those that whoever sent it gave it. */
export function nameOf({ venueOrderId, clientOrderId, tag }: VenueOpenOrder): string {
  const given = [clientOrderId === '' ? '' : `id '${clientOrderId}'`, tag === '' ? '' : `tag '${tag}'`];
  const named = given.filter((text) => text !== '').join(', ');
  const name = venueOrderId === '' ? 'an order that the broker names by no id' : `order ${venueOrderId}`;
  return named === '' ? name : `${name} (${named})`;
}
