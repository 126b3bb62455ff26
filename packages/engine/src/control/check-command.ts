// Whether a command can be meant: its name, its arguments, the strategies and books it names.
import type { Command, CommandName } from '@bookrunner/sdk';
import { nearMiss } from '../config/index.js';

/** A command that was not taken. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly message: string;
}

/** What commands may name. */
export interface CommandScope {
  readonly strategies: readonly string[];
  readonly books: readonly string[];
  readonly symbols: readonly string[];
  readonly accounts: readonly string[];
  readonly venues: readonly string[];
}

/** `name` of a command that means every strategy. */
export const ALL_STRATEGIES = '*';

/** Commands answered from what the engine shows. */
const QUESTIONS: ReadonlySet<string> = new Set(['status', 'strategies', 'orders', 'fills', 'pnl', 'risk']);

type ArgumentCheck = (value: unknown, scope: CommandScope) => string | undefined;

const optional =
  (check: ArgumentCheck): ArgumentCheck =>
  (value, scope) =>
    value === undefined ? undefined : check(value, scope);

const strategy: ArgumentCheck = (value, { strategies }) => named('strategy', value, strategies);
const strategyOrAll: ArgumentCheck = (value, scope) => (value === ALL_STRATEGIES ? undefined : strategy(value, scope));
const book: ArgumentCheck = (value, { books }) => named('book', value, books);
const symbol: ArgumentCheck = (value, { symbols }) => named('symbol', value, symbols);
const account: ArgumentCheck = (value, { accounts }) => named('account', value, accounts);
const venue: ArgumentCheck = (value, { venues }) => named('venue', value, venues);
const flag: ArgumentCheck = (value) => (typeof value === 'boolean' ? undefined : 'drill has to be true or false');
const weight: ArgumentCheck = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1
    ? undefined
    : `weight has to be a number from 0 to 1; it is ${shown(value)}`;
const lossBps: ArgumentCheck = (value) =>
  typeof value === 'number' && value > 0 && Number.isFinite(value)
    ? undefined
    : `bps has to be a number above 0; it is ${shown(value)}`;
const text: ArgumentCheck = (value) => (typeof value === 'string' ? undefined : 'reason has to be text');
const count: ArgumentCheck = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value > 0
    ? undefined
    : `limit has to be a whole number above 0; it is ${shown(value)}`;

const ARGUMENTS: Readonly<Record<CommandName, Readonly<Record<string, ArgumentCheck>>>> = {
  status: {},
  strategies: {},
  start: { name: strategyOrAll },
  stop: { name: strategyOrAll },
  risk: { name: optional(strategy), bps: optional(lossBps) },
  alloc: { name: strategy, weight },
  orders: { limit: optional(count) },
  fills: { limit: optional(count) },
  pnl: {},
  halt: { book: optional(book), venue: optional(venue), reason: optional(text) },
  'reduce-only': { book: optional(book), venue: optional(venue), reason: optional(text) },
  resume: { book: optional(book), venue: optional(venue), name: optional(strategy) },
  panic: { book: optional(book), venue: optional(venue), reason: optional(text), drill: optional(flag) },
  reconcile: {},
  adopt: { symbol, account: optional(account), strategy: optional(strategy) },
  flatten: { symbol, account: optional(account) },
  ignore: { symbol, account: optional(account) },
  shutdown: {},
};

/** Whether the command only asks. `risk` with a number sets a limit. */
export function isQuestion(command: Command): boolean {
  return QUESTIONS.has(command.name) && !(command.name === 'risk' && command.args['bps'] !== undefined);
}

/** Why the command is refused; undefined if it is not. All its faults are named at once. */
export function checkCommand(command: Command, scope: CommandScope): Refusal | undefined {
  const { name, args, actor } = command;
  if (!Object.hasOwn(ARGUMENTS, name)) {
    const known = Object.keys(ARGUMENTS);
    const message = `There is no command '${name}'${hint(name, known)}. There are ${known.join(', ')}.`;
    return refusal('COMMAND_UNKNOWN', message);
  }
  if (typeof actor !== 'string' || actor === '') return refusal('COMMAND_INVALID', `Command ${name}: nobody says so.`);
  const allowed = ARGUMENTS[name];
  const faults = [
    ...Object.keys(args)
      .filter((key) => !Object.hasOwn(allowed, key))
      .map((key) => notTaken(key, Object.keys(allowed))),
    ...Object.entries(allowed).flatMap(([key, check]) => check(args[key], scope) ?? []),
    ...manyScopes(args, allowed),
  ];
  return faults.length === 0 ? undefined : refusal('COMMAND_INVALID', `Command ${name}: ${faults.join('; ')}.`);
}

function notTaken(key: string, known: readonly string[]): string {
  return `it takes no '${key}'${hint(key, known)}${known.length === 0 ? '' : `, only ${known.join(', ')}`}`;
}

/** A book, a venue or a strategy: a command says one of them, or none for everything. */
function manyScopes(args: Command['args'], allowed: Readonly<Record<string, ArgumentCheck>>): readonly string[] {
  if (allowed['venue'] === undefined) return [];
  const said = ['book', 'venue', 'name'].filter((key) => args[key] !== undefined);
  return said.length < 2 ? [] : [`it takes one of ${said.join(' and ')}`];
}

/** A refusal. */
export function refusal(reason: string, message: string): Refusal {
  return { kind: 'refused', reason, message };
}

/** A value as it is said that it is wrong: a number that came as text looks right otherwise. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return typeof value === 'string' ? `the text ${text}` : text;
}

function named(kind: string, value: unknown, known: readonly string[]): string | undefined {
  if (typeof value === 'string' && known.includes(value)) return undefined;
  if (typeof value !== 'string')
    return value === undefined ? missing(kind) : `${kind} has to be text; it is ${shown(value)}`;
  return `no ${kind} is named '${value}'${hint(value, known)}; there are ${known.join(', ')}`;
}

/** In the words in which it is to be said: `name=STRATEGY`. */
function missing(kind: string): string {
  return `${kind} is not named: say ${kind === 'strategy' ? 'name' : kind}=${kind.toUpperCase()}`;
}

function hint(word: string, known: readonly string[]): string {
  const near = nearMiss(word, known);
  return near === undefined ? '' : ` (did you mean '${near}'?)`;
}
