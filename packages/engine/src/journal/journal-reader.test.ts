import { afterEach, describe, expect, it } from '@jest/globals';
import { compactJournal } from './compact.js';
import type { Connection } from './journal-connection.js';
import { DRIVER, dataFolder, driverThat, removeFolders, writerOf } from './journal.fixture.js';
import { JournalReader } from './journal-reader.js';

afterEach(removeFolders);

/** A run of many parts, three snapshots each, and one whose payload was damaged since: the newest, or none. */
function longRun(dataDir: string): void {
  const writer = writerOf(dataDir, { now: () => 1, limits: { segmentBytes: 1_500 } });
  for (let number = 1; number <= 60; number++) {
    writer.add((records) => records.seam('x'.repeat(500), number, true));
    writer.snapshot({ hash: `h${number}`, payload: Uint8Array.from([number]) });
  }
  writer.close();
}

/** Counts payloads of snapshots that are read. */
function counting() {
  const seen = { payloads: 0 };
  const driver = driverThat((connection: Connection) => {
    const prepare = connection.prepare.bind(connection);
    connection.prepare = (sql) => {
      const statement = prepare(sql);
      const all = statement.all.bind(statement);
      statement.all = (...values) => {
        const rows = all(...values);
        if (sql.includes('snapshots') && sql.includes('payload')) seen.payloads += rows.length;
        return rows;
      };
      return statement;
    };
  });
  return { seen, driver };
}

describe('the snapshots of a long run', () => {
  it('are not all read for the newest of them, and one that is damaged is passed over', () => {
    const dataDir = dataFolder();
    longRun(dataDir);
    const { seen, driver } = counting();
    const reader = new JournalReader(dataDir, driver);
    const segments = reader.segments();
    expect(segments.length).toBeGreaterThan(15);
    expect(reader.newestSnapshot(segments)).toMatchObject({ after: 60, hash: 'h60' });
    expect(seen.payloads).toBe(1);
    const writing = new DRIVER(`${dataDir}/journal.db`);
    writing.exec(`UPDATE snapshots SET payload = x'00' WHERE after IN (60, 59)`);
    writing.close();
    const passed: unknown[] = [];
    const newest = reader.newestSnapshot(segments, (segment, after) => passed.push([segment.part, after]));
    expect(newest).toMatchObject({ after: 58, hash: 'h58' });
    expect(passed).toEqual([59, 60].toReversed().map((after) => [expect.any(Number), after]));
    expect(reader.newestSnapshot([])).toBeUndefined();
    reader.close();
  });

  it('are not all read to compact it', () => {
    const dataDir = dataFolder();
    longRun(dataDir);
    const { seen, driver } = counting();
    const { dropped, kept } = compactJournal({ dataDir, driver, keepFrom: 2 });
    expect([dropped.length > 15, kept, seen.payloads]).toEqual([true, 1, 1]);
  });
});
