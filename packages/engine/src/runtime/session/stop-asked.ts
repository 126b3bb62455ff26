/** How a session may be asked to end. */
export interface StopSources {
  readonly signal: AbortSignal | undefined;
  /** Whether SIGINT and SIGTERM ask for it, once: a second one ends the process as usual. */
  readonly handlesSignals: boolean;
}

/** Calls back when the end is asked for, by a signal of the process or of the caller; gives what ends the listening. */
export function onStopAsked(stop: () => void, { signal, handlesSignals }: StopSources): () => void {
  const onSignal = (): void => {
    stopSignals();
    stop();
  };
  const stopSignals = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  if (handlesSignals) {
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  }
  if (signal?.aborted === true) queueMicrotask(stop);
  else signal?.addEventListener('abort', stop, { once: true });
  return () => {
    stopSignals();
    signal?.removeEventListener('abort', stop);
  };
}
