import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DRIVER } from '../journal/journal.fixture.js';
import { lockAccounts, LOCKS_VARIABLE, type MachineLockOptions } from './machine-lock.js';

let folder: string;
const held: (() => void)[] = [];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'bookrunner-locks-')), 'locks');
});
afterEach(() => {
  for (const release of held.splice(0)) release();
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

function lock(engine: string, more: Partial<MachineLockOptions> = {}): () => void {
  const release = lockAccounts({
    accounts: [{ venue: 'desk', account: 'DU1' }],
    holder: { host: 'here', pid: 7, engine, run: 'live-1', place: '', dataDir: `/srv/${engine}` },
    driver: DRIVER,
    env: { [LOCKS_VARIABLE]: folder },
    onSkipped: (message) => {
      throw new Error(message);
    },
    ...more,
  });
  held.push(release);
  return release;
}

describe('the lock of an account on a machine', () => {
  it('refuses a second engine and names the first, until that gives it back', () => {
    const release = lock('north');
    expect(() => lock('south')).toThrow(
      expect.objectContaining({
        code: 'ACCOUNT_LEASED',
        message: expect.stringMatching(
          /account DU1 at desk belongs to engine 'north' \(process 7 .*, run live-1, .*\/srv\/north\)/,
        ),
      }),
    );
    release();
    lock('south');
  });

  it('is of one account at one plugin; those taken before a refusal are given back', () => {
    lock('north');
    lock('west', { accounts: [{ venue: 'desk', account: 'DU2' }] });
    const [first, second] = [
      { venue: 'other', account: 'DU1' },
      { venue: 'desk', account: 'DU1' },
    ];
    expect(() => lock('south', { accounts: [first as never, second as never] })).toThrow(/belongs to engine 'north'/);
    lock('east', { accounts: [first as never] });
  });

  it('can be switched off, and is left out with a word where it cannot be made', () => {
    lock('north');
    lock('south', { env: { [LOCKS_VARIABLE]: 'off' } });
    writeFileSync(join(folder, 'file'), '');
    const messages: string[] = [];
    lock('south', {
      env: { [LOCKS_VARIABLE]: join(folder, 'file', 'below') },
      onSkipped: (message) => messages.push(message),
    });
    expect(messages).toEqual([expect.stringContaining(LOCKS_VARIABLE)]);
  });

  it('shows neither account nor engine in its names, and is for all users of the machine', () => {
    lock('north');
    expect(readdirSync(folder).every((name) => /^[0-9a-f]{32}\.lock/.test(name))).toBe(true);
    expect(statSync(folder).mode & 0o1777).toBe(0o1777);
  });
});
