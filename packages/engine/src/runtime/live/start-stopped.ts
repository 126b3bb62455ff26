// A start that is told to end before it has begun: nothing of it trades, and whatever it waits for is let go.
import { isTradingError } from '@bookrunner/sdk';
import { liveError } from './live-errors.js';

/** What a stopped start ends with; the reason of the signals that end it. */
export function startStopped(): Error {
  return liveError('ENGINE_START_STOPPED', 'The session was stopped before it began: this start has traded nothing.');
}

/** Whether it is that, and no failure. */
export function isStartStopped(error: unknown): boolean {
  return isTradingError(error) && error.code === 'ENGINE_START_STOPPED';
}
