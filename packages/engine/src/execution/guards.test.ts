import type { RiskPolicy } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import { Scene } from '../kernel/kernel.fixture.js';

describe('a policy that throws as it looks at its scope', () => {
  it('halts that scope with an alarm, until a person resumes; the others go on', () => {
    let isBroken = false;
    const policy: RiskPolicy = {
      check: () => ({ kind: 'approve' }),
      onState: () => {
        if (isBroken) throw new Error('no opinion');
        return undefined;
      },
    };
    const scene = new Scene({
      books: [{ name: 'CORE', policy }, { name: 'EDGE' }],
      strategies: [{ book: 0 }, { book: 1 }],
    });
    scene.answers.push(1, 0.5);
    scene.bars();
    isBroken = true;
    scene.bars();
    scene.bars();
    expect(scene.notices.map(({ code, level, message }) => [code, level, message])).toEqual([
      ['RISK_POLICY_THREW', 'alarm', 'book CORE: The risk policy threw: no opinion'],
    ]);
    scene.answers.splice(0, 2, -1, 1);
    scene.bars();
    expect([scene.held(0), scene.held(1)]).toEqual([0, 100]);
    isBroken = false;
    scene.command('resume', { book: 'CORE' });
    scene.answer(0.3);
    expect(scene.held(0)).toBe(30);
  });
});
