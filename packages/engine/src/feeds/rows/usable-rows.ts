import { dataError } from '../data-errors.js';
import type { ReadTotals } from './read-request.js';

/** DATA_NO_USABLE_ROWS: what became of the rows of files of which none could be used. `readings` are those of the files. */
export function noUsableRows(files: readonly string[], symbol: string, readings: readonly ReadTotals[]): Error {
  const sum = (of: (totals: ReadTotals) => number): number => readings.reduce((total, one) => total + of(one), 0);
  const rejected = sum((totals) => totals.rejected);
  const otherSymbols = sum((totals) => totals.otherSymbols);
  const outsideSession = sum((totals) => totals.outsideSession);
  const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
  const have = files.length > 1 ? 'have' : 'has';
  const [shown] = readings.flatMap(({ first }) => first);
  const example = shown === undefined ? '' : ` (the first is ${shown.source}:${shown.line}: ${shown.reason})`;
  const parts = [
    ...(rejected > 0 ? [`${counted(rejected, 'was', 'were')} left out as bad rows${example}`] : []),
    ...(otherSymbols > 0 ? [`${counted(otherSymbols, 'is', 'are')} of other symbols than '${symbol}'`] : []),
    ...(outsideSession > 0 ? [`${counted(outsideSession, 'is', 'are')} outside every session`] : []),
  ];
  const what = parts.length === 0 ? 'no rows' : `no row that can be used: ${parts.join(', ')}`;
  return dataError('DATA_NO_USABLE_ROWS', `${files[0]}${more} ${have} ${what}.`, {
    details: { files, symbol, rejected, otherSymbols, outsideSession },
  });
}

function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
