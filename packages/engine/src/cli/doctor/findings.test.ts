import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { calendarFindings, clockFinding, dataDirFinding, diskFinding } from './machine-findings.js';
import { duckdbFinding, nodeFinding, sqliteFinding } from './runtime-findings.js';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bookrunner-doctor-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what the doctor looks at', () => {
  it.each([
    ['20.20.2', 'ok'],
    ['22.13.0', 'ok'],
    ['24.11.0', 'ok'],
    ['18.20.0', 'fail'],
    ['21.0.0', 'fail'],
    ['20.18.9', 'fail'],
  ])('Node %s is %s', (version, level) => {
    expect(nodeFinding(version).level).toBe(level);
  });

  it('the native packages of this installation load', async () => {
    expect(sqliteFinding()).toMatchObject({ level: 'ok', message: expect.stringMatching(/^SQLite 3\./) });
    expect(sqliteFinding(() => true)).toMatchObject({ level: 'fail', remedy: expect.stringContaining('24.18.1') });
    expect(await duckdbFinding()).toMatchObject({ level: 'ok', message: expect.stringMatching(/^DuckDB v/) });
  });

  it('a data folder that is there, one that can be made, and one that cannot', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(dataDirFinding(folder)).toMatchObject({ level: 'ok', message: `${folder} is writable` });
    chmodSync(folder, 0o755);
    expect(dataDirFinding(folder)).toMatchObject({ level: 'warn', remedy: expect.stringContaining('chmod 700') });
    expect(dataDirFinding(join(folder, 'a', 'b'))).toMatchObject({ level: 'ok' });
    expect(dataDirFinding(join(folder, 'file', 'var'))).toMatchObject({ level: 'fail' });
    expect(dataDirFinding(join(folder, 'file')).level).toBe('fail');
  });

  it('the disk under a folder that does not exist yet', () => {
    expect(diskFinding(join(folder, 'a', 'b')).message).toMatch(/^[\d.]+ GB free$/);
  });

  it('a clock that cannot be right', () => {
    expect(clockFinding(Date.UTC(2027, 0, 1)).level).toBe('ok');
    expect(clockFinding(0)).toMatchObject({ level: 'fail', remedy: expect.stringContaining('NTP') });
    expect(clockFinding(Date.UTC(2150, 0, 1)).level).toBe('fail');
  });

  it('calendars whose data ends', () => {
    const soon = calendarFindings(undefined, Date.UTC(2049, 11, 1));
    expect(soon.length).toBeGreaterThan(0);
    expect(soon.every(({ level }) => level === 'warn')).toBe(true);
    expect(calendarFindings(undefined, Date.UTC(2027, 0, 1))).toMatchObject([{ level: 'ok' }]);
  });
});
