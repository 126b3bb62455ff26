// What was to be decided and is not any more: its row among the differences says so.
import { describe, expect, it } from '@jest/globals';
import type { DifferenceView, ReconciliationView } from '../control/reconciliation-view.js';
import { DifferenceLog } from '../runtime/difference-log.js';
import { reconciliationViews } from '../runtime/reconciliation-views.js';
import { BrokerBench } from './broker-bench.fixture.js';

const ASKS = /adopt, flatten or ignore/;

function viewOf({ scene }: BrokerBench): ReconciliationView {
  const log = new DifferenceLog();
  for (const notice of scene.notices) log.heard(notice);
  return reconciliationViews(scene.kernel, log.all)[0] as ReconciliationView;
}

/** Rows of what a person had or has to decide. */
function rows(bench: BrokerBench): readonly DifferenceView[] {
  return viewOf(bench).differences.filter(({ cause }) => ['position', 'position-taken', 'undecided'].includes(cause));
}

function shown(bench: BrokerBench): readonly unknown[] {
  return rows(bench).map(({ isOpen, decision, action }) => [isOpen, decision, action]);
}

/** A strategy that holds 100, of which somebody sold some by hand. */
function taken(quantity = 100): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answers[0] = { share: 1 };
  bench.scene.bars();
  bench.pass(5_000);
  const held = bench.scene.held();
  expect(held).toBeGreaterThan(0);
  bench.say('fill', bench.broker.trade('sell', quantity));
  bench.pass(10_000);
  expect(rows(bench)).toMatchObject([{ cause: 'position-taken', isOpen: true, action: expect.stringMatching(ASKS) }]);
  expect(viewOf(bench).frozen).toHaveLength(1);
  return bench;
}

describe('the row of a difference that was decided', () => {
  it.each([
    ['adopt', /^adopted by \S+ in \S+, said ada$/],
    ['ignore', /^ignored, said ada$/],
  ])('says what came of it: %s', (decision, action) => {
    const bench = taken();
    bench.scene.command(decision as 'adopt', { symbol: 'AAA' });
    bench.pass(10_000);
    expect(viewOf(bench).frozen).toEqual([]);
    expect(shown(bench)).toEqual([[false, decision, expect.stringMatching(action)]]);
    bench.pass(5 * 3_600_000);
    expect(shown(bench)).toHaveLength(1);
  });

  it('stays open while it is being closed, and no longer', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.trade('sell', 30, 'AAA', false);
    bench.pass(70_000);
    expect(rows(bench)).toMatchObject([{ cause: 'position', isOpen: true }]);
    bench.scene.command('flatten', { symbol: 'AAA' });
    expect(shown(bench)).toEqual([[true, 'flatten', 'to be closed, said ada']]);
    bench.pass(10_000);
    expect([viewOf(bench).frozen, bench.truth]).toEqual([[], 0]);
    expect(shown(bench)).toEqual([[false, 'flatten', 'to be closed, said ada; nothing is to be decided any more']]);
  });

  it('is settled where it is set off at the broker, and does not come to life with the next one', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.trade('sell', 30, 'AAA', false);
    bench.pass(70_000);
    bench.broker.trade('buy', 30, 'AAA', false);
    bench.pass(70_000);
    expect(viewOf(bench).frozen).toEqual([]);
    expect(shown(bench)[0]).toEqual([false, undefined, 'nothing is to be decided any more']);
    bench.broker.trade('buy', 50, 'AAA', false);
    bench.pass(70_000);
    const open = rows(bench).map(({ isOpen }) => isOpen);
    expect(open).toEqual([...open.slice(1).map(() => false), true]);
  });

  it('does not say frozen where an execution of others that came late explains it, and asks on', () => {
    const bench = new BrokerBench();
    bench.ready();
    const fill = bench.broker.trade('sell', 30, 'AAA', false);
    bench.pass(70_000);
    bench.say('fill', fill);
    bench.pass(70_000);
    expect([viewOf(bench).frozen.length, viewOf(bench).undecided.length]).toEqual([0, 1]);
    expect(shown(bench)[0]).toEqual([true, undefined, 'no longer frozen; adopt, flatten or ignore AAA']);
  });

  it('of what nothing froze asks for nothing more', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.say('fill', bench.broker.trade('sell', 30));
    bench.pass(10_000);
    expect(rows(bench)).toMatchObject([{ cause: 'undecided', action: expect.stringMatching(ASKS) }]);
    bench.scene.command('ignore', { symbol: 'AAA' });
    expect(shown(bench)).toEqual([[false, 'ignore', 'ignored, said ada']]);
  });

  it('is one of several: only the newest asks', () => {
    const bench = taken(40);
    bench.say('fill', bench.broker.trade('sell', 30));
    bench.pass(10_000);
    const all = shown(bench);
    expect(all.length).toBeGreaterThan(1);
    expect(all.at(-1)).toEqual([true, undefined, expect.stringMatching(ASKS)]);
    expect(all.slice(0, -1)).toEqual(all.slice(0, -1).map(() => [false, undefined, 'told again since']));
    bench.scene.command('adopt', { symbol: 'AAA' });
    expect(shown(bench)).toEqual(all.map(() => [false, 'adopt', expect.stringMatching(/^adopted by/)]));
  });
});
