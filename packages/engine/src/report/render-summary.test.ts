import { describe, expect, it } from '@jest/globals';
import { renderSummary } from './render-summary.js';
import { sampleRun } from './run-result.fixture.js';

const RUN = sampleRun({ hours: 500, tradeEvery: 10 });

describe('renderSummary', () => {
  it('shows what decides first, in at most 80 columns', () => {
    const text = renderSummary(RUN);
    for (const part of [
      'demo, backtest, 2023-01-02 to',
      '500 bars in 213 ms',
      'Sharpe',
      'CORE',
      'breakout',
      RUN.decisionHash,
    ]) {
      expect(text).toContain(part);
    }
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).not.toMatch(/[−–]/);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('stays in 80 columns with long names, large money and long warnings', () => {
    const book = RUN.books['CORE']!;
    const text = renderSummary({
      ...RUN,
      metrics: { ...RUN.metrics, finalEquity: 123_456_789_012.34, fees: 98_765_432_109.87 },
      books: { ['a-very-long-book-name'.repeat(4)]: { ...book, metrics: { ...book.metrics, finalEquity: 1e12 } } },
      name: 'a name of many words '.repeat(6),
      warnings: ['word '.repeat(60)],
    });
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).toContain('a-very-long-boo…');
  });

  it.each(['live', 'backtest'] as const)('lists what a run leaves open, and says what protects it: %s', (kind) => {
    const at = { strategy: 'msft', book: 'A', account: 'main' };
    const openPositions = [
      { ...at, symbol: 'VOD', qty: -20_000, protection: [] },
      { ...at, symbol: 'ES', qty: 2, protection: ['stop of 2 at 4,990.25'] },
    ];
    const text = renderSummary({ ...RUN, kind, openPositions });
    expect(text).toContain('Positions that stay open\n-20,000 VOD of msft in A, NOT PROTECTED\n');
    expect(text).toContain('2 ES of msft in A, protected by stop of 2 at 4,990.25');
    expect(renderSummary({ ...RUN, kind })).not.toContain('stay open');
  });

  it('lets no name steer the terminal', () => {
    const text = renderSummary({ ...RUN, name: 'x\u001b[31mred\u0007' });
    expect(text).toContain('x?[31mred?');
  });
});
