import { expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { Heartbeat } from './heartbeat.js';

interface Bench {
  readonly beat: Heartbeat;
  readonly asked: () => number;
  readonly told: string[];
  /** Lets time pass, a message of something else coming every second or none. */
  pass(seconds: number, isTalking: boolean): Promise<void>;
}

function bench(): Bench {
  const clock = new FakeClock();
  const told: string[] = [];
  let asked = 0;
  let received = 0;
  const beat = new Heartbeat({
    ...{ everyMs: 10_000, limitMs: 30_000, clock, received: () => received },
    ask: () => {
      asked += 1;
      return Promise.resolve(true);
    },
    onAnswer: (latencyMs) => told.push(`answer after ${latencyMs}`),
    onSilence: () => told.push('silence'),
  });
  beat.start();
  const pass = async (seconds: number, isTalking: boolean): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      if (isTalking) received += 1;
      clock.advance(1_000);
      // oxlint-disable-next-line no-await-in-loop -- what a question does when it has left happens a turn later
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { beat, asked: () => asked, told, pass };
}

it('asks anew where an answer was lost while other messages came, and measures again', async () => {
  const { beat, asked, told, pass } = bench();
  await pass(10, true);
  expect(asked()).toBe(1);
  await pass(30, true);
  expect([asked(), told]).toEqual([2, []]);
  await pass(2, true);
  beat.answered(0);
  expect(told).toEqual(['answer after 2000']);
  await pass(10, true);
  expect(asked()).toBe(3);
});

it('finds a gateway gone that fell silent after it was asked anew', async () => {
  const { asked, told, pass } = bench();
  await pass(40, true);
  expect(asked()).toBe(2);
  await pass(30, false);
  expect(told).toEqual([]);
  await pass(1, false);
  expect(told).toEqual(['silence']);
});
