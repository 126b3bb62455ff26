// `bookrunner report`: the page of a run, made again from what its folder holds.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nearMiss } from '../../config/index.js';
import { readRun } from '../../report/read-run.js';
import { renderReport } from '../../report/render-report.js';
import { renderSummary } from '../../report/render-summary.js';
import { reportError } from '../../report/report-errors.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { hasConfig, readConfig } from '../read-config.js';

const DEFAULT_ROWS = 2_000;
const DEFAULT_RUNS = join('var', 'runs');
const LATEST = 'latest';

/** Runs the command. */
export async function runReportCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const rows = args.count('rows', 0) ?? DEFAULT_ROWS;
  const folder = runFolder(args, io);
  const run = await readRun(folder, { rows });
  const path = join(folder, 'report.html');
  writeFileSync(path, renderReport(run, { rows }));
  io.output.result({ run: run.runId, report: path }, () => `${renderSummary(run)}Report    ${path}`);
  return EXIT.done;
}

/** A folder as it is named, else an id (or its beginning, or `latest`) among the runs. Errors: REPORT_READ_FAILED. */
function runFolder(args: CommandArguments, io: CommandIo): string {
  const named = args.text('run') as string;
  if (named !== LATEST && existsSync(join(named, 'metrics.json'))) return resolve(named);
  if (named !== LATEST && isUnfinished(named)) throw unfinished(resolve(named));
  const runs = hasConfig(args) ? join(readConfig(args, io).engine.dataDir, 'runs') : resolve(DEFAULT_RUNS);
  const [ids, open] = [idsIn(runs), foldersIn(runs).filter((candidate) => isUnfinished(join(runs, candidate)))];
  const id =
    named === LATEST ? ids.at(-1) : ids.find((candidate) => candidate === named || candidate.startsWith(named));
  if (id !== undefined) {
    const later = named === LATEST ? open.filter((candidate) => candidate > id) : [];
    for (const candidate of later)
      io.output.note(`Not shown: a later run, ${candidate}, has not ended. See the journal.`);
    return join(runs, id);
  }
  const begun = named === LATEST ? open.at(-1) : open.find((candidate) => candidate.startsWith(named));
  if (begun !== undefined) throw unfinished(join(runs, begun));
  if (named === LATEST) throw reportError('REPORT_READ_FAILED', `There is no run in ${runs} yet.`);
  const near = nearMiss(named, ids);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  throw reportError(
    'REPORT_READ_FAILED',
    `There is no run '${named}': no such folder, and no such id in ${runs}.${hint}`,
  );
}

/** Ids of finished runs, oldest first: they sort by time. */
function idsIn(runs: string): readonly string[] {
  return foldersIn(runs).filter((id) => existsSync(join(runs, id, 'metrics.json')));
}

function foldersIn(runs: string): readonly string[] {
  return existsSync(runs) ? readdirSync(runs).toSorted() : [];
}

/** A folder that a run has begun and not ended: its figures, metrics.json, come last. */
function isUnfinished(folder: string): boolean {
  return existsSync(join(folder, 'config.yaml')) && !existsSync(join(folder, 'metrics.json'));
}

function unfinished(folder: string): Error {
  return reportError(
    'REPORT_RUN_UNFINISHED',
    `The run in ${folder} has not ended: it still runs, or was killed before it could write its figures (metrics.json).`,
  );
}
