import { describe, expect, it } from '@jest/globals';
import { exitCodeOf } from '../../cli/exit-code.js';
import { openInOrder } from '../../plugins/index.js';
import { requireAccounts } from './broker-accounts.js';
import { mayPass } from '../live/passing-failure.js';

const BROKER = { name: 'ib', accounts: [{ name: 'main', id: 'DU1', isExclusive: true }] };

/** What a start makes of a venue whose session has these accounts. */
async function opening(known: readonly string[] | undefined): Promise<unknown> {
  const open = (): Promise<void> => Promise.resolve().then(() => requireAccounts(BROKER, known));
  const venue = { name: 'ib', open, close: () => Promise.resolve() };
  return openInOrder({ venues: [venue] }, { timeoutMs: 60_000 }).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('accounts of a session', () => {
  it('that it does not have are a mistake in engine.yaml: code 2, and not tried again', async () => {
    const error = await opening(['DU7']);
    expect([mayPass(error), exitCodeOf(error)]).toEqual([false, 2]);
    expect(error).toMatchObject({ details: { failures: [{ code: 'BROKER_ACCOUNT_UNKNOWN' }] } });
  });

  it('that it does not have yet are waited for', async () => {
    const error = await opening([]);
    expect([mayPass(error), exitCodeOf(error)]).toEqual([true, 1]);
    expect(error).toMatchObject({ details: { failures: [{ code: 'BROKER_ACCOUNTS_UNTOLD' }] } });
  });

  it('that it has, or does not tell of, are right', async () => {
    expect([await opening(['DU1', 'DU7']), await opening(undefined)]).toEqual([undefined, undefined]);
  });
});
