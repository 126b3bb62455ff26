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

/** The block builder of a file's rows. `present` names the columns that the file has. */
export function createBlockBuilder(format: RowFormat, request: ReadRequest, present: readonly string[]): BlockBuilder {
  const { outsideSession, allowNonPositive, allowCrossed } = format;
  const { calendar, symbol, from, to, blockRows } = request;
  const sessions = outsideSession === 'drop' && calendar !== undefined ? new SessionFilter(calendar) : undefined;
  const options = { symbol, present, blockRows, from, to, sessions, allowNonPositive, allowCrossed };
  const spec = specOf(format);
  return spec === undefined ? new TickBlockBuilder(options) : new BarBlockBuilder(spec, options);
}
