import { describe, expect, it } from '@jest/globals';
import { CommandArguments } from '../command-arguments.js';
import { fileFormat } from './file-format.js';

const format = (values: Readonly<Record<string, string | readonly string[]>>) =>
  fileFormat(new CommandArguments(values));

describe('fileFormat', () => {
  it('is a CSV file with nothing said unless told otherwise', () => {
    expect(format({ file: 'a.csv' })).toEqual({ csv: {} });
  });

  it('says what the options of a csv feed say', () => {
    const values = {
      file: 'a.txt',
      format: 'csv',
      kind: 'ticks',
      time: 'YYYYMMDD HHmmss',
      'time-zone': 'America/New_York',
      fields: 'ts, bid,ask',
      delimiter: ';',
      column: ['ts=Date+Time', 'bid=Best+Bid'],
      option: ['allowCrossed=true', 'price=mid'],
    };
    expect(format(values)).toEqual({
      format: 'csv',
      csv: {
        kind: 'ticks',
        time: 'YYYYMMDD HHmmss',
        timeZone: 'America/New_York',
        header: false,
        fields: ['ts', 'bid', 'ask'],
        delimiter: ';',
        columns: { ts: ['Date', 'Time'], bid: 'Best+Bid' },
        allowCrossed: true,
        price: 'mid',
      },
    });
  });

  it('says less of a Parquet file, and refuses what only CSV files have', () => {
    expect(format({ file: 'a.parquet', timeframe: '5m' })).toEqual({ format: 'parquet', parquet: { timeframe: '5m' } });
    const seconds = { format: 'parquet', parquet: { time: 'epoch-s' } };
    expect(format({ file: 'a.parquet', time: 'epoch-s' })).toEqual(seconds);
    expect(() => format({ file: 'a.parquet', delimiter: ';' })).toThrow("'delimiter' says how a CSV file is written");
  });

  it('refuses pairs without a name', () => {
    expect(() => format({ file: 'a.csv', column: 'Date' })).toThrow("--column takes NAME=VALUE, not 'Date'.");
    expect(() => format({ file: 'a.csv', option: 'x={' })).toThrow('The value of --option x is no YAML.');
  });
});
