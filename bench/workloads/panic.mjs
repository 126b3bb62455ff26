import { checks } from '../lib/check.mjs';
import { HELD } from '../lib/panic-strategies.mjs';
import { panickedSession } from '../lib/panicked-session.mjs';
import { inScratchFolder } from '../lib/scratch-folder.mjs';

const LIMIT_MS = 5_000;
const WORKING = 20;
/** How much longer the strategy has hung at each further panic: the file is looked for four times a second, and the watchdog looks too. */
const STEP_MS = 130;

export const panic = {
  describe: 'a panic by file while a strategy hangs: 20 orders working, 5 positions, to flat and complete',
  rows: WORKING,
  rounds: 10,
  processes: 1,
  targets: { completeMs: { atMost: LIMIT_MS }, worstCompleteMs: { atMost: LIMIT_MS } },

  async measure({ rounds }) {
    const sessions = [];
    for (let round = 0; round < rounds; round++) {
      sessions.push(await inScratchFolder((dataDir) => panickedSession({ dataDir, hungMs: round * STEP_MS })));
    }
    const ms = (code) => sessions.map(({ msTo }) => msTo[code]);
    const completeMs = ms('PANIC_COMPLETE');
    return {
      facts: { sessions: rounds },
      checks: sessions.flatMap(({ before, after }) => [
        ...checks('before the panic', { working: WORKING, held: HELD }, before),
        ...checks('after it', { working: 0, held: 0 }, after),
      ]),
      figures: {
        seenMs: ms('PANIC'),
        endedMs: ms('ENGINE_WORKER_HUNG'),
        recoveredMs: ms('ENGINE_RECOVERED'),
        flatMs: sessions.map(({ flatMs }) => flatMs),
        completeMs,
        worstCompleteMs: [Math.max(...completeMs)],
      },
    };
  },
};
