// Whatever is changed in the stored rows is found, and nothing of it is believed.
import { afterEach, describe, expect, it } from '@jest/globals';
import { isTradingError } from '@bookrunner/sdk';
import fc from 'fast-check';
import type { Connection } from './journal-connection.js';
import { DRIVER, dataFolder, removeFolders, writerOf } from './journal.fixture.js';
import { journalPath } from './journal-file.js';
import { JournalReader } from './journal-reader.js';
import { verifySegment } from './verify.js';

afterEach(removeFolders);

/** A journal of five blocks of ten records and a snapshot, and what the tests do to it. */
function damage(change: (raw: Connection) => void): readonly string[] {
  const folder = dataFolder();
  const writer = writerOf(folder);
  for (let at = 1; at <= 50; at++) {
    writer.add((records) => records.advance(at));
    if (at % 10 === 0) writer.commit();
  }
  writer.snapshot({ hash: 'h', payload: Uint8Array.from([9, 0]) });
  writer.close();
  const raw = new DRIVER(journalPath(folder));
  change(raw);
  raw.close();
  const reader = new JournalReader(folder, DRIVER);
  try {
    const faults = reader.segments().flatMap((segment) => verifySegment(reader, segment).faults);
    return faults.filter((fault) => !fault.includes('none of this engine'));
  } finally {
    reader.close();
  }
}

describe('a journal that was changed', () => {
  it('is whole before', () => {
    expect(damage(() => {})).toEqual([]);
  });

  it.each([
    ['a block is gone', 'DELETE FROM blocks WHERE first = 21'],
    ['the last block is gone', 'DELETE FROM blocks WHERE first = 41'],
    ['a block is cut', 'UPDATE blocks SET payload = substr(payload, 1, 40) WHERE first = 11'],
    ['a block is empty', "UPDATE blocks SET payload = x'' WHERE first = 11"],
    ['a block has another count', 'UPDATE blocks SET count = 9 WHERE first = 41'],
    [
      'two blocks changed places',
      'UPDATE blocks SET first = CASE first WHEN 11 THEN 21 ELSE 11 END WHERE first IN (11, 21)',
    ],
    ['the end moved', 'UPDATE segments SET last = 40'],
    ['the header is another', "UPDATE segments SET header = x'0900'"],
    ['the snapshot is another', "UPDATE snapshots SET payload = x'0901'"],
    ['the snapshot is of another record', 'UPDATE snapshots SET after = 49'],
  ])('says so: %s', (_what, sql) => {
    const faults = damage((raw) => raw.exec(sql));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^JOURNAL_(DAMAGED|RECORD_INVALID)/);
  });

  it('at any byte of any block names the block', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(89), fc.integer({ min: 1, max: 255 }), (block, place, bits) => {
        const first = block * 10 + 1;
        const faults = damage((raw) => {
          const row = raw.prepare('SELECT payload FROM blocks WHERE first = ?').get(first) as { payload: Buffer };
          row.payload[place] = (row.payload[place] as number) ^ bits;
          raw.prepare('UPDATE blocks SET payload = ? WHERE first = ?').run(row.payload, first);
        });
        expect(faults).toEqual([expect.stringContaining(`begins with record ${first} is not as it was written`)]);
      }),
      { numRuns: 25 },
    );
  });

  it('gives the records before the damage, then the error', () => {
    const folder = dataFolder();
    const writer = writerOf(folder);
    for (const at of [1, 2, 3]) {
      writer.add((records) => records.advance(at));
      writer.commit();
    }
    writer.close();
    const raw = new DRIVER(journalPath(folder));
    raw.exec("UPDATE blocks SET payload = x'ff' WHERE first = 3");
    raw.close();
    const reader = new JournalReader(folder, DRIVER);
    const read: number[] = [];
    try {
      for (const { sequence } of reader.records(reader.segments()[0] as never)) read.push(sequence);
      throw new Error('It was believed.');
    } catch (error) {
      if (!isTradingError(error)) throw error;
      expect(error.code).toBe('JOURNAL_DAMAGED');
    }
    reader.close();
    expect(read).toEqual([1, 2]);
  });
});
