// From a tick of a live feed to its order handed to the venue, with the journal: the order is on disk before it is handed over.
import { setImmediate as turn } from 'node:timers/promises';
import { loadDriver } from '../../packages/engine/dist/journal/journal-connection.js';
import { JournalReader } from '../../packages/engine/dist/journal/journal-reader.js';
import { DiskSync } from './disk-sync.mjs';
import { liveHand } from './live-hand.mjs';
import { QuoteWalk } from './quote-data.mjs';
import { probe } from './venue-probe.mjs';

/** Kernel time from tick to tick: below the most orders a second and a minute that limits can be set to. */
const STEP_MS = 20;
const LIMITS = ['risk.options.maxOrdersPerMinute=4096'];
/** Orders from one look at the disk to the next: both see the same machine. */
const SYNC_EVERY = 10;
const START = Date.UTC(2026, 0, 5);

/** A clock that is moved by hand; what is due comes with the rows. */
class HandClock {
  #now = START;

  nowUtc() {
    return this.#now;
  }
  callAt() {
    return () => {};
  }
  step() {
    this.#now += STEP_MS;
  }
}

/**
 * Times from the feed's call to the call of the venue's `submit`, in ms: a turn of the event loop before each tick; and in between
 * the disk's own.
 * @param {{ dataDir: string, ticks: number, warmup: number }} options
 */
export async function durableOrders({ dataDir, ticks, warmup }) {
  const clock = new HandClock();
  const session = await liveHand({ config: 'latency.yaml', overrides: LIMITS, dataDir, clock });
  const walk = new QuoteWalk();
  const disk = new DiskSync(dataDir);
  const samples = new Float64Array(ticks);
  const syncs = [];
  probe.orders = 0;
  for (let i = -warmup; i < ticks; i++) {
    walk.next();
    clock.step();
    if (i >= 0 && i % SYNC_EVERY === 0) syncs.push(disk.time());
    const tick = quote('L1', clock.nowUtc(), walk);
    await turn();
    const started = performance.now();
    session.sink.tick(tick);
    if (i >= 0) samples[i] = probe.at - started;
  }
  const { orders } = probe;
  disk.close();
  await session.close();
  return { samples, syncs, orders, handed: await handedIn(dataDir) };
}

/** Requests of which the journal says that they went out: it said so before they did. */
async function handedIn(dataDir) {
  const reader = new JournalReader(dataDir, await loadDriver());
  try {
    let handed = 0;
    for (const segment of reader.segments()) {
      for (const { record } of reader.records(segment)) if (record.kind === 'handed') handed += 1;
    }
    return handed;
  } finally {
    reader.close();
  }
}

function quote(symbol, ts, { mid, spread }) {
  const unknown = Number.NaN;
  return {
    ...{ ts, recvTs: ts, symbol, venue: 'bench', bid: mid / 4, ask: (mid + spread) / 4 },
    ...{ bidSize: unknown, askSize: unknown, last: unknown, size: unknown },
  };
}
