// The broker and the engine, each a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PracticeBrokerClient } from '@bookrunner/practice-broker';
import { ACCOUNT_CASH, REPOSITORY } from './project.mjs';

const BROKER = join(REPOSITORY, 'packages/practice-broker/bin/bookrunner-practice-broker.js');
const COMMAND = join(REPOSITORY, 'packages/engine/bin/bookrunner.js');
const CRASH_POINTS = new URL('crash-points.mjs', import.meta.url).href;
const TICK_EVERY_MS = 3;

/** Groups of processes that are alive: none outlives this one. */
const groups = new Set();
process.on('exit', () => {
  for (const group of groups) signal(group, 'SIGKILL');
});
for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => process.exit(1));

/** A process in a group of its own: a tracer and what it traces are killed together. */
function start(program, words, options) {
  const child = spawn(program, words, { ...options, detached: true });
  groups.add(child.pid);
  child.once('exit', () => groups.delete(child.pid));
  return child;
}

function signal(group, name) {
  // What is over has given its number back.
  if (!groups.has(group)) return;
  try {
    process.kill(-group, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Runs `bookrunner` with these words in a project folder. */
export async function runCommand(folder, words) {
  const child = start(process.execPath, [COMMAND, ...words, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

/** A broker whose market moves only while it is told to. */
export class Broker {
  #child;
  #client;
  #isMoving = false;
  #moving = Promise.resolve();

  static async start(options) {
    const broker = new Broker();
    const accounts = [{ id: 'practice', currency: 'USD', cash: ACCOUNT_CASH }];
    const text = JSON.stringify({ tickEveryMs: 0, accounts, ...options });
    broker.#child = start(process.execPath, [BROKER, '--options', text], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(broker.#child.stdout, 'data');
    broker.port = JSON.parse(String(line)).port;
    broker.#client = await PracticeBrokerClient.connect(broker.port);
    return broker;
  }

  truth() {
    return this.#client.truth();
  }

  /** A command of the table in the broker's README. */
  command(name, fields) {
    return this.#client.command(name, fields);
  }

  /** Moves the market so often, and then it stands still again. */
  tick(count) {
    return this.#client.tick(count);
  }

  move() {
    if (this.#isMoving) return;
    this.#isMoving = true;
    this.#moving = this.#move();
  }

  async pause() {
    this.#isMoving = false;
    await this.#moving;
  }

  async stop() {
    await this.pause();
    this.#client.close();
    const ended = once(this.#child, 'exit');
    signal(this.#child.pid, 'SIGKILL');
    await ended;
  }

  async #move() {
    while (this.#isMoving) {
      // One tick after the other.
      // oxlint-disable-next-line no-await-in-loop
      await this.#client.tick();
      // oxlint-disable-next-line no-await-in-loop
      await sleep(TICK_EVERY_MS);
    }
  }
}

/** `bookrunner run`, or another command that goes on, in a project folder. */
export class Engine {
  #child;
  stderr = '';
  isOver = false;
  isStopped = false;
  #isTraced;

  /** `wrap` are words before `node`: a tracer; `words` those behind `bookrunner`. */
  constructor({ folder, env = {}, wrap = [], words = ['run', '--no-respawn', '--report', 'none'] }) {
    const all = [...wrap, process.execPath, COMMAND, ...words];
    this.#isTraced = wrap.length > 0;
    const [program, ...rest] = all;
    this.#child = start(program, rest, {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        BOOKRUNNER_ACCOUNT_LOCKS: 'off',
        NODE_OPTIONS: `--import=${CRASH_POINTS}`,
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.isOver = true;
        resolve({ code, signal });
      });
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
  }

  kill() {
    signal(this.#child.pid, 'SIGKILL');
  }

  /** Whether it did not end by itself; a tracer ends as what it traced did. */
  wasKilled({ code, signal }) {
    return signal === 'SIGKILL' || (this.#isTraced && code === 128 + 9);
  }

  /** Asks it to stop, as an operator would; gives how it ended. */
  stop() {
    this.isStopped = true;
    signal(this.#child.pid, 'SIGTERM');
    return this.exited;
  }
}
