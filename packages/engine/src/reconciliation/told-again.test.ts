// Corrections that a broker tells again, as it does after a restart, before it knows their fee.
import { describe, expect, it } from '@jest/globals';
import { toMoney } from '@bookrunner/sdk';
import { BrokerBench } from './broker-bench.fixture.js';

/** A hundred bought, corrected to 99 with a fee of 1. */
function corrected(): {
  readonly bench: BrokerBench;
  readonly say: (fields: object) => void;
  readonly seen: () => readonly unknown[];
} {
  const bench = new BrokerBench();
  bench.ready();
  bench.bar(1);
  const [execution] = bench.broker.executions;
  const say = (fields: object): void =>
    bench.scene.driver.event({
      ...({ kind: 'execution', at: bench.scene.now, venue: 'broker', change: 'corrected', account: 'ACC' } as const),
      execution: { ...(execution as NonNullable<typeof execution>), ...fields },
    });
  say({ price: 99, fee: 1, feeCurrency: 'USD' });
  const seen = (): readonly unknown[] => [
    bench.scene.held(),
    bench.scene.book.cash('USD'),
    bench.scene.listener.fills.length,
    bench.scene.codes().filter((code) => code === 'BROKER_DIFFERS').length,
  ];
  return { bench, say, seen };
}

describe('a correction that is told again', () => {
  it.each([0, Number.NaN, 1])('with the fee %s is booked nowhere and told to nobody', (fee) => {
    const { say, seen } = corrected();
    const before = seen();
    say({ price: 99, fee, feeCurrency: 'USD' });
    expect(seen()).toEqual(before);
  });

  it.each([0, Number.NaN])('and is another one, without its fee (%s), keeps the fee that is known', (fee) => {
    const { bench, say, seen } = corrected();
    const cash = bench.scene.book.cash('USD');
    say({ price: 98, fee, feeCurrency: 'USD' });
    expect(bench.scene.book.cash('USD') - cash).toBe(toMoney(100));
    const after = seen();
    // What a snapshot says of it then is no news either.
    say({ price: 98, fee: 1, feeCurrency: 'USD' });
    expect(seen()).toEqual(after);
  });

  it('with another fee is charged that', () => {
    const { bench, say } = corrected();
    const cash = bench.scene.book.cash('USD');
    say({ price: 99, fee: 3, feeCurrency: 'USD' });
    expect(cash - bench.scene.book.cash('USD')).toBe(toMoney(2));
  });
});
