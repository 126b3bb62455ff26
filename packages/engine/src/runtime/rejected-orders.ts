// Orders that the venue rejected: a run in which most of them were has tried nothing of what it was to try.

/** Brokers may put anything into a reason: more of them are counted, and not told apart. */
const MOST_REASONS = 100;

/** How many of the orders that were sent were rejected, and for which reasons. */
export class RejectedOrders {
  count = 0;
  readonly #byReason = new Map<string, number>();

  add(reason: string): void {
    this.count += 1;
    const before = this.#byReason.get(reason);
    if (before !== undefined || this.#byReason.size < MOST_REASONS) this.#byReason.set(reason, (before ?? 0) + 1);
  }

  /** A sentence where half or more of all orders were rejected. */
  warning(orders: number): string | undefined {
    const { count } = this;
    if (count === 0 || count * 2 < orders) return undefined;
    const [most] = [...this.#byReason].toSorted(([, a], [, b]) => b - a);
    const [reason, times] = most as [string, number];
    return `${howMany(count, orders)} rejected by the venue${times === count ? ':' : ', mostly'} ${reason === '' ? 'no reason given' : reason}.`;
  }
}

function howMany(count: number, orders: number): string {
  if (orders === 1) return 'The only order was';
  if (count === orders) return `All ${orders} orders were`;
  return `${count} of ${orders} orders ${count === 1 ? 'was' : 'were'}`;
}
