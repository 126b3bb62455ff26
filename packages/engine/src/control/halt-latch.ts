// The kill switch on disk: `dataDir/HALTED`. It survives the process, and a person, not a restart, takes it away.
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command, EpochMs, TradingError } from '@bookrunner/sdk';
import { controlError } from './control-errors.js';

/** How much is stopped: entries, everything but reductions, everything including positions. */
export type HaltLevel = 'halt' | 'reduce-only' | 'panic';

/** What is stopped: one book, the books of one venue, or everything. */
export interface HaltScope {
  readonly book?: string;
  readonly venue?: string;
}

/** One reason why new risk is stopped. */
export interface HaltEntry extends HaltScope {
  readonly level: HaltLevel;
  readonly reason: string;
  /** Who or what stopped it. */
  readonly actor: string;
  readonly at: EpochMs;
  /** Of a panic: when the engine said that nothing of it is left; absent while that is not so. */
  readonly completeAt?: EpochMs;
}

/** Room on the disk that the latch takes when there is no other. */
export const RESERVE_FILE = 'HALTED.reserve';
const RESERVE_BYTES = 16_384;
/** Counts as a halt of everything where it becomes the latch as it is. */
const RESERVE_TEXT = 'The disk had no room for the reason of this halt.';

/** What a disk says that takes no more, for everybody or for this user. */
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT'];
const MAKE_ROOM =
  'Free space on the disk of the data folder; until then stop the engine by a signal and do not restart it unattended.';

const LEVELS: readonly unknown[] = ['halt', 'reduce-only', 'panic'];

/**
 * The latch of one data folder. Every write is complete on disk before the call returns. A file that cannot be read as one of
 * ours counts as a halt of everything: `touch HALTED` works.
 * Errors: HALT_LATCH_UNWRITABLE.
 */
export class HaltLatch {
  readonly path: string;

  constructor(dataDir: string) {
    this.path = join(dataDir, 'HALTED');
  }

  /** Why new risk is stopped; empty where it is not. */
  read(): readonly HaltEntry[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      return [this.#unreadable(`The file HALTED cannot be read: ${(error as NodeJS.ErrnoException).code}.`)];
    }
    return parse(text) ?? [this.#unreadable(text.trim() === '' ? 'The file HALTED was put there.' : text.trim())];
  }

  /** Whether a panic of everything that was asked for at an instant is on disk. */
  hasPanic(askedAt: EpochMs): boolean {
    return this.read().some((entry) => entry.level === 'panic' && isSameScope(entry, {}) && entry.at >= askedAt);
  }

  /** Adds a reason; one of the same level and scope is replaced. */
  add(entry: HaltEntry): void {
    const others = this.read().filter((known) => known.level !== entry.level || !isSameScope(known, entry));
    this.#write([...others, entry]);
  }

  /** Takes away the reasons of one scope; an empty one is those that concern everything. `only` leaves other levels or actors. */
  release(scope: HaltScope, only: (entry: HaltEntry) => boolean = () => true): void {
    const known = this.read();
    const kept = known.filter((entry) => !isSameScope(entry, scope) || !only(entry));
    if (kept.length === 0) this.clear();
    else if (kept.length < known.length) this.#write(kept);
  }

  /** Notes that the panic of a scope is complete since an instant, or that it is not (any more); one asked for after `askedAt` is another one. */
  notePanic(scope: HaltScope, completeAt: EpochMs | undefined, askedAt: EpochMs = Number.POSITIVE_INFINITY): void {
    const known = this.read();
    const noted = known.map((entry) => {
      if (entry.level !== 'panic' || !isSameScope(entry, scope) || entry.at > askedAt) return entry;
      if ((entry.completeAt === undefined) === (completeAt === undefined)) return entry;
      const { completeAt: _completeAt, ...panic } = entry;
      return completeAt === undefined ? panic : { ...panic, completeAt };
    });
    if (noted.some((entry, index) => entry !== known[index])) this.#write(noted);
  }

  /**
   * Keeps room for the latch, so that a full disk does not keep it from being written. To be called before anything trades.
   * Errors: HALT_LATCH_UNWRITABLE.
   */
  reserve(): void {
    const path = join(dirname(this.path), RESERVE_FILE);
    if (statSync(path, { throwIfNoEntry: false })?.size === RESERVE_BYTES) return;
    this.#attempt(() => writeWhole(path, padded(RESERVE_TEXT, RESERVE_BYTES)));
  }

  /** Takes every reason away. */
  clear(): void {
    this.#attempt(() => {
      rmSync(this.path, { force: true });
      syncFolder(dirname(this.path));
    });
  }

  /** Of when the file was written: a `--resume` that was said before takes nothing back of it. */
  #unreadable(reason: string): HaltEntry {
    return { level: 'halt', reason, actor: 'file HALTED', at: writtenAt(this.path) };
  }

  #write(entries: readonly HaltEntry[]): void {
    const text = `${JSON.stringify({ halted: entries }, undefined, 2)}\n`;
    this.#attempt(() => {
      try {
        writeWhole(this.path, text);
      } catch (cause) {
        if (!this.#writeInPlace(text)) throw cause;
      }
    });
  }

  /**
   * Without new room: into the reserve, which becomes the latch whatever got into it, or into the latch that is there. False where there
   * is neither.
   */
  #writeInPlace(text: string): boolean {
    const reserve = join(dirname(this.path), RESERVE_FILE);
    const place = [reserve, this.path].find((path) => existsSync(path));
    if (place === undefined) return false;
    try {
      overwrite(place, text);
    } catch (error) {
      if (place === this.path) throw error;
      // A latch that cannot be read halts everything.
    }
    if (place === reserve) renameSync(reserve, this.path);
    syncFolder(dirname(this.path));
    return true;
  }

  #attempt(act: () => void): void {
    try {
      act();
    } catch (cause) {
      throw unwritable(cause, this.path);
    }
  }
}

function unwritable(cause: unknown, path: string): TradingError {
  const isFull = FULL.includes((cause as NodeJS.ErrnoException).code ?? '');
  const message = isFull
    ? 'The disk of the data folder is full: the file HALTED has no room there.'
    : 'The file HALTED cannot be written to the data folder.';
  const details = { path };
  return controlError(
    'HALT_LATCH_UNWRITABLE',
    message,
    isFull ? { cause, details, remedy: MAKE_ROOM } : { cause, details },
  );
}

/** Whether both concern the same. */
export function isSameScope(a: HaltScope, b: HaltScope): boolean {
  return a.book === b.book && a.venue === b.venue;
}

/** Whether an entry is a panic that the engine has not said to be complete. */
export function isOpenPanic({ level, completeAt }: HaltEntry): boolean {
  return level === 'panic' && completeAt === undefined;
}

/** A scope for a person. */
export function scopeText({ book, venue }: HaltScope): string {
  if (book !== undefined) return `book ${book}`;
  return venue === undefined ? 'everything' : `venue ${venue}`;
}

/** The scope a command names. */
export function scopeOf({ args: { book, venue } }: Pick<Command, 'args'>): HaltScope {
  return { ...(typeof book === 'string' ? { book } : {}), ...(typeof venue === 'string' ? { venue } : {}) };
}

/** The reason of one who gave none: what the kernel says of such a halt. */
export function unreasoned({ level, actor }: Pick<HaltEntry, 'level' | 'actor'>): string {
  return `${level} by ${actor}`;
}

/** The reason that was given, on one line; empty where none was. */
export function givenReason(entry: HaltEntry): string {
  // Latches of earlier versions said `by command` of it.
  const isNone = [unreasoned(entry), unreasoned({ ...entry, actor: 'command' })].includes(entry.reason);
  return isNone ? '' : entry.reason.replaceAll(/\s+/g, ' ').trim();
}

/** One line for a person: who stopped what, and why. */
export function haltText(entry: HaltEntry): string {
  const reason = givenReason(entry);
  const text = `${entry.level} of ${scopeText(entry)} by ${entry.actor}${reason === '' ? '' : `: ${reason}`}`;
  return `${text}${/[.!?]$/.test(text) ? '' : '.'}`;
}

function parse(text: string): readonly HaltEntry[] | undefined {
  try {
    const { halted } = JSON.parse(text) as { readonly halted?: unknown };
    return Array.isArray(halted) && halted.length > 0 && halted.every(isEntry) ? halted : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is HaltEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { level, book, venue, reason, actor, at, completeAt } = value as Readonly<Record<string, unknown>>;
  const isScope = [book, venue].every((name) => name === undefined || typeof name === 'string');
  return (
    LEVELS.includes(level) &&
    isScope &&
    typeof reason === 'string' &&
    typeof actor === 'string' &&
    typeof at === 'number' &&
    (completeAt === undefined || typeof completeAt === 'number')
  );
}

/** A new file in the place of an old one, or nothing; no draft is left. */
function writeWhole(path: string, text: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeTo(draft, 'w', text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(folder);
}

/** When a file was written; 0 where that is not known. */
function writtenAt(path: string): EpochMs {
  try {
    return Math.floor(statSync(path).mtimeMs);
  } catch {
    return 0;
  }
}

/** What the file had is gone, and it keeps its room. */
function overwrite(path: string, text: string): void {
  writeTo(path, 'r+', text);
}

function writeTo(path: string, flags: 'w' | 'r+', text: string): void {
  const file = openSync(path, flags, 0o600);
  try {
    const bytes = Buffer.from(padded(text, fstatSync(file).size));
    // A disk that fills up meanwhile takes a part first, and says so with the rest.
    for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, done);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Of this many bytes, or as long as it is. */
function padded(text: string, bytes: number): string {
  const missing = bytes - Buffer.byteLength(text) - 1;
  return missing < 0 ? text : `${text}${' '.repeat(missing)}\n`;
}

/** Makes a rename last; a file system that cannot sync folders does it by itself. */
function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(handle);
  }
}
