import type { BarBuilder, BarSpec, EmitBar } from '@bookrunner/sdk';
import type { Position } from '../portfolio/book.js';
import type { RingBarWindow } from '../signals/bar-window.js';
import type { LoneReader } from '../signals/lone-reader.js';
import type { StreamConsumer } from '../signals/stream-consumer.js';
import type { InstrumentState } from './instrument-state.js';

/** One stream of closed bars inside the kernel, and who reads it. */
export class BarStream {
  readonly index: number;
  readonly state: InstrumentState;
  readonly spec: BarSpec;
  readonly barMs: number;
  readonly window: RingBarWindow;
  readonly builder: BarBuilder | undefined;
  readonly consumers: StreamConsumer[] = [];
  /** The first of them; each knows the next: a chain is walked for half of what a list costs. So are those below. */
  firstConsumer: StreamConsumer | undefined = undefined;
  /** Streams that are resampled from this one. */
  readonly children: BarStream[] = [];
  hasChildren = false;
  /** The next stream of the instrument that is built from its ticks. */
  nextOnTicks: BarStream | undefined = undefined;
  /** The first of the positions that its bars mark. */
  firstPosition: Position | undefined = undefined;
  /** Passes a built bar on; made once. */
  emit: EmitBar = () => {};
  /** When the clock closes the running bar, plus the close delay; infinity when nothing runs. */
  closeAt = Number.POSITIVE_INFINITY;
  /** Bars seen, warm-up included. */
  count = 0;
  /** Ready bars of a feed that this stream is made of; undefined where the engine builds what it is made of. */
  waitsFor: BarStream | undefined = undefined;
  /** A bar closed while its instrument was held: nobody was asked about it. */
  isUnasked = false;
  /** Set once the kernel is wired; undefined where several read the stream, or one that reads more than it. */
  loneReader: LoneReader | undefined = undefined;

  constructor(setup: {
    index: number;
    state: InstrumentState;
    spec: BarSpec;
    barMs: number;
    window: RingBarWindow;
    builder: BarBuilder | undefined;
  }) {
    this.index = setup.index;
    this.state = setup.state;
    this.spec = setup.spec;
    this.barMs = setup.barMs;
    this.window = setup.window;
    this.builder = setup.builder;
  }

  addConsumer(consumer: StreamConsumer): void {
    const last = this.consumers.at(-1);
    if (last === undefined) this.firstConsumer = consumer;
    else last.next = consumer;
    this.consumers.push(consumer);
  }

  addChild(child: BarStream): void {
    this.children.push(child);
    this.hasChildren = true;
  }
}
