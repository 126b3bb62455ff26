import type { EngineNotice } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Outbox } from './outbox.js';

function noticeOf(code: string): EngineNotice {
  return { ts: 0, level: 'info', code, message: '', details: {} };
}

describe('the outbox', () => {
  it('gives what was added in order, whenever it is taken, and shows what an event adds', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3)), (steps) => {
        const outbox = new Outbox();
        const waiting: string[] = [];
        steps.forEach((added, step) => {
          const before = outbox.end;
          const codes = Array.from({ length: added }, (_, place) => `${step}-${place}`);
          for (const code of codes) outbox.notify(noticeOf(code));
          const seen = Array.from({ length: outbox.end - before }, (_, i) => outbox.at(before + i).notice?.code);
          expect(seen).toEqual(codes);
          waiting.push(...codes);
          // Now and then fewer are taken than were added: then the next event adds behind what waits.
          for (let taken = 0; taken < 2; taken++) expect(outbox.take()?.notice?.code).toBe(waiting.shift());
          expect(outbox.hasEntries).toBe(waiting.length > 0);
        });
      }),
    );
  });
});
