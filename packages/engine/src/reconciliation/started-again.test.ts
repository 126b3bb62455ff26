// A session that goes on from another one: what is still to be decided is told once more, and only its own time is waited.
import { describe, expect, it } from '@jest/globals';
import { DifferenceLog } from '../runtime/difference-log.js';
import { BrokerBench } from './broker-bench.fixture.js';
import { VENUE } from './truth-broker.fixture.js';

const AWAY_MS = 8 * 3_600_000;

/** The engine is not running for hours, and its broker's line is opened by the one that goes on. */
function restart({ scene }: BrokerBench, awayMs = AWAY_MS): void {
  const restarted = { reason: 'ENGINE_RESTARTED', message: 'The engine was not running.' };
  const away = { ts: scene.now, venue: VENUE, state: 'disconnected', ...restarted } as const;
  scene.driver.event({ kind: 'venue-status', at: scene.now, status: away });
  scene.now += awayMs;
  const status = { ts: scene.now, venue: VENUE, state: 'connecting', reason: '', message: '' } as const;
  scene.driver.event({ kind: 'venue-status', at: scene.now, status });
}

/** Notices of some codes since a place among all, in short. */
function told({ scene }: BrokerBench, code: string, from = 0): readonly string[] {
  return scene.notices
    .slice(from)
    .filter((notice) => notice.code === code)
    .map(({ level, details }) => `${level} ${String(details['cause'] ?? details['status'])}`);
}

/** 30 that nobody explains. */
function frozen(): BrokerBench {
  const bench = new BrokerBench();
  bench.ready();
  bench.broker.trade('sell', 30, 'AAA', false);
  bench.pass(70_000);
  expect(told(bench, 'SYMBOL_FROZEN')).toEqual(['alarm position']);
  return bench;
}

describe('a symbol that is frozen when a session begins', () => {
  it('is told once at each start, with its quantity and what there is to do, and not when a line comes back', () => {
    const bench = frozen();
    for (let starts = 0; starts < 2; starts++) {
      const from = bench.scene.notices.length;
      restart(bench);
      expect(told(bench, 'SYMBOL_FROZEN', from)).toEqual([]);
      bench.ready();
      expect(told(bench, 'SYMBOL_FROZEN', from)).toEqual(['alarm undecided']);
      expect(
        bench.scene.notices.find(({ ts, code }) => code === 'SYMBOL_FROZEN' && ts === bench.scene.now)?.message,
      ).toMatch(/AAA: -30 stand in the suspense book.*adopt, flatten or ignore/);
      bench.status('disconnected');
      bench.ready();
      bench.pass(70_000);
      expect(told(bench, 'SYMBOL_FROZEN', from)).toHaveLength(1);
    }
    const log = new DifferenceLog();
    for (const notice of bench.scene.notices) log.heard(notice);
    expect(log.all.filter(({ isOpen }) => isOpen)).toHaveLength(2);
  });

  it('is not told once a person has decided, and what trades on is a warning', () => {
    const bench = frozen();
    bench.scene.command('ignore', { symbol: 'AAA' });
    bench.pass(1_000);
    const from = bench.scene.notices.length;
    restart(bench);
    bench.ready();
    expect(told(bench, 'SYMBOL_FROZEN', from)).toEqual([]);
    const other = new BrokerBench();
    other.ready();
    other.say('fill', other.broker.trade('sell', 30));
    other.pass(10_000);
    const since = other.scene.notices.length;
    restart(other);
    other.ready();
    expect(told(other, 'BROKER_DIFFERS', since)).toEqual(['warning undecided']);
  });
});

describe('an order of which nothing is known when a session begins', () => {
  const unknown = (): BrokerBench => {
    const bench = new BrokerBench();
    bench.ready();
    bench.broker.fate = (what) => (what === 'submit' ? 'lost' : 'through');
    bench.broker.spoil = () => undefined;
    bench.bar(1);
    bench.pass(1_000);
    expect(told(bench, 'ORDER_OUTCOME_UNKNOWN')).toEqual([]);
    return bench;
  };

  it('is no alarm for the time without an engine', () => {
    const bench = unknown();
    restart(bench);
    bench.broker.spoil = (snapshot) => snapshot;
    bench.ready();
    bench.pass(60_000);
    expect(told(bench, 'ORDER_OUTCOME_UNKNOWN')).toEqual([]);
    expect(bench.scene.listener.ended.map(({ reason }) => reason)).toEqual(['NEVER_ARRIVED']);
  });

  it('is one where the new session cannot find out either, with a line or without', () => {
    for (const isBack of [true, false]) {
      const bench = unknown();
      restart(bench);
      if (isBack) bench.ready();
      bench.pass(29_000);
      expect(told(bench, 'ORDER_OUTCOME_UNKNOWN')).toEqual([]);
      bench.pass(2_000);
      expect(told(bench, 'ORDER_OUTCOME_UNKNOWN')).toHaveLength(1);
    }
  });

  it('is known to a kernel that goes on from a snapshot of the time between', () => {
    const bench = unknown();
    const { kernel, now } = bench.scene;
    const status = { ts: now, venue: VENUE, state: 'disconnected', reason: 'ENGINE_RESTARTED', message: '' } as const;
    bench.scene.driver.event({ kind: 'venue-status', at: now, status });
    const next = new BrokerBench();
    next.scene.kernel.restore(kernel.snapshot());
    expect(next.scene.kernel.snapshot()).toEqual(kernel.snapshot());
  });
});
