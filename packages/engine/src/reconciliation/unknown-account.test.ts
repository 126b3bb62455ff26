import { describe, expect, it } from '@jest/globals';
import type { VenueSnapshot } from '@bookrunner/sdk';
import { AccountNames, requireAccounts } from '../runtime/brokers/broker-accounts.js';
import { BrokerBench } from './broker-bench.fixture.js';
import { ACCOUNT } from './truth-broker.fixture.js';

/** What a broker says whose only account is another one. */
function ofAnother(snapshot: VenueSnapshot): VenueSnapshot {
  const named = <Part extends { readonly items: readonly object[] }>(part: Part): Part => ({
    ...part,
    items: part.items.map((item) => ({ ...item, account: 'practice' })),
  });
  const { positions, openOrders, executions, accounts } = snapshot;
  return {
    ...{ positions: named(positions), openOrders: named(openOrders) },
    ...{ executions: named(executions), accounts: named(accounts) },
  };
}

describe('an account that the broker does not know', () => {
  it('is not reconciled: nothing is sent, and an alarm says where it stands and what the broker shows', () => {
    const bench = new BrokerBench();
    bench.broker.spoil = ofAnother;
    bench.ready();
    bench.bar(1);
    bench.pass(10_000);
    expect(bench.broker.received).toEqual([]);
    expect(bench.reconciler.reports().map(({ isComplete }) => isComplete)).toEqual([false]);
    const alarm = bench.scene.notices.find(({ code }) => code === 'ACCOUNT_UNKNOWN');
    expect(alarm?.level).toBe('alarm');
    expect(alarm?.details).toEqual({ venue: 'broker', accounts: [ACCOUNT], shown: ['practice'] });
    expect(alarm?.message).toContain(`accounts.${ACCOUNT}.id in engine.yaml`);
  });

  it('proves no panic', () => {
    const bench = new BrokerBench();
    bench.broker.spoil = ofAnother;
    bench.ready();
    bench.broker.trade('buy', 999);
    bench.scene.command('panic');
    bench.pass(70_000);
    expect(bench.scene.codes()).not.toContain('PANIC_COMPLETE');
    const pending = bench.scene.notices.find(({ code }) => code === 'PANIC_PENDING');
    expect(pending?.message).toContain(`broker does not know account ${ACCOUNT}`);
    expect(bench.truth).toBe(999);
  });

  it('shuts the gate where the broker forgets it, and opens it where it is back', () => {
    const bench = new BrokerBench();
    bench.ready();
    bench.bar(1);
    bench.broker.spoil = ofAnother;
    bench.pass(70_000);
    bench.bar(0);
    expect(bench.truth).toBe(100);
    bench.broker.spoil = (snapshot) => snapshot;
    bench.pass(70_000);
    bench.bar(0);
    expect(bench.truth).toBe(0);
    expect(bench.reconciler.watches[0]?.state).toBe('ready');
  });

  it('is refused at the start where the session says which accounts it has', () => {
    const broker = { name: 'broker', accounts: [{ name: 'main', id: 'wrong', isExclusive: true }] };
    expect(() => requireAccounts(broker, ['practice'])).toThrow(
      "accounts.main.id: 'wrong': venue 'broker' has no such",
    );
    expect(() => requireAccounts(broker, ['wrong', 'practice'])).not.toThrow();
    expect(() => requireAccounts(broker, undefined)).not.toThrow();
  });

  it('is not taken for one that is only called so in engine.yaml', () => {
    const names = new AccountNames([{ name: 'practice', id: 'wrong', isExclusive: true }]);
    expect([names.nameOf('wrong'), names.nameOf('practice')]).toEqual(['practice', 'practice (at the broker)']);
  });
});
