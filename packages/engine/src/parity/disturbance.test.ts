import { describe, expect, it } from '@jest/globals';
import type { EngineNotice } from '@bookrunner/sdk';
import { attribute } from './attribute.js';
import { differencesOf } from './difference.js';
import { DisturbanceLog } from './disturbance.js';
import type { SideOrder } from './side-ledger.js';
import { verdictOf } from './verdict.js';

const BOOKS: Readonly<Record<string, string>> = { CORE: 'main', SIDE: 'other' };

function notice(ts: number, code: string, details: EngineNotice['details']): EngineNotice {
  return { ts, level: 'alarm', code, message: 'It is said.', details: { account: 'main', symbol: 'ACME', ...details } };
}

function heard(...notices: readonly EngineNotice[]): DisturbanceLog {
  const log = new DisturbanceLog({ hasCommands: false });
  for (const each of notices) log.take({ kind: 'outbox', entry: { kind: 'notify', notice: each } } as never);
  return log;
}

/** The cause of an order that the backtest alone has. */
function causeOf(log: DisturbanceLog, { createdTs = 50, book = 'CORE', symbol = 'ACME' } = {}): string | undefined {
  const order: SideOrder = {
    ...{ sequence: 1, strategy: 'one', book, symbol, side: 'buy', purpose: 'entry', orderType: 'market', createdTs },
    ...{ qty: 1, limitPrice: Number.NaN, stopPrice: Number.NaN, acceptedTs: 51, end: '', reason: '', fills: [] },
  };
  const found = differencesOf(
    { session: undefined, backtest: order },
    { unitValue: () => 1, mark: () => 1, rate: () => 1 },
  );
  const [explained] = attribute(found, {
    ...{ disturbances: log.own(), session: [], backtest: [order], changes: [] },
    ...{ accountOf: (name) => BOOKS[name] ?? '', barMsOf: () => 10, warmupMsOf: () => 0 },
  });
  return explained?.cause;
}

describe('a frozen symbol', () => {
  const frozen = notice(40, 'SYMBOL_FROZEN', { cause: 'position' });

  it('is why its strategies sent nothing of it, on its account', () => {
    const log = heard(frozen);
    expect(causeOf(log)).toBe('guard');
    expect(causeOf(log, { symbol: 'BETA' })).toBe('unexplained');
    expect(causeOf(log, { book: 'SIDE' })).toBe('unexplained');
    expect(causeOf(log, { createdTs: 39 })).toBe('unexplained');
  });

  it('is so until a person has decided, or it is explained', () => {
    const ends = [
      notice(60, 'DIFFERENCE_DECIDED', { decision: 'adopt' }),
      notice(60, 'DIFFERENCE_DECIDED', { decision: 'ignore' }),
      notice(60, 'BROKER_DIFFERS', { cause: 'position-explained', action: 'no longer frozen' }),
    ];
    for (const end of ends) {
      const log = heard(frozen, frozen, end);
      expect([causeOf(log), causeOf(log, { createdTs: 61 })]).toEqual(['guard', 'unexplained']);
    }
    const others = [
      notice(60, 'DIFFERENCE_DECIDED', { decision: 'flatten' }),
      notice(60, 'DIFFERENCE_DECIDED', { decision: 'adopt', symbol: 'BETA' }),
      notice(60, 'BROKER_DIFFERS', { cause: 'position-explained', action: '5 stay frozen' }),
    ];
    for (const other of others) expect(causeOf(heard(frozen, other), { createdTs: 61 })).toBe('guard');
  });
});

describe('the verdict', () => {
  it('never calls explained what has no sum', () => {
    const result = {
      ...{ isSame: false, differences: [{}], withCommands: false, rest: 0, causes: [{ cause: 'guard', money: 1 }] },
      pnl: { session: 5, backtest: 4, difference: 1 },
    };
    expect(verdictOf(result as never)).toContain('EXPLAINED: ');
    const unknown = { ...result, pnl: { session: Number.NaN, backtest: 4, difference: Number.NaN } };
    expect(verdictOf(unknown as never)).toContain('NOT KNOWN: ');
    expect(verdictOf({ ...unknown, differences: [] } as never)).toContain('NOT KNOWN: ');
  });
});
