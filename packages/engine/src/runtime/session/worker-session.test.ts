import type { Command } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import type { CommandOutcome } from '../../control/engine-control.js';
import { Scene } from '../../kernel/kernel.fixture.js';
import type { Assembly } from '../assemble.js';
import { WorkerSession } from './worker-session.js';

const HALT: Command = { ts: 0, name: 'halt', args: {}, actor: 'ada' };

function sessionOf(scene: Scene): WorkerSession {
  const source = { now: () => scene.now, lagMs: 0, wake: () => {}, feeds: () => [] };
  const session = new WorkerSession({ runId: 'r', name: 'demo', source, wallClock: () => scene.now });
  session.attach({ driver: scene.driver, kernel: scene.kernel } as Assembly);
  return session;
}

describe('a command', () => {
  it('that comes while a run that has ended writes its results is refused: its journal takes nothing any more', () => {
    const scene = new Scene();
    const session = sessionOf(scene);
    session.begin(scene.now);
    session.end();
    const outcomes: CommandOutcome[] = [];
    session.command(HALT, (outcome) => outcomes.push(outcome));
    expect(outcomes).toEqual([expect.objectContaining({ kind: 'refused', reason: 'ENGINE_ENDED' })]);
    expect([scene.journal.length, scene.codes()]).toEqual([0, []]);
  });

  it('that waits for a run that never begins is answered when that ends', () => {
    const scene = new Scene();
    const session = sessionOf(scene);
    const outcomes: CommandOutcome[] = [];
    session.command(HALT, (outcome) => outcomes.push(outcome));
    expect(outcomes).toEqual([]);
    session.end();
    expect(outcomes).toMatchObject([{ reason: 'ENGINE_ENDED' }]);
  });
});
