import { describe, expect, it } from '@jest/globals';
import { RunOutcome } from './run-outcome.js';

describe('how a run ended', () => {
  it('is a failure where a panic is not complete, whatever ended it', () => {
    const outcome = new RunOutcome();
    expect(outcome.status).toBe('done');
    outcome.notice({ ts: 0, level: 'alarm', code: 'PANIC_UNFINISHED', message: '100 VOD held.', details: {} });
    expect([outcome.status, outcome.errors[0]?.code]).toEqual(['failed', 'PANIC_UNFINISHED']);
  });
});
