// `bookrunner replay RUN [--verify]`.
import { resolve } from 'node:path';
import { type ReplayedRun, replayRun } from '../../journal/replay-run.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { runPlace, withJournalOf } from './journal-place.js';
import { countText } from '../count-text.js';

/** Runs the command. With `--verify` the exit code is 1 where the replay decides differently. */
export async function runReplayCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const place = runPlace(args, io);
  return withJournalOf(place.dataDir, async ({ reader, dataDir }) => {
    const file = args.text('with');
    const result = await replayRun({
      reader,
      dataDir,
      run: args.text('run') as string,
      configPath: file === undefined ? undefined : resolve(file),
      env: io.env,
      overrides: place.overrides,
      isAnyway: args.flag('anyway'),
    });
    for (const change of [...result.versions, ...result.changes]) io.output.note(change);
    io.output.result(documentOf(result), () => textOf(result));
    return result.isSame || !args.flag('verify') ? EXIT.done : EXIT.failed;
  });
}

function documentOf({ isSame, hash, difference, ...rest }: ReplayedRun): object {
  return { ...rest, isSame, decisionHash: hash, difference: difference ?? null };
}

function wereText(count: number): string {
  return count === 1 ? 'was' : 'were';
}

function textOf(result: ReplayedRun): string {
  const { run, after, events, orders, snapshots, hash, difference, isFinished, unrecorded, waiting } = result;
  const from = after === 0 ? '' : ` after record ${after}`;
  const head = `Run ${run}${from}: ${countText(events, 'event')}, ${countText(orders, 'order')}, ${countText(snapshots, 'snapshot')} compared.`;
  if (difference !== undefined) {
    const { sequence, what, recorded, decided } = difference;
    return `${head}\nDIFFERENT at record ${sequence} (${what}).\n  recorded: ${recorded}\n  decided:  ${decided}`;
  }
  const end = isFinished ? '' : ' The run was not finished.';
  const lost =
    unrecorded === 0
      ? ''
      : ` ${countText(unrecorded, 'decision')} of its last event ${wereText(unrecorded)} not on disk and never went out.`;
  const held =
    waiting === 0 ? '' : ` ${countText(waiting, 'request')} ${wereText(waiting)} on disk and had not gone out.`;
  return `${head}\nThe same decisions, hash ${hash}.${end}${lost}${held}`;
}
