// The latch where the disk has no room left: on a file system of a few pages where one can be mounted.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type HaltEntry, HaltLatch, isOpenPanic, RESERVE_FILE } from './halt-latch.js';
import { OpenPanics } from './open-panics.js';

let folder: string;
let isMounted = false;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bookrunner-latch-'));
});
afterEach(() => {
  if (isMounted) spawnSync('umount', [folder]);
  isMounted = false;
  rmSync(folder, { recursive: true, force: true });
});

function entry(reason: string, more: Partial<HaltEntry> = {}): HaltEntry {
  return { level: 'halt', reason, actor: 'ann', at: 7, ...more };
}

/** Until nothing more goes onto it. */
function fill(): void {
  for (const size of [4_096, 1]) {
    try {
      for (;;) appendFileSync(join(folder, 'fill'), Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

const MOUNTS = process.platform === 'linux' && process.getuid?.() === 0 && canMount();

function canMount(): boolean {
  const place = mkdtempSync(join(tmpdir(), 'bookrunner-mount-'));
  const isDone = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]).status === 0;
  if (isDone) spawnSync('umount', [place]);
  rmSync(place, { recursive: true, force: true });
  return isDone;
}

describe('a panic of the latch', () => {
  it('is open until it is noted as complete, and again where it is not so any more', () => {
    const latch = new HaltLatch(folder);
    const panic = entry('loss', { level: 'panic' });
    const others = [entry('news'), entry('loss', { level: 'panic', book: 'CORE' })];
    for (const each of [panic, ...others]) latch.add(each);
    latch.notePanic({}, 20, panic.at);
    expect(latch.read()).toEqual([{ ...panic, completeAt: 20 }, ...others]);
    expect(latch.read().map(isOpenPanic)).toEqual([false, false, true]);
    latch.notePanic({}, undefined);
    expect(latch.read()).toEqual([panic, ...others]);
  });

  it('is open from the moment at which something of it comes to light', () => {
    const latch = new HaltLatch(folder);
    const core = entry('loss', { level: 'panic', book: 'CORE', completeAt: 20 });
    for (const each of [entry('loss', { level: 'panic', completeAt: 20 }), core]) latch.add(each);
    new OpenPanics(latch).heard({ ts: 30, level: 'warning', code: 'PANIC_REOPENED', message: '', details: {} });
    expect(latch.read()).toEqual([entry('loss', { level: 'panic' }), core]);
  });

  it('that was asked for later is not the one that is complete', () => {
    const latch = new HaltLatch(folder);
    latch.add(entry('loss', { level: 'panic', at: 21 }));
    latch.notePanic({}, 22, 20);
    expect(latch.read().map(isOpenPanic)).toEqual([true]);
  });
});

(MOUNTS ? describe : describe.skip)('the latch on a full disk', () => {
  beforeEach(() => {
    isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder]).status === 0;
    expect(isMounted).toBe(true);
  });

  it('is written with room that was kept, once and again, and leaves no draft', () => {
    const latch = new HaltLatch(folder);
    latch.reserve();
    fill();
    latch.add(entry('the disk is full'));
    latch.add(entry('a person', { level: 'panic' }));
    expect(new HaltLatch(folder).read()).toEqual([entry('the disk is full'), entry('a person', { level: 'panic' })]);
    expect(readdirSync(folder).toSorted()).toEqual(['HALTED', 'fill']);
    latch.release({}, ({ level }) => level === 'panic');
    expect(latch.read()).toEqual([entry('the disk is full')]);
    latch.clear();
    rmSync(join(folder, 'fill'));
    latch.reserve();
    expect(readdirSync(folder)).toEqual([RESERVE_FILE]);
  });

  it('halts everything where there is more to say than there is room for', () => {
    const latch = new HaltLatch(folder);
    latch.reserve();
    fill();
    latch.add(entry('x'.repeat(100_000)));
    expect(latch.read()).toMatchObject([{ level: 'halt', actor: 'file HALTED' }]);
    expect(readdirSync(folder).toSorted()).toEqual(['HALTED', 'fill']);
  });

  it('cannot be written where no room was kept, and says so; nothing is left of the try', () => {
    fill();
    const latch = new HaltLatch(folder);
    expect(() => latch.add(entry('late'))).toThrow(expect.objectContaining({ code: 'HALT_LATCH_UNWRITABLE' }));
    expect(() => latch.reserve()).toThrow(
      expect.objectContaining({
        code: 'HALT_LATCH_UNWRITABLE',
        message: expect.stringContaining('is full'),
        remedy: expect.stringContaining('Free space'),
      }),
    );
    expect(readdirSync(folder)).toEqual(['fill']);
  });
});

describe('the room kept for the latch', () => {
  it('is written out, for the owner alone, and made anew only where it is not whole', () => {
    const latch = new HaltLatch(folder);
    latch.reserve();
    const path = join(folder, RESERVE_FILE);
    const { size, mode, ino } = statSync(path);
    expect([size, mode & 0o777]).toEqual([16_384, 0o600]);
    latch.reserve();
    expect(statSync(path).ino).toBe(ino);
    writeFileSync(path, 'short');
    latch.reserve();
    expect(statSync(path).size).toBe(size);
  });

  it('is not the latch itself, and halts where it is renamed to it', () => {
    const latch = new HaltLatch(folder);
    latch.reserve();
    expect(latch.read()).toEqual([]);
    writeFileSync(latch.path, readFileSync(join(folder, RESERVE_FILE)));
    expect(latch.read()).toMatchObject([{ level: 'halt', reason: expect.stringContaining('no room') }]);
  });
});
