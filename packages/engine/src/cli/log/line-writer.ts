// Where log lines go: by file descriptor, since what a thread prints otherwise passes through the main thread.
import { openSync, writeSync } from 'node:fs';

const STDERR = 2;

/**
 * Writes lines at once, to standard error or to the end of a file that only its owner may read. Whole lines of several threads and
 * processes do not mix. A full pipe is waited for; a reader that has gone, or a disk that is full, is nobody to tell.
 * Throws what the system says where the file cannot be opened.
 */
export function lineWriter(file?: string): (line: string) => void {
  const descriptor = file === undefined ? STDERR : openSync(file, 'a', 0o600);
  return (line) => {
    let rest = Buffer.from(line);
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      }
    }
  };
}
