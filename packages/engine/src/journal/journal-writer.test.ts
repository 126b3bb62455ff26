import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Tick } from '@bookrunner/sdk';
import { DRIVER, dataFolder, driverThat, factsOf, removeFolders, writerOf } from './journal.fixture.js';
import { openJournalFile, journalPath } from './journal-file.js';
import { JournalReader } from './journal-reader.js';
import type { JournalRecord } from './journal-record.js';
import type { JournalWriter } from './journal-writer.js';

afterEach(removeFolders);

const tick: Tick = {
  ...{ ts: 1, recvTs: 1, symbol: 'AAA', venue: 'v', bid: 1, ask: 2, bidSize: Number.NaN, askSize: Number.NaN },
  ...{ last: Number.NaN, size: Number.NaN },
};

function tickTo(writer: JournalWriter, at: number): void {
  writer.admit();
  writer.records.kernelTick({ ...tick, kind: 'tick', at, instrumentIndex: 0 });
}

function recordsOf(dataDir: string, run = 'run-1'): readonly JournalRecord[] {
  const reader = new JournalReader(dataDir, DRIVER);
  try {
    return reader.segmentsOf(run).flatMap((segment) => [...reader.records(segment)].map(({ record }) => record));
  } finally {
    reader.close();
  }
}

describe('a journal', () => {
  it('has on disk everything recorded before a commit, and the rest after the age it may reach', () => {
    jest.useFakeTimers();
    try {
      const folder = dataFolder();
      const writer = writerOf(folder);
      tickTo(writer, 1);
      writer.add((records) => records.handed(2));
      expect([writer.durable, writer.sequence]).toEqual([0, 2]);
      writer.commit();
      expect(writer.durable).toBe(2);
      tickTo(writer, 3);
      jest.advanceTimersByTime(300);
      expect(writer.durable).toBe(3);
      // Another connection sees it: it is in the file, not in this object.
      expect(recordsOf(folder)).toHaveLength(3);
      writer.close();
    } finally {
      jest.useRealTimers();
    }
  });

  it('gathers no more than a block holds', () => {
    const writer = writerOf(dataFolder(), { limits: { ticks: 10 } });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
        for (let at = 0; at < count; at++) {
          tickTo(writer, at);
          expect(writer.records.ticks).toBeLessThanOrEqual(10);
        }
      }),
    );
    for (let i = 0; i < 20_000; i++) writer.add((records) => records.seam(`symbol ${i}`, i, false));
    expect(writer.records.size).toBeLessThan(256 * 1024 + 100);
    writer.close();
  });

  it('keeps runs apart, and goes on with a run in a new part', () => {
    const folder = dataFolder();
    const first = writerOf(folder, { limits: { segmentBytes: 1 } });
    tickTo(first, 1);
    first.snapshot({ hash: 'h', payload: Uint8Array.from([1]) });
    tickTo(first, 2);
    first.close();
    const second = writerOf(folder, { facts: factsOf('run-2') });
    tickTo(second, 9);
    second.end({ hash: 'e', payload: Uint8Array.from([2]) }, 10);
    second.close();
    const reader = new JournalReader(folder, DRIVER);
    expect(reader.segments()).toMatchObject([
      { run: 'run-1', part: 1, first: 1, last: 1, state: 'continued' },
      { run: 'run-1', part: 2, first: 2, last: 2, state: 'open' },
      { run: 'run-2', part: 1, first: 1, last: 2, state: 'ended' },
    ]);
    expect(reader.segments().map((segment) => reader.facts(segment).run)).toEqual(['run-1', 'run-1', 'run-2']);
    expect(reader.segmentsOf('latest')).toHaveLength(1);
    expect(() => reader.segmentsOf('run-9')).toThrow(expect.objectContaining({ code: 'JOURNAL_RUN_UNKNOWN' }));
    reader.close();
    expect(recordsOf(folder, 'run-2')).toEqual([
      expect.objectContaining({ kind: 'tick' }),
      { kind: 'end', at: 10, hash: 'e' },
    ]);
  });

  it('keeps the newest few snapshots of a part', () => {
    const folder = dataFolder();
    const writer = writerOf(folder, { limits: { snapshots: 2 } });
    for (const at of [1, 2, 3, 4]) {
      tickTo(writer, at);
      writer.snapshot({ hash: `h${at}`, payload: Uint8Array.from([at]) });
    }
    writer.close();
    const reader = new JournalReader(folder, DRIVER);
    const [segment] = reader.segments();
    expect(reader.snapshots(segment as never).map(({ after, hash }) => [after, hash])).toEqual([
      [3, 'h3'],
      [4, 'h4'],
    ]);
    expect(reader.snapshotCount(segment as never)).toBe(2);
    reader.close();
  });

  it('is written by one engine at a time, and read beside it', () => {
    const folder = dataFolder();
    const writer = writerOf(folder);
    expect(() => writerOf(folder)).toThrow(expect.objectContaining({ code: 'JOURNAL_IN_USE' }));
    tickTo(writer, 1);
    writer.commit();
    expect(recordsOf(folder)).toHaveLength(1);
    writer.close();
    writer.close();
    expect(() => writer.commit()).toThrow(expect.objectContaining({ code: 'JOURNAL_CLOSED' }));
    writerOf(folder, { facts: factsOf('run-2') }).close();
  });
});

describe('a journal is durable', () => {
  it('in a file that is opened again, which SQLite opens with less', () => {
    const folder = dataFolder();
    writerOf(folder).close();
    // What SQLite does by itself with a file in WAL mode: 1 is NORMAL, which loses the last commits with the power.
    const plain = new DRIVER(journalPath(folder));
    expect(plain.pragma('synchronous', { simple: true })).toBe(1);
    plain.close();
    let seen: unknown;
    const watching = driverThat((connection) => {
      const { prepare } = connection;
      connection.prepare = (sql) => {
        seen = connection.pragma('synchronous', { simple: true });
        return prepare.call(connection, sql);
      };
    });
    const writer = writerOf(folder, { driver: watching, facts: factsOf('run-2') });
    writer.close();
    expect(seen).toBe(2);
  });

  it.each(['synchronous = FULL', 'journal_mode = WAL'])('or is not begun: %s was not taken', (setting) => {
    const folder = dataFolder();
    const deaf = driverThat((connection) => {
      const { pragma } = connection;
      connection.pragma = (text, options) => (text === setting ? undefined : pragma.call(connection, text, options));
    });
    const open = (): unknown => writerOf(folder, { driver: deaf });
    if (setting.startsWith('synchronous')) writerOf(folder).close();
    expect(open).toThrow(expect.objectContaining({ code: 'JOURNAL_NOT_DURABLE' }));
  });
});

describe('a journal that cannot be written', () => {
  const full = driverThat((connection) => {
    connection.pragma('page_size = 4096');
    connection.pragma('max_page_count = 24');
  });

  /** Records until it fails; the code of the failure. */
  function fill(writer: JournalWriter): string {
    try {
      for (let at = 0; at < 1e6; at++) tickTo(writer, at);
      return 'never';
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  it('because the disk is full takes nothing more, and keeps what it had', () => {
    const folder = dataFolder();
    const writer = writerOf(folder, { driver: full });
    expect(fill(writer)).toBe('JOURNAL_DISK_FULL');
    const { durable } = writer;
    for (const act of [() => writer.commit(), () => tickTo(writer, 1), () => writer.add(() => {})]) {
      expect(act).toThrow(expect.objectContaining({ code: 'JOURNAL_DISK_FULL' }));
    }
    writer.close();
    expect(durable).toBeGreaterThan(0);
    expect(recordsOf(folder)).toHaveLength(durable);
  });

  it('because the disk is read-only says so', () => {
    let connection: { pragma(text: string): unknown } | undefined;
    const folder = dataFolder();
    const writer = writerOf(folder, { driver: driverThat((opened) => (connection = opened)) });
    connection?.pragma('query_only = ON');
    expect(fill(writer)).toBe('JOURNAL_READ_ONLY');
    writer.close();
  });

  it('tells between two events, too', () => {
    jest.useFakeTimers();
    try {
      let connection: { pragma(text: string): unknown } | undefined;
      const faults: unknown[] = [];
      const driver = driverThat((opened) => (connection = opened));
      const writer = writerOf(dataFolder(), { driver, onFault: (error) => faults.push(error) });
      tickTo(writer, 1);
      connection?.pragma('query_only = ON');
      jest.advanceTimersByTime(1_000);
      expect(faults).toEqual([expect.objectContaining({ code: 'JOURNAL_READ_ONLY' })]);
      writer.close();
    } finally {
      jest.useRealTimers();
    }
  });

  it('or is no journal, or of another version, is refused with its reason', () => {
    const text = dataFolder();
    writeFileSync(journalPath(text), 'this is no database, but a text that is long enough to be looked at'.repeat(20));
    expect(() => writerOf(text)).toThrow(expect.objectContaining({ code: 'JOURNAL_FILE_INVALID' }));
    const other = dataFolder();
    const foreign = new DRIVER(journalPath(other));
    foreign.exec('CREATE TABLE mine (x)');
    foreign.close();
    expect(() => writerOf(other)).toThrow(expect.objectContaining({ code: 'JOURNAL_FILE_INVALID' }));
    for (const [version, code] of [
      [0, 'JOURNAL_VERSION_OLDER'],
      [9, 'JOURNAL_VERSION_NEWER'],
    ] as const) {
      const folder = dataFolder();
      writerOf(folder).close();
      const raw = new DRIVER(journalPath(folder));
      raw.pragma(`user_version = ${version}`);
      raw.close();
      const before = readFileSync(journalPath(folder));
      for (const mode of ['read', 'write'] as const) {
        const open = (): unknown => openJournalFile({ dataDir: folder, driver: DRIVER, mode });
        expect(open).toThrow(expect.objectContaining({ code, remedy: expect.stringMatching(/engine version/) }));
      }
      expect(readFileSync(journalPath(folder))).toEqual(before);
    }
  });

  it('is not made by who only reads', () => {
    expect(() => new JournalReader(dataFolder(), DRIVER)).toThrow(expect.objectContaining({ code: 'JOURNAL_MISSING' }));
  });
});
