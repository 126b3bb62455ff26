// A feed of so many ticks a second, for so long: what the process takes for them, and what its memory does meanwhile.
import { setTimeout as wait } from 'node:timers/promises';
import { cpuMs } from './generation.mjs';
import { liveHand } from './live-hand.mjs';

/** Most ticks in a row: then the event loop turns. */
export const MOST_IN_A_ROW = 1_000;
const MB = 1_048_576;
/** Quotes that are sent over and over: made before the clock starts, and few enough to stay in the processor's cache, where fresh ones are. */
const QUOTES = 1_000;

/**
 * @typedef {object} PacedOptions
 * @property {number} ticksPerSecond
 * @property {number} seconds that are measured
 * @property {number} warmupSeconds before them
 * @property {string} [dataDir] with it the session is journalled there
 */

/**
 * @param {PacedOptions} options
 * @returns {Promise<{ ticks: number, received: number, durable: number, ticksPerSecond: number, cpuShare: number, resident: number[] }>}
 *   `cpuShare`: of one processor, user and system; `resident`: MB, once a second
 */
export async function pacedTicks({ ticksPerSecond, seconds, warmupSeconds, dataDir }) {
  const session = await liveHand({ config: 'durable.yaml', ...(dataDir === undefined ? {} : { dataDir }) });
  const ticks = quotes();
  const pace = { ...{ session, ticks, ticksPerSecond }, sent: 0 };
  await send(pace, warmupSeconds, () => {});
  const resident = [];
  const before = { sent: pace.sent, cpu: cpuMs(), at: performance.now() };
  await send(pace, seconds, () => resident.push(process.memoryUsage.rss() / MB));
  const elapsedMs = performance.now() - before.at;
  const usedMs = cpuMs() - before.cpu;
  await session.close();
  return {
    ticks: pace.sent,
    received: session.driver.ticks,
    durable: session.journal?.writer.durable ?? 0,
    ticksPerSecond: ((pace.sent - before.sent) / elapsedMs) * 1_000,
    cpuShare: usedMs / elapsedMs,
    resident,
  };
}

/** Sends what is due, never more than so many in a row, until the time is over. */
async function send(pace, seconds, eachSecond) {
  const { session, ticks, ticksPerSecond } = pace;
  const { sink } = session;
  const started = performance.now();
  const before = pace.sent;
  let shown = 0;
  for (;;) {
    const elapsed = performance.now() - started;
    if (elapsed >= shown * 1_000) {
      shown += 1;
      eachSecond();
    }
    const due = before + Math.floor((elapsed / 1_000) * ticksPerSecond) - pace.sent;
    const now = Date.now();
    for (let i = Math.min(due, MOST_IN_A_ROW); i > 0; i--) {
      const tick = ticks[pace.sent % ticks.length];
      tick.ts = tick.recvTs = now;
      sink.tick(tick);
      pace.sent += 1;
    }
    // A machine that cannot keep up does not get longer: its rate says so.
    if (elapsed >= seconds * 1_000) return;
    // What is due by then makes one row.
    await wait(due > MOST_IN_A_ROW ? 0 : (MOST_IN_A_ROW / ticksPerSecond) * 1_000);
  }
}

/**
 * A quote of one shape whatever its values, as those of a feed are that makes them one after the other. Of literals made up front V8 keeps
 * several shapes, some for whole numbers, and reading a mixture of them takes longer than everything the session does with a tick.
 */
class Quote {
  ts = Number.NaN;
  recvTs = Number.NaN;
  venue = 'bench';
  symbol;
  bid = Number.NaN;
  ask = Number.NaN;
  bidSize = Number.NaN;
  askSize = Number.NaN;
  last = Number.NaN;
  size = Number.NaN;

  constructor(place) {
    const bid = 1_000 + (place % 97) * 0.25;
    this.symbol = `Q${place % 10}`;
    this.bid = bid;
    this.ask = bid + 0.25;
    this.bidSize = 1 + (place % 7);
    this.askSize = 1 + (place % 5);
  }
}

/** Quotes of ten symbols in turn, each a step from the one before. */
function quotes() {
  return Array.from({ length: QUOTES }, (_, place) => new Quote(place));
}
