// Records of the journal for people and for files.
import { entrySummary, plainText } from '../../journal/entry-text.js';
import type { JournalRecord, NumberedRecord } from '../../journal/journal-record.js';

/** Kinds of records, as `--kind` names them. */
export const RECORD_KINDS = [
  'tick',
  'event',
  'outbox',
  'handed',
  'bar-open',
  'bar-range',
  'advance',
  'liquidation',
  'seam',
  'gap',
  'end',
] as const satisfies readonly JournalRecord['kind'][];

/** One JSON document; numbers that JSON lacks are text. */
export function recordLine({ sequence, record }: NumberedRecord): string {
  return plainText({ sequence, ...record });
}

/** Kernel time of a record; undefined for what has none of its own. */
export function instantOf(record: JournalRecord): number | undefined {
  if (record.kind === 'tick') return record.tick.at;
  if (record.kind === 'event') return record.event.at;
  return record.kind === 'outbox' ? undefined : record.at;
}

/** What happened, on one line. */
export function recordSummary(record: JournalRecord): string {
  switch (record.kind) {
    case 'tick': {
      const { symbol, bid, ask, last } = record.tick;
      const who = record.isForKernel ? '' : ' (venue)';
      return `${symbol} bid ${bid} ask ${ask} last ${last}${who}`;
    }
    case 'event':
      return eventSummary(record.event);
    case 'outbox':
      return entrySummary(record.entry);
    case 'handed':
      return 'the oldest request goes to the venue';
    case 'end':
      return `decision hash ${record.hash}`;
    default:
      return otherSummary(record);
  }
}

function otherSummary(
  record: Extract<JournalRecord, { kind: 'bar-open' | 'bar-range' | 'advance' | 'liquidation' | 'seam' | 'gap' }>,
): string {
  switch (record.kind) {
    case 'bar-open':
      return `instrument ${record.instrumentIndex} opens at ${record.open}`;
    case 'bar-range':
      return `instrument ${record.instrumentIndex}: ${plainText(record.bar)}`;
    case 'advance':
      return 'the venue does what is due';
    case 'liquidation':
      return plainText(record.liquidation);
    case 'gap':
      return `nobody watched the market from ${new Date(record.from).toISOString()} on`;
    case 'seam':
      return `bars of ${record.symbol} begin${record.isWhole ? ', whole' : ''}`;
  }
}

function eventSummary(event: Extract<JournalRecord, { kind: 'event' }>['event']): string {
  if (event.kind === 'timer') return 'timer';
  if (event.kind === 'bar') return `bar of ${event.symbol}: ${event.open} ${event.high} ${event.low} ${event.close}`;
  if (event.kind !== 'venue-report') return plainText(event);
  const fill = event.report === 'filled' ? ` ${event.qty} at ${event.price}` : '';
  return `order ${event.sequence} ${event.report}${fill}${event.reason === '' ? '' : `: ${event.reason}`}`;
}
