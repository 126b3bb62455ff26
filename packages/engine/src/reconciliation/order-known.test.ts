// An outcome that is not known: when a person is paged, and that he hears when it is.
import { describe, expect, it } from '@jest/globals';
import { BrokerBench } from './broker-bench.fixture.js';

/** What was told of outcomes, and how loud. */
function told({ scene }: BrokerBench): readonly string[] {
  return scene.notices
    .filter(({ code }) => code.startsWith('ORDER_') && code !== 'ORDER_REJECTED')
    .map(({ level, code }) => `${level} ${code}`);
}

/** An order that arrived and of which nobody heard. */
function unheard(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.broker.fate = () => 'unheard';
  bench.bar(1);
  bench.broker.fate = () => 'through';
  return bench;
}

describe('an order whose outcome is not known', () => {
  it('pages nobody where the next answer tells, and is said to be known', () => {
    const bench = unheard();
    expect(told(bench)).toEqual(['warning ORDER_UNKNOWN']);
    bench.pass(10_000);
    expect(bench.scene.held()).toBe(100);
    expect(told(bench)).toEqual(['warning ORDER_UNKNOWN', 'info ORDER_KNOWN']);
    expect(bench.scene.notices.find(({ code }) => code === 'ORDER_KNOWN')?.message).toContain("it is 'filled'");
  });

  it('is an alarm after the bound, and has its all-clear', () => {
    const bench = unheard();
    bench.broker.spoil = () => undefined;
    bench.pass(40_000);
    expect(told(bench)).toEqual(['warning ORDER_UNKNOWN', 'alarm ORDER_OUTCOME_UNKNOWN']);
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(70_000);
    expect(told(bench).slice(2)).toEqual(['info ORDER_KNOWN']);
  });

  it('is said to be known where it never arrived', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = (what) => (what === 'submit' ? 'lost' : 'through');
    bench.bar(1);
    bench.pass(10_000);
    expect(told(bench)).toEqual(['warning ORDER_UNKNOWN', 'info ORDER_KNOWN']);
  });
});

it('a cancel that a person was paged for has its all-clear', () => {
  const bench = new BrokerBench();
  bench.ready();
  bench.scene.answer({ share: 1, entry: { limit: 90 } });
  bench.pump();
  bench.broker.fate = (what) => (what === 'cancel' ? 'unheard' : 'through');
  bench.broker.spoil = () => undefined;
  bench.scene.answer(0);
  bench.pass(40_000);
  expect(told(bench)).toEqual(['alarm ORDER_OUTCOME_UNKNOWN']);
  bench.broker.spoil = (snapshot) => snapshot;
  bench.pass(70_000);
  expect(told(bench)).toEqual(['alarm ORDER_OUTCOME_UNKNOWN', 'info ORDER_KNOWN']);
});
