import { statSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { compactJournal } from './compact.js';
import { DRIVER, dataFolder, factsOf, removeFolders, writerOf } from './journal.fixture.js';
import { journalPath } from './journal-file.js';
import { JournalReader } from './journal-reader.js';
import type { JournalWriter } from './journal-writer.js';
import type { RunFacts } from './segment-header.js';

afterEach(removeFolders);

const HOUR = 3_600_000;

/** Three parts of a run, an hour each, with a snapshot between them. */
function threeParts(dataDir: string, run: string): JournalWriter {
  let hour = 0;
  const writer = writerOf(dataDir, { facts: factsOf(run), now: () => hour * HOUR, limits: { segmentBytes: 1 } });
  for (hour = 1; hour <= 3; hour++) {
    for (let at = 0; at < 50; at++) writer.add((records) => records.seam(`${run} ${at} ${'.'.repeat(500)}`, at, true));
    if (hour < 3) writer.snapshot({ hash: `h${hour}`, payload: Uint8Array.from([hour]) });
  }
  hour = 3;
  return writer;
}

function segmentsIn(dataDir: string): readonly string[] {
  const reader = new JournalReader(dataDir, DRIVER);
  try {
    return reader.segments().map(({ run, part }) => `${run}/${part}`);
  } finally {
    reader.close();
  }
}

describe('compacting a journal', () => {
  it('drops old parts of an unfinished run up to the newest snapshot that begins a part, and keeps that snapshot', () => {
    const dataDir = dataFolder();
    threeParts(dataDir, 'open').close();
    const compact = (keepFrom: number, isDryRun = false): number =>
      compactJournal({ dataDir, driver: DRIVER, keepFrom, isDryRun }).dropped.length;
    expect(compact(0)).toBe(0);
    expect(compact(1.5 * HOUR, true)).toBe(1);
    expect(segmentsIn(dataDir)).toEqual(['open/1', 'open/2', 'open/3']);
    expect(compact(1.5 * HOUR)).toBe(1);
    expect(segmentsIn(dataDir)).toEqual(['open/2', 'open/3']);
    expect(compact(9 * HOUR)).toBe(1);
    expect(segmentsIn(dataDir)).toEqual(['open/3']);
    const reader = new JournalReader(dataDir, DRIVER);
    const [last] = reader.segments();
    expect(last).toMatchObject({ first: 101, last: 150 });
    expect(reader.snapshots(last as never)).toMatchObject([{ after: 100, hash: 'h2' }]);
    reader.close();
  });

  it('keeps of the newest run over live feeds what a start goes on from, though it was finished, and drops what was gone on from', () => {
    const dataDir = dataFolder();
    const before = threeParts(dataDir, 'before');
    before.close();
    const first = new JournalReader(dataDir, DRIVER);
    const [, , last] = first.segments();
    first.close();
    const writer = writerOf(dataDir, { facts: { ...factsOf('newest'), continues: { run: 'before', after: 150 } } });
    writer.snapshot({ hash: 'start', payload: Uint8Array.from([1]) });
    writer.succeed(last?.id ?? 0);
    writer.end({ hash: 'end', payload: Uint8Array.from([2]) }, 1);
    writer.close();
    expect(compactJournal({ dataDir, driver: DRIVER, keepFrom: 9 * HOUR }).dropped).toHaveLength(3);
    expect(segmentsIn(dataDir)).toEqual(['newest/1']);
    const reader = new JournalReader(dataDir, DRIVER);
    const [kept] = reader.segments();
    expect(reader.snapshots(kept as never).map(({ hash }) => hash)).toEqual(['start', 'end']);
    reader.close();
  });

  /** A finished run. */
  function finished(dataDir: string, facts: RunFacts): void {
    const writer = writerOf(dataDir, { facts });
    writer.snapshot({ hash: 'state', payload: Uint8Array.from([1]) });
    writer.end({ hash: 'end', payload: Uint8Array.from([2]) }, 1);
    writer.close();
  }

  it('keeps the newest run of each mode: live does not go on from paper, nor paper from live', () => {
    const dataDir = dataFolder();
    finished(dataDir, { ...factsOf('old'), mode: 'live' });
    finished(dataDir, { ...factsOf('live'), mode: 'live' });
    finished(dataDir, factsOf('older-paper'));
    finished(dataDir, { ...factsOf('paper'), mode: 'paper' });
    compactJournal({ dataDir, driver: DRIVER, keepFrom: 9 * HOUR });
    expect(segmentsIn(dataDir)).toEqual(['live/1', 'paper/1']);
  });

  it('keeps what a start goes on from where the newest run died before it had taken over', () => {
    const dataDir = dataFolder();
    finished(dataDir, factsOf('old'));
    finished(dataDir, factsOf('last'));
    for (const run of ['died', 'died-again']) {
      writerOf(dataDir, { facts: { ...factsOf(run), continues: { run: 'last', after: 0 } } }).close();
    }
    compactJournal({ dataDir, driver: DRIVER, keepFrom: 9 * HOUR });
    expect(segmentsIn(dataDir)).toEqual(['last/1', 'died/1', 'died-again/1']);
  });

  it('does not drop what stands on a snapshot that cannot be read', () => {
    const dataDir = dataFolder();
    threeParts(dataDir, 'open').close();
    const raw = new DRIVER(journalPath(dataDir));
    raw.exec("UPDATE snapshots SET payload = x'00' WHERE hash = 'h2'");
    raw.close();
    compactJournal({ dataDir, driver: DRIVER, keepFrom: 9 * HOUR });
    expect(segmentsIn(dataDir)).toEqual(['open/2', 'open/3']);
  });

  it('drops the last part of a finished run, too, and gives the space back', () => {
    const dataDir = dataFolder();
    const writer = threeParts(dataDir, 'done');
    writer.end({ hash: 'e', payload: Uint8Array.from([9]) }, 1);
    writer.close();
    writerOf(dataDir, { facts: factsOf('new') }).close();
    const before = statSync(journalPath(dataDir)).size;
    const result = compactJournal({ dataDir, driver: DRIVER, keepFrom: 2.5 * HOUR });
    // The newest part is young.
    expect(result.dropped.map(({ part }) => part)).toEqual([1, 2]);
    expect(compactJournal({ dataDir, driver: DRIVER, keepFrom: 9 * HOUR }).dropped.map(({ part }) => part)).toEqual([
      3,
    ]);
    expect(segmentsIn(dataDir)).toEqual(['new/1']);
    expect(statSync(journalPath(dataDir)).size).toBeLessThan(before);
  });

  it('is refused while an engine writes', () => {
    const dataDir = dataFolder();
    const writer = threeParts(dataDir, 'open');
    expect(() => compactJournal({ dataDir, driver: DRIVER, keepFrom: 9 * HOUR })).toThrow(
      expect.objectContaining({ code: 'JOURNAL_IN_USE' }),
    );
    writer.close();
    expect(segmentsIn(dataDir)).toHaveLength(3);
  });
});
