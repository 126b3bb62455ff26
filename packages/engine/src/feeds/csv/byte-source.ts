// Bytes of a file in chunks: plain files synchronously, gzip files through zlib's threads. Nothing here knows about lines.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { isTradingError } from '@bookrunner/sdk';
import { dataError } from '../data-errors.js';
import { sentence } from '../../sentence.js';

/** Bytes per read: large enough that a call costs nothing, small enough for the processor's cache. */
export const CHUNK_BYTES = 256 * 1024;

const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Called with the bytes of the file read so far and its size. */
export type ByteProgress = (done: number, total: number) => void;

/** Whether the file's first bytes are those of gzip. Errors: DATA_FILE_MISSING, DATA_FILE_UNREADABLE. */
export function isGzip(path: string): boolean {
  const descriptor = open(path);
  try {
    const head = new Uint8Array(2);
    return readSync(descriptor, head, 0, 2, 0) === 2 && head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1];
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    closeSync(descriptor);
  }
}

/** Fills `target` from `offset` on with at most `length` bytes; how many, 0 at the end. */
export type ReadInto = (target: Uint8Array, offset: number, length: number) => number;

/** Opens a plain file for reading in place. `close` is safe to call twice. Errors: DATA_FILE_MISSING, DATA_FILE_UNREADABLE. */
export function openPlain(
  path: string,
  progress?: ByteProgress,
): { readonly read: ReadInto; readonly close: () => void } {
  const descriptor = open(path);
  const total = statSync(path).size;
  let done = 0;
  let isOpen = true;
  return {
    read(target, offset, length) {
      try {
        const count = readSync(descriptor, target, offset, length, null);
        done += count;
        progress?.(done, total);
        return count;
      } catch (cause) {
        throw unreadable(path, cause);
      }
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

/** The unpacked bytes of a gzip file. Errors: DATA_FILE_MISSING, DATA_FILE_UNREADABLE (also when it is cut short). */
export async function* unpackedChunks(path: string, progress?: ByteProgress): AsyncGenerator<Uint8Array> {
  closeSync(open(path));
  const total = statSync(path).size;
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const unpacked = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => unpacked.destroy(error));
  file.pipe(unpacked);
  try {
    for await (const chunk of unpacked) {
      progress?.(file.bytesRead, total);
      yield chunk as Uint8Array;
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    file.destroy();
    unpacked.destroy();
  }
}

function open(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): Error {
  // What a generator's consumer throws into it passes through here unchanged.
  if (isTradingError(cause)) return cause;
  const reason = (cause as { readonly message?: string }).message ?? String(cause);
  return dataError('DATA_FILE_UNREADABLE', sentence(`${path} cannot be read: ${reason}`), { cause });
}
