// `npm run conformance` as somebody types it who has got something wrong.
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, jest } from '@jest/globals';
import { startTwsSimulator } from '../src/simulator/index.js';

jest.setTimeout(120_000);

// Runs the build in dist.
const COMMAND = fileURLToPath(new URL('../../../scripts/conformance.mjs', import.meta.url));

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

function conformance(env: Readonly<Record<string, string>>, ...words: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env } };
    execFile(process.execPath, [COMMAND, 'ibkr', ...words], options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function aGateway(...accounts: readonly string[]): Promise<string> {
  const simulator = await startTwsSimulator({ accounts: accounts.map((id) => ({ id })) });
  closing.push(() => simulator.close());
  return `127.0.0.1:${simulator.port}`;
}

async function aClosedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

it.each([
  [{ IBKR_PAPER: 'xx' }, "IBKR_PAPER has to be host:port, such as 127.0.0.1:4002; it is 'xx'."],
  [{ IBKR_PAPER: '127.0.0.1:70000' }, 'IBKR_PAPER has to be host:port'],
  [
    { IBKR_PAPER: '127.0.0.1:4002', IBKR_PAPER_CLIENT_ID: 'x' },
    "IBKR_PAPER_CLIENT_ID has to be a number such as 901; it is 'x'.",
  ],
  [{ IBKR_PAPER: '127.0.0.1:4002', IBKR_PAPER_PRICE: '-1' }, 'IBKR_PAPER_PRICE has to be a number such as 20'],
])('tells in one line what is wrong with %j', async (env, expected) => {
  const { exitCode, stdout, stderr } = await conformance(env);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^CONFORMANCE_TARGET: .*\n$/);
  expect(stderr).toContain(expected);
});

it('says at once that nothing answers', async () => {
  const where = await aClosedPort();
  const { exitCode, stderr } = await conformance({ IBKR_PAPER: where });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^CONFORMANCE_UNREACHABLE: Nothing answers at 127\.0\.0\.1:\d+: ECONNREFUSED\. Start TWS .*\n$/,
  );
});

it('tries nothing on an account with real money, nor on one that the login does not manage', async () => {
  const real = await conformance({ IBKR_PAPER: await aGateway('U1234567') });
  expect(real.exitCode).toBe(2);
  expect(real.stderr).toMatch(/^CONFORMANCE_ACCOUNT: U1234567 is no paper account: its money is real, .*\n$/);
  const other = await conformance({ IBKR_PAPER: await aGateway('U1', 'DU2'), IBKR_PAPER_ACCOUNT: 'DU3' });
  expect(other.stderr).toMatch(/^CONFORMANCE_ACCOUNT: The login does not manage account 'DU3', but U1, DU2\. .*\n$/);
});

it('says of cases that were skipped that they were, and why', async () => {
  const { exitCode, stdout, stderr } = await conformance(
    { IBKR_PAPER: await aGateway('DU1') },
    '--only',
    'IBK-031,IBK-012',
  );
  expect([exitCode, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(
    /^ibkr: at paper account DU1 at 127\.0\.0\.1:\d+\nskipped behaviours +2 cases, 0 passed, 0 failed, 2 skipped/,
  );
  expect(stderr).toContain('skipped, at a real gateway nobody can bring it about: IBK-012, IBK-031\n');
  expect(stderr).toContain('nothing was tried');
});

it('runs what is asked for at the simulator', async () => {
  const { exitCode, stdout } = await conformance(
    { IBKR_PAPER: '' },
    '--suite',
    'behaviours',
    '--only',
    'IBK-012',
    '--json',
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ cases: 1, passed: 1, suites: [{ suite: 'behaviours', skips: [] }] });
  const none = await conformance({ IBKR_PAPER: '' }, '--only', 'IBK-999');
  expect([none.exitCode, none.stderr.split('\n')[0]]).toEqual([2, 'No such case.']);
});
