import { z } from 'zod';
import type { Chance } from '../broker/chance.js';

/** When a fault strikes, among the moments it can strike at, counted from when it was set. */
const when = {
  on: z.string().optional().describe('Only this op (`submit`), kind of report (`filled`) or message (`tick`).'),
  nth: z.int().min(1).default(1).describe('The first moment that counts.'),
  times: z.int().min(1).default(1).describe('How many moments from there on.'),
  chance: z.number().min(0).max(1).default(1).describe('Seeded, for each of these moments.'),
};

const fault = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...when, ...shape });

/** Every fault; see the table in README.md. */
export const faultSchema = z.discriminatedUnion('kind', [
  fault('cut-on-read', { reached: z.boolean().default(false) }),
  fault('cut-on-write', { written: z.boolean().default(false) }),
  fault('drop-answer', {}),
  fault('lose-report', {}),
  fault('delay-report', { delayMs: z.number().min(0).default(1000) }),
  fault('duplicate-report', {}),
  fault('reorder-report', {}),
  fault('refuse-login', {}),
  fault('roll-ids-back', { count: z.int().min(1).default(10) }),
  fault('replay-executions', { count: z.int().min(1).default(10) }),
  fault('snapshot-incomplete', {
    parts: z.array(z.enum(['positions', 'openOrders', 'executions', 'accounts'])).default(['executions']),
  }),
  fault('snapshot-fail', {}),
]);

/** A fault as a person gives it. */
export type Fault = z.input<typeof faultSchema>;
/** Name of a fault. */
export type FaultKind = Fault['kind'];
type ReadyFault = z.output<typeof faultSchema>;

/** The faults that were set, and how often the moments of each came. */
export class FaultScript {
  readonly #chance: Chance;
  readonly #faults: { readonly fault: ReadyFault; moments: number }[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  set(faults: readonly Fault[]): void {
    for (const item of faults) this.#faults.push({ fault: faultSchema.parse(item), moments: 0 });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Whether a fault of this kind strikes now: counts the moment, and answers the fault. */
  strike<Kind extends FaultKind>(kind: Kind, on: string): Extract<ReadyFault, { kind: Kind }> | undefined {
    let struck: ReadyFault | undefined;
    for (const item of this.#faults) {
      const { fault: candidate } = item;
      if (candidate.kind !== kind || (candidate.on !== undefined && candidate.on !== on)) continue;
      item.moments += 1;
      const isDue = item.moments >= candidate.nth && item.moments < candidate.nth + candidate.times;
      if (isDue && this.#chance.happens(candidate.chance)) struck ??= candidate;
    }
    return struck as Extract<ReadyFault, { kind: Kind }> | undefined;
  }
}
