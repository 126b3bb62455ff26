// One session of the script, with faults at the venue and the feed, to its end.
import { FakeClock, FaultyFeed, FaultyVenue, PaperVenue, PushFeed } from '@bookrunner/sdk/testing';
import { scriptsOf } from './fault-cases.mjs';
import { LiveBench } from './live-bench.mjs';
import { CASH, CUTS, FEE_PER_UNIT, PLUGIN, quotesAt, SETTLE_MS, STAGE_MS, stageAt, STAGES, START, TICK_MS, YAML } from './session-script.mjs';
import { booksOf, faultsOf, truthOf } from './judge.mjs';

const STEP_MS = 1_000;

/** A venue behind a wire: calls arrive when whatever they come out of has ended. Remembers which order ids were handed to it. */
class WiredVenue {
  submitted = new Map();

  constructor(inner) {
    this.inner = inner;
  }
  get capabilities() {
    return this.inner.capabilities;
  }
  open(sink) {
    return this.inner.open(sink);
  }
  close() {
    return this.inner.close();
  }
  async submit(group) {
    await undefined;
    for (const { clientOrderId } of group) this.submitted.set(clientOrderId, (this.submitted.get(clientOrderId) ?? 0) + 1);
    return this.inner.submit(group);
  }
  async cancel(ref) {
    await undefined;
    return this.inner.cancel(ref);
  }
  async replace(ref, change) {
    await undefined;
    return this.inner.replace(ref, change);
  }
  async snapshot() {
    await undefined;
    return this.inner.snapshot();
  }
}

/** Runs a session, and says what is in its books, what is at its venue, and what is wrong between the two. */
export async function runSession({ kinds, seed }) {
  const scripts = scriptsOf(kinds, seed);
  const clock = new FakeClock(START);
  const parts = {};
  const bench = new LiveBench({ yaml: YAML, files: { 'faults.mjs': PLUGIN }, clock, make: (config) => make(parts, { config, clock, scripts, seed }) });
  try {
    await bench.begin();
    await trade(bench, parts);
    const state = { bench, parts, books: booksOf(bench.kernel), truth: await truthOf(bench.kernel, parts) };
    const result = await bench.finish();
    const replayed = await bench.replay();
    const faults = faultsOf(state, { result, replayed });
    const happened = kinds.map((kind) => logOf(parts, kind).length);
    return { ...faults, books: state.books, truth: state.truth, happened, log: `${parts.venue.log}\n${parts.feed.log}`, notices: bench.notices };
  } finally {
    await bench.dispose();
  }
}

function make(parts, { config, clock, scripts, seed }) {
  const instruments = Object.values(config.instruments);
  parts.paper = new PaperVenue({ instruments, clock, account: 'ACC1', cash: CASH, feePerUnit: FEE_PER_UNIT });
  parts.venue = new FaultyVenue(parts.paper, { clock, seed, script: scripts.venue });
  parts.wired = new WiredVenue(parts.venue);
  parts.push = new PushFeed({ instruments, nowUtc: () => clock.nowUtc() });
  parts.feed = new FaultyFeed(parts.push, { clock, seed, script: scripts.feed });
  return { venue: parts.wired, feed: parts.feed };
}

async function trade(bench, parts) {
  const { clock } = bench;
  const end = START + STAGES * STAGE_MS;
  let stage = -1;
  const quote = () => {
    for (const { symbol, bid, ask, size } of quotesAt(clock.nowUtc())) {
      parts.paper.quoteSizes(symbol, { bid, ask, bidSize: size, askSize: size });
      const ts = clock.nowUtc();
      const sizes = { bidSize: size, askSize: size, last: Number.NaN, size: Number.NaN };
      parts.push.push({ ts, recvTs: ts, symbol, venue: 'push', bid, ask, ...sizes });
    }
  };
  while (clock.nowUtc() < end + SETTLE_MS) {
    const now = clock.nowUtc();
    if ((now - START) % TICK_MS === 0) quote();
    const into = (now - START) % STAGE_MS;
    if (now < end && stageAt(now) !== stage && into >= STAGE_MS / 2) {
      stage = stageAt(now);
      if (CUTS.has(stage)) parts.venue.disconnect(CUTS.get(stage));
    }
    if (now === end) {
      parts.venue.heal();
      parts.feed.heal();
    }
    await bench.pass(STEP_MS);
  }
}

function logOf({ venue, feed }, kind) {
  const [side, name] = [kind.slice(0, kind.indexOf('.')), kind.slice(kind.indexOf('.') + 1)];
  return (side === 'venue' ? venue : feed).log.of(name);
}
