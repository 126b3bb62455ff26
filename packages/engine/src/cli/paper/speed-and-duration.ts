import type { EpochMs } from '@bookrunner/sdk';
import { RESPAWN_SINCE_VARIABLE, RESPAWN_VARIABLE } from '../../runtime/session/respawn.js';
import { cliError } from '../cli-errors.js';
import type { CommandArguments } from '../command-arguments.js';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `--duration 90s`, `10m`, `1.5h`, in milliseconds; undefined where it was not given. Errors: CLI_USAGE_INVALID. */
export function durationMs(args: CommandArguments): number | undefined {
  const text = args.text('duration');
  if (text === undefined) return undefined;
  const [, number, unit] = DURATION.exec(text) ?? [];
  const value = Number(number) * (UNIT_MS[unit ?? ''] ?? Number.NaN);
  if (value > 0) return value;
  throw cliError('CLI_USAGE_INVALID', `--duration '${text}' is no length of time.`, {
    remedy: 'Write a number and ms, s, m, h or d: 90s, 10m, 8h.',
  });
}

/** What is left of it in a process that was started again: it counts from the first start. At least 1 ms, so that it ends as it should. */
export function remainingMs(
  duration: number | undefined,
  env: Readonly<Record<string, string | undefined>>,
  now: EpochMs,
): number | undefined {
  const isFirst = (env[RESPAWN_VARIABLE] ?? '0') === '0';
  const since = Number(env[RESPAWN_SINCE_VARIABLE]);
  if (duration === undefined || isFirst || !Number.isFinite(since)) return duration;
  return Math.max(1, duration - Math.max(0, now - since));
}

/** `--speed 60` or `max`; 1 where it was not given. Errors: CLI_USAGE_INVALID. */
export function replaySpeed(args: CommandArguments): number | 'max' {
  const text = args.text('speed') ?? '1';
  if (text === 'max') return 'max';
  const speed = Number(text);
  if (text.trim() !== '' && Number.isFinite(speed) && speed > 0) return speed;
  throw cliError('CLI_USAGE_INVALID', `--speed '${text}' is no speed.`, {
    remedy: 'Write a multiple of real time such as 1, 60 or 0.5, or max.',
  });
}
