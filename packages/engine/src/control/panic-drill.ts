// A panic for practice, on paper only: the whole way from the latch to flat, and then its own halt is taken back.
import { type Command, type CommandResult, type EngineNotice, type EpochMs, isTradingError } from '@bookrunner/sdk';
import { refusal } from './check-command.js';
import type { EngineLink } from './engine-control.js';
import { type HaltEntry, type HaltLatch, type HaltScope, isSameScope, scopeOf } from './halt-latch.js';

/** How long a drill waits for flat. */
export const DRILL_LIMIT_MS = 60_000;

const REASON = 'Drill of a panic.';

/** Options of {@link PanicDrill}. */
export interface PanicDrillOptions {
  readonly latch: HaltLatch;
  readonly link: Pick<EngineLink, 'post' | 'snapshot'>;
  readonly onNotice: (listener: (notice: EngineNotice) => void) => () => void;
  readonly tell: (notice: EngineNotice) => void;
  readonly now: () => EpochMs;
  readonly limitMs?: number;
}

/** Practises panics, one at a time. */
export class PanicDrill {
  readonly #options: PanicDrillOptions;
  #isRunning = false;

  constructor(options: PanicDrillOptions) {
    this.#options = options;
  }

  /** Latches, panics, waits until the kernel says flat, and resumes. A drill that does not get flat stays a panic. */
  async run(command: Command): Promise<CommandResult> {
    const { latch, link } = this.#options;
    if (this.#isRunning) return refusal('DRILL_REFUSED', 'A drill is under way.');
    this.#isRunning = true;
    try {
      // Its resume would take back what somebody else halted.
      const halts = (await link.snapshot())?.snapshot.halts ?? [];
      if (latch.read().length > 0 || halts.length > 0) {
        return refusal('DRILL_REFUSED', 'New risk is halted already; resume first.');
      }
      return await this.#drill(command);
    } catch (error) {
      // Whoever asked is to hear it: a rejection is nobody's answer.
      if (!isTradingError(error)) throw error;
      return this.#failed(`${error.code}: ${error.message.replace(/\.$/, '')}. ${error.remedy.replace(/\.$/, '')}`);
    } finally {
      this.#isRunning = false;
    }
  }

  async #drill({ args, actor }: Command): Promise<CommandResult> {
    const { latch, link, now } = this.#options;
    const scope = scopeOf({ args });
    const at = now();
    latch.add({ level: 'panic', ...scope, reason: REASON, actor, at });
    const flat = this.#flat(scope);
    const outcome = await link.post({ ts: at, name: 'panic', args: { ...scope }, actor });
    if (outcome?.kind === 'refused') {
      flat.stop();
      latch.release(scope, (entry) => isOfDrill(entry, at));
      return outcome;
    }
    // Not taken in time: the engine hangs. The latch hands the panic to the one that comes after it.
    const complete = await flat.promise;
    if (complete === undefined)
      return this.#failed('it is not flat yet. The panic stays; resume it when it is complete');
    const elapsedMs = now() - at;
    if (!(await this.#resume(scope, at, actor)))
      return this.#failed('it is flat, but the engine did not take the resume');
    const { orders, positions } = complete.details;
    const message = `Drill of a panic: flat after ${elapsedMs} ms, and resumed.`;
    this.#options.tell({
      ts: now(),
      level: 'info',
      code: 'PANIC_DRILL',
      message,
      details: { ...scope, elapsedMs, orders, positions },
    });
    return { kind: 'done', data: { at: now(), elapsedMs, orders, positions }, text: `${message}\n` };
  }

  /** Only its own latch and halt: what else was halted meanwhile, by the watchdog say, is said again at once. */
  async #resume(scope: HaltScope, at: EpochMs, actor: string): Promise<boolean> {
    const { latch, link, now } = this.#options;
    const others = latch.read().filter((entry) => isSameScope(entry, scope) && !isOfDrill(entry, at));
    const posts = [
      link.post({ ts: now(), name: 'resume', args: { ...scope }, actor }),
      ...others.map((entry) => link.post({ ts: now(), name: entry.level, args: { ...scope }, actor: entry.actor })),
    ];
    const [resumed] = await Promise.all(posts);
    if (resumed?.kind !== 'done') return false;
    latch.release(scope, (entry) => isOfDrill(entry, at));
    return true;
  }

  #failed(what: string): CommandResult {
    const message = `Drill of a panic: ${what}.`;
    this.#options.tell({ ts: this.#options.now(), level: 'alarm', code: 'DRILL_FAILED', message, details: {} });
    return refusal('DRILL_FAILED', message);
  }

  /** The kernel's word that nothing of the scope is working or held; undefined where it does not come in time. */
  #flat(scope: HaltScope): { readonly promise: Promise<EngineNotice | undefined>; readonly stop: () => void } {
    const { onNotice, limitMs = DRILL_LIMIT_MS } = this.#options;
    let stop = (): void => {};
    const promise = new Promise<EngineNotice | undefined>((resolve) => {
      const end = (notice?: EngineNotice): void => {
        clearTimeout(timer);
        leave();
        resolve(notice);
      };
      const timer = setTimeout(end, limitMs);
      const leave = onNotice((notice) => {
        if (notice.code === 'PANIC_COMPLETE' && isSameScope(notice.details as HaltScope, scope)) end(notice);
      });
      stop = end;
    });
    return { promise, stop: () => stop() };
  }
}

/** Whether it is the drill's own: another halt may be of the same instant. */
function isOfDrill({ reason, at }: HaltEntry, begunAt: EpochMs): boolean {
  return reason === REASON && at === begunAt;
}
