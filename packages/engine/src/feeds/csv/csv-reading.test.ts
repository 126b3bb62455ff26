import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatInstant, isTradingError, marketCalendar } from '@bookrunner/sdk';
import type { RejectedRow } from '@bookrunner/sdk';
import fc from 'fast-check';
import { allBlocks, columnOf, raised, rowsOf, temporaryFolder } from '../feed-context.fixture.js';
import type { CsvFormatInput } from './csv-format.js';
import { readCsvColumns } from './csv-reading.js';
import type { ReadRequest } from '../rows/read-request.js';

const T0 = Date.UTC(2024, 0, 2, 14, 30);

let folder = '';
let remove = (): void => {};
let files = 0;

beforeAll(() => {
  ({ path: folder, remove } = temporaryFolder());
});

afterAll(() => remove());

function file(content: string | Uint8Array, name = `f${(files += 1)}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(content: string | Uint8Array, format: CsvFormatInput = {}, request: Partial<ReadRequest> = {}) {
  const rejections: RejectedRow[] = [];
  const reading = readCsvColumns(file(content), format, {
    symbol: 'TEST',
    onRejected: (row) => rejections.push(row),
    ...request,
  });
  const blocks = await allBlocks(reading.blocks);
  return {
    blocks,
    rejections,
    totals: reading.totals(),
    column: (name: Parameters<typeof columnOf>[1]) => columnOf(blocks, name),
  };
}

const HEADER = 'ts,open,high,low,close,volume\n';
const bar = (minute: number, text = '1,2,0.5,1.5,10'): string => `${T0 + minute * 60_000},${text}\n`;

describe('files of one symbol with different columns', () => {
  const QUOTE = 'ts,bid,ask\n';
  const line = (second: number, text: string): string => `${T0 + second * 1_000},${text}\n`;

  function readAll(texts: readonly string[], format: CsvFormatInput) {
    const reading = readCsvColumns(
      texts.map((text) => file(text)),
      format,
      { symbol: 'TEST' },
    );
    return allBlocks(reading.blocks).then((blocks) => ({ blocks, totals: reading.totals() }));
  }

  it('keeps the rows of each as they are, with the columns it has', async () => {
    const trades = 'ts,bid,ask,last,size\n';
    const { blocks, totals } = await readAll(
      [
        QUOTE + line(0, '1.1,1.2') + line(1, '1.3,1.4'),
        trades + line(2, '1.1,1.2,1.15,10') + line(3, '1.1,1.2,1.16,20') + line(4, '1.1,1.2,1.17,30'),
        QUOTE + line(5, '1.5,1.6'),
      ],
      { kind: 'ticks' },
    );
    expect(columnOf(blocks, 'ts')).toEqual([0, 1, 2, 3, 4, 5].map((second) => T0 + second * 1_000));
    expect(columnOf(blocks, 'bid')).toEqual([1.1, 1.3, 1.1, 1.1, 1.1, 1.5]);
    expect(blocks.map(({ columns }) => ('size' in columns ? [...columns.size!] : undefined))).toEqual([
      undefined,
      [10, 20, 30],
      undefined,
    ]);
    expect(totals).toMatchObject({ rows: 6, rejected: 0 });
  });

  it('takes bars with more and with fewer columns', async () => {
    const more = `${HEADER.trim()},nTicks,vwap\n`;
    const { blocks } = await readAll(
      [more + bar(0, '1,2,0.5,1.5,10,7,1.2'), HEADER + bar(1), more + bar(2, '1,2,0.5,1.5,10,8,1.3')],
      {},
    );
    expect(columnOf(blocks, 'ts')).toEqual([T0, T0 + 60_000, T0 + 120_000]);
    expect(blocks.map(({ columns }) => ('nTicks' in columns ? [...columns.nTicks!] : undefined))).toEqual([
      [7],
      undefined,
      [8],
    ]);
  });

  it.each([
    ['a time', [QUOTE + line(2, '1.1,1.2'), `${QUOTE.trim()},last\n${line(1, '1.1,1.2,1.15')}`]],
    ['a receive time', [`ts,recvTs,bid\n${line(0, `${T0 + 2_000},1.1`)}`, QUOTE + line(1, '1.1,1.2')]],
    ['what the first had', [QUOTE + line(2, '1.1,1.2'), `ts,recvTs,bid\n${line(0, `${T0 + 1_000},1.1`)}`]],
  ])('refuses %s before that of the file before', async (_, texts) => {
    const error = await raised(() => readAll(texts, { kind: 'ticks' }));
    expect(error.code).toBe('DATA_BAD_ROW');
    expect(error.message).toContain(formatInstant(T0 + 2_000));
  });
});

describe('reading bars from CSV', () => {
  it('reads header, rows and spec', async () => {
    const { blocks, column } = await read(HEADER + bar(0) + bar(1, '1.5,2.25,1.25,2,20'));
    expect(rowsOf(blocks)).toBe(2);
    expect(blocks[0]).toMatchObject({ kind: 'bars', spec: { use: 'time', options: { seconds: 60 } } });
    expect(column('ts')).toEqual([T0, T0 + 60_000]);
    expect(column('high')).toEqual([2, 2.25]);
    expect(column('volume')).toEqual([10, 20]);
  });

  it.each([
    ['a byte order mark', `\uFEFF${HEADER}${bar(0)}`],
    ['carriage returns', (HEADER + bar(0)).replaceAll('\n', '\r\n')],
    ['no line feed at the end', (HEADER + bar(0)).trimEnd()],
    ['a carriage return at the end', `${(HEADER + bar(0)).trimEnd()}\r`],
    ['blank lines', `${HEADER}\n${bar(0)}\n \n\n`],
    ['quotes', `"ts","open","high","low","close","volume"\n"${T0}","1","2","0.5","1.5","10"\n`],
    ['spaces around fields', `ts, open , high,low,close,volume\n ${T0} , 1, 2 ,0.5,1.5, 10 \n`],
    ['names in capitals', `TS,Open,HIGH,Low,Close,Vol\n${bar(0)}`],
    ['exponents and signs', `${HEADER}${T0},+1,20e-1,.5,1.50,1E1\n`],
    [
      'columns in another order, and others between',
      `x,close,low,note,high,open,volume,ts\n1,1.5,0.5,"a, b",2,1,10,${T0}\n`,
    ],
  ])('takes %s', async (_, content) => {
    const { blocks, column, rejections } = await read(content);
    expect(rejections).toEqual([]);
    expect(rowsOf(blocks)).toBe(1);
    expect(
      [column('ts'), column('open'), column('high'), column('low'), column('close'), column('volume')].flat(),
    ).toEqual([T0, 1, 2, 0.5, 1.5, 10]);
  });

  it('reads gzip files, and notices one that is cut short', async () => {
    const packed = gzipSync(HEADER + Array.from({ length: 50_000 }, (_, i) => bar(i)).join(''));
    const { blocks } = await read(packed);
    expect(rowsOf(blocks)).toBe(50_000);
    const error = await raised(() => read(packed.subarray(0, packed.length - 1000)));
    expect(error.code).toBe('DATA_FILE_UNREADABLE');
  });

  it('reads a file without header by a list of columns', async () => {
    const { column } = await read(`x;${T0};1;2;0.5;1.5\n`, {
      header: false,
      fields: ['', 'ts', 'o', 'high', 'low', 'close'],
      columns: { open: 'o' },
      delimiter: ';',
    });
    expect(column('open')).toEqual([1]);
    expect(column('volume')).toEqual([0]);
  });

  it('reads a date and a time in two columns', async () => {
    const { column } = await read(
      '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>\n2024.01.02\t14:30\t1\t2\t0.5\t1.5\t10\n',
      {
        delimiter: '\t',
        columns: { ts: ['<DATE>', '<TIME>'] },
        time: 'YYYY.MM.DD HH:mm',
      },
    );
    expect(column('ts')).toEqual([T0]);
  });

  it('takes ends of bars as times', async () => {
    const { column } = await read(HEADER + bar(1), { tsIs: 'end', seconds: 60 });
    expect(column('ts')).toEqual([T0]);
  });

  it('cuts to the range asked for and stops at its end', async () => {
    const content = HEADER + [0, 1, 2, 3].map((minute) => bar(minute)).join('') + 'nonsense after the range\n';
    const { column, totals } = await read(content, {}, { from: T0 + 60_000, to: T0 + 180_000 });
    expect(column('ts')).toEqual([T0 + 60_000, T0 + 120_000]);
    expect(totals).toMatchObject({ rows: 2, beforeRange: 1, rejected: 0 });
  });

  it('leaves out and counts rows outside the session when asked to', async () => {
    const content = HEADER + bar(-1) + bar(0) + bar(389) + bar(390);
    const { column, totals } = await read(content, { outsideSession: 'drop' }, { calendar: marketCalendar('XNYS') });
    expect(column('ts')).toEqual([T0, T0 + 389 * 60_000]);
    expect(totals).toMatchObject({ rows: 2, outsideSession: 2 });
  });

  it('reads one symbol of a file with several', async () => {
    const lines = ['AAA', 'TEST', 'B', '"TEST"', '"AAA"'].map((symbol, i) => `${symbol},${bar(i)}`).join('');
    const { column, totals } = await read(`sym,${HEADER}${lines}`, { columns: { symbol: 'sym' } });
    expect(column('ts')).toEqual([T0 + 60_000, T0 + 180_000]);
    expect(totals.otherSymbols).toBe(3);
  });

  it('reads trading days with open and close from the calendar', async () => {
    const content = 'date,open,high,low,close\n2024-07-02,1,2,0.5,1.5\n2024-07-03,1,2,0.5,1.5\n';
    const { blocks, column } = await read(content, { time: 'date' }, { calendar: marketCalendar('XNYS') });
    expect(column('ts')).toEqual([Date.UTC(2024, 6, 2, 13, 30), Date.UTC(2024, 6, 3, 13, 30)]);
    // The third of July closes early.
    expect(column('endTs')).toEqual([Date.UTC(2024, 6, 2, 20), Date.UTC(2024, 6, 3, 17)]);
    expect(blocks[0]).toMatchObject({ spec: { use: 'time', options: { seconds: 86_400 } } });
  });

  it('finds the trading day of every calendar', async () => {
    for (const [id, open, close] of [
      ['24x5', Date.UTC(2024, 0, 9, 22), Date.UTC(2024, 0, 10, 22)],
      ['XTKS', Date.UTC(2024, 0, 10, 0), Date.UTC(2024, 0, 10, 6)],
      ['XHKG', Date.UTC(2024, 0, 10, 1, 30), Date.UTC(2024, 0, 10, 8)],
      ['XLON', Date.UTC(2024, 0, 10, 8), Date.UTC(2024, 0, 10, 16, 30)],
      ['24x7', Date.UTC(2024, 0, 10), Date.UTC(2024, 0, 11)],
    ] as const) {
      const { column } = await read(
        'ts,open,high,low,close\n20240110,1,2,0.5,1.5\n',
        { time: 'YYYYMMDD' },
        { calendar: marketCalendar(id) },
      );
      expect([id, column('ts'), column('endTs')]).toEqual([id, [open], [close]]);
    }
  });
});

describe('reading ticks from CSV', () => {
  it('keeps unknown values as NaN and ticks of one time in order', async () => {
    const content = `ts,bid,ask,last,size\n${T0},1,1.5,,\n${T0},,,1.25,3\n${T0 + 1},1,,,\n`;
    const { column, rejections } = await read(content, { kind: 'ticks' });
    expect(rejections).toEqual([]);
    expect(column('ts')).toEqual([T0, T0, T0 + 1]);
    expect(column('bid')).toEqual([1, NaN, 1]);
    expect(column('last')).toEqual([NaN, 1.25, NaN]);
    expect(column('bidSize')).toEqual([]);
  });

  it('orders by receive time where there is one', async () => {
    const content = `ts,bid,recvTs\n${T0},1,${T0 + 5}\n${T0 - 1},1,${T0 + 6}\n${T0 + 1},1,${T0 + 2}\n`;
    const { column, rejections } = await read(content, { kind: 'ticks', onBadRow: 'skip' });
    expect(column('recvTs')).toEqual([T0 + 5, T0 + 6]);
    expect(rejections).toMatchObject([{ line: 4 }]);
  });

  it('takes crossed quotes only when told to', async () => {
    const content = `ts,bid,ask\n${T0},2,1\n`;
    expect((await raised(() => read(content, { kind: 'ticks' }))).message).toMatch(/:2: bid 2 is above ask 1\.$/);
    expect((await read(content, { kind: 'ticks', allowCrossed: true })).column('bid')).toEqual([2]);
  });
});

describe('rows that cannot be used', () => {
  const GOOD = bar(0);
  const CASES: readonly (readonly [string, string, string])[] = [
    ['column-count', `${T0 + 60_000},1,2,0.5,1.5\n`, 'it has 5 columns; 6 are expected'],
    ['quotes', `${T0 + 60_000},"1,2,0.5,1.5,10\n`, 'a quote is not closed'],
    ['number', bar(1, '1,2,x,1.5,10'), 'low is not a number: "x"'],
    ['number', bar(1, '1,0x10,0.5,1.5,10'), 'high is not a number'],
    ['number', bar(1, 'NaN,2,0.5,1.5,10'), 'open is not a number: "NaN"'],
    ['price-missing', bar(1, '1,2,,1.5,10'), 'a price is missing'],
    ['price-not-positive', bar(1, '0,2,0,1.5,10'), 'a price is not above zero'],
    ['price-not-positive', bar(1, '1,2,-1,1.5,10'), 'a price is not above zero'],
    ['price-missing', bar(1, '1,1e999,0.5,1.5,10'), 'not a finite number'],
    ['high-below-low', bar(1, '1,1,2,1,10'), 'high 1 is below low 2'],
    ['outside-high-low', bar(1, '3,2,0.5,1.5,10'), 'open 3 or close 1.5 is outside'],
    ['volume', bar(1, '1,2,0.5,1.5,'), 'volume has to be a finite number of zero or more'],
    ['volume', bar(1, '1,2,0.5,1.5,-1'), 'volume has to be'],
    ['time-format', `yesterday,1,2,0.5,1.5,10\n`, 'ts is not a number: "yesterday"'],
    [
      'number',
      `2024-01-02 14:30:00,1,2,0.5,1.5,10\n`,
      '(say how it is written with `--time`, option `time`: iso, date or a pattern)',
    ],
    ['time-format', `,1,2,0.5,1.5,10\n`, 'the time is not a finite number'],
    ['time-backwards', bar(-1), 'is before the bar above it'],
    ['time-duplicate', bar(0), 'repeats the bar above it'],
    ['bar-overlap', `${T0 + 59_999},1,2,0.5,1.5,10\n`, 'before the bar above it has ended'],
    ['line-too-long', `${'9'.repeat(400_000)}\n`, 'longer than 64 KiB'],
  ];
  it.each(CASES.map(([reason, line, words]) => ({ reason, line, words })))(
    '$reason: $words',
    async ({ reason, line, words }) => {
      const content = `${HEADER}${GOOD}${line}${bar(2)}`;
      const failed = await raised(() => read(content));
      expect(failed.code).toBe('DATA_BAD_ROW');
      expect(failed.message).toContain('.csv:3: ');
      expect(failed.message).toContain(words);
      expect(failed.text).toContain('--on-bad-row skip');
      const skipped = await read(content, { onBadRow: 'skip' });
      expect(skipped.column('ts')).toEqual([T0, T0 + 120_000]);
      expect(skipped.rejections).toMatchObject([{ line: 3 }]);
      const expected = reason === 'time-format' && line.startsWith('yesterday') ? 'number' : reason;
      expect(skipped.totals).toMatchObject({ rows: 2, rejected: 1, byReason: { [expected]: 1 } });
    },
  );

  it('says what an iso time lacks', async () => {
    const failed = await raised(() => read(`${HEADER}2024-01-02T14:30:00,1,2,0.5,1.5,10\n`, { time: 'iso' }));
    expect(failed.message).toContain("('iso' needs an offset such as Z or +01:00, or a time zone set beside it)");
    const other = await raised(() => read(`${HEADER}soon,1,2,0.5,1.5,10\n`, { time: 'iso' }));
    expect(other.message).toMatch(/the time does not follow the format: "soon"/);
    expect(other.message).not.toContain('offset');
  });

  it('asks whether times are in another unit where they are none as they are read', async () => {
    const seconds = T0 / 1_000;
    const row = (ts: number): string => `${ts},1,2,0.5,1.5,10\n`;
    const failed = await raised(() => read(HEADER + row(seconds) + row(seconds + 60)));
    expect(failed.message).toMatch(
      /are the times in seconds\? Then say `--time epoch-s` \(option `time: epoch-s`\)\.?$/,
    );
    const repeated = await raised(() => read(HEADER + row(seconds) + row(seconds)));
    expect(repeated.message).toContain('repeats the bar above it: are the times in seconds?');
  });

  it.each([
    ['isoo', "did you mean 'iso'?"],
    ['epochms', "did you mean 'epoch-ms'?"],
    ['ISO', "did you mean 'iso'?"],
    [
      'unix',
      'it is none of epoch-s, epoch-ms, epoch-us, epoch-ns, iso, date, and as a pattern it may hold YYYY, MM, DD',
    ],
    ['MM/DD', 'it is none of epoch-s, epoch-ms, epoch-us, epoch-ns, iso, date, and as a pattern it names no year'],
  ])('says of the time format %s what was probably meant', async (time, words) => {
    const failed = await raised(() => read(HEADER, { time }));
    expect(failed).toMatchObject({
      code: 'DATA_OPTIONS_INVALID',
      message: expect.stringContaining(`time: not a time format: ${words}`),
    });
  });

  it('names an option that there is not with the near miss', async () => {
    const format = { onbadrow: 'skip', columns: { opn: 'o' } } as CsvFormatInput;
    const failed = await raised(() => read(HEADER, format));
    expect(failed.message).toContain("onbadrow: unknown key. Did you mean 'onBadRow'?");
    expect(failed.message).toContain("columns.opn: unknown key. Did you mean 'open'?");
  });

  it('lets a bar start where the one before said that it ends, and only then', async () => {
    const header = 'ts,open,high,low,close,volume,endTs\n';
    const row = (start: number, end: number | ''): string =>
      `${T0 + start},1,2,0.5,1.5,10,${end === '' ? '' : T0 + end}\n`;
    const early = await read(header + row(0, 30_000) + row(30_000, '') + row(90_000, 150_000));
    expect(early.column('ts')).toEqual([0, 30_000, 90_000].map((start) => T0 + start));
    const failed = await raised(() => read(header + row(0, '') + row(30_000, 60_000)));
    expect(failed.message).toMatch(/are timeframe, time and endTs those of the file\?$/);
    const day = 86_400_000;
    const days = await read(HEADER + bar(0) + bar((day - 3_600_000) / 60_000), { timeframe: '1d' });
    expect(days.column('ts')).toHaveLength(2);
  });

  it('shows the first twenty in detail and reports every one', async () => {
    const { totals, rejections } = await read(HEADER + 'x,1,1,1,1,1\n'.repeat(100) + bar(0), { onBadRow: 'skip' });
    expect(rejections).toHaveLength(100);
    expect(totals.first).toHaveLength(20);
    expect(totals.byReason).toEqual({ number: 100 });
  });

  it('takes prices of zero and below when told to', async () => {
    const { column } = await read(HEADER + bar(0, '-1,0,-2,-1.5,10'), { allowNonPositive: true });
    expect(column('low')).toEqual([-2]);
  });
});

describe('files that cannot be used', () => {
  it('names a missing column and the near miss', async () => {
    const error = await raised(() => read('ts,open,hihg,low,close\n'));
    expect(error).toMatchObject({ code: 'DATA_COLUMN_MISSING' });
    expect(error.message).toContain("has no column high. Did you mean 'hihg'?");
    const given = await raised(() => read('ts,open,high,low,close\n', { columns: { open: 'oepn' } }));
    expect(given.message).toContain("has no column 'oepn' (columns.open). Did you mean 'open'?");
  });

  it('suggests the other delimiter', async () => {
    expect((await raised(() => read('ts;open;high;low;close\n'))).message).toContain("separated by ';', not ','");
  });

  it('says so where the file is UTF-16, empty, or not there', async () => {
    expect((await raised(() => read(Buffer.from(HEADER, 'utf16le')))).code).toBe('DATA_FILE_UNREADABLE');
    expect((await raised(() => read(''))).code).toBe('DATA_HEADER_INVALID');
    expect((await raised(() => readCsvColumns(join(folder, 'no.csv'), {}, { symbol: 'X' }))).code).toBe(
      'DATA_FILE_UNREADABLE',
    );
  });

  it('refuses options against each other', async () => {
    for (const format of [
      { header: false },
      { fields: ['ts'] },
      { seconds: 60, timeframe: '1m' },
      { kind: 'ticks', time: 'date' },
      { time: 'YYYY-MM' },
      { time: 'YYYY-MM-DD HHH' },
      { timeZone: 'Mars/Olympus' },
      { delimiter: '1' },
      { unknown: 1 },
    ] as CsvFormatInput[]) {
      expect((await raised(() => read(HEADER, format))).code).toBe('DATA_OPTIONS_INVALID');
    }
  });
});

describe('properties of CSV reading', () => {
  const price = fc.double({ min: 1e-9, max: 1e12, noNaN: true });

  it('reads every double back exactly, however it is written', async () => {
    const spelling = fc.constantFrom<(x: number) => string>(
      String,
      (x) => x.toExponential(),
      (x) => x.toPrecision(17),
      (x) => x.toFixed(20),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(price, spelling), { minLength: 1, maxLength: 50 }), async (values) => {
        const lines = values.map(([value, spell], i) => `${T0 + i},${spell(value)}\n`).join('');
        const { column } = await read(`ts,last\n${lines}`, { kind: 'ticks' });
        expect(column('last')).toEqual(values.map(([value, spell]) => Number(spell(value))));
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on where chunks and blocks end', async () => {
    const content = HEADER + Array.from({ length: 20_000 }, (_, i) => bar(i, `1.${i},${2 + i},0.5,1.5,${i}`)).join('');
    const whole = await read(content, {}, { blockRows: 100_000 });
    const parts = await read(gzipSync(content), {}, { blockRows: 7 });
    expect(parts.blocks).toHaveLength(Math.ceil(20_000 / 7));
    expect(parts.column('open')).toEqual(whole.column('open'));
    expect(parts.column('volume')).toEqual(whole.column('volume'));
  });

  it('reads a line the short way as the long way, which a quote sends it', async () => {
    const number = fc.oneof(
      fc.integer({ min: 0, max: 400 }).map((units) => (units / 4).toFixed(2)),
      fc.constantFrom('', '1', '-1', '+1', '.5', '1.', '1e1', 'x', ' 1', '9007199254740993', '1 000', '0x1', '1;2'),
    );
    const time = fc.integer({ min: 0, max: 5 }).map((minute) => T0 + minute * 60_000);
    const spelling = fc.constantFrom<readonly [string, (ts: number) => string]>(
      ['epoch-ms', String],
      ['epoch-s', (ts) => String(ts / 1_000)],
      ['iso', (ts) => new Date(ts).toISOString()],
      ['YYYY-MM-DD HH:mm:ss', (ts) => new Date(ts).toISOString().slice(0, 19).replace('T', ' ')],
    );
    const columns = fc.shuffledSubarray(['ts', 'open', 'high', 'low', 'close', 'volume', 'note', 'vwap'], {
      minLength: 8,
    });
    const sound = fc.tuple(time, fc.constant(['1.25', '2.5', '0.75', '1.5', '10', 'x', '1.5']));
    const any = fc.tuple(time, fc.array(number, { minLength: 7, maxLength: 7 }));
    const rows = fc.array(fc.oneof(sound, any), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(rows, columns, spelling, async (lines, names, [format, spell]) => {
        const order = ['ts', 'open', 'high', 'low', 'close', 'volume', 'note', 'vwap'];
        const fields = lines.map(([ts, values]) => names.map((name) => [spell(ts), ...values][order.indexOf(name)]!));
        const text = (quote: (line: readonly string[]) => string): string =>
          `${[names, ...fields].map(quote).join('\n')}\n`;
        const short = await read(
          text((line) => line.join(',')),
          { time: format, onBadRow: 'skip' },
        );
        const long = await read(
          text(([first, ...rest]) => [`"${first}"`, ...rest].join(',')),
          { time: format, onBadRow: 'skip' },
        );
        const readings = [short, long].map(({ blocks, rejections, totals }) => ({
          columns: blocks.map((block) => block.columns),
          rejections: rejections.map(({ line, reason }) => [line, reason]),
          totals: { ...totals, first: totals.first.map(({ line, reason }) => [line, reason]) },
        }));
        expect(readings[0]).toEqual(readings[1]);
      }),
      { numRuns: 100 },
    );
  });

  it('never fails with anything but a TradingError, and always ends', async () => {
    const fragment = fc.constantFrom(
      'ts,open,high,low,close\n',
      `${T0},1,2,0.5,1.5\n`,
      '"',
      ',',
      '\n',
      '\r',
      '\0',
      '1e5',
      '-',
      '.',
      '\uFEFF',
      'é',
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(fragment, { maxLength: 60 }).map((parts) => new TextEncoder().encode(parts.join(''))),
      fc.array(fragment, { maxLength: 60 }).map((parts) => gzipSync(parts.join('')).subarray(0, -3)),
    );
    const format = fc.constantFrom<CsvFormatInput>(
      {},
      { onBadRow: 'skip' },
      { onBadRow: 'skip', header: false, fields: ['ts', 'open', 'high', 'low', 'close'], time: 'iso' },
      { onBadRow: 'skip', header: false, fields: ['ts', '', 'bid'], kind: 'ticks', time: 'epoch-ns' },
      {
        onBadRow: 'skip',
        header: false,
        fields: ['ts', 'open', 'high', 'low', 'close'],
        time: 'YYYYMMDD HHmmss',
        timeZone: 'Europe/London',
      },
    );
    await fc.assert(
      fc.asyncProperty(bytes, format, async (content, options) => {
        try {
          const { blocks, totals } = await read(content, options);
          expect(rowsOf(blocks)).toBe(totals.rows);
        } catch (error) {
          if (!isTradingError(error)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});
