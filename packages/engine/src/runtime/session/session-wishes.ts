// What a session hears from outside without any control surface: signals of the process, the file PANIC.
import { PanicFile } from '../../control/panic-file.js';
import { PANIC_BY_SIGNAL, PanicSignal } from '../../control/panic-signal.js';
import type { PaperOptions } from './paper-options.js';
import { onStopAsked } from './stop-asked.js';

/** Who listens, and to what. */
export interface SessionWishes {
  readonly dataDir: string;
  readonly options: Pick<PaperOptions, 'signal' | 'handlesSignals' | 'panicsBySignal' | 'takePanic'>;
  readonly stop: () => void;
  readonly panic: (actor: string, reason: string) => void;
  /** Whether all that was panicked for is on disk, or over. */
  readonly isPanicKept: () => boolean;
}

/** Hears wishes to stop; gives what ends that. */
export function hearStop({ options, stop }: SessionWishes): () => void {
  const { signal, handlesSignals = true } = options;
  return onStopAsked(stop, { signal, handlesSignals });
}

/**
 * Hears the file PANIC, and SIGUSR2, also from before; to be ended when nothing is left that could be lost: while all is closed, a panic is
 * still latched.
 */
export function hearPanics({ dataDir, options, panic, isPanicKept: isKept }: SessionWishes): () => void {
  const { panicsBySignal = true, takePanic } = options;
  const onSignal = (): void => panic(PANIC_BY_SIGNAL.actor, PANIC_BY_SIGNAL.reason);
  const file = new PanicFile({ dataDir, onFound: () => panic('file PANIC', 'The file PANIC was put there.'), isKept });
  const usr2 = new PanicSignal(onSignal);
  if (panicsBySignal) usr2.start();
  // Heard already, so that none falls between.
  if (takePanic?.() === true) onSignal();
  file.start();
  return () => {
    file.look();
    file.stop();
    usr2.stop();
  };
}
