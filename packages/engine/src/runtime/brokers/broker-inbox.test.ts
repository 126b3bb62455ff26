import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BrokerInbox } from './broker-inbox.js';

const fail = (error: unknown): never => {
  throw error;
};

describe('BrokerInbox', () => {
  it('delivers everything once, in order, and never inside a call', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.boolean(), { maxLength: 4 }), { maxLength: 20 }), async (turns) => {
        const inbox = new BrokerInbox(fail);
        const heard: number[] = [];
        let depth = 0;
        let next = 0;
        const push = (): void => {
          const number = next++;
          inbox.push(() => {
            expect(depth).toBe(0);
            heard.push(number);
          });
        };
        push();
        inbox.open();
        for (const turn of turns) {
          for (const isInside of turn) {
            if (!isInside) push();
            else
              inbox.call(() => {
                depth += 1;
                push();
                push();
                depth -= 1;
              });
          }
          await Promise.resolve();
        }
        await new Promise(setImmediate);
        expect(heard).toEqual(Array.from({ length: next }, (_, index) => index));
      }),
    );
  });

  it('keeps what a delivery makes a plugin say until that delivery is over', async () => {
    const inbox = new BrokerInbox(fail);
    const heard: string[] = [];
    inbox.open();
    inbox.push(() => {
      inbox.call(() => inbox.push(() => heard.push('second')));
      heard.push('first');
    });
    await Promise.resolve();
    expect(heard).toEqual(['first', 'second']);
  });

  it('hears nothing before it is open and after it is closed, and tells a fault once', () => {
    const faults: unknown[] = [];
    const heard: number[] = [];
    const inbox = new BrokerInbox((error) => faults.push(error));
    inbox.push(() => heard.push(1));
    expect(heard).toEqual([]);
    inbox.open();
    inbox.push(() => fail(new Error('disk')));
    inbox.push(() => heard.push(2));
    expect([heard, faults.length]).toEqual([[1], 1]);
  });
});
