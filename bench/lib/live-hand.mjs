// The parts of a session over live feeds, put together as the engine worker does, with a sink that is given ticks by hand.
// Imports from dist: no public name gives ticks one by one.
import { composeEngine } from '../../packages/engine/dist/composition-root.js';
import { effectiveConfigYaml, loadConfig } from '../../packages/engine/dist/config/index.js';
import { fingerprintOf } from '../../packages/engine/dist/journal/fingerprint.js';
import { loadDriver } from '../../packages/engine/dist/journal/journal-connection.js';
import { JournalWriter } from '../../packages/engine/dist/journal/journal-writer.js';
import { RunJournal } from '../../packages/engine/dist/journal/run-journal.js';
import { assemble } from '../../packages/engine/dist/runtime/assemble.js';
import { LiveChannel } from '../../packages/engine/dist/runtime/live/live-channel.js';
import { LiveInbox } from '../../packages/engine/dist/runtime/live/live-inbox.js';
import { LiveMarket } from '../../packages/engine/dist/runtime/live/live-market.js';
import { StaleWatch } from '../../packages/engine/dist/runtime/live/live-stale.js';
import { configFile } from './engine-run.mjs';

const RUN_EPOCH = '00000001';
/** Feeds of the benchmarks are never stale. */
const STALE_MS = 3_600_000;

function fail(error) {
  throw error;
}

/**
 * @typedef {object} HandOptions
 * @property {string} config name of a file in `bench/config`
 * @property {readonly string[]} [overrides] `path=value`
 * @property {string} [dataDir] with it the session is journalled there, with what the engine's own limits are
 * @property {import('@bookrunner/sdk').Clock} [clock] the machine's unless given
 */

/**
 * A session ready for its first tick: `sink.tick` is what a feed would call. `close` ends its journal.
 * @param {HandOptions} options
 */
export async function liveHand({ config: name, overrides = [], dataDir, clock }) {
  const config = loadConfig(configFile(name), { env: {}, overrides });
  const engine = await composeEngine({
    config,
    mode: 'paper',
    log: { level: 'silent', format: 'json', write: () => {} },
  });
  const instruments = Object.values(config.instruments).map((instrument) => ({ instrument, source: {} }));
  const time = clock ?? engine.clock;
  const start = time.nowUtc();
  const journal = dataDir === undefined ? undefined : await openJournal({ dataDir, engine, instruments, start });
  const assembly = assemble({
    ...{ prepared: engine.prepared, parts: engine.parts, instruments, calendar: engine.calendar },
    ...{ tradeFrom: start, runEpoch: RUN_EPOCH },
    ...(journal === undefined ? {} : { tap: journal }),
  });
  journal?.attach(assembly);
  const { driver, kernel } = assembly;
  const market = new LiveMarket({ driver, clock: time, beat: () => {} });
  market.arrival.now(start);
  driver.event({ kind: 'timer', at: start });
  const inbox = new LiveInbox(time, fail);
  inbox.openTo(channelOf({ instruments, engine, market, clock: time }));
  return {
    ...{ sink: inbox, driver, kernel, journal },
    async close() {
      market.close();
      journal?.end(kernel.now);
      journal?.close();
      await engine.dispose();
    },
  };
}

async function openJournal({ dataDir, engine, instruments, start }) {
  const { prepared } = engine;
  const { config, optionsByPath } = prepared;
  const facts = {
    ...{ run: 'bench', name: config.engine.name, source: 'live', mode: 'paper', runEpoch: RUN_EPOCH },
    ...{ startedAt: start, tradeFrom: start, configPath: config.source.path },
    instruments: instruments.map(({ instrument: { symbol } }) => ({ symbol })),
    fingerprint: fingerprintOf(prepared),
    config: effectiveConfigYaml(config, optionsByPath),
  };
  const writer = new JournalWriter({
    ...{ dataDir, facts, driver: await loadDriver() },
    now: () => Date.now(),
    onFault: fail,
  });
  return new RunJournal(writer, { onFault: fail });
}

function channelOf({ instruments, engine, market, clock }) {
  const calendars = instruments.map(({ instrument }) => engine.calendar(instrument.calendar));
  return new LiveChannel({
    ...{ name: 'bench', market, clock, onState: () => {}, onFault: fail },
    instruments: instruments.map(({ instrument }, index) => ({ instrument, index, bars: undefined })),
    stale: new StaleWatch({ calendars, limitMs: STALE_MS, from: clock.nowUtc() }),
  });
}
