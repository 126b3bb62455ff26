import { expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { EventName } from '@stoqey/ib';
import { FakeGateway } from '../contracts/fake-gateway.fixture.js';
import { AccountWatch } from './account-watch.js';

function bench(): { readonly gateway: FakeGateway; readonly clock: FakeClock; readonly watch: AccountWatch } {
  const gateway = new FakeGateway();
  gateway.state = 'up';
  const clock = new FakeClock();
  const watch = new AccountWatch({
    ...{ gateway, clock, limitMs: 5_000, accounts: () => ['DU1'], positions: () => [], push: () => undefined },
  });
  watch.open();
  return { gateway, clock, watch };
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
