import { readFile } from 'node:fs/promises';
import { resolve as resolvePath } from 'node:path';
import { errorFactory } from '@bookrunner/sdk';
import type {
  ErrorTable,
  FeedCapabilities,
  FeedSink,
  Instrument,
  ReadRange,
  RecordedFeed,
  RecordedStream,
  RejectedRow,
  ResolvedInstrument,
  Subscription,
  TickColumns,
} from '@bookrunner/sdk';
import { z } from 'zod';
import { parseTrades } from './parse-trades.js';

/** Options in engine.yaml. */
export const myFeedOptions = z.strictObject({
  path: z.string().min(1).describe('File of lines `symbol,ts,price,size`; relative to engine.yaml.'),
  symbols: z.array(z.string().min(1)).min(1).describe('Symbols the file holds.'),
});

/** A recording of trades: it ends, so a backtest can run on it. */
export const MY_FEED_CAPABILITIES: FeedCapabilities = Object.freeze({ finite: true, trades: true });

const ERRORS = {
  MY_FEED_NOT_OPEN: { severity: 'rejected', remedy: 'Open the feed first.' },
  MY_FEED_SYMBOL_UNKNOWN: { severity: 'rejected', remedy: 'List the symbol under `symbols:` of the feed.' },
  MY_FEED_FILE_UNREADABLE: { severity: 'fatal', remedy: 'Correct `path:` of the feed.' },
} as const satisfies ErrorTable;

const feedError = errorFactory<keyof typeof ERRORS>(ERRORS);

/** What the feed is made of. */
export interface MyFeedParts extends z.output<typeof myFeedOptions> {
  readonly name: string;
  readonly configDir: string;
}

/** Trades from a text file. */
export class MyFeed implements RecordedFeed {
  readonly capabilities = MY_FEED_CAPABILITIES;
  readonly #parts: MyFeedParts;
  #isOpen = false;

  constructor(parts: MyFeedParts) {
    this.#parts = parts;
  }

  async resolve(instrument: Instrument): Promise<ResolvedInstrument> {
    this.#checkKnown([instrument]);
    return { instrument, sourceId: `${this.#parts.path}#${instrument.symbol}` };
  }

  async open(): Promise<void> {
    await this.#load();
    this.#isOpen = true;
  }

  close(): Promise<void> {
    this.#isOpen = false;
    return Promise.resolve();
  }

  async subscribe(instruments: readonly Instrument[], sink: FeedSink): Promise<Subscription> {
    if (!this.#isOpen) throw feedError('MY_FEED_NOT_OPEN', `Feed '${this.#parts.name}' is not open.`);
    this.#checkKnown(instruments);
    const blocks = parseTrades(await this.#load(), {
      symbols: symbolsOf(instruments),
      onRejected: (row) => sink.rejected(this.#rejected(row)),
    });
    let isActive = true;
    // Later than any await of the caller, who so has the subscription in hand before the first delivery.
    setImmediate(() => {
      if (!isActive || !this.#isOpen) return;
      for (const block of blocks) sink.ticks(block);
      sink.status({ ts: lastOf(blocks), feed: this.#parts.name, state: 'ended', reason: '', message: '' });
    });
    return {
      close: () => {
        isActive = false;
        return Promise.resolve();
      },
    };
  }

  /** What a backtest reads. */
  async *read(instruments: readonly Instrument[], range: ReadRange = {}): AsyncIterable<RecordedStream> {
    this.#checkKnown(instruments);
    const { onRejected, ...bounds } = range;
    const blocks = parseTrades(await this.#load(), {
      ...bounds,
      symbols: symbolsOf(instruments),
      onRejected: (row) => onRejected?.(this.#rejected(row)),
    });
    for (const columns of blocks) yield { symbol: columns.symbol, blocks: [{ kind: 'ticks', columns }] };
  }

  async #load(): Promise<string> {
    try {
      return await readFile(resolvePath(this.#parts.configDir, this.#parts.path), 'utf8');
    } catch (cause) {
      throw feedError('MY_FEED_FILE_UNREADABLE', `The file '${this.#parts.path}' cannot be read.`, { cause });
    }
  }

  #rejected(row: Omit<RejectedRow, 'source'>): RejectedRow {
    return { source: this.#parts.path, ...row };
  }

  #checkKnown(instruments: readonly Instrument[]): void {
    const unknown = instruments.find((instrument) => !this.#parts.symbols.includes(instrument.symbol));
    if (unknown === undefined) return;
    throw feedError('MY_FEED_SYMBOL_UNKNOWN', `Feed '${this.#parts.name}' does not hold '${unknown.symbol}'.`);
  }
}

function symbolsOf(instruments: readonly Instrument[]): ReadonlySet<string> {
  return new Set(instruments.map((instrument) => instrument.symbol));
}

function lastOf(blocks: readonly TickColumns[]): number {
  return Math.max(0, ...blocks.map((block) => block.ts[block.length - 1] ?? 0));
}
