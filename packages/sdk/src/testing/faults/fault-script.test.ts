import { describe, expect, it } from '@jest/globals';
import { FaultScript } from './fault-script.js';
import type { FaultMoment, FaultWhen } from './fault-when.js';

interface Moment extends FaultMoment {
  readonly on: 'a' | 'b';
}
interface AnyFault {
  readonly kind: string;
  readonly when: FaultWhen<Moment>;
}

function scriptOf(faults: readonly AnyFault[], seed = 1): FaultScript<AnyFault, Moment> {
  return new FaultScript({ faults, kinds: ['x', 'y'], seed, canHappen: () => true });
}

/** At which of the moments, from 1, each kind happens. */
function hitsOf(script: FaultScript<AnyFault, Moment>, moments: readonly Moment[], kind = 'x'): readonly number[] {
  return moments.flatMap((moment, i) => (script.judge(moment).some(({ fault }) => fault.kind === kind) ? [i + 1] : []));
}

const MIXED: readonly Moment[] = Array.from({ length: 200 }, (_, i) => {
  return { on: i % 2 === 0 ? 'a' : 'b', count: Math.floor(i / 2) + 1, orderNumbers: [Math.floor(i / 50) + 1] };
});

describe('FaultScript', () => {
  it('counts moments, of one sort where told, and happens once', () => {
    expect(hitsOf(scriptOf([{ kind: 'x', when: { nth: 3 } }]), MIXED)).toEqual([3]);
    expect(hitsOf(scriptOf([{ kind: 'x', when: { nth: 3, on: 'b' } }]), MIXED)).toEqual([6]);
  });

  it('happens to all that concerns an order, and where a function says so', () => {
    expect(hitsOf(scriptOf([{ kind: 'x', when: { order: 4 } }]), MIXED).length).toBe(50);
    expect(hitsOf(scriptOf([{ kind: 'x', when: ({ on, count }) => on === 'b' && count > 98 }]), MIXED)).toEqual([
      198, 200,
    ]);
  });

  it('draws chances from the seed, each fault for itself', () => {
    const chance = { kind: 'x', when: { chance: 0.3 } } as const;
    const other = { kind: 'y', when: { chance: 0.5 } } as const;
    const hits = hitsOf(scriptOf([chance]), MIXED);
    expect(hits.length).toBeGreaterThan(40);
    expect(hits.length).toBeLessThan(80);
    expect(hitsOf(scriptOf([chance, other]), MIXED)).toEqual(hits);
    expect(hitsOf(scriptOf([chance], 2), MIXED)).not.toEqual(hits);
    expect(hitsOf(scriptOf([{ kind: 'x', when: { chance: 1 } }]), MIXED).length).toBe(200);
    expect(hitsOf(scriptOf([{ kind: 'x', when: { chance: 0 } }]), MIXED)).toEqual([]);
  });

  it('counts nothing while paused, and does nothing once healed', () => {
    const script = scriptOf([{ kind: 'x', when: { nth: 2 } }]);
    script.judge(MIXED[0]!);
    script.pause(true);
    expect(script.judge(MIXED[1]!)).toEqual([]);
    script.pause(false);
    expect(script.judge(MIXED[2]!).length).toBe(1);
    const healed = scriptOf([{ kind: 'x', when: { chance: 1 } }]);
    healed.heal();
    expect(hitsOf(healed, MIXED)).toEqual([]);
  });
});
