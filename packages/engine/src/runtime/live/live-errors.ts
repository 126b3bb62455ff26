import { errorFactory, type ErrorTable } from '@bookrunner/sdk';

/** Errors of runs against a clock: paper, and live. */
export const LIVE_ERRORS = {
  ENGINE_WORKER_HUNG: {
    severity: 'fatal',
    remedy: 'Correct or remove what hangs. The next start begins with new risk halted; `--resume` takes that away.',
  },
  ENGINE_WORKER_DIED: {
    severity: 'fatal',
    remedy: 'See the message above it. The next start begins with new risk halted; `--resume` takes that away.',
  },
  ENGINE_LOST_TOO_OFTEN: {
    severity: 'fatal',
    remedy:
      'Correct or remove what hangs or dies. The next start begins with new risk halted and strategies off; `--resume` takes the halt away, `start name=NAME` starts a strategy.',
  },
  ENGINE_START_STOPPED: {
    severity: 'fatal',
    remedy: 'Nothing to do. Orders and positions are as they were; start it again when it is wanted.',
  },
  ENGINE_PROCESS_LOST_TOO_OFTEN: {
    severity: 'fatal',
    remedy:
      'Find in the log what kills it: native code that hangs, memory, the system. `dataDir/HALTED` says what is halted.',
  },
  LIVE_FEEDS_MIXED: {
    severity: 'fatal',
    remedy: 'Let all strategies use live feeds, or all use recorded ones: a run has one clock.',
  },
  LIVE_FEED_RECORDED: {
    severity: 'fatal',
    remedy: 'Let strategies use live feeds, or run `bookrunner paper` or `bookrunner backtest` over the recorded ones.',
  },
  LIVE_RESOLVE_TIMEOUT: {
    severity: 'fatal',
    remedy: 'Look at the feed and its log: whether its source answers, and whether it has the instrument by that name.',
  },
  LIVE_SUBSCRIBE_TIMEOUT: {
    severity: 'fatal',
    remedy: 'Look at the feed and its log: whether its source answers, and how many instruments it is asked for.',
  },
  LIVE_SPEED_INVALID: {
    severity: 'fatal',
    remedy: 'Give --speed as a number above 0 (1 is real time) or `max`; live feeds run in real time only.',
  },
} as const satisfies ErrorTable;

/** Code of an error of this area. */
export type LiveErrorCode = keyof typeof LIVE_ERRORS;

/** Raises this area's errors. */
export const liveError = errorFactory<LiveErrorCode>(LIVE_ERRORS);
