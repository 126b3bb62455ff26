// One session of the script, with faults at the venue and the feed, to its end.
import { FakeClock, FaultyFeed, FaultyVenue, PaperVenue, PushFeed } from '@bookrunner/sdk/testing';
import { partsOf, scriptsOf } from './fault-cases.mjs';
import { LiveBench } from './live-bench.mjs';
import { booksOf, faultsOf, truthOf } from './judge.mjs';
import { drive, tickOf } from './session-drive.mjs';
import { WiredVenue } from './wired-venue.mjs';
import { CASH, FEE_PER_UNIT, PLUGIN, START, yamlOf } from './session-script.mjs';

/** Runs a session, and says what is in its books, what is at its venue, and what is wrong between the two. */
export async function runSession({ kinds, seed }) {
  const scripts = scriptsOf(kinds, seed);
  const clock = new FakeClock(START);
  const parts = {};
  const bench = new LiveBench({
    yaml: yamlOf({ everyMs: 10_000 }),
    files: { 'faults.mjs': PLUGIN },
    clock,
    make: (config) => make(parts, { config, clock, scripts, seed }),
  });
  try {
    await bench.begin();
    await trade(bench, parts);
    const state = { bench, parts, books: booksOf(bench.kernel), truth: await truthOf(parts) };
    const result = await bench.finish();
    const replayed = await bench.replay();
    const faults = faultsOf(state, { result, replayed });
    const happened = kinds.map((kind) => logOf(parts, kind).length);
    return {
      ...faults,
      books: state.books,
      truth: state.truth,
      happened,
      log: `${parts.venue.log}\n${parts.feed.log}`,
      notices: bench.notices,
    };
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

function trade(bench, { paper, venue, push, feed }) {
  return drive(bench, {
    market: (quote) => {
      const { symbol, bid, ask, size } = quote;
      paper.quoteSizes(symbol, { bid, ask, bidSize: size, askSize: size });
      push.push(tickOf(quote, bench.clock.nowUtc()));
    },
    cut: (downMs) => venue.disconnect(downMs),
    heal: () => {
      venue.heal();
      feed.heal();
    },
  });
}

function logOf({ venue, feed }, name) {
  const [side, kind] = partsOf(name);
  return (side === 'venue' ? venue : feed).log.of(kind);
}
