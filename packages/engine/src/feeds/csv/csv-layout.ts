import { dataError } from '../data-errors.js';
import { BAR_COLUMNS } from '../rows/bar-block-builder.js';
import { TICK_COLUMNS } from '../rows/tick-block-builder.js';
import { locateColumns } from './column-names.js';
import type { CsvFormat } from './csv-format.js';
import { splitLine } from './split-line.js';

/** What a field of a line is. */
export const FIELD = { skip: 0, number: 1, time: 2, symbol: 3, timeRest: 4 } as const;

/** Where the columns are in a line. */
export interface CsvLayout {
  /** {@link FIELD} of each field. */
  readonly fields: Uint8Array;
  /** Slot of the block builder that a field goes to. */
  readonly slots: Int32Array;
  /** Names of the columns found. */
  readonly present: readonly string[];
  /** Names of the fields, for messages. */
  readonly names: readonly string[];
}

/**
 * Finds the columns from a file's header line, or from the format's `fields` where there is none.
 * Errors: DATA_COLUMN_MISSING, DATA_HEADER_INVALID, DATA_OPTIONS_INVALID.
 */
export function csvLayout(file: string, format: CsvFormat, headerLine: string | undefined): CsvLayout {
  const names = headerLine === undefined ? (format.fields ?? []) : headerNames(file, format, headerLine);
  const found = locateColumns({ file, kind: format.kind, names, given: format.columns });
  const slotNames: readonly string[] = format.kind === 'bars' ? BAR_COLUMNS : TICK_COLUMNS;
  const fields = new Uint8Array(names.length);
  const slots = new Int32Array(names.length);
  const taken = new Map<number, string>();
  for (const [name, [index = 0, rest]] of found) {
    if (taken.has(index)) {
      throw dataError(
        'DATA_OPTIONS_INVALID',
        `${file}: column '${names[index]}' is named for both ${taken.get(index)} and ${name}.`,
      );
    }
    taken.set(index, name);
    fields[index] = fieldKind(name, format.time);
    slots[index] = slotNames.indexOf(name);
    if (rest === undefined) continue;
    if (rest !== index + 1)
      throw dataError('DATA_HEADER_INVALID', `${file}: the two columns of ts have to be neighbours, date first.`);
    fields[rest] = FIELD.timeRest;
  }
  return { fields, slots, present: [...found.keys()], names };
}

function fieldKind(name: string, time: string): number {
  if (name === 'symbol') return FIELD.symbol;
  // Plain epoch milliseconds are numbers like any other, which the fast path reads at once.
  return ['ts', 'endTs', 'recvTs'].includes(name) && time !== 'epoch-ms' ? FIELD.time : FIELD.number;
}

function headerNames(file: string, format: CsvFormat, line: string): readonly string[] {
  const names = splitLine(line, format.delimiter)?.map((name) => name.trim());
  if (names === undefined || line.trim() === '') {
    throw dataError('DATA_HEADER_INVALID', `${file}: the first line does not name columns.`);
  }
  if (line.includes('\0'))
    throw dataError('DATA_FILE_UNREADABLE', `${file} is not UTF-8 text; it looks like UTF-16 or a binary file.`);
  const other = [';', '\t', '|', ','].find((mark) => mark !== format.delimiter && line.includes(mark));
  if (names.length === 1 && other !== undefined) {
    throw dataError(
      'DATA_HEADER_INVALID',
      `${file}: columns seem to be separated by '${other === '\t' ? '\\t' : other}', not '${format.delimiter}'.`,
    );
  }
  return names;
}
