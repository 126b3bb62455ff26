import type { EpochMs } from '@bookrunner/sdk';
import { BarBlockBuilder } from './bar-block-builder.js';
import type { BlockBuilder } from './block-builder.js';
import { specOf } from './file-options.js';
import type { ReadRequest } from './read-request.js';
import { SessionFilter } from './session-filter.js';
import { TickBlockBuilder } from './tick-block-builder.js';

type RowFormat = Parameters<typeof specOf>[0] & {
  readonly outsideSession: 'keep' | 'drop';
  readonly allowNonPositive: boolean;
  readonly allowCrossed: boolean;
};

/** What a block builder is made for. */
export interface BlockBuilderSetup {
  readonly format: RowFormat;
  readonly request: ReadRequest;
  /** Names of the columns that the file has. */
  readonly present: readonly string[];
  /** Sees the first time before the calendar is asked for its session. */
  readonly onFirst?: (ts: EpochMs) => void;
}

/** The block builder of a file's rows: that of the file before it where both have the same columns, else one that follows it. */
export function nextBlockBuilder(before: BlockBuilder | undefined, setup: BlockBuilderSetup): BlockBuilder {
  const { present } = setup;
  const known = new Set(before?.present);
  if (before !== undefined && known.size === present.length && present.every((name) => known.has(name))) return before;
  const builder = createBlockBuilder(setup);
  if (before !== undefined) builder.follow(before);
  return builder;
}

function createBlockBuilder({ format, request, present, onFirst }: BlockBuilderSetup): BlockBuilder {
  const { outsideSession, allowNonPositive, allowCrossed } = format;
  const { calendar, symbol, from, to, blockRows } = request;
  const sessions =
    outsideSession === 'drop' && calendar !== undefined ? new SessionFilter(calendar, onFirst) : undefined;
  const options = { symbol, present, blockRows, from, to, sessions, allowNonPositive, allowCrossed };
  const spec = specOf(format);
  return spec === undefined ? new TickBlockBuilder(options) : new BarBlockBuilder(spec, options);
}
