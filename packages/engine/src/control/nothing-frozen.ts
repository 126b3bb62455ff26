// Whether there is anything to decide at all: who is asked to confirm what cannot be done thinks that it can.
import type { Command } from '@bookrunner/sdk';
import { type Refusal, refusal } from './check-command.js';
import type { EngineSnapshot } from './engine-snapshot.js';
import type { FrozenView, UndecidedView } from './reconciliation-view.js';

const DECISIONS: ReadonlySet<string> = new Set(['adopt', 'flatten', 'ignore']);

/** Whether a command decides about a position that no book explains. */
export function isDecision({ name }: Command): boolean {
  return DECISIONS.has(name);
}

/** Why there is nothing to decide, or nothing to close; undefined where there is. */
export function nothingFrozen(
  { name, args: { symbol, account } }: Command,
  { reconciliation }: Pick<EngineSnapshot, 'reconciliation'>,
): Refusal | undefined {
  if (reconciliation.length === 0) return refusal('COMMAND_REFUSED', 'Nothing is frozen: all fills are simulated.');
  const rows = rowsOf(reconciliation);
  const meant = rows.filter((row) => row.symbol === symbol && (account === undefined || row.account === account));
  const [only] = meant;
  if (name === 'flatten' && meant.length === 1 && only?.closable === 0) return nothingToClose(only);
  if (only !== undefined) return undefined;
  const where = account === undefined ? '' : ` on ${String(account)}`;
  const others = [...new Set(rows.map((row) => `${row.symbol} on ${row.account}`))];
  const rest = others.length === 0 ? '' : ` To decide is ${others.join(', ')}.`;
  return refusal('COMMAND_REFUSED', `Nothing in ${String(symbol)} is frozen or in suspense${where}.${rest}`);
}

function nothingToClose({ qty, symbol, account }: FrozenView | UndecidedView): Refusal {
  const what = `${qty} ${symbol} on ${account} that no book explains`;
  return refusal('COMMAND_REFUSED', `Of ${what} the broker has none to close. Adopt or ignore it.`);
}

/** What a person is asked before a decision is carried out, with the quantity where it is known which is meant. */
export function differenceQuestion(
  { name, args }: Command,
  snapshot: Pick<EngineSnapshot, 'reconciliation'> | undefined,
): string {
  const { symbol, account, strategy } = args;
  const rows = rowsOf(snapshot?.reconciliation ?? []).filter(
    (row) => row.symbol === symbol && (account === undefined || row.account === account),
  );
  const [row] = rows;
  const isKnown = row !== undefined && rows.length === 1;
  const what = isKnown
    ? `${row.qty} ${row.symbol} on ${row.account} that no book explains`
    : `the position in ${String(symbol)} that no book explains`;
  if (name === 'flatten') {
    const part = isKnown && row.closable !== row.qty ? `, as far as the broker has it (${row.closable}),` : '';
    return `Close ${what}${part} at the market?`;
  }
  if (name === 'ignore') return `Leave ${what} in the suspense book for good?`;
  return `Give ${what} to ${strategy === undefined ? 'the strategy that trades it' : `strategy ${String(strategy)}`}?`;
}

function rowsOf(views: EngineSnapshot['reconciliation']): readonly (FrozenView | UndecidedView)[] {
  return views.flatMap(({ frozen, undecided }) => [...frozen, ...undecided]);
}
