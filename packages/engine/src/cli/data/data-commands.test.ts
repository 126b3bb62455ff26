import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { marketCalendar } from '@bookrunner/sdk';
import type { RejectedRow } from '@bookrunner/sdk';
import { anInstrument, raised, temporaryFolder } from '../../feeds/feed-context.fixture.js';
import type { DataProgress } from './data-command.js';
import { exportData } from './export-data.js';
import { importData } from './import-data.js';
import { listData } from './list-data.js';
import { verifyData } from './verify-data.js';

const T0 = Date.UTC(2024, 0, 2, 14, 30);
const MARKET = {
  instrument: (symbol: string) => (symbol === 'AAA' ? anInstrument({ symbol, calendar: 'XNYS' }) : undefined),
  calendar: (id: string) => marketCalendar(id),
};

let folder = '';
let remove = (): void => {};

beforeEach(() => {
  ({ path: folder, remove } = temporaryFolder());
});

afterEach(() => remove());

const at = (name: string): string => join(folder, name);
const rows = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${T0 + i * 60_000},1.1,2.2,0.3,1.${i},${i}\n`).join('');
const HEADER = 'ts,open,high,low,close,volume\n';

describe('data commands', () => {
  it('import, list, verify and export, as plain JSON', async () => {
    writeFileSync(at('a.csv'), `${HEADER}${rows(3)}bad,row\n`);
    const progress: DataProgress[] = [];
    const rejected: RejectedRow[] = [];
    const options = { catalog: at('catalog'), file: at('a.csv'), symbol: 'AAA' };
    const failed = await raised(() => importData(options, MARKET));
    expect(failed.text).toContain(`${at('a.csv')}:5: it has 2 columns; 6 are expected.`);
    expect((await listData(options)).datasets).toEqual([]);

    const reporter = {
      progress: (p: DataProgress) => progress.push(p),
      rejected: (row: RejectedRow) => rejected.push(row),
    };
    const result = await importData({ ...options, onBadRow: 'skip' }, MARKET, reporter);
    expect(JSON.parse(JSON.stringify(result))).toEqual({
      dataset: 'AAA 1m',
      kind: 'bars',
      symbol: 'AAA',
      timeframe: '1m',
      files: [at('a.csv')],
      rows: 3,
      first: '2024-01-02T14:30:00.000Z',
      last: '2024-01-02T14:32:00.000Z',
      replaced: 0,
      rejected: 1,
      rejectedByReason: { 'column-count': 1 },
      rejectedRows: [{ source: at('a.csv'), line: 5, reason: 'it has 2 columns; 6 are expected' }],
      outsideSession: 0,
      otherSymbols: 0,
      beforeRange: 0,
      partitions: [{ month: '2024-01', rows: 3 }],
    });
    expect(rejected).toHaveLength(1);
    expect(progress.at(-1)).toMatchObject({ stage: 'writing', done: 3, unit: 'rows' });
    expect(progress[0]).toMatchObject({ stage: 'reading', unit: 'bytes', total: readFileSync(at('a.csv')).length });

    expect((await raised(() => importData({ ...options, onBadRow: 'skip' }, MARKET))).code).toBe('DATA_OVERLAP');
    expect(await importData({ ...options, onBadRow: 'skip', overlap: 'replace' }, MARKET)).toMatchObject({
      rows: 3,
      replaced: 3,
    });
    expect((await listData(options)).datasets).toMatchObject([
      { symbol: 'AAA', timeframe: '1m', rows: 3, last: '2024-01-02T14:32:00.000Z' },
    ]);
    expect(await verifyData(options, MARKET)).toMatchObject({
      isSound: true,
      datasets: [{ rows: 3, findings: [], gaps: { gaps: 0 } }],
    });
  });

  it('fail where no row of a file can be used', async () => {
    writeFileSync(at('a.csv'), HEADER + rows(3));
    const options = { catalog: at('c'), file: at('a.csv'), symbol: 'AAA' };
    await importData(options, MARKET);
    writeFileSync(at('a.csv'), `${HEADER}${T0},2,1,3,1,5\n${T0 + 60_000},x,1,3,1,5\n`);
    const bad = await raised(() => importData({ ...options, onBadRow: 'skip', overlap: 'replace' }, MARKET));
    expect(bad.code).toBe('DATA_NO_USABLE_ROWS');
    expect(bad.message).toBe(
      `${at('a.csv')} has no row that can be used: 2 were left out as bad rows (the first is ${at('a.csv')}:2: high 1 is below low 3).`,
    );
    writeFileSync(at('a.csv'), `name,${HEADER}BBB,${T0},1,2,1,2,5\n`);
    const csv = { columns: { symbol: 'name' } };
    const others = await raised(() => importData({ ...options, csv, overlap: 'replace' }, MARKET));
    expect(others.message).toBe(`${at('a.csv')} has no row that can be used: 1 is of other symbols than 'AAA'.`);
    expect((await listData(options)).datasets).toMatchObject([{ rows: 3 }]);

    writeFileSync(at('a.csv'), HEADER);
    expect(await importData(options, MARKET)).toMatchObject({ rows: 0, rejected: 0 });
    writeFileSync(at('a.csv'), HEADER + rows(3));
    expect(await importData({ ...options, from: T0 + 3_600_000 }, MARKET)).toMatchObject({ rows: 0, beforeRange: 3 });
  });

  it('export what import reads back, in every format', async () => {
    writeFileSync(
      at('t.csv'),
      `ts,bid,ask,last,size\n${T0},1.1,1.2,,\n${T0},,,0.1,3\n${T0 + 1},1.30000000000000004,1.4,,\n`,
    );
    const first = { catalog: at('one'), symbol: 'T', kind: 'ticks' } as const;
    await importData({ catalog: at('one'), file: at('t.csv'), symbol: 'T', csv: { kind: 'ticks' } }, MARKET);
    for (const [name, time] of [
      ['o.csv', 'epoch-ms'],
      ['o.csv.gz', 'iso'],
      ['o.parquet', 'epoch-ms'],
    ] as const) {
      expect(await exportData({ ...first, file: at(name), time })).toMatchObject({ dataset: 'T ticks', rows: 3 });
      const format =
        name === 'o.parquet' ? { parquet: { kind: 'ticks' as const } } : { csv: { kind: 'ticks' as const, time } };
      const second = at(`catalog-${name}`);
      await importData({ catalog: second, file: at(name), symbol: 'T', ...format }, MARKET);
      await exportData({ ...first, catalog: second, file: at(`again-${name}.csv`) });
      expect(readFileSync(at(`again-${name}.csv`), 'utf8')).toBe(
        `ts,bid,ask,last,size\n${T0},1.1,1.2,,\n${T0},,,0.1,3\n${T0 + 1},1.3,1.4,,\n`,
      );
    }
    expect(gunzipSync(readFileSync(at('o.csv.gz'))).toString()).toContain('2024-01-02T14:30:00.001Z,1.3');
  });

  it('export a part, and do not replace a file unasked', async () => {
    writeFileSync(at('a.csv'), HEADER + rows(3));
    await importData({ catalog: at('c'), file: at('a.csv'), symbol: 'AAA' }, MARKET);
    const options = { catalog: at('c'), symbol: 'AAA', from: T0 + 60_000, to: T0 + 120_000 };
    for (const name of ['p.csv', 'p.parquet']) {
      expect((await exportData({ ...options, file: at(name) })).rows).toBe(1);
      expect((await raised(() => exportData({ ...options, file: at(name) }))).code).toBe('DATA_FILE_EXISTS');
      expect((await exportData({ ...options, file: at(name), force: true })).rows).toBe(1);
    }
    expect((await raised(() => exportData({ ...options, file: at('p.txt') }))).code).toBe('DATA_OPTIONS_INVALID');
    expect((await raised(() => exportData({ ...options, symbol: 'AAB', file: at('q.csv') }))).message).toContain(
      "Did you mean 'AAA 1m'?",
    );
    expect(existsSync(at('q.csv'))).toBe(false);
    expect((await raised(() => verifyData({ catalog: at('c'), symbol: 'B' }, MARKET))).code).toBe('DATA_SET_MISSING');
  });
});
