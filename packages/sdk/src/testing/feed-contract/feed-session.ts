import type { HistoryBlock, HistoryRequest, Subscription } from '../../interfaces/feed.js';
import type { Instrument } from '../../model/instrument.js';
import { StepGrid } from '../../model/rounding.js';
import { describeValue } from '../canonical.js';
import { check, checkNoThrow } from '../check.js';
import { barRows, RecordingFeedSink, tickRows } from '../recording-sinks.js';
import type { DeliveredRow } from '../recording-sinks.js';
import type { FeedFixture, SourceEvent } from './feed-fixture.js';

/** A feed under test with its source. What is published before a finite feed is subscribed, is after for a live one. */
export class FeedSession {
  readonly fixture: FeedFixture;
  readonly sink = new RecordingFeedSink();
  readonly first: Instrument;
  readonly second: Instrument;
  readonly #pending: (() => void | Promise<void>)[] = [];

  constructor(fixture: FeedFixture) {
    this.fixture = fixture;
    [this.first, this.second] = fixture.instruments;
  }

  static async open(fixture: FeedFixture): Promise<FeedSession> {
    const session = new FeedSession(fixture);
    await checkNoThrow(() => fixture.feed.open(), 'open');
    return session;
  }

  get isFinite(): boolean {
    return this.fixture.feed.capabilities.finite === true;
  }

  /** The price that many steps of an instrument above the base. */
  at(instrument: Instrument, steps: number): number {
    const grid = new StepGrid(instrument.priceStep);
    return grid.toValue(grid.toSteps(this.fixture.price ?? 100) + steps);
  }

  /** An ordinary event: bid at the price, ask a step above, a trade at the price. */
  eventAt(instrument: Instrument, steps: number): SourceEvent {
    return { bid: this.at(instrument, steps), ask: this.at(instrument, steps + 1), last: this.at(instrument, steps) };
  }

  /** Plans an event for the next {@link run}. */
  plan(instrument: Instrument, steps: number): this {
    return this.planEvent(instrument, this.eventAt(instrument, steps));
  }

  planEvent(instrument: Instrument, event: SourceEvent): this {
    this.#pending.push(() => this.fixture.source.publish(instrument.symbol, event));
    return this;
  }

  /** Plans something else that the source does. */
  planAct(act: () => void | Promise<void>): this {
    this.#pending.push(act);
    return this;
  }

  planMalformed(instrument: Instrument): this {
    this.#pending.push(() => this.fixture.source.malformed(instrument.symbol));
    return this;
  }

  /** Publishes what was planned. */
  async publish(): Promise<void> {
    for (const act of this.#pending.splice(0)) await act();
    await this.fixture.settle();
  }

  /** Subscribes and publishes, in the order that suits the feed. */
  async run(instruments: readonly Instrument[], sink = this.sink): Promise<Subscription> {
    if (this.isFinite) await this.publish();
    const subscription = await checkNoThrow(() => this.fixture.feed.subscribe(instruments, sink), 'subscribe');
    await this.fixture.settle();
    if (!this.isFinite) await this.publish();
    return subscription;
  }

  /** Everything that `history` answers, as rows. */
  async history(request: HistoryRequest): Promise<readonly DeliveredRow[]> {
    const { feed } = this.fixture;
    check(feed.history !== undefined, 'It declares history but has no such function.');
    const rows: DeliveredRow[] = [];
    await checkNoThrow(async () => {
      for await (const block of feed.history!(request)) rows.push(...rowsOf(block));
    }, 'history');
    return rows;
  }
}

/** The rows of a block. */
export function rowsOf(block: HistoryBlock): readonly DeliveredRow[] {
  return block.kind === 'bars' ? barRows(block.columns) : tickRows(block.columns);
}

/** The price of a row that tells published events apart. */
export function priceOf(row: DeliveredRow): number {
  if (row.kind === 'bar') return row.close;
  return Number.isNaN(row.last) ? row.bid : row.last;
}

/** Fails unless the rows carry these prices: as many rows and the same order, or two rows an event where quotes and trades come apart. */
export function checkPrices(rows: readonly DeliveredRow[], prices: readonly number[], what: string): void {
  const bids = rows.filter((row) => row.kind === 'bar' || !Number.isNaN(row.bid)).map(rowKey);
  const lasts = rows
    .filter((row) => row.kind === 'tick' && !Number.isNaN(row.last) && Number.isNaN(row.bid))
    .map((row) => row.last);
  for (const list of [bids, lasts]) {
    const fits = list.length === 0 || describeValue(list) === describeValue(prices);
    check(fits, `${what}: published were ${describeValue(prices)}, delivered ${describeValue(list)}.`);
  }
  check(
    prices.length === 0 || bids.length + lasts.length > 0,
    `${what}: published were ${describeValue(prices)}, delivered none.`,
  );
}

function rowKey(row: DeliveredRow): number {
  return row.kind === 'bar' ? row.close : row.bid;
}
