// A run that got no row of its range: which rows there are instead.
import { setTimeout } from 'node:timers/promises';
import { isTradingError, type EpochMs, type Feed, type HistoryBlock } from '@bookrunner/sdk';
import { countText } from '../cli/count-text.js';
import { unitHint } from '../feeds/time/unit-hint.js';
import { instantText } from '../instant-text.js';
import { isRecorded, type RejectedRows, type RunStream } from './run-data.js';
import { runtimeError } from './runtime-errors.js';

/** What was asked for, and where. */
export interface NoDataOptions {
  readonly streams: readonly RunStream[];
  readonly rejected: RejectedRows;
  readonly run: {
    readonly parts: { readonly feeds: ReadonlyMap<string, Feed> };
    readonly from?: EpochMs;
    readonly to?: EpochMs;
  };
}

/** Symbols whose rows are looked for; the others are counted. */
const SHOWN_SYMBOLS = 5;
/** A large file is not read to its end for the sake of a message. */
const LOOKED_MS = 2_000;

/** RUN_NO_DATA with the first and the last row that each symbol has, as far as that is soon found, and what was left out. */
export async function noData({ streams, rejected, run }: NoDataOptions): Promise<Error> {
  const isRanged = run.from !== undefined || run.to !== undefined;
  const until = performance.now() + LOOKED_MS;
  const shown: string[] = [];
  const look = async (): Promise<void> => {
    for (const [index, stream] of streams.slice(0, SHOWN_SYMBOLS).entries()) {
      // Without a range there are no others than those that were read.
      const text = isRanged ? await spanText(stream, run.parts.feeds.get(stream.feed), until) : 'none';
      if (text !== undefined) shown.push(`${stream.instrument.symbol} has ${text}${leftOut(rejected, streams, index)}`);
    }
  };
  // Twice as long where a feed keeps one waiting for a block.
  await Promise.race([look(), setTimeout(2 * LOOKED_MS, undefined, { ref: false })]);
  const rest = streams.length - SHOWN_SYMBOLS;
  const more = rest > 0 && shown.length > 0 ? ` ${rest} more were not looked at.` : '';
  const spans = shown.length === 0 ? '' : ` ${shown.join('; ')}.${more}`;
  return runtimeError('RUN_NO_DATA', `The feeds gave no row${isRanged ? ' in the range asked for' : ''}.${spans}`);
}

function leftOut(rejected: RejectedRows, streams: readonly RunStream[], index: number): string {
  const counts = rejected.of(streams, index);
  const [first] = counts;
  if (first === undefined) return '';
  const rows = counts.reduce((sum, { count }) => sum + count, 0);
  return ` (${countText(rows, 'row')} left out as bad, the first of ${first.source}: ${first.reason})`;
}

/** Undefined where the rows cannot be read, or not in time. */
async function spanText(stream: RunStream, feed: Feed | undefined, until: number): Promise<string | undefined> {
  if (feed === undefined || !isRecorded(feed)) return undefined;
  let first: EpochMs | undefined;
  let last = Number.NaN;
  try {
    for await (const { blocks } of feed.read([stream.instrument], {})) {
      for await (const { columns } of blocks as AsyncIterable<HistoryBlock>) {
        first ??= columns.ts[0];
        last = columns.ts[columns.length - 1] ?? last;
        if (performance.now() > until) return first === undefined ? undefined : `${span(first, last)} and later`;
      }
    }
  } catch (error) {
    // Of other rows that cannot be read nothing is said: whoever asks for them is told why.
    return questionOf(error);
  }
  return first === undefined ? 'none' : span(first, last);
}

/** Times that are in another unit keep the rows of a file from being read. */
function questionOf(error: unknown): string | undefined {
  if (!isTradingError(error)) return undefined;
  const { ts, question } = error.details;
  return typeof question === 'string' ? `rows from ${instantText(ts as EpochMs)} on: ${question}` : undefined;
}

function span(first: EpochMs, last: EpochMs): string {
  const [start, end] = [first, last].map((ts) => instantText(ts).replace('.000Z', 'Z'));
  const question = unitHint(first);
  return `rows from ${start} to ${end}${question === undefined ? '' : `: ${question}`}`;
}
