// The same session at the practice broker, over TCP, with the connection cut at one message.
import { setImmediate as turn } from 'node:timers/promises';
import { SILENT_LOGGER } from '@bookrunner/sdk';
import { aCalendar, FakeClock, PushFeed } from '@bookrunner/sdk/testing';
import practice, { startPracticeBroker } from '@bookrunner/practice-broker';
import { booksOf, faultsOf } from './judge.mjs';
import { LiveBench } from './live-bench.mjs';
import { drive, tickOf } from './session-drive.mjs';
import { CASH, CUTS, FEE_PER_UNIT, PLUGIN, START, yamlOf } from './session-script.mjs';
import { WiredVenue } from './wired-venue.mjs';

/** Where a connection can be cut: at a message to the broker or from it, before or after it has reached the other side. */
export const CUT_PLACES = [
  { name: 'read:before', fault: { kind: 'cut-on-read', reached: false } },
  { name: 'read:after', fault: { kind: 'cut-on-read', reached: true } },
  { name: 'write:before', fault: { kind: 'cut-on-write', written: false } },
  { name: 'write:after', fault: { kind: 'cut-on-write', written: true } },
];

/** Turns of the event loop in which a message and what it leads to have passed between the two ends of a socket in one process. */
const TURNS = 12;
const ACCOUNT = 'ACC1';

/** Runs a session that is cut at message `nth` of a place; uncut without one. `isCut` is false where there are fewer messages. */
export async function runCutSession(cut) {
  const clock = new FakeClock(START);
  const parts = await startParts(clock);
  const make = (config) => makeParts(parts, { config, clock, cut });
  const bench = new LiveBench({
    yaml: yamlOf({ everyMs: 60_000 }),
    files: { 'faults.mjs': PLUGIN },
    clock,
    make,
    rest,
  });
  try {
    await bench.begin();
    await drive(bench, {
      market: (quote) => {
        const { symbol, bid, ask } = quote;
        parts.broker.broker.quote(symbol, { bid, ask, last: Number.NaN });
        parts.push.push(tickOf(quote, clock.nowUtc()));
      },
      cut: () => parts.broker.faults.cutAll(),
      heal: () => {},
    });
    // Once more than every session loses it.
    const isCut = parts.lost > CUTS.size;
    const state = { bench, truth: truthOf(parts), books: booksOf(bench.kernel) };
    const result = await bench.finish();
    const replayed = await bench.replay();
    return {
      ...faultsOf(state, { result, replayed }),
      books: state.books,
      truth: state.truth,
      isCut,
      notices: bench.notices,
    };
  } finally {
    await parts.broker.close();
    await bench.dispose();
  }
}

async function rest() {
  for (let turns = 0; turns < TURNS; turns++) await turn();
}

async function startParts(clock) {
  const instrument = (symbol, base) => ({
    symbol,
    base,
    assetClass: 'fx',
    quote: 'USD',
    priceStep: 0.00001,
    lotStep: 1000,
  });
  const broker = await startPracticeBroker({
    instruments: [instrument('EURUSD', 'EUR'), instrument('GBPUSD', 'GBP')],
    markets: { EURUSD: {}, GBPUSD: {} },
    accounts: [{ id: ACCOUNT, cash: CASH }],
    ...{ tickEveryMs: 0, feePerUnit: FEE_PER_UNIT, maxUnitsPerFill: 8_000, fillsPerTick: 1, clock },
  });
  return { broker, lost: 0 };
}

function makeParts(parts, { config, clock, cut }) {
  const instruments = Object.values(config.instruments);
  const { options, create } = practice.venues.practice;
  const context = { name: 'broker', clock, logger: SILENT_LOGGER, configDir: '.', dataDir: '.' };
  const inner = create({
    ...context,
    ...{ instruments: new Map(), calendar: () => aCalendar([]) },
    options: options.parse({ port: parts.broker.port, account: ACCOUNT }),
  });
  const onStatus = ({ state }) => {
    if (state === 'disconnected') parts.lost += 1;
  };
  const onOpen = () => {
    // The login is no message of the session: where it fails, no run begins.
    if (cut !== undefined) parts.broker.setFaults({ ...cut.fault, nth: cut.nth });
  };
  parts.wired = new WiredVenue(inner, { onStatus, onOpen });
  parts.push = new PushFeed({ instruments, nowUtc: () => clock.nowUtc() });
  return { venue: parts.wired, feed: parts.push };
}

function truthOf({ broker, wired }) {
  const { positions, openOrders, executions, cash, duplicates } = broker.truth();
  return {
    positions: Object.fromEntries(positions.map(({ symbol, qty }) => [symbol, qty])),
    open: openOrders.map(({ clientOrderId }) => clientOrderId).toSorted((a, b) => a.localeCompare(b)),
    told: executions.map(({ executionId }) => executionId),
    cash: cash[ACCOUNT],
    twice: [...new Set([...duplicates, ...wired.twice])],
  };
}
