import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, EngineNotice } from '@bookrunner/sdk';
import { HaltLatch } from './halt-latch.js';
import { PanicDrill } from './panic-drill.js';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

/** A drill whose engine is flat as soon as it hears of the panic. */
function drill() {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-drill-'));
  folders.push(folder);
  const latch = new HaltLatch(folder);
  const posted: string[] = [];
  const told: EngineNotice[] = [];
  const during = { panic: (): void => {} };
  const listeners = new Set<(notice: EngineNotice) => void>();
  const complete = { ts: 7, level: 'info', code: 'PANIC_COMPLETE', message: '', details: {} } as const;
  const practised = new PanicDrill({
    latch,
    link: {
      snapshot: () => Promise.resolve(undefined),
      post: ({ name }: Command) => {
        posted.push(name);
        if (name === 'panic') during.panic();
        if (name === 'panic') for (const listener of [...listeners]) listener(complete);
        return Promise.resolve({ kind: 'done', at: 7 } as const);
      },
    },
    onNotice: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: (notice) => told.push(notice),
    now: () => 7,
  });
  const run = () => practised.run({ ts: 7, name: 'panic', args: { drill: true }, actor: 'ann' });
  /** From now on nothing can be written where the latch is written first. */
  const fill = () => mkdirSync(join(folder, `HALTED.${process.pid}.tmp`, 'full'), { recursive: true });
  return { latch, posted, told, during, run, fill };
}

describe('a drill', () => {
  it('goes the whole way and leaves nothing latched', async () => {
    const { latch, posted, run } = drill();
    expect([(await run()).kind, posted, latch.read()]).toEqual(['done', ['panic', 'resume'], []]);
  });

  it('takes back its own halt alone, also where another is of the same instant', async () => {
    const { latch, posted, during, run } = drill();
    const other = { level: 'halt', reason: 'The worker hangs.', actor: 'watchdog', at: 7 } as const;
    during.panic = () => latch.add(other);
    expect([(await run()).kind, posted]).toEqual(['done', ['panic', 'resume', 'halt']]);
    expect(latch.read()).toEqual([other]);
  });

  it('that cannot be latched is an answer and no panic', async () => {
    const { posted, told, run, fill } = drill();
    fill();
    expect(await run()).toMatchObject({ kind: 'refused', reason: 'DRILL_FAILED' });
    expect([posted, told.map(({ code }) => code)]).toEqual([[], ['DRILL_FAILED']]);
    expect(await run()).toMatchObject({ kind: 'refused', reason: 'DRILL_FAILED' });
  });
});
