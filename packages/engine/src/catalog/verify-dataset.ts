import { readdirSync, statSync } from 'node:fs';
import type { EpochMs, HistoryBlock, MarketCalendar } from '@bookrunner/sdk';
import { isTradingError } from '@bookrunner/sdk';
import { endOfBar } from '../feeds/history-blocks.js';
import type { Catalog } from './catalog.js';
import { datasetFolder, monthOf, partitionFile, partitionsIn } from './catalog-layout.js';
import type { DatasetKey } from './catalog-layout.js';
import { readFileBlocks } from './dataset-reader.js';
import { GapMeter } from './gap-meter.js';
import type { GapTotals } from './gap-meter.js';
import { fileHash, readManifest } from './manifest.js';
import type { Manifest } from './manifest.js';
import { RowAudit } from './row-audit.js';
import type { RowFindings } from './row-audit.js';

/** One thing that is not as it was written, or not as data should be. */
export interface Finding {
  readonly level: 'error' | 'warning';
  /** Month of the file concerned; absent for the data set as a whole. */
  readonly month?: string;
  readonly what: string;
}

/** What verifying a data set found. */
export interface DatasetVerdict {
  readonly kind: 'bars' | 'ticks';
  readonly symbol: string;
  readonly timeframe?: string;
  readonly isSound: boolean;
  readonly rows: number;
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly findings: readonly Finding[];
  readonly rowFindings: RowFindings;
  /** Absent where no calendar was given. */
  readonly gaps?: GapTotals;
}

/** How to verify. */
export interface VerifyOptions {
  /** For gaps and rows outside sessions. */
  readonly calendar?: MarketCalendar | undefined;
  /** Open market without data that counts as a gap, in ms; for bars what one bar misses, for ticks five minutes. */
  readonly gapMs?: number | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

const TICK_GAP_MS = 300_000;
/** Gaps that a finding tells the times of. */
const SHOWN_GAPS = 3;

/** Reads a whole data set and checks files against the manifest, rows against the rules, and times against the calendar. */
export async function verifyDataset(
  catalog: Catalog,
  key: DatasetKey,
  options: VerifyOptions = {},
): Promise<DatasetVerdict> {
  const folder = datasetFolder(catalog.root, key);
  const manifest = readManifest(folder);
  // Where every file is gone, the manifest still tells what there was.
  const spec = manifest === undefined ? catalog.specOf(key) : manifest.spec;
  const findings: Finding[] = [];
  if (manifest === undefined) findings.push({ level: 'warning', what: 'the manifest is absent or damaged' });
  findings.push(...strayFiles(folder), ...missingFiles(folder, manifest));
  const seconds = typeof spec?.options['seconds'] === 'number' ? spec.options['seconds'] : Number.NaN;
  const walk = new DatasetWalk(options, key.kind === 'bars' ? seconds * 1000 : 0);
  for (const month of partitionsIn(folder)) {
    const path = partitionFile(folder, month);
    findings.push(...(await fileFindings(path, month, manifest)));
    try {
      const rows = walk.rows;
      for await (const block of readFileBlocks(catalog.session, {
        path,
        kind: key.kind,
        head: { symbol: key.symbol, spec },
        anyOrder: true,
      })) {
        walk.add(block, month);
      }
      findings.push(...countFindings(month, walk.rows - rows, manifest));
    } catch (error) {
      if (!isTradingError(error)) throw error;
      findings.push({ level: 'error', month, what: error.message });
    }
  }
  findings.push(...walk.findings());
  const { kind, symbol, timeframe } = key;
  return {
    kind,
    symbol,
    ...(timeframe === undefined ? {} : { timeframe }),
    isSound: findings.every(({ level }) => level !== 'error'),
    ...walk.result(),
    findings,
  };
}

/** What is gathered while all rows of a data set pass by. */
class DatasetWalk {
  rows = 0;
  readonly #audit = new RowAudit();
  readonly #gaps: GapMeter | undefined;
  readonly #barMs: number;
  readonly #onProgress: ((rows: number) => void) | undefined;
  #first = Number.NaN;
  #last = Number.NaN;
  #misplaced = 0;

  constructor(options: VerifyOptions, barMs: number) {
    const { calendar, gapMs = barMs > 0 ? barMs - 1 : TICK_GAP_MS } = options;
    this.#barMs = barMs;
    this.#gaps = calendar === undefined || Number.isNaN(barMs) ? undefined : new GapMeter(calendar, gapMs);
    this.#onProgress = options.onProgress;
  }

  add(block: HistoryBlock, month: string): void {
    const { columns } = block;
    this.#audit.add(block);
    const barColumns = block.kind === 'bars' ? block.columns : { ts: columns.ts };
    for (let i = 0; i < columns.length; i += 1) this.#gaps?.add(columns.ts[i]!, endOfBar(barColumns, i, this.#barMs));
    if (Number.isNaN(this.#first)) this.#first = columns.ts[0]!;
    this.#last = columns.ts[columns.length - 1]!;
    if (block.kind === 'bars' && (monthOf(columns.ts[0]!) !== month || monthOf(this.#last) !== month))
      this.#misplaced += 1;
    this.rows += columns.length;
    this.#onProgress?.(this.rows);
  }

  findings(): Finding[] {
    const { outOfOrder, repeated, unsound, crossed, notPositive } = this.#audit.findings();
    const gaps = this.#gaps?.totals();
    return [
      ...counted('error', outOfOrder, ['row is', 'rows are', 'out of order']),
      ...counted('error', repeated, ['bar repeats', 'bars repeat', 'the time of another']),
      ...counted('error', unsound, ['row lacks', 'rows lack', 'a price, or prices contradict each other']),
      ...counted('error', this.#misplaced, ['block is', 'blocks are', 'in the file of another month']),
      ...counted('warning', crossed, ['quote has', 'quotes have', 'the bid above the ask']),
      ...counted('warning', notPositive, ['row has', 'rows have', 'a price of zero or below']),
      ...counted('warning', gaps?.gaps ?? 0, ['gap', 'gaps', `in market hours${places(gaps)}`]),
      ...counted('warning', gaps?.outsideSession ?? 0, ['row lies', 'rows lie', 'outside market hours']),
      ...counted('warning', gaps?.notCovered ?? 0, [
        'row lies',
        'rows lie',
        "outside the calendar's data, not judged for gaps",
      ]),
    ];
  }

  result(): Pick<DatasetVerdict, 'rows' | 'first' | 'last' | 'rowFindings' | 'gaps'> {
    const gaps = this.#gaps?.totals();
    const base = { rows: this.rows, first: this.#first, last: this.#last, rowFindings: this.#audit.findings() };
    return gaps === undefined ? base : { ...base, gaps };
  }
}

function counted(level: Finding['level'], rows: number, words: readonly [string, string, string]): Finding[] {
  const [one, many, what] = words;
  return rows > 0 ? [{ level, what: `${rows} ${rows === 1 ? one : many} ${what}` }] : [];
}

/** Where gaps are, in order of time; of many the longest. */
function places({ gaps = 0, longest = [] }: Partial<GapTotals> = {}): string {
  const shown = longest.slice(0, SHOWN_GAPS).toSorted((a, b) => a.from - b.from);
  const texts = shown.map(({ from, to }) => `from ${minuteOf(from)} to ${minuteOf(to)}`);
  return `${gaps > shown.length ? ', the longest of them' : ''}: ${texts.join('; ')} (UTC)`;
}

function minuteOf(at: EpochMs): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function strayFiles(folder: string): Finding[] {
  return readdirSync(folder)
    .filter((name) => name.includes('.tmp-'))
    .map((name) => ({
      level: 'warning',
      what: `${name} was left behind by a writer that did not finish; it can be removed`,
    }));
}

function missingFiles(folder: string, manifest: Manifest | undefined): Finding[] {
  const present = new Set(partitionsIn(folder));
  return Object.keys(manifest?.files ?? {})
    .filter((month) => !present.has(month))
    .map((month) => ({ level: 'error', month, what: 'the file is gone' }));
}

async function fileFindings(path: string, month: string, manifest: Manifest | undefined): Promise<Finding[]> {
  if (manifest === undefined) return [];
  const recorded = manifest.files[month];
  if (recorded === undefined) return [{ level: 'warning', month, what: 'the manifest does not know the file' }];
  if (statSync(path).size === recorded.bytes && (await fileHash(path)) === recorded.sha256) return [];
  return [
    { level: 'error', month, what: 'the file is not the one that was written (its hash differs from the manifest)' },
  ];
}

function countFindings(month: string, rows: number, manifest: Manifest | undefined): Finding[] {
  const recorded = manifest?.files[month]?.rows;
  if (recorded === undefined || recorded === rows) return [];
  return [{ level: 'error', month, what: `the file has ${rows} rows; the manifest says ${recorded}` }];
}
