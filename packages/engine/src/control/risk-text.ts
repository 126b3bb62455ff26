// What `risk` shows a person: what is at stake, and the limits.
import { textTable } from '../cli/text-table.js';
import { formatNumber, formatSigned } from '../report/format.js';
import type { RiskAnswer } from './answer-question.js';

/** Tables of the books, of the loss limits that persons have set, and of the limits of engine.yaml. */
export function riskTables({ books, lossLimits, limits }: RiskAnswer): readonly string[] {
  const figures = ['Equity', 'Day result', 'Exposure'];
  const stakes = books.map(({ book, currency, equity, dayProfit, grossExposure }) => [
    ...[book, `${formatNumber(equity)} ${currency}`, formatSigned(dayProfit), formatNumber(grossExposure)],
  ]);
  const losses = lossLimits.map(({ strategy, lossLimitBps }) => [strategy, String(lossLimitBps)]);
  return [
    textTable([['Book', ...figures], ...stakes], figures),
    losses.length === 0 ? '' : textTable([['Strategy', 'Most loss of a day (bps)'], ...losses]),
    textTable([['Limit of engine.yaml', ''], ...leaves(limits)]),
  ];
}

/** Each value by its path: `perSymbol.AAPL.maxUnits`. */
function leaves(value: unknown, path = ''): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, limitText(value)]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`));
}

function limitText(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(/\s+/g, ' ') : (JSON.stringify(value) ?? '');
}
