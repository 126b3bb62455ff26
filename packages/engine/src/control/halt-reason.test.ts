import { describe, expect, it } from '@jest/globals';
import type { EngineNotice } from '@bookrunner/sdk';
import type { EngineSnapshot, HaltView } from './engine-snapshot.js';
import { type HaltEntry, haltText } from './halt-latch.js';
import { withReasonOfHalt, withReasons } from './halt-reason.js';

const entry = (part: Partial<HaltEntry>): HaltEntry => ({
  level: 'halt',
  actor: 'ada',
  reason: 'news',
  at: 5,
  ...part,
});
const shown = (part: Partial<HaltView>, latched: readonly HaltEntry[]): unknown => {
  const halt: HaltView = { scope: 'book', name: 'CALM', reason: 'halt by ada', until: null, ...part };
  return withReasons({ halts: [halt] } as unknown as EngineSnapshot, latched).halts.map(({ reason }) => reason)[0];
};
const told = (message: string, latched: readonly HaltEntry[], details: EngineNotice['details']): string =>
  withReasonOfHalt({ ts: 9, level: 'alarm', code: 'RISK_HALTED', message, details }, { read: () => latched }).message;

describe('a halt as it is shown', () => {
  it('has the reason that its person gave, also after a start', () => {
    expect(shown({}, [entry({ book: 'CALM' })])).toBe('halt by ada: news');
    expect(shown({ reason: 'halt by ada, before this start' }, [entry({ book: 'CALM' })])).toBe(
      'halt by ada, before this start: news',
    );
    expect(shown({ scope: 'global', name: '' }, [entry({})])).toBe('halt by ada: news');
    expect(shown({ scope: 'venue', name: 'sim' }, [entry({ venue: 'sim' })])).toBe('halt by ada: news');
  });

  it.each<readonly [string, HaltEntry]>([
    ['of another book', entry({ book: 'WILD' })],
    ['of everything', entry({})],
    ['of another level', entry({ book: 'CALM', level: 'panic' })],
    ['of somebody else', entry({ book: 'CALM', actor: 'ad' })],
    ['that nobody gave', entry({ book: 'CALM', reason: 'halt by ada' })],
    ['that an earlier version made up', entry({ book: 'CALM', reason: 'halt by command' })],
  ])('has no reason %s', (_, other) => {
    expect(shown({}, [other])).toBe('halt by ada');
  });

  it('keeps what a policy says', () => {
    expect(shown({ reason: 'Lost too much.' }, [entry({ book: 'CALM' })])).toBe('Lost too much.');
  });
});

describe('the alarm of a halt', () => {
  const calm = { scope: 'book', name: 'CALM' };

  it('says the reason: the last one where book and venue are halted', () => {
    expect(told('book CALM: halt by ada', [entry({ book: 'CALM' })], calm)).toBe('book CALM: halt by ada: news');
    const both = [entry({ book: 'CALM' }), entry({ venue: 'sim', reason: 'outage\n  there' })];
    expect(told('book CALM: halt by ada', both, calm)).toBe('book CALM: halt by ada: outage there');
    expect(told('global: halt by ada', [...both, entry({ reason: 'tea' })], { scope: 'global', name: '' })).toBe(
      'global: halt by ada: tea',
    );
  });

  it('stays as it is where none was given, and for what no person said', () => {
    expect(told('book CALM: halt by ada', [entry({ book: 'WILD' }), entry({})], calm)).toBe('book CALM: halt by ada');
    expect(told('strategy a: halt by ada', [entry({})], { scope: 'strategy', name: 'a' })).toBe(
      'strategy a: halt by ada',
    );
    const notice: EngineNotice = {
      ts: 9,
      level: 'alarm',
      code: 'RISK_LOSS_DAY',
      message: 'halt by ada',
      details: calm,
    };
    expect(withReasonOfHalt(notice, { read: () => [entry({ book: 'CALM' })] })).toBe(notice);
  });
});

describe('one line of the latch', () => {
  it('does not say twice who halted', () => {
    expect(haltText(entry({ reason: 'halt by ada' }))).toBe('halt of everything by ada.');
    expect(haltText(entry({ reason: 'halt by command' }))).toBe('halt of everything by ada.');
    expect(haltText(entry({ book: 'CALM' }))).toBe('halt of book CALM by ada: news.');
  });
});
