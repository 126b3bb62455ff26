import type { BarEvent } from '../kernel/event.js';
import type { BarStream } from '../market/bar-stream.js';
import type { InstrumentState } from '../market/instrument-state.js';
import type { Book, Position } from '../portfolio/book.js';
import type { RingBarWindow } from './bar-window.js';
import type { StreamConsumer } from './stream-consumer.js';
import type { StrategyRunner } from './strategy-runner.js';

/**
 * The strategy that alone reads a stream, which is all that it reads: the short way of a ready bar, without lists to walk and listeners to
 * tell. The long way (market, portfolio, signals) does the same for everybody; a property test holds the two equal.
 */
export class LoneReader {
  readonly runner: StrategyRunner;
  readonly book: Book;
  private readonly stream: BarStream;
  private readonly state: InstrumentState;
  private readonly window: RingBarWindow;
  private readonly consumer: StreamConsumer;
  private readonly position: Position;
  /** A feature threw, so that the strategy is not asked about the bar. */
  hasThrown = false;

  constructor(stream: BarStream, consumer: StreamConsumer, runner: StrategyRunner) {
    const { position } = runner.primarySlot;
    this.runner = runner;
    this.book = position.book;
    this.stream = stream;
    this.state = stream.state;
    this.window = stream.window;
    this.consumer = consumer;
    this.position = position;
  }

  /** Takes a bar that closed now: price, window, features, mark. False, and nothing is done, where it has to go the long way. */
  close(bar: BarEvent): boolean {
    const state = this.state;
    const { endTs } = bar;
    if (bar.isWarmup || state.isHeld || endTs < state.closeTs || endTs < state.tickTs) return false;
    state.price = bar.close;
    state.closeTs = endTs;
    this.stream.count += 1;
    this.window.push(bar);
    this.hasThrown = !this.consumer.read(bar);
    this.book.mark(this.position);
    return true;
  }
}

/** The lone reader of a stream, where it has one. `positions`: all that its bars mark. */
export function loneReaderOf(
  stream: BarStream,
  runners: readonly StrategyRunner[],
  positions: readonly Position[],
): LoneReader | undefined {
  const [consumer] = stream.consumers;
  const runner = runners.find(({ consumers }) => consumers.some((row) => row.some((own) => own === consumer)));
  if (consumer === undefined || runner === undefined || stream.builder !== undefined) return undefined;
  const isAlone = stream.consumers.length === 1 && stream.children.length === 0 && positions.length === 1;
  const isAll = runner.slots.length === 1 && runner.consumers.length === 1;
  return isAlone && isAll && positions[0] === runner.primarySlot.position
    ? new LoneReader(stream, consumer, runner)
    : undefined;
}
