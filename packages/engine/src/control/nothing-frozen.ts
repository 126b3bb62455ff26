// Whether there is anything to decide at all: who is asked to confirm what cannot be done thinks that it can.
import type { Command } from '@bookrunner/sdk';
import { type Refusal, refusal } from './check-command.js';
import type { EngineSnapshot } from './engine-snapshot.js';

const DECISIONS: ReadonlySet<string> = new Set(['adopt', 'flatten', 'ignore']);

/** Whether a command decides about a position that no book explains. */
export function isDecision({ name }: Command): boolean {
  return DECISIONS.has(name);
}

/** Why there is nothing to decide; undefined where there is. */
export function nothingFrozen(
  { args: { symbol, account } }: Command,
  { reconciliation }: Pick<EngineSnapshot, 'reconciliation'>,
): Refusal | undefined {
  if (reconciliation.length === 0) return refusal('COMMAND_REFUSED', 'Nothing is frozen: all fills are simulated.');
  const rows = reconciliation.flatMap(({ frozen }) => frozen);
  if (rows.some((row) => row.symbol === symbol && (account === undefined || row.account === account))) return undefined;
  const where = account === undefined ? '' : ` on ${String(account)}`;
  const others = [...new Set(rows.map((row) => `${row.symbol} on ${row.account}`))];
  const rest = others.length === 0 ? '' : ` Frozen is ${others.join(', ')}.`;
  return refusal('COMMAND_REFUSED', `Nothing in ${String(symbol)} is frozen${where}.${rest}`);
}
