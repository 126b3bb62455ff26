// Which run folder a person means: a folder, an id, the beginning of one, or the latest.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { nearMiss } from '../../config/index.js';
import { REPORT_ERRORS, reportError } from '../../report/report-errors.js';

const LATEST = 'latest';

/** Where runs are, and what a person may like to know of them. */
export interface RunFolders {
  readonly runs: () => string;
  readonly note: (text: string) => void;
}

/** A folder as it is named, else an id (or its beginning, or `latest`) among the runs. Errors: REPORT_READ_FAILED, REPORT_RUN_UNFINISHED. */
export function runFolder(named: string, folders: RunFolders): string {
  if (named !== LATEST && isBegun(named)) return ended(resolve(named));
  const runs = folders.runs();
  const begun = existsSync(runs)
    ? readdirSync(runs)
        .filter((id) => isBegun(join(runs, id)))
        .toSorted()
    : [];
  if (named === LATEST) return latest(runs, begun, folders);
  const of = begun.filter((candidate) => candidate.startsWith(named));
  const id = of.find((candidate) => candidate === named) ?? of.find((each) => isEnded(join(runs, each))) ?? of[0];
  if (id !== undefined) return ended(join(runs, id));
  const near = nearMiss(named, begun);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  throw reportError(
    'REPORT_READ_FAILED',
    `There is no run '${named}': no folder of a run, and no such id in ${runs}.${hint}`,
  );
}

/** Ids sort by time. */
function latest(runs: string, begun: readonly string[], { note }: RunFolders): string {
  const id = begun.findLast((each) => isEnded(join(runs, each))) ?? begun.at(-1);
  if (id === undefined) throw reportError('REPORT_READ_FAILED', `There is no run in ${runs} yet.`);
  const folder = ended(join(runs, id));
  for (const later of begun.filter((each) => each > id))
    note(`Not shown: a later run, ${later}, has not ended. See the journal.`);
  return folder;
}

/** A run's folder has its configuration from the beginning. */
function isBegun(folder: string): boolean {
  return existsSync(join(folder, 'config.yaml')) || isEnded(folder);
}

/** The figures come last: a folder that has them is complete. */
function isEnded(folder: string): boolean {
  return existsSync(join(folder, 'metrics.json'));
}

function ended(folder: string): string {
  if (isEnded(folder)) return folder;
  throw reportError(
    'REPORT_RUN_UNFINISHED',
    `The run in ${folder} has not ended: it still runs, or was killed before it could write its figures (metrics.json).`,
    { remedy: REPORT_ERRORS.REPORT_RUN_UNFINISHED.remedy.replaceAll(/\bID\b/g, basename(folder)) },
  );
}
