import type { CommandOutput } from '../command-output.js';
import type { DataReporter } from '../data/data-command.js';

const EVERY_MS = 1_000;
const SHOWN_ROWS = 20;

/** Tells how far data work is, at most once a second, and the first rows that were left out. */
export function dataReporter(output: CommandOutput): DataReporter {
  let next = performance.now() + EVERY_MS;
  let rejected = 0;
  return {
    progress({ stage, done, total, unit }) {
      if (performance.now() < next) return;
      next = performance.now() + EVERY_MS;
      const of = total === undefined ? '' : ` of ${total.toLocaleString('en-US')}`;
      output.note(`${stage}: ${done.toLocaleString('en-US')}${of} ${unit}`);
    },
    rejected(row) {
      rejected += 1;
      if (rejected <= SHOWN_ROWS) output.note(`left out: ${row.source}:${row.line}: ${row.reason}`);
      else if (rejected === SHOWN_ROWS + 1) output.note('left out: more rows; the result counts them all');
    },
  };
}
