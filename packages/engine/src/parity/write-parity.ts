import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportError } from '../report/report-errors.js';
import type { ParityResult } from './parity-result.js';
import { renderParity } from './render-parity.js';

/** Writes `parity.html` into a run folder, whole or not at all, and gives its path. Errors: REPORT_WRITE_FAILED, REPORT_CHARTS_MISSING. */
export function writeParity(folder: string, result: ParityResult): string {
  const path = join(folder, 'parity.html');
  const text = renderParity(result);
  try {
    mkdirSync(folder, { recursive: true });
    const draft = `${path}.${process.pid}.tmp`;
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (cause) {
    throw reportError('REPORT_WRITE_FAILED', 'parity.html cannot be written to the run folder.', {
      cause,
      details: { path },
    });
  }
  return path;
}
