// A start asks strategies again what the journal has: whoever watches calls is told of these as well, so that one that hangs is named.
import { afterAll, expect, it, jest } from '@jest/globals';
import { withMarks } from '../src/runtime/session/worker-strategies.js';
import { brokerYaml, LiveBench } from './live-bench.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterAll(removeProjects);

it('calls that a journal repeats are marked with the strategy, and are the same in what they decide', async () => {
  const first = await LiveBench.begin(brokerYaml('guarded'));
  await first.bar();
  expect(first.qty()).toBeGreaterThan(0);
  const project = first.cutOff();
  const marks: string[] = [];
  const beat = { enter: (index: number) => marks.push(`enter ${index}`), leave: () => marks.push('leave') };
  const next = await LiveBench.begin('', {
    ...{ project, clock: first.clock, runId: 'run-2', wrap: () => first.paper },
    watched: (prepared) => withMarks(prepared, { beat }),
  });
  expect(marks.length).toBeGreaterThan(0);
  expect(marks).toEqual(marks.map((_, place) => (place % 2 === 0 ? 'enter 0' : 'leave')));
  expect(next.qty()).toBe(first.qty());
  expect(next.notices.find(({ code }) => code === 'RUN_CONTINUED')?.details).not.toHaveProperty('changes');
  await next.finish();
  await first.finish();
});
