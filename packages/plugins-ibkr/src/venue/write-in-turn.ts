// Several orders that only make sense together, written one after the other.
import type { IBApi } from '@stoqey/ib';
import { TWS_EVENT } from '../contracts/tws-names.js';

/** What left. */
export interface Written {
  readonly written: number;
  /** What the library threw at the next one; empty where it only went on. */
  readonly fault: string;
}

/**
 * Writes in turn, and stops at the first that is not written: the library throws, or says so by an event and goes on.
 */
export function writeInTurn(api: IBApi, writes: readonly ((api: IBApi) => void)[]): Written {
  let written = 0;
  let fault = '';
  const onSent = (): void => {
    written += 1;
  };
  api.on(TWS_EVENT.sent, onSent);
  try {
    for (const [i, write] of writes.entries()) {
      write(api);
      if (written <= i) break;
    }
  } catch (error) {
    fault = ` ${String(error)}`;
  } finally {
    api.off(TWS_EVENT.sent, onSent);
  }
  return { written, fault };
}
