// Reads a rule as a person gives it, and says what is wrong with one that cannot be.
import { callError } from '../calls/check-call.js';
import { nearestName } from '../calls/nearest-name.js';
import { REQUEST_LAYOUTS } from '../wire/decode-request.js';
import { MESSAGE_LAYOUTS } from '../wire/encode-message.js';
import { faultRuleSchema } from './fault-rules.js';
import type { FaultRuleKind, ReadyFaultRule } from './fault-rules.js';

const REQUESTS = [...Object.keys(REQUEST_LAYOUTS), 'unsupported'].toSorted();
const MESSAGES = Object.keys(MESSAGE_LAYOUTS).toSorted();

/** What `on` of a rule may name; undefined where it means nothing. */
const SUBJECTS: Readonly<Record<FaultRuleKind, readonly string[] | undefined>> = {
  'cut-on-request': REQUESTS,
  'drop-message': MESSAGES,
  'delay-message': MESSAGES,
  'duplicate-message': MESSAGES,
  'reorder-messages': MESSAGES,
  'extra-fields': MESSAGES,
  'hang-handshake': undefined,
  'refuse-client-id': undefined,
  'roll-ids-back': undefined,
  'open-orders-first': undefined,
};

/** Names that a fault rule of this kind may have in `on`, or in `order`. */
export function subjectsOf(kind: FaultRuleKind): readonly string[] {
  return SUBJECTS[kind] ?? [];
}

/** What is wrong with a rule, or the rule with its defaults. */
export function parseFaultRule(given: unknown): { readonly rule: ReadyFaultRule } | { readonly fault: string } {
  const checked = faultRuleSchema.safeParse(given);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return { fault: [issue?.path.map(String).join('.'), issue?.message].filter(Boolean).join(': ') };
  }
  const rule = checked.data;
  const fault = rule.kind === 'reorder-messages' ? orderFault(rule) : subjectFault(rule.kind, rule.on);
  return fault === undefined ? { rule } : { fault };
}

/** Errors: SIMULATOR_CALL. */
export function readFaultRule(given: unknown): ReadyFaultRule {
  const read = parseFaultRule(given);
  if ('fault' in read) throw callError('faults.set(...rules)', `${JSON.stringify(given)}: ${read.fault}`);
  return read.rule;
}

function orderFault({ on, order }: ReadyFaultRule<'reorder-messages'>): string | undefined {
  if (on !== undefined) return 'on: reorder-messages has its messages in `order`';
  return order.map((name) => nameFault('order', name, MESSAGES)).find((fault) => fault !== undefined);
}

function subjectFault(kind: FaultRuleKind, on: string | undefined): string | undefined {
  if (on === undefined) return undefined;
  const names = SUBJECTS[kind];
  return names === undefined ? `on: ${kind} strikes at connections, not at messages` : nameFault('on', on, names);
}

function nameFault(place: string, name: string, names: readonly string[]): string | undefined {
  if (names.includes(name)) return undefined;
  const what = names === REQUESTS ? 'request' : 'message';
  return `${place}: there is no ${what} "${name}"; the nearest name is "${nearestName(name, names)}"`;
}
