// `bookrunner check`: the phases config to create, every failure with its code, place and remedy.
import { isTradingError, type TradingError } from '@bookrunner/sdk';
import { composeEngine } from '../../composition-root.js';
import { formatIssue, issuesOf, type ConfigIssue, type EngineConfig } from '../../config/index.js';
import {
  failuresOf,
  formatFailure,
  brokerWarnings,
  matchCapabilities,
  type PhaseFailure,
  type PreparedEngine,
  type RunMode,
} from '../../plugins/index.js';
import type { CommandArguments } from '../command-arguments.js';
import type { CommandIo } from '../command.js';
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.js';
import { logOptions } from '../log/log-options.js';
import { brokerVenues, requireBrokers } from '../../runtime/brokers/broker-setup.js';
import { feedOfSymbols } from '../../runtime/feed-of-symbols.js';
import { errorDocument } from '../operator-text.js';
import { configPath, readConfig } from '../read-config.js';
import { checkData } from './check-data.js';
import type { CheckFinding } from './check-finding.js';

const MODES: readonly RunMode[] = ['backtest', 'paper', 'live'];

/** What `check --json` prints. */
export interface CheckDocument {
  readonly ok: boolean;
  readonly config: string;
  /** Modes in which the configuration can run; empty where it has failures. */
  readonly modes: readonly RunMode[];
  readonly failures: readonly CheckFinding[];
  readonly warnings: readonly CheckFinding[];
}

/** Runs the command. */
export async function runCheckCommand(args: CommandArguments, io: CommandIo): Promise<ExitCode> {
  const mode = args.choice('mode', MODES);
  const path = configPath(args);
  try {
    const config = readConfig(args, io);
    const engine = await composeEngine({ config, mode: mode ?? 'paper', isCheck: true, log: logOptions(args, io) });
    const { prepared, parts } = engine;
    if (mode === 'live') requireBrokers(config);
    feedOfSymbols(engine);
    const modes = mode === undefined ? modesOf(config, prepared) : [mode];
    const live = mode === undefined && modes.includes('live') ? brokerWarnings(config, prepared) : [];
    const warnings = [...config.warnings.map(findingOfIssue), ...prepared.warnings, ...live, ...parts.warnings];
    const failures = await checkData(prepared, parts.feeds);
    await engine.dispose();
    if (failures.length > 0) return tellFailures(io, { config: path, failures, warnings }, EXIT.usage);
    io.output.result({ ok: true, config: path, modes, failures: [], warnings } satisfies CheckDocument, () =>
      [goodText(path, prepared, modes), ...warnings.map((warning) => `warning: ${findingText(warning)}`)].join('\n'),
    );
    return EXIT.done;
  } catch (error) {
    if (!isTradingError(error)) throw error;
    return tellFailures(io, { config: path, failures: findingsOf(error), warnings: [] }, exitCodeOf(error));
  }
}

/** Lists what is wrong. */
function tellFailures(
  io: CommandIo,
  found: Pick<CheckDocument, 'config' | 'failures' | 'warnings'>,
  code: ExitCode,
): ExitCode {
  const { config, failures } = found;
  io.output.result({ ok: false, modes: [], ...found } satisfies CheckDocument, () =>
    [
      ...failures.map(findingText),
      `${config}: ${count(failures.length, 'problem')} in phase '${failures[0]?.phase}'; later phases were not run.`,
    ].join('\n'),
  );
  return code;
}

/** The modes whose needs the feeds and venues meet. */
function modesOf(config: EngineConfig, prepared: PreparedEngine): readonly RunMode[] {
  return MODES.filter((mode) => {
    if (mode === 'live' && brokerVenues(config, mode).length === 0) return false;
    try {
      matchCapabilities(config, prepared, mode);
      return true;
    } catch (error) {
      if (isTradingError(error)) return false;
      throw error;
    }
  });
}

function goodText(path: string, prepared: PreparedEngine, modes: readonly RunMode[]): string {
  const { config, plugins, strategies, feeds, venues, controls } = prepared;
  const parts = [
    count(Object.keys(config.instruments).length, 'instrument'),
    count(plugins.filter(({ index }) => index !== undefined).length, 'plugin'),
    count(feeds.size, 'feed'),
    count(venues.size, 'venue'),
    count(Object.keys(config.books).length, 'book'),
    count(strategies.size, 'strategy', 'strategies'),
    count(controls.size, 'control surface'),
  ];
  return `${path} is sound: ${parts.join(', ')}. It can run as: ${modes.join(', ')}.`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function findingsOf(error: TradingError): readonly CheckFinding[] {
  const issues = issuesOf(error);
  if (issues.length > 0) return issues.map(findingOfIssue);
  const failures = failuresOf(error);
  if (failures.length > 0) return failures;
  const { code, message, remedy } = errorDocument(error);
  return [{ phase: 'config', code, path: '', message, remedy }];
}

function findingOfIssue(issue: ConfigIssue): CheckFinding {
  return { phase: 'config', ...issue };
}

function findingText(finding: CheckFinding): string {
  if (finding.phase === 'config') return `${finding.code}: ${formatIssue(finding as unknown as ConfigIssue)}`;
  return formatFailure(finding as PhaseFailure);
}
