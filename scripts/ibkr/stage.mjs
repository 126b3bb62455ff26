// What every case has: a gateway in this process, engines in processes of their own, waits on conditions, and findings.
import { setTimeout as sleep } from 'node:timers/promises';
import { startTwsSimulator } from '@bookrunner/plugins-ibkr/simulator';
import {
  journalFaults,
  newestRun,
  noticesOf,
  readParts,
  replayFault,
  submittedOrders,
} from '../crash/engine-state.mjs';
import { Engine } from '../crash/processes.mjs';
import { REPOSITORY } from '../crash/project.mjs';
import { believed, compare, isFine } from './check.mjs';
import { ACCOUNT, RECONCILE_EVERY_MS } from './project.mjs';

/** Far more than anything here takes on a busy machine: after it a condition counts as one that never comes true. */
const PATIENCE_MS = 100_000;
const LOOK_EVERY_MS = 100;
const SWING_EVERY_MS = 200;
/** Price steps between the ends of a swing, twice. */
const SWING_STEPS = 200;

/** A case under way. */
export class Stage {
  findings = [];
  engines = [];
  project;
  /** The last comparison. */
  result = { duplicateOrders: [], lostFills: [], bookMismatches: [], unverified: [] };
  #symbols;
  #swings = [];

  constructor(name) {
    this.name = name;
  }

  async gateway(symbols, options) {
    this.#symbols = symbols;
    this.gatewayServer = await startTwsSimulator({ accounts: [{ id: ACCOUNT }], ...options });
    return this.gatewayServer;
  }

  engine({ words, env, folder = this.project.folder } = {}) {
    const engine = new Engine({ folder, env, words });
    this.engines.push(engine);
    return engine;
  }

  /** `bookrunner` with the engine.yaml of examples/ibkr, as a person starts it. */
  exampleEngine(command) {
    const file = 'examples/ibkr/engine.yaml';
    return this.engine({
      folder: REPOSITORY,
      words: [command, file, '--set', `engine.dataDir=${this.project.dataDir}`, ...QUICK_ENOUGH],
      env: { IB_PORT: String(this.gatewayServer.port) },
    });
  }

  truth() {
    return this.gatewayServer.model.truth();
  }

  /** Moves a market up and down evenly, so that a strategy on it has something to decide whatever the walk would do. */
  swing(symbol, { step, periodMs }) {
    const { bid, ask, bidSize, askSize } = this.gatewayServer.model.quoteOf(symbol);
    const startedAt = performance.now();
    const timer = setInterval(() => {
      const turn = ((performance.now() - startedAt) % periodMs) / periodMs;
      const move = Math.round(SWING_STEPS * (turn < 0.5 ? turn : 1 - turn)) * step;
      this.gatewayServer.model.quote(symbol, { bid: bid + move, ask: ask + move, bidSize, askSize });
    }, SWING_EVERY_MS);
    this.#swings.push(timer);
  }

  /** Markets stand still, so that what works can settle. */
  stand() {
    for (const timer of this.#swings.splice(0)) clearInterval(timer);
    for (const symbol of this.#symbols) {
      const { bid, ask, bidSize, askSize } = this.gatewayServer.model.quoteOf(symbol);
      this.gatewayServer.model.quote(symbol, { bid, ask, bidSize, askSize });
    }
  }

  /** What has to be so. */
  check(isSo, text) {
    if (!isSo) this.findings.push(text);
  }

  /** Waits until a condition gives something, and gives that. */
  async until(what, condition) {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      // Asked again until it is so.
      // oxlint-disable-next-line no-await-in-loop
      const found = await condition();
      if (found !== undefined && found !== false) return found;
      const engine = this.engines.at(-1);
      if (performance.now() > end || engine?.isOver === true)
        throw new Error(`${what}: never came true. ${engine?.stderr ?? ''}`);
      // oxlint-disable-next-line no-await-in-loop
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Notices of the newest run, oldest first. */
  notices() {
    return noticesOf(this.project.dataDir);
  }

  /** Orders that left the kernel, for the gateway or for the simulated venue. */
  async submitted() {
    return (await submittedOrders(this.project.dataDir)) ?? [];
  }

  newestRun() {
    return newestRun(this.project.dataDir);
  }

  /** The run has begun, another one than `before`, and the gateway has said what is there. */
  ready(before) {
    return this.until('the engine is ready', async () => {
      const run = await this.newestRun();
      return run !== undefined && run !== before && (await this.notices()).some(({ code }) => code === 'BROKER_READY');
    });
  }

  moreExecutions(count) {
    const before = this.truth().executions.length;
    return this.until(`${count} more executions`, () => this.truth().executions.length >= before + count);
  }

  /** Something is filled in part, and orders work. */
  busy() {
    return this.until('an order is filled in part while others work', () => {
      const live = this.truth().orders.filter(({ isLive }) => isLive);
      return live.length > 1 && live.some(({ filled, totalQuantity }) => filled > 0 && filled < totalQuantity);
    });
  }

  /** With the markets standing still: lets gateway and engine agree, and says what they do not agree on. */
  async agree(options) {
    const { dataDir } = this.project;
    const look = async () => {
      const submitted = await this.submitted();
      this.result = compare(this.truth(), await readParts(dataDir, believed), { ...options, submitted });
      return isFine(this.result);
    };
    try {
      await this.until('agreement', look);
      // The engine compares once more, with nothing on its way.
      await sleep(2 * RECONCILE_EVERY_MS);
    } catch {
      this.findings.push(
        ...Object.values(this.result).flat().slice(0, 10),
        `its engine said: ${this.engines.at(-1).stderr}`,
      );
    }
  }

  /** As an operator stops it; then its journal is whole and replays, and its report balances. */
  async stop(engine) {
    const { code, signal } = await engine.stop();
    this.check(code === 0, `it ended with ${signal ?? code}: ${engine.stderr}`);
    const { dataDir } = this.project;
    const faults = [...(await journalFaults(dataDir)), await replayFault(dataDir, await this.newestRun())];
    for (const fault of faults) this.check(fault === '', fault);
  }

  /** Ends everything; the folder stays where something was found. */
  async end() {
    for (const engine of this.engines) engine.kill();
    for (const timer of this.#swings) clearInterval(timer);
    await this.gatewayServer?.close();
    if (this.findings.length === 0) this.project?.dispose();
    else this.findings.push(`its folder is ${this.project?.folder}`);
  }
}

const QUICK_ENOUGH = [
  '--set',
  `engine.reconcile.everyMs=${RECONCILE_EVERY_MS}`,
  ...['feeds', 'venues'].flatMap((kind) =>
    ['retryFirstMs=200', 'retryLongestMs=1000'].flatMap((setting) => ['--set', `${kind}.ib.options.${setting}`]),
  ),
];
