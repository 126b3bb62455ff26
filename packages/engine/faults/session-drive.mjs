// Takes a session through the script, second by second.
import { CUTS, quotesAt, SETTLE_MS, STAGE_MS, stageAt, STAGES, START, TICK_MS } from './session-script.mjs';

const STEP_MS = 1_000;
const END = START + STAGES * STAGE_MS;

/**
 * `market` moves the venue's market and the feed; `cut` loses the connection by hand for so many milliseconds; `heal` says that
 * nothing goes wrong any more, and is followed by time to settle.
 */
export async function drive(bench, { market, cut, heal }) {
  const { clock } = bench;
  const left = new Map(CUTS);
  while (clock.nowUtc() < END + SETTLE_MS) {
    const now = clock.nowUtc();
    if ((now - START) % TICK_MS === 0) for (const quote of quotesAt(now)) market(quote);
    const stage = stageAt(now);
    if (left.has(stage) && (now - START) % STAGE_MS >= STAGE_MS / 2) {
      cut(left.get(stage));
      left.delete(stage);
    }
    if (now === END) heal();
    await bench.pass(STEP_MS);
  }
}

/** A tick of the feed. */
export function tickOf({ symbol, bid, ask, size }, ts) {
  return {
    ts,
    recvTs: ts,
    symbol,
    venue: 'push',
    bid,
    ask,
    bidSize: size,
    askSize: size,
    last: Number.NaN,
    size: Number.NaN,
  };
}
