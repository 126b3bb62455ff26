import type { RiskPolicy } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Scene, START } from '../kernel/kernel.fixture.js';

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

describe('a policy that says from which loss of the day it asks', () => {
  /** What the policy was shown, in whole basis points of the day. */
  const watching = (asksFromLossBps?: number): { policy: RiskPolicy; asked: number[] } => {
    const asked: number[] = [];
    const policy: RiskPolicy = {
      check: () => ({ kind: 'approve' }),
      ...(asksFromLossBps === undefined ? {} : { asksFromLossBps }),
      onState: (view) => {
        asked.push(Math.round(view.dayPnlBps));
        return undefined;
      },
    };
    return { policy, asked };
  };
  /** A hundred units of 100 in a book of a million: a price move of 1 is one basis point. */
  const hold = (scene: Scene, ...prices: readonly number[]): void => {
    scene.answer(1);
    for (const price of prices) scene.bars(price);
  };

  it.each([
    ['everything', (policy: RiskPolicy) => ({ policy })],
    ['a book', (policy: RiskPolicy) => ({ books: [{ name: 'CORE', policy }] })],
    ['one of two books', (policy: RiskPolicy) => ({ books: [{ name: 'CORE', policy }, { name: 'EDGE' }] })],
    ['a strategy', (policy: RiskPolicy) => ({ strategies: [{ policy }] })],
  ])('is asked there and beyond, of %s', (_, optionsOf) => {
    const { policy, asked } = watching(30);
    hold(new Scene(optionsOf(policy)), 90, 71, 70, 60, 75, 40);
    expect(asked).toEqual([-30, -40, -60]);
  });

  it('is asked where it would have been asked alone, whoever else watches the book', () => {
    const loss = fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined });
    fc.assert(
      fc.property(loss, loss, fc.array(fc.integer({ min: 40, max: 160 }), { maxLength: 12 }), (all, core, prices) => {
        const everything = watching(all);
        const book = watching(core);
        hold(new Scene({ policy: everything.policy, books: [{ name: 'CORE', policy: book.policy }] }), ...prices);
        const lost = [0, ...prices.map((price) => price - 100)];
        expect([everything.asked, book.asked]).toEqual(
          [all, core].map((from) => lost.filter((pnl) => from === undefined || pnl <= -from)),
        );
      }),
    );
  });

  it('is asked at every mark where it says nothing', () => {
    const { policy, asked } = watching();
    hold(new Scene({ policy }), 90, 71);
    expect(asked).toEqual([0, -10, -29]);
  });

  it('measures anew when an allocation is set, a limit is set or a day begins', () => {
    const { policy, asked } = watching(30);
    const scene = new Scene({ strategies: [{ policy, allocation: 0.5 }] });
    // Half a million: a move of 1 is two basis points.
    hold(scene, 86, 85);
    expect(asked.splice(0)).toEqual([-30]);
    scene.command('alloc', { name: scene.runner.name, weight: 1 });
    scene.bars(84);
    scene.bars(70);
    expect(asked.splice(0)).toEqual([-30]);
    scene.now = START + 24 * 3_600_000;
    scene.bars(50);
    scene.bars(45);
    // The day began at 70.
    expect(asked.splice(0)).toEqual([]);
    scene.bars(40);
    scene.bars(34);
    expect(asked).toEqual([-30, -36]);
    scene.command('risk', { name: scene.runner.name, bps: 20 });
    scene.bars(51);
    expect(scene.codes()).toEqual(['RISK_LIMIT_SET']);
    scene.bars(50);
    expect(scene.codes()).toEqual(['RISK_LIMIT_SET', 'RISK_LOSS_DAY']);
  });
});
