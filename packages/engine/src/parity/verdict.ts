import type { ParityResult } from './parity-result.js';

/** Whether both sides and their difference are figures: a price or a rate that is missing leaves none. */
export function hasSums({ pnl, rest, causes }: Pick<ParityResult, 'pnl' | 'rest' | 'causes'>): boolean {
  return [pnl.session, pnl.backtest, rest, ...causes.map(({ money }) => money)].every(Number.isFinite);
}

/** Whether the backtest traded for nothing and the session did not: then every fill differs by its fee. */
export function hasFreeBacktest({ rows }: Pick<ParityResult, 'rows'>): boolean {
  return (
    rows.some(({ fills }) => fills.backtest > 0) &&
    rows.every(({ fees }) => fees.backtest === 0) &&
    rows.some(({ fees }) => fees.session !== 0)
  );
}

/** Whether everything is compared and explained, and its worth known: what `--strict` asks for. */
export function isWhole(result: ParityResult): boolean {
  return unexplainedOf(result) === 0 && hasSums(result) && result.uncompared.length === 0;
}

/** The comparison in a sentence or two. */
export function verdictOf(result: ParityResult): string {
  const { uncompared } = result;
  const apart = uncompared.length === 0 ? '' : ` Not compared: ${uncompared.join(', ')}.`;
  return `${whatOf(result)}${apart}${hasFreeBacktest(result) ? ' The backtest has no fees.' : ''}`;
}

function whatOf(result: ParityResult): string {
  const { isSame, differences, withCommands } = result;
  const what = withCommands ? 'The backtest with the commands of the session' : 'The backtest';
  if (isSame) return `SAME: ${what.replace('The', 'the')} sends the same orders and has the same fills as the session.`;
  if (differences.length === 0 && !hasSums(result)) return 'NOT KNOWN: no order differs, and PnL is not known.';
  if (differences.length === 0) return 'DIFFERENT: orders and fills are the same, and something else is not.';
  const unexplained = unexplainedOf(result);
  const many = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  if (unexplained > 0) return `UNEXPLAINED: ${many}, ${unexplained} of them without an explanation.`;
  if (!hasSums(result)) return `NOT KNOWN: ${many}, each with its cause; what they are worth is not known.`;
  return `EXPLAINED: ${many}, each with its cause.`;
}

function unexplainedOf({ causes }: Pick<ParityResult, 'causes'>): number {
  return causes.find(({ cause }) => cause === 'unexplained')?.count ?? 0;
}
