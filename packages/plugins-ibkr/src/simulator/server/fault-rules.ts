import { z } from 'zod';
import type { Chance } from './chance.js';

/** When a rule strikes, among the moments it can strike at, counted from when it was set. */
const when = {
  on: z.string().optional().describe('Only this kind of request (`placeOrder`) or message (`execDetails`).'),
  nth: z.int().min(1).default(1).describe('The first moment that counts.'),
  times: z
    .union([z.int().min(1), z.literal('all')])
    .default(1)
    .describe('How many moments from there on.'),
  chance: z.number().min(0).max(1).default(1).describe('Seeded, for each of these moments.'),
};

/** How a connection ends: reset, closed in order, or left open with nobody on the other side. */
const how = z.enum(['rst', 'fin', 'half-open']).default('rst');

const rule = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...when, ...shape });

/** Every fault of the wire that strikes at a moment. What lasts (a version, a rate) is a setting; see WireFaults. */
export const faultRuleSchema = z.discriminatedUnion('kind', [
  rule('cut-on-request', {
    moment: z
      .enum(['before', 'after', 'answered'])
      .default('before')
      .describe(
        'Before the model sees it; after, with its answers lost; or once the answers of that moment are written.',
      ),
    how,
  }),
  rule('drop-message', {}),
  rule('delay-message', { delayMs: z.number().min(0) }),
  rule('duplicate-message', { copies: z.int().min(1).default(1) }),
  rule('reorder-messages', {
    order: z.array(z.string()).min(2).describe('Kinds of message: those of one window are sent in this order.'),
    windowMs: z.number().min(0).default(0).describe('How long they are collected; 0 is until the moment is over.'),
  }),
  rule('extra-fields', { fields: z.array(z.string()).min(1).default(['unknown']) }),
  rule('hang-handshake', {
    at: z.enum(['version', 'accounts', 'next-valid-id']).default('next-valid-id'),
    delayMs: z.number().min(0).optional().describe('How long; without it for ever.'),
  }),
  rule('refuse-client-id', {}),
  rule('roll-ids-back', { count: z.int().min(1).default(4) }),
  rule('open-orders-first', {
    place: z.enum(['before-accounts', 'before-next-valid-id']).default('before-next-valid-id'),
  }),
]);

/** A rule as a person gives it. */
export type FaultRule = z.input<typeof faultRuleSchema>;
/** Name of a rule. */
export type FaultRuleKind = FaultRule['kind'];
/** A rule with its defaults. */
export type ReadyFaultRule<Kind extends FaultRuleKind = FaultRuleKind> = Extract<
  z.output<typeof faultRuleSchema>,
  { kind: Kind }
>;
/** How a connection is cut. */
export type CutStyle = z.output<typeof how>;

/** The rules that were set, and how often the moments of each came. */
export class FaultRules {
  readonly #chance: Chance;
  readonly #rules: { readonly rule: ReadyFaultRule; moments: number }[] = [];

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  add(rules: readonly ReadyFaultRule[]): void {
    for (const ready of rules) this.#rules.push({ rule: ready, moments: 0 });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** Whether a rule of this kind strikes now: counts the moment, and answers the first that does. */
  strike<Kind extends FaultRuleKind>(kind: Kind, on: string): ReadyFaultRule<Kind> | undefined {
    let struck: ReadyFaultRule | undefined;
    for (const item of this.#rules) {
      if (!concerns(item.rule, kind, on)) continue;
      item.moments += 1;
      const { nth, times, chance } = item.rule;
      const isDue = item.moments >= nth && (times === 'all' || item.moments < nth + times);
      if (isDue && this.#chance.happens(chance)) struck ??= item.rule;
    }
    return struck as ReadyFaultRule<Kind> | undefined;
  }
}

function concerns(candidate: ReadyFaultRule, kind: FaultRuleKind, on: string): boolean {
  if (candidate.kind !== kind) return false;
  if (candidate.kind === 'reorder-messages') return candidate.order.includes(on);
  if (candidate.kind === 'hang-handshake') return candidate.at === on;
  return candidate.on === undefined || candidate.on === on;
}
