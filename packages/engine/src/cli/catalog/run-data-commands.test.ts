import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { temporaryFolder } from '../../feeds/feed-context.fixture.js';
import { main } from '../../main.js';
import type { TextStream } from '../command-output.js';

class TextSink implements TextStream {
  readonly isTerminal = false;
  readonly columns = 80;
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

let folder = '';
let remove = (): void => {};

async function data(...words: readonly string[]) {
  const stdout = new TextSink();
  const stderr = new TextSink();
  const never = (): (() => void) => () => {};
  const code = await main(['data', ...words, '--catalog', join(folder, 'catalog')], {
    ...{ stdout, stderr, env: {}, now: () => 1_700_000_000_000, onInterrupt: never, onBusyInterrupt: never },
  });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

beforeAll(async () => {
  ({ path: folder, remove } = temporaryFolder());
  const file = join(folder, 'a.csv');
  writeFileSync(file, `ts,open,high,low,close,volume\n${Date.UTC(2024, 0, 2, 14, 30)},1,2,1,2,5\n`);
  expect(await data('import', file, '--symbol', 'EURUSD')).toMatchObject({ code: 0 });
});

afterAll(() => remove());

describe('data commands of what is not there', () => {
  it.each(['list', 'verify'])('%s names the symbols that there are', async (command) => {
    const near = await data(command, 'EURUDS');
    expect(near).toMatchObject({ code: 1, stdout: '' });
    expect(near.stderr).toMatch(/^DATA_SET_MISSING: .* has no data of EURUDS\. Did you mean 'EURUSD'\?/);
    expect((await data(command, 'NOPE')).stderr).toContain('has no data of NOPE. Known: EURUSD.');
  });

  it('list and verify what there is', async () => {
    expect(await data('list', 'EURUSD')).toMatchObject({ code: 0, stderr: '' });
    expect(await data('verify', 'EURUSD')).toMatchObject({ code: 0 });
  });

  it('export warns of a file without rows, and of no other', async () => {
    const empty = await data('export', join(folder, 'empty.csv'), '--symbol', 'EURUSD', '--from', '2030-01-01');
    expect(empty.code).toBe(0);
    expect(empty.stderr).toMatch(/warning: .*empty\.csv has no rows: EURUSD 1m has none in the range asked for/);
    const full = await data('export', join(folder, 'full.csv'), '--symbol', 'EURUSD');
    expect(full.stderr).not.toContain('warning');
  });
});
