// One engine and one broker: killed, started again on the same data folder, looked at, and killed again.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compare, isFine } from './check.mjs';
import { isReadyAfter, journalFaults, newestRun, readEngine, replayFault } from './engine-state.mjs';
import { nameOf } from './plans.mjs';
import { Broker, Engine, runCommand } from './processes.mjs';
import { makeProject } from './project.mjs';

/** Waited for in full only where something is wrong. */
const READY_LIMIT_MS = 120_000;
/** A place that is not reached within this time is left: the engine is killed all the same. */
const PLACE_LIMIT_MS = 2_000;
/** How long engine and broker may take to agree once the market stands still. */
const QUIET_LIMIT_MS = 30_000;
/** The same in looks: where the machine is busy, time alone says little. */
const LEAST_LOOKS = 20;
const LOOK_EVERY_MS = 60;

/** Kills an engine by each of the plans, one after the other. */
export class Chain {
  #broker;
  #project;
  #tally;
  #seed;
  #engine;
  #kills = 0;

  constructor({ seed, tally }) {
    this.#seed = seed;
    this.#tally = tally;
  }

  async run(plans) {
    const seed = this.#seed;
    this.#broker = await Broker.start({
      ...{ seed, feePerUnit: 0.01 },
      ...(seed % 2 === 0 ? {} : { maxUnitsPerFill: 4, fillsPerTick: 1 }),
      commissions: seed % 3 === 0 ? 'later' : 'in-fill',
    });
    this.#project = makeProject(this.#broker.port);
    try {
      // One life after the other, on purpose.
      // oxlint-disable-next-line no-await-in-loop
      for (const plan of plans) await this.#life(plan);
      await this.#lastLife();
    } catch (error) {
      this.#tally.problem('unverifiedStates', this.#where('the test itself'), error.stack);
    } finally {
      this.#engine?.kill();
      await this.#broker.stop();
      if (this.#tally.isFine(seed)) this.#project.dispose();
      else this.#tally.note(`seed ${seed}: its folder is ${this.#project.folder}`);
    }
  }

  /** From a start to a kill. */
  async #life(plan) {
    const { folder, dataDir } = this.#project;
    const before = await newestRun(dataDir);
    const armed = join(folder, `armed-${this.#kills}`);
    const engine = new Engine({ folder, ...wayOf(plan, armed) });
    this.#engine = engine;
    this.#broker.move();
    const timer =
      plan.kind === 'instant' && plan.phase === 'start' ? setTimeout(() => engine.kill(), plan.afterMs) : undefined;
    if (await this.#becomesReady(engine, before)) {
      await this.#look(engine, nameOf(plan));
      writeFileSync(armed, '');
      this.#broker.move();
      const limit = plan.kind === 'instant' && plan.phase === 'trading' ? plan.afterMs : PLACE_LIMIT_MS;
      await Promise.race([engine.exited, sleep(limit)]);
    }
    const isReached = engine.isOver || plan.kind === 'instant';
    engine.kill();
    clearTimeout(timer);
    const ended = await engine.exited;
    this.#kills += 1;
    this.#tally.killed(isReached ? nameOf(plan) : 'place not reached: killed then');
    if (!engine.wasKilled(ended))
      this.#tally.problem('unverifiedStates', this.#where(nameOf(plan)), endText(ended, engine));
    await this.#verify(engine, nameOf(plan));
  }

  /** Nobody kills it: it is looked at, stopped as an operator would, and looked at again. */
  async #lastLife() {
    const { folder, dataDir } = this.#project;
    const before = await newestRun(dataDir);
    const engine = new Engine({ folder });
    this.#engine = engine;
    this.#broker.move();
    if (!(await this.#becomesReady(engine, before))) return;
    await this.#look(engine, 'at the end');
    this.#broker.move();
    await sleep(LOOK_EVERY_MS);
    await this.#broker.pause();
    await this.#look(engine, 'before the stop');
    const ended = await engine.stop();
    if (ended.code !== 0) this.#tally.problem('unverifiedStates', this.#where('at the end'), endText(ended, engine));
    await this.#look(engine, 'after the stop');
    await this.#commands('at the end');
  }

  /** False where it ended before; an engine that never becomes ready is a finding. */
  async #becomesReady(engine, before) {
    const until = performance.now() + READY_LIMIT_MS;
    while (!engine.isOver) {
      // Asked again until it is so.
      // oxlint-disable-next-line no-await-in-loop
      if (await isReadyAfter(this.#project.dataDir, before)) return true;
      if (performance.now() > until) {
        this.#tally.problem('unverifiedStates', this.#where('start'), `not ready in time: ${engine.stderr}`);
        return false;
      }
      // oxlint-disable-next-line no-await-in-loop
      await sleep(LOOK_EVERY_MS);
    }
    return false;
  }

  /** Lets the market stand still until both agree, and says what they do not agree on. */
  async #look(engine, place) {
    await this.#broker.pause();
    const until = performance.now() + QUIET_LIMIT_MS;
    let findings;
    let looks = 0;
    do {
      // oxlint-disable-next-line no-await-in-loop
      await sleep(LOOK_EVERY_MS);
      // oxlint-disable-next-line no-await-in-loop
      const truth = await this.#broker.truth();
      // oxlint-disable-next-line no-await-in-loop
      findings = compare(truth, await readEngine(this.#project.dataDir));
      // What was killed meanwhile says nothing any more: whoever goes on from it does.
      if (engine.isOver && !engine.isStopped) return;
      looks += 1;
    } while (!isFine(findings) && (looks < LEAST_LOOKS || performance.now() < until));
    this.#tally.looked();
    for (const [kind, list] of Object.entries(findings)) {
      for (const text of list) this.#tally.problem(kind, this.#where(place), text);
    }
  }

  /** The journal as the killed process left it. */
  async #verify(engine, place) {
    const { dataDir } = this.#project;
    const run = await newestRun(dataDir);
    if (run === undefined) return;
    const faults = [...(await journalFaults(dataDir))];
    const difference = await replayFault(dataDir, run);
    if (difference !== '') faults.push(difference);
    if (engine.stderr.includes('strategies begin anew')) faults.push(`it was folded: ${engine.stderr}`);
    for (const fault of faults) this.#tally.problem('unverifiedStates', this.#where(place), fault);
    if (this.#kills % this.#tally.commandsEvery === 0) await this.#commands(place);
  }

  /** The same through the command line. */
  async #commands(place) {
    for (const words of [
      ['journal', 'verify'],
      ['replay', 'latest', '--verify'],
    ]) {
      // One after the other, on purpose.
      // oxlint-disable-next-line no-await-in-loop
      const { code, output } = await runCommand(this.#project.folder, words);
      const text = `${words.join(' ')} ended with ${code}: ${output}`;
      if (code !== 0) this.#tally.problem('unverifiedStates', this.#where(place), text);
    }
    this.#tally.commanded();
  }

  #where(place) {
    return { seed: this.#seed, kill: this.#kills, place };
  }
}

/** Environment and tracer of an engine that is to be killed as planned. */
function wayOf(plan, armed) {
  if (plan.kind === 'instant') return {};
  if (plan.kind === 'write') {
    const inject = `inject=pwrite64:signal=SIGKILL:when=${plan.nth}`;
    return { wrap: ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=pwrite64', '-e', inject] };
  }
  const { point, when, nth, phase, snapshotEveryMs } = plan;
  return {
    env: {
      ...{ CRASH_POINT: point, CRASH_WHEN: when, CRASH_NTH: String(nth) },
      ...(phase === 'trading' ? { CRASH_ARMED: armed } : {}),
      ...(snapshotEveryMs === undefined ? {} : { CRASH_SNAPSHOT_MS: String(snapshotEveryMs) }),
    },
  };
}

function endText({ code, signal }, { stderr }) {
  return `it ended with ${signal ?? code}: ${stderr}`;
}
