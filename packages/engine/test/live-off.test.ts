// Strategies that are off when a session goes on: each start says so, and only their name starts them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { Command, CommandName, EngineNotice } from '@bookrunner/sdk';
import { HaltLatch } from '../src/control/halt-latch.js';
import { firstCommands, isForGoingOn, resumeCommands, WATCHDOG } from '../src/runtime/session/first-commands.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
const folders: string[] = [];
afterAll(() => {
  removeProjects();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

async function held(strategy = 'guarded'): Promise<LiveBench> {
  const bench = await LiveBench.begin(brokerYaml(strategy));
  await bench.bar();
  expect(bench.qty()).toBeGreaterThan(0);
  return bench;
}

function say(bench: LiveBench, name: CommandName): Promise<void> {
  bench.session.command({ ts: 0, name, args: { name: 'mine' }, actor: 'ann' }, () => {});
  return bench.settle();
}

function goOn(bench: LiveBench, runId: string, first: readonly Command[] = []): Promise<LiveBench> {
  const project = bench.cutOff();
  return LiveBench.begin('', { project, clock: bench.clock, runId, first, wrap: () => bench.paper });
}

function off({ notices }: LiveBench): readonly EngineNotice[] {
  return notices.filter(({ code }) => code === 'STRATEGY_OFF');
}

function hungLatch(): HaltLatch {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-off-'));
  folders.push(folder);
  const latch = new HaltLatch(folder);
  latch.add({ level: 'halt', reason: 'It hung.', actor: WATCHDOG, at: 0 });
  return latch;
}

describe('a strategy that is off', () => {
  it('is told of at every start, with what it holds and what protects that, until it is started', async () => {
    const first = await held();
    await say(first, 'stop');
    await first.finish();
    const second = await goOn(first, 'run-2');
    await second.finish();
    const third = await goOn(second, 'run-3');
    for (const bench of [second, third]) {
      expect(off(bench).map(({ level }) => level)).toEqual(['warning']);
      expect(off(bench)[0]?.message).toMatch(
        /^Strategy 'mine' is off \(stopped: stopped by ann\) .* It holds \d+ EURUSD of mine in MAIN, protected by stop of \d+ at .*`start name=mine` at a control surface/,
      );
    }
    await say(third, 'start');
    await third.finish();
    const last = await goOn(third, 'run-4');
    expect(off(last)).toEqual([]);
    await last.finish();
  });

  it('and holds something that nothing protects, or nothing, is told of as that', async () => {
    const bench = await held('once');
    await say(bench, 'stop');
    await bench.finish();
    const next = await goOn(bench, 'run-2');
    expect(off(next)[0]?.message).toContain('EURUSD of mine in MAIN, NOT PROTECTED.');
    await next.finish();
    const idle = await LiveBench.begin(brokerYaml());
    await say(idle, 'stop');
    await idle.finish();
    const after = await goOn(idle, 'run-2');
    expect(off(after)[0]?.message).toContain('It holds nothing.');
    await after.finish();
  });

  it.each([
    ['without --resume', firstCommands],
    ['with --resume', resumeCommands],
  ])('since the engine was lost with it is off in the session that goes on, %s', async (_, commands) => {
    const bench = await held();
    bench.records();
    const latch = hungLatch();
    const first = commands({ latch, strategies: ['mine'], now: () => bench.clock.nowUtc() });
    const next = await goOn(bench, 'run-2', first);
    expect(next.session.snapshot()?.strategies).toMatchObject([{ status: 'failed', reason: 'stopped by watchdog' }]);
    expect(off(next)).toHaveLength(1);
    await next.finish();
    await bench.finish();
    expect(await next.verify('run-2')).toMatchObject({ isSame: true });
  });

  it('is none where the session begins anew with --resume', () => {
    const first = resumeCommands({ latch: hungLatch(), strategies: ['mine'], now: () => 0 });
    expect(first.filter((command) => !isForGoingOn(command)).map(({ name }) => name)).toEqual(['resume']);
  });
});
