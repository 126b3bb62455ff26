import { testingError } from '../errors.js';
import { seededRandom } from '../random.js';
import type { RandomSource } from '../random.js';
import { checkWhen } from './fault-when.js';
import type { FaultMoment, FaultWhen } from './fault-when.js';

/** What every fault has. */
interface AnyFault<Moment extends FaultMoment> {
  readonly kind: string;
  readonly when: FaultWhen<Moment>;
}

/** A fault that happens now, with the source of what it leaves to chance. */
export interface Strike<Fault> {
  readonly fault: Fault;
  readonly random: RandomSource;
}

/** Options of {@link FaultScript}. */
export interface FaultScriptOptions<Fault, Moment> {
  readonly faults: readonly Fault[];
  readonly kinds: readonly string[];
  readonly seed: number;
  /** Whether a fault's kind can happen to such a moment. */
  readonly canHappen: (fault: Fault, moment: Moment) => boolean;
}

interface Line<Fault> extends Strike<Fault> {
  /** Moments so far that count for `nth`. */
  seen: number;
}

/** Numbers a second seed is mixed from, so that each fault draws for itself: taking one away leaves the others as they were. */
const SEED_STEP = 0x9e3779b9;
const RANDOM_RANGE = 2 ** 32;

/** Decides which faults of a script happen to a moment. Equal scripts, seeds and moments give equal decisions. */
export class FaultScript<Fault extends AnyFault<Moment>, Moment extends FaultMoment> {
  readonly #lines: readonly Line<Fault>[];
  readonly #canHappen: (fault: Fault, moment: Moment) => boolean;
  #isHealed = false;
  #isPaused = false;

  constructor({ faults, kinds, seed, canHappen }: FaultScriptOptions<Fault, Moment>) {
    this.#canHappen = canHappen;
    this.#lines = faults.map((fault, i) => {
      if (!kinds.includes(fault.kind)) throw testingError('TESTING_INPUT_INVALID', `'${fault.kind}' is no fault.`);
      checkWhen(fault.when as FaultWhen<FaultMoment>, `Fault ${i + 1} (${fault.kind})`);
      checkNumbers(fault, i);
      return { fault, random: seededRandom(seed + Math.imul(i + 1, SEED_STEP)), seen: 0 };
    });
  }

  /** Whether nothing can happen any more. */
  get isHealed(): boolean {
    return this.#isHealed || this.#lines.length === 0;
  }

  /** The faults that happen to this moment, in the script's order. To be asked once for each moment. */
  judge(moment: Moment): readonly Strike<Fault>[] {
    if (this.isHealed || this.#isPaused) return [];
    return this.#lines.filter((line) => this.#canHappen(line.fault, moment) && hits(line, moment));
  }

  /** Whether a kind is in the script. */
  has(kind: Fault['kind']): boolean {
    return !this.isHealed && this.#lines.some((line) => line.fault.kind === kind);
  }

  /** Lets nothing happen, and counts nothing, until told otherwise. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  /** Lets nothing happen from now on. */
  heal(): void {
    this.#isHealed = true;
  }
}

function checkNumbers(fault: object, index: number): void {
  for (const [name, value] of Object.entries(fault)) {
    const isFine = typeof value !== 'number' || (name === 'skewMs' ? Number.isFinite(value) : value >= 0);
    if (!isFine) throw testingError('TESTING_INPUT_INVALID', `${name} of fault ${index + 1} cannot be ${value}.`);
  }
}

function hits<Fault extends AnyFault<Moment>, Moment extends FaultMoment>(line: Line<Fault>, moment: Moment): boolean {
  const when: FaultWhen<Moment> = line.fault.when;
  if (typeof when === 'function') return when(moment);
  if ('order' in when) return moment.orderNumbers?.includes(when.order) === true;
  if ('chance' in when) return line.random() < when.chance * RANDOM_RANGE;
  if (when.on !== undefined && when.on !== moment.on) return false;
  line.seen += 1;
  return line.seen === when.nth;
}
