import type { HistoryBlock, RecordedStream } from '@bookrunner/sdk';

/**
 * Blocks of several streams, the one that starts earliest first; streams given first win ties. Every stream that was opened is
 * closed when the walk ends, however it ends.
 */
export async function* mergedBlocks(streams: readonly RecordedStream[]): AsyncGenerator<HistoryBlock> {
  const heads = streams.map((stream) => new StreamHead(stream));
  try {
    for (const head of heads) await head.advance();
    for (;;) {
      const first = earliest(heads);
      if (first?.block === undefined) return;
      yield first.block;
      await first.advance();
    }
  } finally {
    for (const head of heads) await head.close();
  }
}

class StreamHead {
  block: HistoryBlock | undefined;
  readonly #iterator: Iterator<HistoryBlock> | AsyncIterator<HistoryBlock>;

  constructor(stream: RecordedStream) {
    this.#iterator =
      Symbol.asyncIterator in stream.blocks ? stream.blocks[Symbol.asyncIterator]() : stream.blocks[Symbol.iterator]();
  }

  async advance(): Promise<void> {
    const next = await this.#iterator.next();
    this.block = next.done === true ? undefined : next.value;
  }

  async close(): Promise<void> {
    await this.#iterator.return?.();
  }
}

function earliest(heads: readonly StreamHead[]): StreamHead | undefined {
  let best: StreamHead | undefined;
  for (const head of heads) {
    if (head.block !== undefined && (best?.block === undefined || startOf(head.block) < startOf(best.block)))
      best = head;
  }
  return best;
}

function startOf(block: HistoryBlock): number {
  return block.columns.ts[0] ?? Number.NEGATIVE_INFINITY;
}
