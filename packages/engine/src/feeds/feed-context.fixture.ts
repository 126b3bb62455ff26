// What tests of feeds share: a plugin context, instruments, temporary folders, blocks as rows.
import { mkdtempSync, rmSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defineInstrument, marketCalendar, SILENT_LOGGER } from '@bookrunner/sdk';
import type {
  BarColumns,
  Clock,
  FeedSink,
  FeedStatus,
  HistoryBlock,
  Instrument,
  InstrumentOptions,
  PluginContext,
  RejectedRow,
  TickColumns,
} from '@bookrunner/sdk';

/** A clock that stands still. */
export const STILL_CLOCK: Clock = {
  nowUtc: () => 1_700_000_000_000,
  sleepUntil: () => Promise.resolve(),
  callAt: () => () => {},
};

/** A context over a folder. */
export function aFeedContext<Options>(options: Options, folder = tmpdir()): PluginContext<Options> {
  return {
    name: 'test',
    options,
    clock: STILL_CLOCK,
    logger: SILENT_LOGGER,
    configDir: folder,
    dataDir: folder,
    instruments: new Map(),
    calendar: (id) => marketCalendar(id),
  };
}

/** An instrument that trades around the clock unless told otherwise. */
export function anInstrument(options: Partial<InstrumentOptions> = {}): Instrument {
  return defineInstrument({ symbol: 'TEST', assetClass: 'equity', quote: 'USD', calendar: '24x7', ...options });
}

/** A temporary folder and what removes it. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'bookrunner-data-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** All blocks of a stream. */
export async function allBlocks(blocks: Iterable<HistoryBlock> | AsyncIterable<HistoryBlock>): Promise<HistoryBlock[]> {
  const all: HistoryBlock[] = [];
  for await (const block of blocks) all.push(block);
  return all;
}

/** One column of all blocks, as an array; an absent column is empty. */
export function columnOf(
  blocks: readonly HistoryBlock[],
  name: Exclude<keyof BarColumns | keyof TickColumns, 'symbol' | 'venue' | 'length'>,
): number[] {
  return blocks.flatMap((block) => [
    ...((block.columns as unknown as Record<string, Float64Array | undefined>)[name] ?? []),
  ]);
}

/** Rows of all blocks. */
export function rowsOf(blocks: readonly HistoryBlock[]): number {
  return blocks.reduce((sum, block) => sum + block.columns.length, 0);
}

/** A sink that keeps what it is given. */
export class KeepingSink implements FeedSink {
  readonly blocks: HistoryBlock[] = [];
  readonly statuses: FeedStatus[] = [];
  readonly rejections: RejectedRow[] = [];
  readonly #waiting: (() => void)[] = [];

  tick(): void {}
  heartbeat(): void {}

  ticks(columns: TickColumns): void {
    this.blocks.push({ kind: 'ticks', columns });
  }

  bars(columns: BarColumns, spec: { readonly use: string; readonly options: Readonly<Record<string, unknown>> }): void {
    this.blocks.push({ kind: 'bars', columns, spec });
  }

  status(status: FeedStatus): void {
    this.statuses.push(status);
    if (status.state === 'ended' || status.state === 'failed') for (const settle of this.#waiting) settle();
  }

  rejected(row: RejectedRow): void {
    this.rejections.push(row);
  }

  /** Resolves at the status that ends delivery. */
  finished(): Promise<void> {
    return new Promise((settle) => {
      if (this.statuses.some(({ state }) => state === 'ended' || state === 'failed')) settle();
      else this.#waiting.push(settle);
    });
  }
}

const SHARED_DATA = resolve(process.cwd(), '../shared/data');

/** Path of a file of real market data kept beside the project; undefined where it is absent. */
export function sharedDataFile(name: string): string | undefined {
  const path = join(SHARED_DATA, name);
  return existsSync(path) ? path : undefined;
}

/** The error that a call or a walk raises; fails the test where there is none. */
export async function raised(
  run: () => unknown,
): Promise<{ readonly code: string; readonly message: string; readonly text: string }> {
  try {
    await run();
  } catch (error) {
    const { code, message, toOperatorText } = error as { code: string; message: string; toOperatorText?: () => string };
    if (typeof toOperatorText !== 'function') throw error;
    return { code, message, text: toOperatorText.call(error) };
  }
  throw new Error('Nothing was raised.');
}
