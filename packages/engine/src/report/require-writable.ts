import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { reportError } from './report-errors.js';
import { sentence } from '../sentence.js';

/**
 * Whether run folders can be made below a folder, which need not exist; makes nothing. A run asks at its start what would else spoil
 * its end. `left` says what it means that the run does not begin. Errors: REPORT_WRITE_FAILED.
 */
export function requireWritable(folder: string, left = ''): void {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  let reason = `${nearest} is a file`;
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
    if (statSync(nearest).isDirectory()) return;
  } catch (cause) {
    reason = (cause as Error).message;
  }
  throw reportError('REPORT_WRITE_FAILED', `${sentence(`Run folders cannot be made in ${folder}: ${reason}`)}${left}`, {
    details: { path: folder },
  });
}
