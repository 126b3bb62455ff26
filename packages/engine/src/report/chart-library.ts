import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { reportError } from './report-errors.js';

/** The chart library as it goes into a page. */
export interface ChartLibrary {
  readonly script: string;
  readonly style: string;
  /** Its licence, which has to travel with the copy. */
  readonly licence: string;
}

/**
 * Reads the installed chart library (uPlot, MIT).
 * Errors: REPORT_CHARTS_MISSING.
 */
export function readChartLibrary(): ChartLibrary {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('uplot/package.json'));
    const text = (...path: readonly string[]): string => readFileSync(join(folder, ...path), 'utf8');
    return {
      script: text('dist', 'uPlot.iife.min.js'),
      style: text('dist', 'uPlot.min.css'),
      licence: text('LICENSE'),
    };
  } catch (cause) {
    throw reportError('REPORT_CHARTS_MISSING', 'The chart library uPlot cannot be read.', { cause });
  }
}
