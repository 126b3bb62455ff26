import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
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

async function refused(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [BIN, ...words]);
  const texts = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'exit')) as [number];
  const [stdout, stderr] = await texts;
  return { code, stdout, stderr };
}

it('explains itself', async () => {
  const said = await refused('--help');
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout).toContain('--tick-every-ms N');
});

it.each([
  [['--prot', '4555'], "Unknown option '--prot'"],
  [['--options', '{"fee'], '--options takes one JSON object'],
  [['--options', '[]'], '--options takes one JSON object'],
  [['--options', '{"feePerUnits":1}'], 'feePerUnits'],
  [['--options', '{"accounts":[{"id":"A","cash":"much"}]}'], 'accounts.0.cash'],
  [
    ['--options', '{"instruments":[{"symbol":"A","assetClass":"equity","quote":"USD","priceStep":-1}]}'],
    'INSTRUMENT_INVALID',
  ],
  [['--port', 'x'], '--port takes a number'],
])('says in a line or two what is wrong with %j', async (words, reason) => {
  const { code, stdout, stderr } = await refused(...words);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(reason);
  expect(stderr).not.toMatch(/\n\s+at /);
});

it('says that its port is taken', async () => {
  const child = spawn(process.execPath, [BIN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const said = await refused('--port', String(port));
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(said.code).toBe(1);
  expect(said.stderr).toContain('PRACTICE_PORT');
});

it('is a plugin', () => {
  expect(isPlugin(plugin)).toBe(true);
  expect([Object.keys(plugin.feeds), Object.keys(plugin.venues)]).toEqual([
    ['practice'],
    ['practice', 'practice-margin'],
  ]);
});
