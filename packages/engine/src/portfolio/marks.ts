/**
 * Whether each position is valued at its instrument's last price and at what is held. A bar and a fill mark at once what they move.
 * Whatever else moves a price or a holding says so here, for good: a tick, rows from history, a warm-up bar of what is held, a split, a snapshot,
 * a price that is not known.
 */
export class Marks {
  areCurrent = true;
}
