// Files as a backup has them: copied, on the disk for certain, with the sum of what was copied.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One file of a backup. */
export interface StoredFile {
  /** From the backup's folder on, with slashes. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const CHUNK = 1 << 20;

/** Copies a file and gives what was copied: a file that grows meanwhile is copied as far as it was read. */
export function copyStored(source: string, folder: string, path: string): StoredFile {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  const file = openSync(target, 'wx');
  try {
    const facts = readThrough(source, (chunk) => {
      for (let done = 0; done < chunk.length;) done += writeSync(file, chunk, done);
    });
    fsyncSync(file);
    return { path, ...facts };
  } finally {
    closeSync(file);
  }
}

/** Size and sum of a file. */
export function storedFacts(path: string): Omit<StoredFile, 'path'> {
  return readThrough(path, () => {});
}

/** Every file below a folder, relative to it and with slashes, in order of name. What is half written (`*.tmp`) is no file. */
export function filesBelow(folder: string, prefix = ''): readonly string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true })
    .filter(({ name }) => !name.endsWith('.tmp'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(folder, path);
      return entry.isFile() ? [path] : [];
    });
}

/** Makes what was written in a folder, and what is below it, last. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else if (entry.isFile()) syncPath(path);
  }
  syncPath(folder);
}

/** A file system that cannot sync folders does it by itself. */
export function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    closeSync(handle);
  }
}

function readThrough(path: string, take: (chunk: Buffer) => void): Omit<StoredFile, 'path'> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const file = openSync(path, 'r');
  let bytes = 0;
  try {
    for (let read = 1; read > 0;) {
      read = readSync(file, buffer);
      const chunk = buffer.subarray(0, read);
      hash.update(chunk);
      take(chunk);
      bytes += read;
    }
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: hash.digest('hex') };
}
