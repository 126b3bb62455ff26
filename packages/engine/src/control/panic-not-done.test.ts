import { TradingError } from '@bookrunner/sdk';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { EngineSnapshot } from './engine-snapshot.js';
import { HaltLatch } from './halt-latch.js';
import { OpenPanics } from './open-panics.js';
import { leftOpen, panicNotDone, panicNotGoneOn } from './panic-not-done.js';

const ENTRY = { level: 'panic', reason: 'loss', actor: 'ann', at: 5 } as const;
const FULL = new TradingError('JOURNAL_DISK_FULL', 'full', { severity: 'fatal', remedy: 'Make room.' });
const order = (tag: string, stopPrice: number | null) => ({
  ...{ symbol: 'VOD', side: 'sell', orderType: stopPrice === null ? 'market' : 'stop', qty: 50, filledQty: 10 },
  ...{ stopPrice, limitPrice: null, tag },
});
const SNAPSHOT = {
  strategies: [
    { name: 'flip', book: 'A', positions: [{ symbol: 'VOD', qty: 40 }] },
    { name: 'flop', book: 'B', positions: [{ symbol: 'BP', qty: -7 }] },
    { name: 'idle', book: 'B', positions: [{ symbol: 'BP', qty: 0 }] },
  ],
  orders: [order('flip|A|20240102', 9.5), order('flop|B|20240102', null)],
} as unknown as EngineSnapshot;
const ALL = { ts: 9, failure: FULL, snapshot: SNAPSHOT };

describe('a panic that a failed run did not carry out', () => {
  it('is told of with what stays open, the latch, and what to do first', () => {
    const { level, code, message, details } = panicNotDone({ entry: ENTRY, isLatched: true }, ALL);
    expect([level, code, details]).toEqual([
      'alarm',
      'PANIC_UNFINISHED',
      { failure: 'JOURNAL_DISK_FULL', isLatched: true },
    ]);
    expect(message).toContain('NOT carried out: the journal cannot be written (JOURNAL_DISK_FULL)');
    expect(message).toContain('by the books: 40 VOD of flip in A; -7 BP of flop in B. ');
    expect(message).toContain('may work: sell 40 VOD stop at 9.5; sell 40 VOD market. ');
    expect(message).toContain('The file HALTED has the panic');
    expect(message).toContain('First make room');
  });

  it.each([
    [{ book: 'B' }, 'by the books: -7 BP of flop in B. '],
    [{ venue: 'W' }, 'by all books: 40 VOD of flip in A; -7 BP of flop in B. '],
  ])('of %j tells what may be its own, and that the latch was not written', (scope, words) => {
    const { message, details } = panicNotDone({ entry: { ...ENTRY, ...scope }, isLatched: false }, ALL);
    expect(details).toMatchObject({ ...scope, isLatched: false });
    expect(message).toContain(words);
    expect(message).toContain('could not be written: the next start does not know');
  });

  it('says where nothing is known, and names what ended the engine', () => {
    const failure = new Error('x');
    const { message } = panicNotDone({ entry: ENTRY, isLatched: true }, { ...ALL, failure, snapshot: undefined });
    expect(message).toContain('the engine has ended (INTERNAL). What is open is not known here: look at the broker.');
  });
});

it('a session that its journal ended, and nobody said panic, says what it leaves open and how to go on', () => {
  const told = leftOpen(ALL);
  expect(told).toMatchObject({ ts: 9, level: 'alarm', code: 'SESSION_LEFT_OPEN', details: { failure: FULL.code } });
  expect(told?.message).toContain(
    '40 VOD of flip in A; -7 BP of flop in B. Orders that may work: sell 40 VOD stop at 9.5',
  );
  expect(told?.message).toContain('start again with --resume');
  const flat = { strategies: [], orders: [] } as unknown as EngineSnapshot;
  const others = [{ snapshot: flat }, { snapshot: undefined }, { failure: new Error('x') }];
  expect(others.map((other) => leftOpen({ ...ALL, ...other }))).toEqual([undefined, undefined, undefined]);
});

it('a panic that a stopped start did not go on with is told by its scope, and no other is open for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-not-gone-on-'));
  try {
    const latch = new HaltLatch(folder);
    latch.add({ ...ENTRY, completeAt: 6 });
    expect(panicNotGoneOn(latch, 9)).toBeUndefined();
    latch.add({ ...ENTRY, book: 'B' });
    const told = panicNotGoneOn(latch, 9);
    expect(told).toMatchObject({ ts: 9, level: 'alarm', code: 'PANIC_UNFINISHED', details: { book: 'B' } });
    const before = latch.read();
    new OpenPanics(latch).heard(told!);
    expect(latch.read()).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('a panic that could not be latched', () => {
  it('stays open where an earlier one is said to be complete', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bookrunner-open-'));
    const panics = new OpenPanics(new HaltLatch(folder));
    panics.addUnlatched(ENTRY);
    const complete = { ts: 9, level: 'info', code: 'PANIC_COMPLETE', message: '' } as const;
    panics.heard({ ...complete, details: { askedAt: 4 } });
    expect(panics.untold()).toEqual([{ entry: ENTRY, isLatched: false }]);
    panics.heard({ ...complete, details: { askedAt: 5 } });
    expect(panics.untold()).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
