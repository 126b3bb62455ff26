import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineNotice } from '@bookrunner/sdk';
import { type HaltEntry, HaltLatch } from '../../control/halt-latch.js';
import { StartCommands, WATCHDOG } from './first-commands.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const HUNG: HaltEntry = { level: 'halt', reason: 'It hung.', actor: WATCHDOG, at: 1 };
const BOOK: HaltEntry = { level: 'reduce-only', reason: 'News.', actor: 'ann', at: 2, book: 'MAIN' };

function resumed() {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-first-'));
  folders.push(folder);
  const latch = new HaltLatch(folder);
  latch.add(HUNG);
  latch.add(BOOK);
  const told: EngineNotice[] = [];
  const parts = { latch, strategies: ['mine'], now: () => 10 };
  const starts = new StartCommands(parts, true, (notice) => told.push(notice));
  const names = (): readonly string[] => starts.first().map(({ name }) => name);
  return { latch, told, starts, names };
}

describe('StartCommands with --resume', () => {
  it('leaves the latch as it is until the session has begun, however often it is tried', () => {
    const { latch, told, starts, names } = resumed();
    expect(names()).toEqual(['stop', 'resume', 'resume']);
    expect(names()).toEqual(['stop', 'resume', 'resume']);
    expect([latch.read(), told.map(({ code }) => code)]).toEqual([
      [HUNG, BOOK],
      ['HALT_RESUMED', 'HALT_RESUMED'],
    ]);
    starts.begun();
    expect([latch.read(), starts.recovering().map(({ name }) => name)]).toEqual([[], ['stop']]);
  });

  it('takes back nothing that is latched while it is tried, even of the same scope', () => {
    const { latch, starts, names } = resumed();
    names();
    const later: HaltEntry = { level: 'halt', reason: 'Wait.', actor: 'ben', at: 5 };
    latch.add(later);
    expect(names()).toEqual(['stop', 'resume', 'resume', 'halt']);
    starts.begun();
    expect(latch.read()).toEqual([later]);
  });

  it('says so where the latch cannot be taken off the disk', () => {
    const { latch, told, starts, names } = resumed();
    // A folder in its place halts everything, and cannot be taken away as a file is.
    rmSync(latch.path);
    mkdirSync(latch.path);
    expect(names()).toEqual(['resume']);
    starts.begun();
    expect(told.map(({ code }) => code)).toEqual(['HALT_RESUMED', 'HALT_LATCH_UNWRITABLE']);
    expect(told[1]).toMatchObject({
      level: 'alarm',
      message: expect.stringContaining('the next start begins with them'),
    });
  });
});
