// Where the catalog's files are: bars/symbol=EURUSD/timeframe=1m/2014-05.parquet, ticks/symbol=EURUSD/2014-05.parquet.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs } from '@bookrunner/sdk';

/** One symbol's ticks, or its bars of one length. */
export interface DatasetKey {
  readonly kind: 'bars' | 'ticks';
  readonly symbol: string;
  /** Label of the bar length, such as `1m`; absent for ticks. */
  readonly timeframe?: string | undefined;
}

const PARTITION = /^(\d{4}-\d{2})\.parquet$/;

/** Folder of a data set. Characters that a folder name cannot have everywhere are percent-encoded, as Hive does. */
export function datasetFolder(root: string, key: DatasetKey): string {
  const symbol = `symbol=${encodeName(key.symbol)}`;
  return key.kind === 'ticks'
    ? join(root, 'ticks', symbol)
    : join(root, 'bars', symbol, `timeframe=${encodeName(key.timeframe ?? '')}`);
}

/** Data sets in a catalog, by kind, symbol and timeframe. */
export function datasetsIn(root: string): readonly DatasetKey[] {
  const bars = valuesIn(join(root, 'bars'), 'symbol').flatMap((symbol) =>
    valuesIn(join(root, 'bars', `symbol=${encodeName(symbol)}`), 'timeframe').map(
      (timeframe) => ({ kind: 'bars', symbol, timeframe }) as const,
    ),
  );
  return [...bars, ...valuesIn(join(root, 'ticks'), 'symbol').map((symbol) => ({ kind: 'ticks', symbol }) as const)];
}

/** Months of a data set that have a file, ascending, as `YYYY-MM`. */
export function partitionsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => PARTITION.exec(name)?.[1] ?? [])
    .sort();
}

/** File of a month. */
export function partitionFile(folder: string, month: string): string {
  return join(folder, `${month}.parquet`);
}

/** Month of an instant in UTC, as `YYYY-MM`. */
export function monthOf(ts: EpochMs): string {
  return new Date(ts).toISOString().slice(0, 7);
}

/** First instant after a month. */
export function monthEnd(month: string): EpochMs {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)), 1);
}

/** First instant of a month. */
export function monthStart(month: string): EpochMs {
  return Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1, 1);
}

/** What a person calls a data set: `EURUSD 1m`, `EURUSD ticks`. */
export function datasetName(key: DatasetKey): string {
  return `${key.symbol} ${key.kind === 'ticks' ? 'ticks' : key.timeframe}`;
}

function valuesIn(folder: string, name: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((entry) => entry.startsWith(`${name}=`))
    .map((entry) => decodeName(entry.slice(name.length + 1)))
    .sort();
}

function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
