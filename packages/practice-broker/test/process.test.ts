import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { isPlugin } from '@bookrunner/sdk';
import plugin, { PracticeBrokerClient } from '../src/index.js';

// Starts the build in dist.
const BIN = fileURLToPath(new URL('../bin/bookrunner-practice-broker.js', import.meta.url));

it('runs in a process of its own, says its port, and ends when asked', async () => {
  const child = spawn(process.execPath, [BIN, '--tick-every-ms', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const control = await PracticeBrokerClient.connect((JSON.parse(line) as { port: number }).port);
  await control.tick(3);
  await control.command('external-order', { account: 'practice', order: { symbol: 'ACME', side: 'buy', qty: 2 } });
  expect((await control.truth()).positions).toMatchObject([{ account: 'practice', symbol: 'ACME', qty: 2 }]);
  control.close();
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
});

it('is a plugin', () => {
  expect(isPlugin(plugin)).toBe(true);
  expect([Object.keys(plugin.feeds), Object.keys(plugin.venues)]).toEqual([
    ['practice'],
    ['practice', 'practice-margin'],
  ]);
});
