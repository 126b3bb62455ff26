// A panic closes what is frozen as well; what it closed is still frozen for whoever resumes.
import { expect, it } from '@jest/globals';
import type { BrokerBench } from './broker-bench.fixture.js';
import { makeBench } from './broker-steps.fixture.js';

/** The first book has 100; somebody bought 25 that nobody told of, which nobody has decided on. */
function frozen(): BrokerBench {
  const bench = makeBench();
  bench.ready();
  bench.bar(1);
  bench.broker.trade('buy', 25, 'AAA', false);
  bench.pass(70_000);
  expect(bench.scene.codes()).toContain('SYMBOL_FROZEN');
  return bench;
}

it('a book that was closed by a panic and resumed sends nothing for a symbol on which nobody has decided', () => {
  const bench = frozen();
  bench.scene.command('panic', { book: 'CORE' });
  bench.pass(70_000);
  expect([bench.truth, bench.scene.held()]).toEqual([25, 0]);
  bench.scene.command('resume', { book: 'CORE' });
  bench.bar(1);
  bench.bar(0.5);
  expect([bench.truth, bench.scene.held()]).toEqual([25, 0]);
  bench.scene.command('ignore', { symbol: 'AAA' });
  bench.bar(0.5);
  expect([bench.truth, bench.scene.held(), bench.suspense]).toEqual([75, 50, 25]);
});
