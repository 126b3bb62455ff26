// Looks once whether there is a gateway with a paper account, so that not every case says so by itself.
import { connect } from 'node:net';
import { isTradingError, SILENT_LOGGER, SystemClock } from '@bookrunner/sdk';
import { GatewayPool } from '../../session/gateway-pool.js';
import type { GatewayUser } from '../../session/gateway.js';
import { ibkrVenueOptions } from '../../venue/venue-options.js';
import { conformanceError } from '../conformance-errors.js';
import { isPaper } from './paper-account.js';
import type { PaperAccount } from './paper-account.js';

/** A port that answers does so within five seconds, and a gateway ends its handshake within ten. */
const CONNECT_MS = 5_000;
const WITHIN = { handshakeTimeoutMs: 10_000, openTimeoutMs: 15_000 } as const;

const VISITOR: GatewayUser = {
  name: 'conformance',
  onState: () => undefined,
  onUp: () => undefined,
  onUpstream: () => undefined,
  onFarm: () => undefined,
};

/**
 * The account that is tried on. Errors: CONFORMANCE_UNREACHABLE within five seconds, CONFORMANCE_ACCOUNT, and those of the
 * handshake.
 */
export async function findPaperAccount(paper: PaperAccount): Promise<string> {
  await reach(paper);
  const accounts = await managedAccounts(paper);
  const account = paper.account ?? accounts[0] ?? '';
  const managed = accounts.length === 0 ? 'none' : accounts.join(', ');
  if (!accounts.includes(account)) {
    throw conformanceError('CONFORMANCE_ACCOUNT', `The login does not manage account '${account}', but ${managed}.`);
  }
  if (!isPaper(account)) {
    throw conformanceError(
      'CONFORMANCE_ACCOUNT',
      `${account} is no paper account: its money is real, and nothing is tried on it. The login manages ${managed}.`,
    );
  }
  return account;
}

function reach({ host, port }: PaperAccount): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (why: string): void => {
      socket.destroy();
      reject(conformanceError('CONFORMANCE_UNREACHABLE', `Nothing answers at ${host}:${port}: ${why}.`));
    };
    socket.setTimeout(CONNECT_MS, () => fail(`no connection within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

async function managedAccounts({ host, port, clientId }: PaperAccount): Promise<readonly string[]> {
  const options = ibkrVenueOptions.parse({ host, port, clientId, restart: false, ...WITHIN });
  const gateway = new GatewayPool().gateway(options, { clock: new SystemClock(), logger: SILENT_LOGGER });
  try {
    await gateway.attach(VISITOR);
    return gateway.accounts;
  } catch (error) {
    if (!isTradingError(error) || error.code !== 'IBKR_UNREACHABLE') throw error;
    throw conformanceError('CONFORMANCE_UNREACHABLE', error.message, { cause: error });
  } finally {
    await gateway.detach(VISITOR);
  }
}
