// Drives kernel, driver and simulated venue tick by tick and takes the time of each. Imports from dist: no public name gives ticks
// one by one.
import { composeEngine } from '../../packages/engine/dist/composition-root.js';
import { loadConfig } from '../../packages/engine/dist/config/index.js';
import { assemble } from '../../packages/engine/dist/runtime/assemble.js';
import { configFile } from './engine-run.mjs';
import { QuoteWalk } from './quote-data.mjs';
import { median } from './statistics.mjs';
import { probe } from './venue-probe.mjs';

const TIMER_CALLS = 200_000;

/** What one look at the clock adds to a measured time, in ns. */
export function timerNs() {
  const samples = new Float64Array(TIMER_CALLS);
  for (let i = 0; i < TIMER_CALLS; i++) {
    const started = performance.now();
    samples[i] = performance.now() - started;
  }
  return median(samples) * 1e6;
}

/** One engine that is given ticks by hand. */
async function hand(overrides) {
  const config = loadConfig(configFile('latency.yaml'), { env: {}, overrides });
  const engine = await composeEngine({
    config,
    mode: 'backtest',
    log: { level: 'silent', format: 'json', write: () => {} },
  });
  const [instrument] = Object.values(config.instruments);
  return assemble({
    prepared: engine.prepared,
    parts: engine.parts,
    instruments: [{ instrument, source: {} }],
    calendar: engine.calendar,
    tradeFrom: Number.NEGATIVE_INFINITY,
    recorder: { logs: { retain: 65_536 } },
  });
}

/**
 * Times from handing a tick to the driver to handing its order to the venue, in ns and with the timer's own share.
 * @param {{ ticks: number, warmup: number, overrides?: readonly string[] }} options
 */
export async function tickLatencies({ ticks, warmup, overrides = [] }) {
  const { driver } = await hand(overrides);
  const walk = new QuoteWalk();
  const nothing = { bidSize: Number.NaN, askSize: Number.NaN, last: Number.NaN, size: Number.NaN };
  const event = {
    kind: 'tick',
    instrumentIndex: 0,
    symbol: 'L1',
    venue: 'bench',
    at: 0,
    ts: 0,
    recvTs: 0,
    bid: 0.5,
    ask: 0.5,
    ...nothing,
  };
  const samples = new Float64Array(ticks);
  probe.orders = 0;
  for (let i = -warmup; i < ticks; i++) {
    walk.next();
    event.at = event.ts = event.recvTs = walk.ts;
    event.bid = walk.mid / 4;
    event.ask = (walk.mid + walk.spread) / 4;
    const started = performance.now();
    driver.tick(event);
    driver.advanceTo(event.at);
    if (i >= 0) samples[i] = (probe.at - started) * 1e6;
  }
  return { samples, orders: probe.orders };
}
