// W1's bars as bytes: the layouts whose sums are published, and the CSV that the command line reads.
import { createHash } from 'node:crypto';
import { LEAD_ROWS } from './bar-data.mjs';

const CSV_ROWS = 20_000;

/** sha256 of the columns, one after the other. Only data of one segment has them at hand. */
export function sumOfColumns(data) {
  const { arrays, rows } = data.segment(0);
  if (data.segments > 1) throw new RangeError('The columns do not lie in memory as a whole.');
  const hash = createHash('sha256');
  for (const column of Object.values(arrays)) hash.update(column.subarray(LEAD_ROWS, LEAD_ROWS + rows));
  return hash.digest('hex');
}

/** The CSV file in pieces. */
export function* csvPieces(data) {
  yield Buffer.from('ts,open,high,low,close,volume\n');
  for (let index = 0; index < data.segments; index++) {
    const { arrays, rows } = data.segment(index);
    for (let from = LEAD_ROWS; from < LEAD_ROWS + rows; from += CSV_ROWS) {
      yield Buffer.from(csvRows(arrays, from, Math.min(from + CSV_ROWS, LEAD_ROWS + rows)));
    }
  }
}

function csvRows({ ts, open, high, low, close, volume }, from, to) {
  let text = '';
  for (let row = from; row < to; row++) {
    const prices = [open, high, low, close].map((column) => column[row].toFixed(2));
    text += `${ts[row]},${prices.join(',')},${volume[row]}\n`;
  }
  return text;
}

/** sha256 of the CSV file. */
export function sumOfCsv(data) {
  const hash = createHash('sha256');
  for (const piece of csvPieces(data)) hash.update(piece);
  return hash.digest('hex');
}
