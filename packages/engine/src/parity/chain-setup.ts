// One set-up for all sessions of a chain: that of the first, and what later ones added to it.
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import { configChanges } from '../journal/config-changes.js';
import type { RunFacts } from '../journal/segment-header.js';
import type { ChainLink } from './session-chain.js';

/** A strategy or an instrument that the chain began without. */
export interface Addition {
  readonly kind: 'strategy' | 'instrument';
  readonly name: string;
  /** The session that had it first. */
  readonly run: string;
}

/** What the backtest of a chain is made from. */
export interface ChainSetup {
  /** Those of the first session; configuration and instruments have what later ones added. */
  readonly facts: RunFacts;
  readonly additions: readonly Addition[];
  /** Sentences on what later sessions had otherwise, and the backtest has not. */
  readonly changes: readonly string[];
}

type Plain = Readonly<Record<string, unknown>>;

/** Sections whose entries have names. What an entry refers to may be new along with it. */
const NAMED = ['calendars', 'instruments', 'feeds', 'venues', 'accounts', 'books', 'strategies'] as const;
const LISTED = ['plugins', 'allowIncompatible', 'routes'] as const;

/** The set-up of a chain, from the configurations in its journal. */
export function chainSetup(chain: readonly ChainLink[]): ChainSetup {
  const [first, ...later] = chain.map(({ facts }) => facts) as [RunFacts, ...RunFacts[]];
  const additions: Addition[] = [];
  const changes: string[] = [];
  let config = parse(first.config) as Plain;
  let { instruments } = first;
  for (const facts of later) {
    const own = parse(facts.config) as Plain;
    const added = [
      ...newOf('strategy', namesOf(config), { names: namesOf(own), run: facts.run }),
      ...newOf('instrument', symbolsOf(instruments), { names: symbolsOf(facts.instruments), run: facts.run }),
    ];
    additions.push(...added);
    if (added.length > 0) config = joined(config, own);
    const known = new Set(symbolsOf(instruments));
    instruments = [...instruments, ...facts.instruments.filter(({ symbol }) => !known.has(symbol))];
    const other = configChanges(withAllocations(config, own), own);
    if (other.length > 0)
      changes.push(`Run ${facts.run} had another set-up, and the backtest keeps the earlier one: ${other.join(' ')}`);
  }
  if (additions.length === 0) return { facts: first, additions, changes };
  return { facts: { ...first, config: stringify(config), instruments }, additions, changes };
}

/** Parts of a book by strategy, as a session was configured. */
export function allocationsOf({ config }: RunFacts): ReadonlyMap<string, number> {
  const strategies = Object.entries(section(parse(config) as Plain, 'strategies'));
  return new Map(
    strategies.map(([name, strategy]) => [name, (strategy as { readonly allocation: number }).allocation]),
  );
}

function newOf(
  kind: Addition['kind'],
  before: readonly string[],
  { names, run }: { readonly names: readonly string[]; readonly run: string },
): readonly Addition[] {
  return names.filter((name) => !before.includes(name)).map((name) => ({ kind, name, run }));
}

/** Earlier entries stay as they are: what a session has of its own is told, and not mixed in. */
function joined(earlier: Plain, later: Plain): Plain {
  const named = NAMED.map((name) => {
    const known = section(earlier, name);
    const added = Object.entries(section(later, name)).filter(([key]) => !Object.hasOwn(known, key));
    return [name, { ...known, ...Object.fromEntries(added) }] as const;
  });
  const listed = LISTED.map((name) => [name, joinedList(name, [listOf(earlier, name), listOf(later, name)])] as const);
  return { ...earlier, ...Object.fromEntries(named), ...Object.fromEntries(listed) };
}

function joinedList(
  name: (typeof LISTED)[number],
  [earlier, later]: readonly [readonly unknown[], readonly unknown[]],
): readonly unknown[] {
  const keyOf = (entry: unknown): unknown => (name === 'plugins' ? (entry as { readonly use: string }).use : entry);
  return [
    ...earlier,
    ...later.filter((entry) => !earlier.some((known) => isDeepStrictEqual(keyOf(known), keyOf(entry)))),
  ];
}

/** Allocations are those of each session in the backtest, too. */
function withAllocations(config: Plain, own: Plain): Plain {
  const strategies = Object.entries(section(config, 'strategies')).map(([name, strategy]) => {
    const { allocation } = (section(own, 'strategies')[name] ?? strategy) as { readonly allocation: number };
    return [name, { ...(strategy as Plain), allocation }] as const;
  });
  return { ...config, strategies: Object.fromEntries(strategies) };
}

function namesOf(config: Plain): readonly string[] {
  return Object.keys(section(config, 'strategies'));
}

function symbolsOf(instruments: RunFacts['instruments']): readonly string[] {
  return instruments.map(({ symbol }) => symbol);
}

function section(config: Plain, name: string): Plain {
  return (config[name] ?? {}) as Plain;
}

function listOf(config: Plain, name: string): readonly unknown[] {
  return (config[name] ?? []) as readonly unknown[];
}
