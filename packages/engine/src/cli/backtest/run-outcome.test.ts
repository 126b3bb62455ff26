import { describe, expect, it } from '@jest/globals';
import { sampleRun } from '../../report/run-result.fixture.js';
import { RunOutcome } from './run-outcome.js';

const notice = (code: string, level: 'info' | 'alarm' = 'alarm') => ({
  ts: 1,
  level,
  code,
  message: "Strategy 'a' threw: one\n  two. It is stopped.",
  details: {},
});

describe('RunOutcome', () => {
  it('is done where nothing failed', () => {
    const outcome = new RunOutcome();
    outcome.notice(notice('FEED_STALE'));
    outcome.notice(notice('STRATEGY_THREW', 'info'));
    const result = sampleRun({ hours: 48, tradeEvery: 8 });
    expect([outcome.status, outcome.errors, outcome.finish(result)]).toEqual(['done', [], result]);
  });

  it('has failed with every strategy that did, on one line each', () => {
    const outcome = new RunOutcome();
    outcome.notice(notice('STRATEGY_THREW'));
    outcome.notice(notice('STRATEGY_ANSWER_INVALID'));
    expect(outcome.status).toBe('failed');
    expect(outcome.errors.map(({ code }) => code)).toEqual(['STRATEGY_THREW', 'STRATEGY_ANSWER_INVALID']);
    expect(outcome.errors[0]?.message).toBe("Strategy 'a' threw: one two. It is stopped.");
    expect(outcome.errors.every(({ remedy }) => remedy !== '')).toBe(true);
  });

  it('says what can be done about this failure where the notice knows', () => {
    const outcome = new RunOutcome();
    outcome.notice({ ...notice('STRATEGY_ANSWER_INVALID'), details: { remedy: 'Rename it.' } });
    expect(outcome.errors[0]?.remedy).toBe('Rename it.');
  });

  it('has failed where a panic is not complete, whatever ended the run', () => {
    const outcome = new RunOutcome();
    outcome.notice(notice('PANIC_UNFINISHED'));
    expect([outcome.status, outcome.errors[0]?.code]).toEqual(['failed', 'PANIC_UNFINISHED']);
  });

  it('says first that an interrupted result is partial', () => {
    const outcome = new RunOutcome();
    outcome.isInterrupted = true;
    const result = sampleRun({ hours: 48, tradeEvery: 8 });
    const { warnings } = outcome.finish(result);
    expect(outcome.status).toBe('interrupted');
    expect(warnings[0]).toContain(
      `Partial: The run was interrupted; it got as far as ${new Date(result.to).toISOString()}.`,
    );
    expect(warnings.slice(1)).toEqual(result.warnings);
    expect(outcome.errors).toMatchObject([{ code: 'CLI_INTERRUPTED' }]);
  });
});
