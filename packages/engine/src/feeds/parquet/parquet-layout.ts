import { sqlName, sqlPath, sqlText } from '../../catalog/duckdb-session.js';
import type { DuckdbSession } from '../../catalog/duckdb-session.js';
import { locateColumns } from '../csv/column-names.js';
import { dataError } from '../data-errors.js';
import { BAR_COLUMNS } from '../rows/bar-block-builder.js';
import { TICK_COLUMNS } from '../rows/tick-block-builder.js';
import type { ParquetFormat } from './parquet-format.js';

/** How a file's columns are read. */
export interface ParquetLayout {
  /** Query whose columns are doubles: the row's number in the file, then the columns of `slots`. */
  readonly sql: string;
  /** Slot of the block builder of each column. */
  readonly slots: readonly number[];
  readonly present: readonly string[];
  /** Whether the times are dates: the bars of trading days. */
  readonly namesDays: boolean;
  /** Whether the times are numbers, whose unit the format says. */
  readonly hasNumberTimes: boolean;
}

const NUMERIC = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|REAL|DECIMAL.*)$/;
const TIMES: readonly string[] = ['ts', 'endTs', 'recvTs'];

/** Finds the columns in a file's schema. Errors: DATA_COLUMN_MISSING, DATA_OPTIONS_INVALID, DATA_FILE_UNREADABLE. */
export async function parquetLayout(
  session: DuckdbSession,
  { path, format, symbol }: { readonly path: string; readonly format: ParquetFormat; readonly symbol: string },
): Promise<ParquetLayout> {
  const types = await columnTypes(session, path);
  const names = [...types.keys()];
  const found = locateColumns({ file: path, kind: format.kind, names, given: format.columns });
  const slotNames: readonly string[] = format.kind === 'bars' ? BAR_COLUMNS : TICK_COLUMNS;
  const nameOf = (model: string): string => names[found.get(model)?.[0] ?? -1] ?? '';
  const models = [...found.keys()].filter((model) => model !== 'symbol');
  const expressions = models.map((model) => {
    const name = nameOf(model);
    const type = types.get(name) ?? '';
    const text = TIMES.includes(model)
      ? timeExpression(sqlName(name), type, format.time)
      : numberExpression(sqlName(name), type);
    if (text === undefined) {
      throw dataError(
        'DATA_OPTIONS_INVALID',
        `${path}: column ${name} (${model}) has type ${type}, which cannot be read as ${TIMES.includes(model) ? 'a time' : 'a number'}.`,
      );
    }
    return `coalesce(${text}, 'nan'::double)`;
  });
  const namesDays = types.get(nameOf('ts')) === 'DATE';
  if (namesDays && format.kind === 'ticks')
    throw dataError('DATA_OPTIONS_INVALID', `${path}: ticks need a time of day; column ${nameOf('ts')} holds dates.`);
  const where = found.has('symbol') ? ` where ${sqlName(nameOf('symbol'))} = ${sqlText(symbol)}` : '';
  const sql = `select (file_row_number + 1)::double, ${expressions.join(', ')} from read_parquet(${sqlPath(path)}, file_row_number = true)${where}`;
  const hasNumberTimes = NUMERIC.test(types.get(nameOf('ts')) ?? '');
  const slots = models.map((model) => slotNames.indexOf(model));
  return { sql, slots, present: models, namesDays, hasNumberTimes };
}

async function columnTypes(session: DuckdbSession, path: string): Promise<ReadonlyMap<string, string>> {
  try {
    const rows = await session.rows(`describe select * from read_parquet(${sqlPath(path)})`);
    return new Map(rows.map((row) => [String(row['column_name']), String(row['column_type'])]));
  } catch (cause) {
    throw dataError('DATA_FILE_UNREADABLE', `${path} cannot be read as Parquet: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function numberExpression(name: string, type: string): string | undefined {
  return NUMERIC.test(type) ? `${name}::double` : undefined;
}

/** Whole epoch milliseconds as a double; finer digits are cut off before a 64-bit number could lose them. */
function timeExpression(name: string, type: string, unit: ParquetFormat['time']): string | undefined {
  if (type === 'DATE' || type.startsWith('TIMESTAMP'))
    return `epoch_ms(${name}${type === 'DATE' ? '::timestamp' : ''})::double`;
  if (!NUMERIC.test(type)) return undefined;
  const isWhole = /INT/.test(type);
  switch (unit) {
    case 'epoch-s':
      // Rounded to the microsecond first: a double of seconds lies a little beside its decimal text.
      return isWhole ? `(${name}::hugeint * 1000)::double` : `floor(round(${name}::double * 1000, 3))`;
    case 'epoch-ms':
      return `floor(${name}::double)`;
    case 'epoch-us':
      return isWhole ? `(${name} // 1000)::double` : `floor(${name}::double / 1000)`;
    case 'epoch-ns':
      return isWhole ? `(${name} // 1000000)::double` : `floor(${name}::double / 1000000)`;
  }
}
