import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KernelTime } from './kernel-time.js';

const DEADLINES = ['barAt', 'dayAt', 'scheduleAt', 'reconcileAt', 'panicAt'] as const;

const instant = fc.integer({ min: 0, max: 50 });
/** What those who move deadlines do: bring one forward, move one anywhere, settle an instant and be done with it. */
const move = fc.oneof(
  fc.record({ kind: fc.constant('earlier' as const), which: fc.constantFrom(...DEADLINES), at: instant }),
  fc.record({ kind: fc.constant('anywhere' as const), which: fc.constantFrom(...DEADLINES), at: instant }),
  fc.record({ kind: fc.constant('settle' as const), at: instant }),
  fc.record({ kind: fc.constant('settled' as const) }),
);

describe('the deadlines of a kernel', () => {
  it('are known by the earliest of all, and by the earliest but for the instant to be settled', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
        const time = new KernelTime();
        for (const one of moves) {
          if (one.kind === 'settle') {
            // An instant is settled before time goes on.
            if (time.settleAt === Number.POSITIVE_INFINITY) time.now = one.at;
            time.settleNow();
          } else if (one.kind === 'settled') time.settled();
          else if (one.kind === 'anywhere') {
            time[one.which] = one.at;
            time.aim();
          } else if (one.at < time[one.which]) {
            time[one.which] = one.at;
            time.bringForward(one.at);
          }
          const later = Math.min(...DEADLINES.map((which) => time[which]));
          expect(time.later).toBe(later);
          expect(time.next).toBe(Math.min(time.settleAt, later));
        }
      }),
    );
  });
});
