// A live run in this thread: the real runtime, kernel and journal, over a venue, a feed and a clock that the caller has.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeEngine } from '../dist/composition-root.js';
import { loadConfig } from '../dist/config/index.js';
import { JournalReader } from '../dist/journal/journal-reader.js';
import { replayRun } from '../dist/journal/replay-run.js';
import { brokerVenues } from '../dist/runtime/brokers/broker-setup.js';
import { Brokers } from '../dist/runtime/brokers/brokers.js';
import { LiveRun } from '../dist/runtime/live/live-run.js';
import { Turns } from '../dist/runtime/live/pace-turns.js';
import { journalOpener } from '../dist/runtime/session/worker-journal.js';
import { WorkerSession } from '../dist/runtime/session/worker-session.js';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const DRIVER = createRequire(import.meta.url)('better-sqlite3');
const LINKS = { '@bookrunner/sdk': 'packages/sdk', zod: 'node_modules/zod' };
const LOG = { level: 'silent', format: 'json' };
const RUN = 'run-1';

/** A project folder of its own, with engine.yaml and one plugin. */
function makeProject(yaml, files) {
  const folder = mkdtempSync(join(tmpdir(), 'bookrunner-faults-'));
  for (const [name, target] of Object.entries(LINKS)) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(REPOSITORY, target), path);
  }
  writeFileSync(join(folder, 'engine.yaml'), yaml);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'var'));
  return folder;
}

/** One live run. `make` gives the venue and the feed for a configuration; `rest` lets everything that is due happen. */
export class LiveBench {
  notices = [];
  #stop = new AbortController();
  #isOver = false;

  constructor({ yaml, files, clock, make, rest }) {
    this.folder = makeProject(yaml, files);
    this.clock = clock;
    this.rest = rest ?? turnTheLoop;
    this.#make = make;
  }

  #make;
  #result;
  #engine;

  get kernel() {
    return this.assembly.kernel;
  }

  async begin() {
    const { clock } = this;
    const config = loadConfig(join(this.folder, 'engine.yaml'), {});
    const engine = await composeEngine({ config, mode: 'live', log: { ...LOG, write: () => {} }, clock });
    this.#engine = engine;
    const { venue, feed } = this.#make(config, clock);
    await feed.open();
    const composed = { ...engine, parts: { ...engine.parts, feeds: new Map([['data', feed]]) } };
    const venues = new Map([['broker', venue]]);
    const brokers = new Brokers({ brokers: brokerVenues(config, 'live'), venues, config, clock, log: engine.log });
    for (const { open } of brokers.openables()) await open();
    await this.#start(composed, brokers);
  }

  async #start(engine, brokers) {
    const { clock } = this;
    const data = {
      ...{ runId: RUN, mode: 'live', configPath: '', overrides: [], env: {}, speed: 1, first: [], html: false },
      ...{ isFresh: true, beatEveryMs: 100, log: LOG, beat: new SharedArrayBuffer(16) },
    };
    const onFault = (error) =>
      this.notices.push({ level: 'alarm', code: error.code ?? 'FAULT', message: String(error) });
    const openJournal = await journalOpener({ engine, data, isRecorded: false, onFault });
    let begun;
    const hasBegun = new Promise((resolve) => (begun = resolve));
    const source = new LiveRun({
      ...{ data, engine, brokers, openJournal, turns: new Turns({ beat: () => {} }), beat: () => {} },
      signal: this.#stop.signal,
      session: () => session,
      onNotice: (notice) => void this.notices.push(notice),
      onBegun: begun,
    });
    const session = new WorkerSession({
      runId: RUN,
      name: 'faults',
      mode: 'live',
      source,
      wallClock: () => clock.nowUtc(),
    });
    const attach = session.attach.bind(session);
    session.attach = (assembly) => {
      this.assembly = assembly;
      attach(assembly);
    };
    this.#result = source.run();
    await Promise.race([hasBegun, this.#result]);
    await this.rest();
  }

  /** Time passes, and what waits for it happens. */
  async pass(ms) {
    this.clock.advance(ms);
    await this.rest();
  }

  /** Ends the run in the usual way, and gives its result. */
  async finish() {
    this.#stop.abort();
    const over = () => (this.#isOver = true);
    this.#result.then(over, over);
    await this.rest();
    while (!this.#isOver) await this.pass(50);
    return this.#result;
  }

  /** Replays the journal that the run has left. */
  async replay() {
    const dataDir = join(this.folder, 'var');
    const reader = new JournalReader(dataDir, DRIVER);
    try {
      return await replayRun({ reader, dataDir, run: RUN });
    } finally {
      reader.close();
    }
  }

  async dispose() {
    await this.#engine?.dispose();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What is done in this process alone is done after some turns of the event loop. */
export async function turnTheLoop() {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
}
