// Databases of an engine hold positions and money: they are made for their owner alone, whatever the umask of the shell says.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes the file, empty, with mode 0600, and folders above it with 0700, where they are not there; what is there stays as it is. SQLite gives
 * its log files the mode of the database. What cannot be made is said by SQLite.
 */
export function makePrivateFile(path: string): void {
  if (existsSync(path)) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // It is about to be opened.
  }
}
