import { expect, it } from '@jest/globals';
import type { AccountState } from '@bookrunner/sdk';
import { FakeClock } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { AccountWatch } from './account-watch.js';

interface Bench {
  readonly gateway: FakeGateway;
  readonly clock: FakeClock;
  readonly watch: AccountWatch;
  readonly pushed: AccountState[];
}

function bench(): Bench {
  const gateway = new FakeGateway();
  gateway.state = 'up';
  const clock = new FakeClock();
  const pushed: AccountState[] = [];
  const watch = new AccountWatch({
    ...{
      gateway,
      clock,
      limitMs: 5_000,
      accounts: () => ['DU1'],
      positions: () => [],
      push: (state) => pushed.push(state),
    },
  });
  watch.open();
  return { gateway, clock, watch, pushed };
}

/** Subscriptions asked for and not cancelled. */
function alive(gateway: FakeGateway): readonly unknown[] {
  const cancelled = gateway.of('cancelAccountUpdatesMulti').map(({ args }) => args[0] as unknown);
  return gateway
    .of('reqAccountUpdatesMulti')
    .map(({ args }) => args[0] as unknown)
    .filter((id) => !cancelled.includes(id));
}

it('keeps one subscription of an account where two ask for it at once', async () => {
  const { gateway, watch } = bench();
  const asked = [watch.ask(), watch.ask()];
  for (const { args } of gateway.of('reqAccountUpdatesMulti')) gateway.emit(EventName.accountUpdateMultiEnd, args[0]);
  await Promise.all(asked);
  expect(alive(gateway)).toHaveLength(1);
  const third = watch.ask();
  gateway.emit(EventName.accountUpdateMultiEnd, gateway.of('reqAccountUpdatesMulti').at(-1)?.args[0]);
  await third;
  expect(alive(gateway)).toHaveLength(1);
});

it('leaves no subscription behind that was not answered in time', async () => {
  const { gateway, clock, watch } = bench();
  const asked = watch.ask().catch((error: unknown) => String(error));
  clock.advance(5_000);
  expect(await asked).toContain('did not answer');
  expect(alive(gateway)).toEqual([]);
});

it.each(['NetLiquidation', 'CashBalance', 'MaintMarginReq', 'BuyingPower'])(
  'pushes nothing while %s cannot be read, and what it is once it can',
  async (key) => {
    const { gateway, clock, watch, pushed } = bench();
    const asked = watch.ask();
    const id: unknown = gateway.of('reqAccountUpdatesMulti')[0]?.args[0];
    const tell = (name: string, value: string): void =>
      gateway.emit(EventName.accountUpdateMulti, id, 'DU1', '', name, value, 'USD');
    for (const name of ['NetLiquidation', 'CashBalance', 'MaintMarginReq', 'BuyingPower']) {
      tell(name, name === key ? '' : '1000.00');
    }
    gateway.emit(EventName.accountUpdateMultiEnd, id);
    await asked;
    clock.advance(1_000);
    expect(pushed).toEqual([]);
    tell(key, '900.00');
    clock.advance(1_000);
    expect(pushed).toMatchObject([{ account: 'DU1', currency: 'USD' }]);
    expect(Object.values(pushed[0] ?? {})).toContain(900);
  },
);
