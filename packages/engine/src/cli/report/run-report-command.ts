// `bookrunner report`: the page of a run, made again from what its folder holds.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readRun } from '../../report/read-run.js';
import { renderReport } from '../../report/render-report.js';
import { renderSummary } from '../../report/render-summary.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { hasConfig, readConfig } from '../read-config.js';
import { runFolder } from './run-folder.js';

const DEFAULT_ROWS = 2_000;
const DEFAULT_RUNS = join('var', 'runs');

/** Runs the command. */
export async function runReportCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const rows = args.count('rows', 0) ?? DEFAULT_ROWS;
  const folder = runFolder(args.text('run') as string, {
    runs: () => (hasConfig(args) ? join(readConfig(args, io).engine.dataDir, 'runs') : resolve(DEFAULT_RUNS)),
    note: (text) => io.output.note(text),
  });
  const run = await readRun(folder, { rows });
  const path = join(folder, 'report.html');
  writeFileSync(path, renderReport(run, { rows }));
  io.output.result({ run: run.runId, report: path }, () => `${renderSummary(run)}Report    ${path}`);
  return EXIT.done;
}
