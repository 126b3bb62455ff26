// A `resume` where nothing was halted: the kernel's notice and its journal say "Resumed" as ever, the person hears what is true.
import type { Command, EngineNotice } from '@bookrunner/sdk';
import { strategiesText } from './done-text.js';
import type { EngineSnapshot, HaltView } from './engine-snapshot.js';
import { scopeOf, scopeText } from './halt-latch.js';

type Shown = { readonly snapshot: Pick<EngineSnapshot, 'halts'>; readonly isFresh: boolean } | undefined;
type Scope = Pick<HaltView, 'scope' | 'name'>;

/** What was halted in the scope of a resume when it was asked for. */
interface Asked {
  readonly of: Scope;
  /** Undefined where the engine does not answer. */
  readonly wasHalted: boolean | undefined;
  readonly isAnythingHalted: boolean;
}

/** Knows of the last resume whether there was anything to resume. */
export class IdleResume {
  #last: Asked | undefined;

  /**
   * To be called when a resume is handed over, with what the engine showed just before, and whether the latch had anything of its scope.
   * Gives whether its scope was halted; undefined where that is not known.
   */
  async asked(command: Command, before: Promise<Shown>, isLatched: boolean): Promise<boolean | undefined> {
    const of = scopeOfResume(command);
    const shown = await before;
    const halts = shown?.snapshot.halts ?? [];
    const isHalted = isLatched || halts.some((halt) => isSame(halt, of));
    const wasHalted = shown?.isFresh === true ? isHalted : undefined;
    this.#last = { of, wasHalted, isAnythingHalted: isHalted || halts.length > 0 };
    return wasHalted;
  }

  /** A notice of the engine as it is told. */
  told(notice: EngineNotice): EngineNotice {
    const last = this.#last;
    if (last === undefined || !isSame(scopeOfNotice(notice), last.of)) return notice;
    if (notice.code === 'RISK_HALTED' || 'halt' in notice.details) this.#last = undefined;
    if (notice.code !== 'RISK_RESUMED' || last.wasHalted !== false) return notice;
    this.#last = undefined;
    const subject = notice.message.slice(0, notice.message.indexOf(': '));
    const text = last.of.scope === 'global' ? nothingText(last.isAnythingHalted) : 'It was not halted.';
    return { ...notice, message: `${subject}: ${text}` };
  }
}

/** What a person reads who said `resume` or `start`: what came of it, and what still holds. */
export function letGoText(command: Command, wasHalted: boolean | undefined, stillHeld: readonly string[]): string {
  const { name, args } = command;
  const strategy = args['name'] === undefined ? undefined : strategiesText(args['name']);
  const what = strategy ?? scopeText(scopeOf(command));
  const isIdle = name === 'resume' && wasHalted === false;
  const idle = what === scopeText({}) ? nothingText(stillHeld.length > 0) : `Not halted: ${what}.`;
  const done = isIdle ? idle : `${name === 'resume' ? 'Resumed' : 'Started'}: ${what}.`;
  return [done, ...stillHeld].map((line) => `${line}\n`).join('');
}

/** Books, venues and strategies have halts of their own. */
function nothingText(isElsewhere: boolean): string {
  return `Nothing was halted${isElsewhere ? ' as a whole' : ''}.`;
}

function scopeOfResume({ args: { book, venue, name } }: Command): Scope {
  if (name !== undefined) return { scope: 'strategy', name: String(name) };
  if (book !== undefined) return { scope: 'book', name: String(book) };
  return venue === undefined ? { scope: 'global', name: '' } : { scope: 'venue', name: String(venue) };
}

function scopeOfNotice({ details: { scope, name } }: EngineNotice): Scope {
  return { scope: scope as Scope['scope'], name: String(name) };
}

function isSame(one: Scope, other: Scope): boolean {
  return one.scope === other.scope && one.name === other.name;
}
