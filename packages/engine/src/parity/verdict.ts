import type { ParityResult } from './parity-result.js';

/** The comparison in one sentence. */
export function verdictOf({ isSame, differences, causes, withCommands }: ParityResult): string {
  const what = withCommands ? 'The backtest with the commands of the session' : 'The backtest';
  if (isSame) return `SAME: ${what.replace('The', 'the')} sends the same orders and has the same fills as the session.`;
  if (differences.length === 0) return 'DIFFERENT: orders and fills are the same, and something else is not.';
  const unexplained = causes.find(({ cause }) => cause === 'unexplained')?.count ?? 0;
  const many = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  if (unexplained > 0) return `UNEXPLAINED: ${many}, ${unexplained} of them without an explanation.`;
  return `EXPLAINED: ${many}, each with its cause.`;
}
