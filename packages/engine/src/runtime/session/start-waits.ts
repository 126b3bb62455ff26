import { isTradingError } from '@bookrunner/sdk';

/** A row of tries begins with this wait. */
export const FIRST_WAIT_MS = 1_000;

/** Tells once in a row of tries what a start waits for, and again where that is something else. */
export function tellOfWaiting(tell: (message: string) => void): (failure: Error, waitMs: number) => void {
  let told = '';
  return (failure, waitMs) => {
    const { message } = failure;
    if (message === told && waitMs > FIRST_WAIT_MS) return;
    told = message;
    const needsAll = isTradingError(failure) ? failure.details['needsAll'] : undefined;
    const all =
      typeof needsAll === 'string' && needsAll !== ''
        ? ` ${needsAll} So it begins once all its feeds and brokers are there.`
        : '';
    // One line, also of several failures.
    const why = message.trim().replaceAll(/\s*\n\s*/g, ' ');
    tell(
      `The start waits for the other side, and nobody watches what is open: ${why}${all} It is tried again ` +
        `in ${waitMs / 1_000} s, then at most every 30 s, until it goes well or is stopped.`,
    );
  };
}
