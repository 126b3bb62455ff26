// A thin parent around an engine's process: starts it again when it was killed, and hands signals on. Holds nothing of an engine but a
// panic that none of its processes has latched.
import { type ChildProcess, spawn } from 'node:child_process';
import { nowUtc } from '@bookrunner/sdk';
import { liveError } from '../live/live-errors.js';
import { pause } from './pause.js';
import { HeldPanic } from './held-panic.js';
import { wordOf } from './respawn-link.js';

/** Set in an engine's process that has such a parent: how often it was started before. */
export const RESPAWN_VARIABLE = 'BOOKRUNNER_RESPAWN';
/**
 * Set beside it: when the first of them was started, epoch milliseconds. What a session may last counts from there, and `--resume` takes
 * back what was latched before.
 */
export const RESPAWN_SINCE_VARIABLE = 'BOOKRUNNER_RESPAWN_SINCE';
/** Set in an engine's process that has to begin with a panic: its parent was sent SIGUSR2 when there was no child that could hear it. */
export const PANIC_VARIABLE = 'BOOKRUNNER_PANIC';
/** Exit code of an engine that was lost by a fault nobody caught: the parent starts it again. */
export const LOST_EXIT_CODE = 4;

/** So many deaths within this time end the parent. */
export const MOST_DEATHS = 5;
export const DEATHS_WITHIN_MS = 10 * 60_000;
const LONGEST_WAIT_MS = 60_000;

/** A second start must not forget positions. */
const FIRST_ONLY: ReadonlySet<string> = new Set(['--fresh']);
/** Once a session has begun, the next one must not take a halt back either. */
const UNTIL_BEGUN: ReadonlySet<string> = new Set(['--fresh', '--resume']);
/** How long a process that has gone may keep what it said last: one of its own may have the line. */
const LAST_WORDS_MS = 1_000;
const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGUSR2'];
/** Signals after which an engine is meant to end. */
const ENDING: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM']);

/** Options of {@link runRespawned}. */
export interface RespawnOptions {
  /** Words after `node`: the program and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether SIGUSR2 came before this one listens; true once. */
  readonly takePanic?: () => boolean;
  /** Told when a child died and is started again. */
  readonly onDeath: (death: RespawnDeath) => void;
  /** Told at the end, where a session had begun and the child started in its place ended with a code of its own before it had one. */
  readonly onNotGoneOn?: (code: number) => void;
  /** Told at the end, where a panic came that no child has latched, and this process could not. */
  readonly onPanicLost?: () => void;
  /** Told at the end, where this process has latched one, and no session has begun with that since. */
  readonly onPanicKept?: () => void;
  /** Milliseconds that only move on. */
  readonly stopwatch?: () => number;
  /** Resolves after so many milliseconds, or when told to. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** One death of the engine's process. */
export interface RespawnDeath {
  readonly how: string;
  /** Until the next start. */
  readonly waitMs: number;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Whether a command gets such a parent: as asked by `--respawn` and `--no-respawn`, else `byDefault` unless a supervisor such as systemd
 * (`INVOCATION_ID`) is there already. Never inside a child of one.
 */
export function wantsRespawn(
  asked: { readonly respawn: boolean; readonly noRespawn: boolean; readonly byDefault: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env[RESPAWN_VARIABLE] !== undefined || asked.noRespawn) return false;
  return asked.respawn || (asked.byDefault && env['INVOCATION_ID'] === undefined);
}

/** Milliseconds before the next start after so many deaths in a row. */
export function respawnWaitMs(deaths: number): number {
  return Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (deaths - 1));
}

/**
 * Runs the same command as a child until it ends by itself, and gives its exit code. A child that dies of a signal nobody sent through
 * this process, or of {@link LOST_EXIT_CODE}, is started again. Errors: ENGINE_PROCESS_LOST_TOO_OFTEN.
 */
export function runRespawned(options: RespawnOptions): Promise<number> {
  return new RespawnParent(options).run();
}

class RespawnParent {
  readonly #options: RespawnOptions;
  readonly #stopwatch: () => number;
  readonly #since = nowUtc();
  readonly #stopping = new AbortController();
  readonly #forwarded = new Set<NodeJS.Signals>();
  readonly #panic = new HeldPanic();
  #child: ChildProcess | undefined;
  #hasBegun = false;
  /** Whether the child of now has a session. */
  #isTrading = false;
  /** Ends the wait for the next start. */
  #hurry = new AbortController();
  #deaths: number[] = [];

  constructor(options: RespawnOptions) {
    this.#options = options;
    this.#stopwatch = options.stopwatch ?? (() => performance.now());
  }

  async run(): Promise<number> {
    const stopListening = this.#listen();
    if (this.#options.takePanic?.() === true) this.#panic.ask();
    try {
      const code = await this.#untilEnded();
      return code === 0 && this.#panic.isLeft ? 1 : code;
    } finally {
      stopListening();
      if (this.#panic.isOpen) this.#options.onPanicLost?.();
      else if (this.#panic.isLeft) this.#options.onPanicKept?.();
    }
  }

  async #untilEnded(): Promise<number> {
    for (let start = 0; ; start++) {
      const ended = await this.#start(start);
      const isDeaf = this.#isDeafToPanic(ended);
      this.#panic.latch();
      if (isDeaf) continue;
      if (!this.#isLost(ended)) return this.#given(exitCodeOf(ended));
      await this.#again(ended);
      if (this.#stopping.signal.aborted) return exitCodeOf(ended);
    }
  }

  /** A start that is refused is not tried again, and what the last session left is watched by nobody. */
  #given(code: number): number {
    const isLeft = this.#hasBegun && !this.#isTrading && !this.#stopping.signal.aborted;
    if (isLeft && code !== 0) this.#options.onNotGoneOn?.(code);
    return code;
  }

  #start(start: number): Promise<Ended> {
    this.#isTrading = false;
    const { argv, env } = this.#options;
    const words = this.#hasBegun ? without(argv, UNTIL_BEGUN) : start === 0 ? argv : without(argv, FIRST_ONLY);
    this.#forwarded.clear();
    const child = spawn(process.execPath, [...process.execArgv, ...words], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: {
        ...env,
        ...{ [RESPAWN_VARIABLE]: String(start), [RESPAWN_SINCE_VARIABLE]: String(this.#since) },
        ...(this.#panic.isOpen ? { [PANIC_VARIABLE]: '1' } : {}),
      },
    });
    this.#panic.handed();
    this.#child = child;
    child.on('message', (message) => this.#hear(message));
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        this.#child = undefined;
        void lastWordsOf(child).then(() => resolve({ code, signal }));
      });
    });
  }

  #hear(message: unknown): void {
    const word = wordOf(message);
    if (word?.bookrunner === 'begun') {
      this.#hasBegun = true;
      this.#isTrading = true;
    } else if (word?.bookrunner === 'panic-latched') this.#panic.forget();
    else if (word?.bookrunner === 'data-folder') this.#panic.holds(word.dataDir);
  }

  /** A child that dies of SIGUSR2 had nothing yet that hears it: the next one begins with the panic, at once. */
  #isDeafToPanic({ signal }: Ended): boolean {
    if (signal !== 'SIGUSR2') return false;
    this.#panic.ask();
    if (this.#stopping.signal.aborted) return false;
    this.#options.onDeath({ how: `of ${signal}`, waitMs: 0 });
    return true;
  }

  #isLost({ code, signal }: Ended): boolean {
    if (this.#stopping.signal.aborted) return false;
    return signal === null ? code === LOST_EXIT_CODE : !this.#forwarded.has(signal);
  }

  async #again({ code, signal }: Ended): Promise<void> {
    const { onDeath, wait = pause } = this.#options;
    const now = this.#stopwatch();
    this.#deaths = [...this.#deaths.filter((at) => now - at < DEATHS_WITHIN_MS), now];
    const how = signal === null ? `with code ${code}` : `of ${signal}`;
    const { length } = this.#deaths;
    if (length >= MOST_DEATHS) {
      const minutes = DEATHS_WITHIN_MS / 60_000;
      const message = `The engine's process died ${length} times within ${minutes} minutes, the last time ${how}.`;
      throw liveError('ENGINE_PROCESS_LOST_TOO_OFTEN', message, { details: { deaths: length, code, signal } });
    }
    const waitMs = this.#panic.isUrgent ? 0 : respawnWaitMs(length);
    onDeath({ how, waitMs });
    this.#hurry = new AbortController();
    if (this.#stopping.signal.aborted) this.#hurry.abort();
    const stopLooking = this.#panic.onFile(() => this.#hurry.abort());
    await wait(waitMs, this.#hurry.signal);
    stopLooking();
  }

  #listen(): () => void {
    const listeners = FORWARDED.map((signal) => [signal, () => this.#forward(signal)] as const);
    for (const [signal, listener] of listeners) process.on(signal, listener);
    return () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    };
  }

  /** A terminal sends Ctrl-C to the child as well: it counts two only where a person pressed it twice, so it is not sent again. */
  #forward(signal: NodeJS.Signals): void {
    if (ENDING.has(signal)) this.#stopping.abort();
    if (signal === 'SIGUSR2') this.#panic.ask();
    this.#forwarded.add(signal);
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    if (this.#child !== undefined) this.#child.kill(signal);
    else this.#panic.latch();
    // Positions do not wait for the next start, and a person does not either.
    this.#hurry.abort();
  }
}

/** Resolves when all that a process has said is read. */
function lastWordsOf(child: ChildProcess): Promise<void> {
  if (!child.connected) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LAST_WORDS_MS);
    child.once('disconnect', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A flag may have its value behind it, or in the same word. */
function without(argv: readonly string[], flags: ReadonlySet<string>): readonly string[] {
  return argv.filter((word, place) => {
    const isValue = (word === 'true' || word === 'false') && flags.has(argv[place - 1] ?? '');
    return !isValue && !flags.has(word.replace(/=.*/s, ''));
  });
}

/** As a shell counts: 128 and the number of the signal. */
function exitCodeOf({ code, signal }: Ended): number {
  if (code !== null) return code;
  const numbers: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
    SIGINT: 2,
    SIGKILL: 9,
    SIGUSR2: 12,
    SIGTERM: 15,
  };
  return signal === null ? 1 : 128 + (numbers[signal] ?? 1);
}
