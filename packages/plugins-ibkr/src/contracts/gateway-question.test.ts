import { expect, it } from '@jest/globals';
import { FakeClock } from '@bookrunner/sdk/testing';
import { FakeGateway } from './fake-gateway.fixture.js';
import { askGateway } from './gateway-question.js';

it('is not asked where nobody waits for it any more', async () => {
  const gateway = new FakeGateway();
  gateway.state = 'up';
  const clock = new FakeClock();
  const reason = new Error('Nobody waits.');
  const asked = askGateway<never>(
    { gateway, clock },
    {
      ...{ id: 1, lane: 'history', what: 'bars', limitMs: 60_000, signal: AbortSignal.abort(reason) },
      write: (api) => void api.reqCurrentTime(),
      listen: () => [],
      refused: () => undefined,
    },
  );
  await expect(asked).rejects.toBe(reason);
  expect([gateway.calls, gateway.listening(), clock.pendingCalls]).toEqual([[], 0, 0]);
});
