// The sessions that a comparison covers: a run, and all it goes on from.
import { journalError } from '../journal/journal-errors.js';
import type { JournalReader, SegmentLine } from '../journal/journal-reader.js';
import type { RunFacts } from '../journal/segment-header.js';
import { parityError } from './parity-errors.js';

/** One session of the chain. */
export interface ChainLink {
  readonly facts: RunFacts;
  readonly segments: readonly SegmentLine[];
}

/** The run and those it goes on from, oldest first. Errors: JOURNAL_RUN_UNKNOWN, PARITY_TICKS_GONE, JOURNAL_DAMAGED. */
export function sessionChain(reader: JournalReader, run: string): readonly ChainLink[] {
  const chain: ChainLink[] = [];
  for (let next: string | undefined = run; next !== undefined;) {
    const segments = reader.segmentsOf(next);
    const [first] = segments;
    if (first === undefined) throw journalError('JOURNAL_RUN_UNKNOWN', `There is no run '${next}' in the journal.`);
    const facts = reader.facts(first);
    const begin = (facts.continues?.after ?? 0) + 1;
    if (first.first > begin) gone(facts.run, `its records before ${first.first} were compacted away`);
    chain.unshift({ facts, segments });
    next = facts.continues?.run;
    if (next !== undefined && !reader.segments().some((segment) => segment.run === next)) {
      gone(facts.run, `it goes on from run '${next}', which the journal no longer has`);
    }
  }
  return chain;
}

function gone(run: string, why: string): never {
  throw parityError('PARITY_TICKS_GONE', `Run '${run}' cannot be compared: ${why}.`, { details: { run } });
}
