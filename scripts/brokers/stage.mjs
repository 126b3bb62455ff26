// What every case has: brokers, an engine, waits on conditions, and findings.
import { setTimeout as sleep } from 'node:timers/promises';
import { compare, isFine } from '../crash/check.mjs';
import { journalFaults, noticesOf, readEngine, replayFault, newestRun } from '../crash/engine-state.mjs';
import { Broker, Engine } from '../crash/processes.mjs';

/** Far more than anything here takes on a busy machine: after it a condition counts as one that never comes true. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 40;

/** A case under way. */
export class Stage {
  name;
  /** Of the brokers' markets. */
  seed;
  findings = [];
  brokers = [];
  engines = [];
  project;

  constructor(name, seed) {
    this.name = name;
    this.seed = seed;
  }

  async broker(options) {
    const broker = await Broker.start({ seed: this.seed, feePerUnit: 0.01, ...options });
    this.brokers.push(broker);
    return broker;
  }

  engine() {
    const { folder, notes } = this.project;
    const engine = new Engine({ folder, env: { NOTES: notes } });
    this.engines.push(engine);
    return engine;
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
      if (performance.now() > end || engine?.isOver === true) {
        throw new Error(`${what}: never came true. ${engine?.stderr ?? ''}`);
      }
      // oxlint-disable-next-line no-await-in-loop
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** The run has begun, another one than `before`, and these venues have said what is there. */
  ready(before, venues) {
    const { dataDir } = this.project;
    return this.until('the engine is ready', async () => {
      if ((await newestRun(dataDir)) === before) return false;
      const ready = (await noticesOf(dataDir)).filter(({ code }) => code === 'BROKER_READY');
      return venues.every((venue) => ready.some(({ details }) => details.venue === venue));
    });
  }

  /** With the market standing still: lets broker and engine agree, and says what they do not agree on. */
  async agree(broker, { venue, unallocated } = {}) {
    let findings;
    const look = async () => {
      findings = compare(await broker.truth(), await readEngine(this.project.dataDir, venue), unallocated);
      return isFine(findings);
    };
    try {
      await this.until('agreement', look);
    } catch {
      const texts = Object.values(findings).flat();
      this.findings.push(`${venue ?? 'the broker'}: ${texts.join('; ')}`);
    }
  }

  /** As an operator stops it; then its journal is whole and replays. */
  async stop(engine) {
    const { code, signal } = await engine.stop();
    this.check(code === 0, `it ended with ${signal ?? code}: ${engine.stderr}`);
    await this.verify();
  }

  async verify() {
    const { dataDir } = this.project;
    const faults = [...(await journalFaults(dataDir)), await replayFault(dataDir, await newestRun(dataDir))];
    for (const fault of faults) this.check(fault === '', fault);
  }

  /** Ends everything; the folder stays where something was found. */
  async end() {
    for (const engine of this.engines) engine.kill();
    await Promise.all(this.brokers.map((broker) => broker.stop()));
    if (this.findings.length === 0) this.project?.dispose();
    else this.findings.push(`its folder is ${this.project?.folder}`);
  }
}
