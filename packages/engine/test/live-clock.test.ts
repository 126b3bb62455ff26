// A session that goes on where the clock of the machine was set back meanwhile.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CutRun } from './live-cut.fixture.js';
import { MINUTE, NOON, removeProjects } from './live-session.fixture.js';
import { TAPE, TICKS } from './uncut-run.fixture.js';

jest.setTimeout(60_000);
afterEach(removeProjects);

async function goesOn(at: number): Promise<CutRun> {
  const first = await CutRun.begin({ tape: TAPE, capabilities: TICKS, isJournalled: true });
  await first.play(NOON + 4 * MINUTE, MINUTE);
  const project = first.cutOff();
  await first.finish();
  return CutRun.begin({
    tape: TAPE,
    capabilities: TICKS,
    isJournalled: true,
    project,
    after: first,
    runId: 'run-2',
    at,
  });
}

describe('a clock behind the run that is gone on from', () => {
  it('is an alarm, since nothing that is due happens until it is there', async () => {
    const next = await goesOn(NOON + MINUTE);
    const told = next.notices.filter(({ code }) => code === 'CLOCK_BEHIND_RUN');
    expect(told).toMatchObject([{ level: 'alarm', details: { behindMs: expect.any(Number) } }]);
    expect(told[0]?.message).toContain('until 2024-01-02T12:0');
    await next.play(NOON + 8 * MINUTE);
    expect(next.seen('EURUSD').at(-1)?.ts).toBe(NOON + 6 * MINUTE);
    await next.finish();
    expect(await next.verify('run-2')).toMatchObject({ isSame: true });
  });

  it('is none where it went on', async () => {
    const next = await goesOn(NOON + 5 * MINUTE);
    expect(next.codes()).not.toContain('CLOCK_BEHIND_RUN');
    await next.finish();
  });
});
