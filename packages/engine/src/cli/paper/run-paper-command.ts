// `bookrunner paper`, and what `bookrunner run` shares with it: a session against a clock. Says what happens while it happens.
import type { EngineNotice } from '@bookrunner/sdk';
import { join } from 'node:path';
import { RepeatedStatus } from '../../control/repeated-status.js';
import { renderSummary } from '../../report/render-summary.js';
import { runPaper, type PaperOptions, type PaperRun } from '../../runtime/session/paper.js';
import { respawnParent } from '../../runtime/session/respawn-link.js';
import { PANIC_VARIABLE, RESPAWN_SINCE_VARIABLE, RESPAWN_VARIABLE } from '../../runtime/session/respawn.js';
import { isStartStopped } from '../../runtime/live/start-stopped.js';
import { newRunId } from '../backtest/run-id.js';
import { progressDisplay } from '../backtest/progress.js';
import { runCommandDocument } from '../backtest/run-command-document.js';
import { RunOutcome } from '../backtest/run-outcome.js';
import { timeRange } from '../backtest/time-range.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { logFile, logOptions } from '../log/log-options.js';
import { noticeLog } from '../log/notice-log.js';
import { operatorText } from '../operator-text.js';
import { configPath, readConfig, requireConfig, runOverrides } from '../read-config.js';
import { durationMs, remainingMs, replaySpeed } from './speed-and-duration.js';

const DEFAULT_FILLS = 1_000;
/** A session lasts for hours: a line a minute in a pipe says that it lives. */
const LINE_EVERY_MS = 60_000;
const NOT_BEGUN =
  'Stopped before the session began: this start has traded nothing. Orders and positions are as they were.';

/** What tells one kind of session from the other. */
export interface SessionKind {
  readonly mode: 'paper' | 'live';
  /** Said when the session begins. */
  readonly greeting: string;
  /** Said before anything is opened, once it is sure that no other engine is there. */
  readonly places?: readonly string[];
}

/** Runs the command. */
export function runPaperCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  return runSession(args, io, { mode: 'paper', greeting: 'Paper trading; Ctrl-C ends the session.' });
}

/** Runs a session to its end. Being stopped is how a session ends: the exit code is 1 only where something failed. */
export async function runSession(args: CommandArguments, io: CommandIo, kind: SessionKind): Promise<ExitCode> {
  const fills = args.count('fills', 0, 'all') ?? DEFAULT_FILLS;
  const html = args.choice('report', ['html', 'none']) !== 'none';
  const outcome = new RunOutcome();
  const run = await runUntilStopped(args, io, { html, outcome, kind });
  const { status, errors } = outcome;
  if (run === undefined) {
    io.output.result({ kind: kind.mode, status, errors, ended: 'stopped', run: null }, () => NOT_BEGUN);
    return exitOf(outcome, io);
  }
  const { result, runDir, ended } = run;
  const rejectedRows = result.sources.reduce((sum, source) => sum + source.rejected, 0);
  io.output.result(
    { ...runCommandDocument(result, { status, errors, fills, rejectedRows, rejected: [], runDir }), ended },
    () => `${renderSummary(result)}${html ? `Report    ${join(runDir, 'report.html')}` : `Folder    ${runDir}`}`,
  );
  return exitOf(outcome, io);
}

function exitOf({ status, errors }: RunOutcome, io: CommandIo): ExitCode {
  for (const error of errors) io.output.problem(operatorText(error));
  return status === 'done' ? EXIT.done : EXIT.failed;
}

interface SessionParts {
  readonly html: boolean;
  readonly outcome: RunOutcome;
  readonly kind: SessionKind;
}

/** Undefined where it was stopped before it began. */
async function runUntilStopped(
  args: CommandArguments,
  io: CommandIo,
  parts: SessionParts,
): Promise<PaperRun | undefined> {
  try {
    return await runOnce(args, io, parts);
  } catch (error) {
    if (isStartStopped(error)) return undefined;
    throw error;
  }
}

async function runOnce(args: CommandArguments, io: CommandIo, options: SessionParts): Promise<PaperRun> {
  const range = timeRange(args.text('from'), args.text('to'));
  const speed = replaySpeed(args);
  const duration = remainingMs(durationMs(args), io.env, io.now());
  requireConfig(args);
  const overrides = runOverrides(args, io);
  const { level, format } = logOptions(args, io);
  const file = logFile(args);
  const runId = newRunId(io.now());
  const log = file === undefined ? undefined : noticeLog(file, runId, configMask(args, io, overrides));
  const statuses = new RepeatedStatus();
  const stop = new AbortController();
  const stopListening = io.onInterrupt(() => {
    io.output.note('Stopping; press Ctrl-C again to stop at once.');
    stop.abort();
  });
  const progress = progressDisplay(io.output, range, LINE_EVERY_MS);
  try {
    return await runPaper({
      ...range,
      mode: options.kind.mode,
      configPath: configPath(args),
      overrides,
      env: io.env,
      runId,
      speed,
      ...(duration === undefined ? {} : { durationMs: duration }),
      resume: args.flag('resume'),
      ...belowParent(io),
      fresh: args.flag('fresh'),
      signal: stop.signal,
      handlesSignals: false,
      takePanic: () => wasPanicAsked(io),
      html: options.html,
      log: { level, format, ...(file === undefined ? {} : { file }) },
      onOwned: () => options.kind.places?.forEach((line) => io.output.note(line)),
      onReady: () => io.output.note(options.kind.greeting),
      onProgress: (at) => progress.update(at),
      onNotice: (notice) => {
        options.outcome.notice(notice);
        tell(statuses.told(notice), io);
        // All of them, as in the journal.
        log?.(notice);
      },
    });
  } finally {
    progress.stop();
    stopListening();
  }
}

/** What a session below a parent that may start it again has to know of it. */
function belowParent({ env }: CommandIo): Pick<PaperOptions, 'parent' | 'resumeBefore'> {
  const start = env[RESPAWN_VARIABLE];
  if (start === undefined) return {};
  // The first one takes back what is there, whatever clock has latched it.
  const isFirst = start === '0';
  return { parent: respawnParent(), ...(isFirst ? {} : { resumeBefore: Number(env[RESPAWN_SINCE_VARIABLE]) }) };
}

/** By a signal to this process, or to the parent that has started it. */
function wasPanicAsked({ takePanic, env }: CommandIo): boolean {
  return takePanic?.() === true || env[PANIC_VARIABLE] !== undefined;
}

/** Notices quote plugins, and plugins quote what they like. */
function configMask(args: CommandArguments, io: CommandIo, overrides: readonly string[]): (text: string) => string {
  const { source } = readConfig(args, io, overrides);
  return (text) => source.mask(text);
}

/** What a person waits for, though it is no warning. */
const AWAITED: ReadonlySet<string> = new Set([
  ...['BROKER_READY', 'ENGINE_PART_JOINED', 'PANIC_COMPLETE', 'RISK_RESUMED', 'FEED_RESUMED', 'DIFFERENCE_DECIDED'],
]);

function tell(notice: EngineNotice | undefined, io: CommandIo): void {
  if (notice === undefined) return;
  if (notice.level === 'info' && !AWAITED.has(notice.code)) return;
  const time = Number.isFinite(notice.ts) ? new Date(notice.ts).toISOString() : '';
  const line = `${time} ${notice.level}: ${notice.code}: ${notice.message}`;
  if (notice.level === 'alarm') io.output.problem(line);
  else io.output.note(line);
}
