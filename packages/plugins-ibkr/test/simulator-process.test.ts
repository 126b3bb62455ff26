import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { EventName, IBApi, SecType } from '@stoqey/ib';
import type { ContractDetails } from '@stoqey/ib';

// Starts the build in dist.
const BIN = fileURLToPath(new URL('../bin/bookrunner-tws-simulator.js', import.meta.url));

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

function start(...words: readonly string[]) {
  const child = spawn(process.execPath, [BIN, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  closing.push(() => child.kill('SIGKILL'));
  return child;
}

it.each(['SIGTERM', 'SIGINT'] as const)('serves a client, and ends on %s', async (signal) => {
  const child = start('--port', '0', '--json', '--account', 'DU1,DU2');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const api = new IBApi({ host: '127.0.0.1', port, clientId: 1 });
  closing.push(() => api.disconnect());
  const details: ContractDetails[] = [];
  const isOver = new Promise((resolve) => api.once(EventName.contractDetailsEnd, resolve));
  api.on(EventName.contractDetails, (_, found) => details.push(found));
  api.once(EventName.nextValidId, () =>
    api.reqContractDetails(1, { symbol: 'AAPL', secType: SecType.STK, exchange: 'SMART', currency: 'USD' }),
  );
  const accounts = new Promise((resolve) => api.once(EventName.managedAccounts, resolve));
  api.connect();
  await isOver;
  expect(await accounts).toBe('DU1,DU2');
  expect(details.map(({ contract }) => contract.symbol)).toEqual(['AAPL']);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('tells what is wrong without a stack', async () => {
  const child = start('--port', 'x');
  const errors: string[] = [];
  child.stderr.on('data', (text) => errors.push(String(text)));
  expect(await once(child, 'close')).toEqual([2, null]);
  expect(errors.join('')).toMatch(/^SIMULATOR_ARGUMENT: [^\n]*\n$/);
});
