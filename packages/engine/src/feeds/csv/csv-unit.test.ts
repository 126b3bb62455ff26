import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { marketCalendar } from '@bookrunner/sdk';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allBlocks, raised, temporaryFolder } from '../feed-context.fixture.js';
import { csvFormat } from './csv-format.js';
import { probeCsv, readCsvColumns } from './csv-reading.js';

const T0 = Date.UTC(2024, 0, 2, 14, 30);
const MINUTE_MS = 60_000;

let folder = '';
let remove = (): void => {};

beforeAll(() => {
  ({ path: folder, remove } = temporaryFolder());
});

afterAll(() => remove());

/** Three bars whose times are milliseconds times a factor. */
function bars(name: string, factor: number): string {
  const rows = [0, 1, 2].map((index) => `${(T0 + index * MINUTE_MS) * factor},1,2,1,2,5`);
  const text = ['ts,open,high,low,close,volume', ...rows, ''].join('\n');
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

describe.each([
  ['24x7', 'keep'],
  ['24x5', 'keep'],
  ['XNYS', 'keep'],
  ['XNYS', 'drop'],
])('times in another unit than the option says, in a market %s (outsideSession: %s)', (id, outsideSession) => {
  const request = { symbol: 'AAA', calendar: marketCalendar(id) };

  it.each([
    ['ms.csv', 1, 'epoch-s', 'milliseconds', 'epoch-ms'],
    ['us.csv', 1_000, 'epoch-ms', 'microseconds', 'epoch-us'],
    ['us.csv.gz', 1_000, 'epoch-ms', 'microseconds', 'epoch-us'],
  ])('are asked about by a probe and by a reading: %s', async (name, factor, time, unit, meant) => {
    const path = bars(name, factor);
    const format = csvFormat.parse({ time, outsideSession });
    const probed = await raised(() => probeCsv([path], format, request));
    const read = await raised(() => allBlocks(readCsvColumns(path, format, request).blocks));
    for (const error of [probed, read]) {
      expect(error.code).toBe('DATA_OPTIONS_INVALID');
      expect(error.message).toContain(`${path}: its first row is of `);
      expect(error.message).toContain(`are the times in ${unit}? Then say \`--time ${meant}\``);
    }
  });

  it('are not asked about where they are right', async () => {
    const path = bars('right.csv', 1);
    await probeCsv([path], csvFormat.parse({}), request);
    expect(await allBlocks(readCsvColumns(path, {}, request).blocks)).toHaveLength(1);
  });
});

it('times in another unit are asked about without a calendar, too', async () => {
  const reading = readCsvColumns(bars('ms.csv', 1), { time: 'epoch-s' }, { symbol: 'AAA' });
  const error = await raised(() => allBlocks(reading.blocks));
  expect(error.message).toMatch(/which is not in any calendar: are the times in milliseconds\?/);
});
