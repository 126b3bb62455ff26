// How many quotes a second the feed takes from a gateway in another process, and what they cost: prints JSON.
//   node packages/plugins-ibkr/bench/quotes.mjs [--rate 100000] [--seconds 10] [--kind top-of-book|tick-by-tick] [--symbols 3]
// Needs `npm run build`. The gateway is the simulator, which sends quotes as bytes made beforehand: it costs less than the feed.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { defineInstrument, marketCalendar, SILENT_LOGGER, SystemClock } from '@bookrunner/sdk';
import { ibkrFeedOptions } from '../dist/feed/feed-options.js';
import { IbkrFeed } from '../dist/feed/ibkr-feed.js';
import { GatewayPool } from '../dist/session/gateway-pool.js';
import { SimulatedGateway } from '../dist/simulator/model/simulated-gateway.js';
import { startTwsSimulator } from '../dist/simulator/index.js';

const SYMBOLS = ['AAPL', 'MSFT', 'SPY'];
const SLICE_MS = 5;
/** Different quotes of each symbol, made once and sent over and over. */
const VARIANTS = 200;
const WARM_UP_MS = 2_000;
const [BID, ASK, BID_SIZE, ASK_SIZE] = [1, 2, 0, 3];

if (process.send === undefined || process.argv[2] !== 'gateway') await measure();
else await serve();

/** The other process: a simulator that sends quotes at a rate for as long as it is told. */
async function serve() {
  const sim = await startTwsSimulator({
    model: (parts) => new SimulatedGateway({ tickByTickLimit: 10 }, parts.clock),
    // On a machine with other work the feed may fall behind for a while: it is not cut off for that.
    settings: { maxBufferedBytes: 2 ** 30 },
  });
  process.send({ port: sim.port });
  const [order] = await once(process, 'message');
  const ids = idsOf(sim, order);
  const quotes = Array.from({ length: VARIANTS }, (_, i) => ids.map((id) => quoteBytes(id, i, order.kind))).flat();
  let sent = 0;
  const begin = performance.now();
  const timer = setInterval(() => {
    const elapsed = performance.now() - begin;
    const due = Math.floor((Math.min(elapsed, order.durationMs) * order.rate) / 1_000);
    const bytes = [];
    for (; sent < due; sent += 1) bytes.push(quotes[sent % quotes.length]);
    if (bytes.length > 0) sim.faults.sendBytes(Buffer.concat(bytes));
    if (elapsed < order.durationMs) return;
    clearInterval(timer);
    process.send({ sent, sendingMs: performance.now() - begin });
  }, SLICE_MS);
  await once(process, 'disconnect');
  await sim.close();
  process.exit(0);
}

function idsOf(sim, { kind, symbols }) {
  const [message, place] = kind === 'tick-by-tick' ? ['97', 1] : ['1', 2];
  return SYMBOLS.slice(0, symbols).map((symbol) => {
    const asked = sim.transcript.entries.findLast(
      ({ direction, fields }) => direction === 'in' && fields[0] === message && fields.includes(symbol),
    );
    return asked.fields[place];
  });
}

/** One quote as a gateway sends it: four messages, or one where it is tick by tick. */
function quoteBytes(id, i, kind) {
  const [bid, ask] = [(100 + (i % 100) / 100).toFixed(2), (100.01 + (i % 100) / 100).toFixed(2)];
  const [bidSize, askSize] = [100 + i, 200 + i];
  const messages =
    kind === 'tick-by-tick'
      ? [['99', id, '3', '1700000000', bid, ask, bidSize, askSize, '0']]
      : [
          ['1', '6', id, BID, bid, bidSize, '1'],
          ['2', '6', id, BID_SIZE, bidSize],
          ['1', '6', id, ASK, ask, askSize, '1'],
          ['2', '6', id, ASK_SIZE, askSize],
        ];
  return Buffer.concat(
    messages.map((fields) => {
      const body = Buffer.from(`${fields.join('\0')}\0`);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      return Buffer.concat([length, body]);
    }),
  );
}

async function measure() {
  const { values } = parseArgs({
    options: {
      rate: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '10' },
      kind: { type: 'string', default: 'top-of-book' },
      symbols: { type: 'string', default: '3' },
    },
  });
  const { kind } = values;
  const [rate, seconds, symbols] = [values.rate, values.seconds, values.symbols].map(Number);
  const gateway = fork(new URL(import.meta.url), ['gateway']);
  const [{ port }] = await once(gateway, 'message');
  let quotes = 0;
  const sink = { tick: () => (quotes += 1), ticks() {}, bars() {}, status() {}, heartbeat() {}, rejected() {} };
  const feed = makeFeed({ port, kind });
  await feed.open();
  await feed.subscribe(SYMBOLS.slice(0, symbols).map(instrumentOf), sink);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const before = quotes;
  gateway.send({ rate, durationMs: WARM_UP_MS + seconds * 1_000, kind, symbols });
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
  const start = { at: performance.now(), cpu: process.cpuUsage(), rss: process.memoryUsage.rss(), quotes };
  const [{ sent, sendingMs }] = await once(gateway, 'message');
  // What was sent is taken: nothing may be left behind in sockets.
  const giveUp = performance.now() + 60_000;
  while (quotes - before < sent && performance.now() < giveUp) await new Promise((resolve) => setTimeout(resolve, 5));
  const elapsed = (performance.now() - start.at) / 1_000;
  const { user, system } = process.cpuUsage(start.cpu);
  const taken = quotes - start.quotes;
  const result = {
    ...{ kind, symbols, askedPerSecond: rate, sent, sendingSeconds: round(sendingMs / 1_000) },
    ...{ lost: sent - (quotes - before), quotes: taken, seconds: round(elapsed) },
    quotesPerSecond: Math.round(taken / elapsed),
    shareOfCore: round((user + system) / 1e6 / elapsed),
    /** What one core could take, were it all there. */
    quotesPerCoreSecond: Math.round(taken / ((user + system) / 1e6)),
    rssGrowthMB: round((process.memoryUsage.rss() - start.rss) / 2 ** 20),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  await feed.close();
  gateway.disconnect();
}

function makeFeed({ port, kind }) {
  const clock = new SystemClock();
  const options = ibkrFeedOptions.parse({ port, restart: false, quotes: kind, trades: 'none' });
  const session = new GatewayPool().gateway(options, { clock, logger: SILENT_LOGGER });
  const context = { name: 'ib', options, clock, logger: SILENT_LOGGER, configDir: '.', dataDir: '.' };
  return new IbkrFeed({ ...context, instruments: new Map(), calendar: (id) => marketCalendar(id) }, session);
}

function instrumentOf(symbol) {
  return defineInstrument({ symbol, assetClass: 'equity', quote: 'USD', priceStep: 0.01 });
}

function round(value) {
  return Math.round(value * 1_000) / 1_000;
}
