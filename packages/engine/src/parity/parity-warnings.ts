// What to know before reading a comparison: full sentences.
import type { Addition } from './chain-setup.js';
import type { ParityRow } from './parity-result.js';
import type { SideOrder } from './side-ledger.js';
import { hasFreeBacktest } from './verdict.js';
import { sentence } from '../sentence.js';

/** What warnings are about. */
export interface WarningFacts {
  /** Runs of the chain, oldest first. */
  readonly runs: readonly string[];
  /** How the backtest is made from something else than the session. */
  readonly changes: readonly string[];
  readonly additions: readonly Addition[];
  /** Symbols whose rows the backtest cannot have, with the first run of which that is so. */
  readonly withoutRows: ReadonlyMap<string, string>;
  /** Orders that the backtest has no strategy for, and why not all strategies are there; empty where the configuration says so. */
  readonly apart: readonly SideOrder[];
  readonly lack: string;
  /** Strategies of the backtest. */
  readonly strategies: readonly string[];
  readonly suspense: readonly SideOrder[];
  readonly hasBeginning: boolean;
  readonly isHashAlone: boolean;
  readonly rows: readonly ParityRow[];
}

/** The sentences, what matters most first. */
export function warningsOf(facts: WarningFacts): readonly string[] {
  const { changes, runs, suspense } = facts;
  const restarts = runs.length - 1;
  return [
    ...apartTexts(facts),
    ...(changes.length === 0
      ? []
      : [
          `The backtest is made from something else than the session, so this compares two things: ${changes.join(' ')}`,
        ]),
    ...(restarts === 0
      ? []
      : [
          `The session was restarted ${restarts === 1 ? 'once' : `${restarts} times`}; the backtest was not, and had no data while the engine was down.`,
        ]),
    ...additionTexts(facts),
    ...[...facts.withoutRows].map(
      ([symbol, run]) =>
        `From run ${run} on ${symbol} has rows of another kind than before: the backtest has none of them.`,
    ),
    ...(facts.hasBeginning ? [] : ['Differences before the period are not listed; what they are worth is in "rest".']),
    ...(suspense.length === 0 ? [] : [suspenseText(suspense)]),
    ...(facts.isHashAlone
      ? ['Orders and fills are the same and the decision hashes are not: cancels or changes of orders differ.']
      : []),
    ...(hasFreeBacktest(facts)
      ? [
          'The backtest has no fees, and the session paid some: give them to a simulated venue of engine.yaml, or with --set, see docs/parity.md.',
        ]
      : []),
  ];
}

/** What is new begins where it began in the session. */
function additionTexts({ additions, strategies }: WarningFacts): readonly string[] {
  return additions
    .filter(({ kind, name }) => kind === 'strategy' && strategies.includes(name))
    .map(({ name, run }) => `Strategy '${name}' is new in run ${run}, and begins there in the backtest, too.`);
}

/** One sentence for each strategy of which something has nothing to be compared with. */
function apartTexts({ apart, lack, strategies }: WarningFacts): readonly string[] {
  const names = [...new Set(apart.map(({ strategy }) => strategy))];
  return names.map((name) => {
    const own = apart.filter(({ strategy }) => strategy === name);
    const many = own.length === 1 ? '1 order' : `${own.length} orders`;
    const where = [...new Set(own.map(({ symbol, book }) => `${symbol} in book ${book}`))].join(', ');
    const why = strategies.includes(name)
      ? 'the backtest has the strategy without it'
      : lack === ''
        ? 'the configuration of the backtest has no such strategy'
        : `the backtest cannot have what was added later. ${lack}`;
    return `${sentence(`Strategy '${name}' is not compared (${many}, ${where}): ${why}`)} It is in no sum.`;
  });
}

/** What the session closed that no strategy had opened. */
function suspenseText(orders: readonly SideOrder[]): string {
  const symbols = [...new Set(orders.map(({ symbol }) => symbol))].join(', ');
  const many = orders.length === 1 ? '1 order' : `${orders.length} orders`;
  return `${many} of the session closed what no book explains (${symbols}): no strategy decided that, so the comparison and its sums leave it out.`;
}
