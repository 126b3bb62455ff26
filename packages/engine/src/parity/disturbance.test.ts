import { describe, expect, it } from '@jest/globals';
import type { EngineNotice } from '@bookrunner/sdk';
import { attribute } from './attribute.js';
import { differencesOf } from './difference.js';
import { DisturbanceLog } from './disturbance.js';
import type { SideOrder } from './side-ledger.js';
import { isWhole, verdictOf } from './verdict.js';

const BOOKS: Readonly<Record<string, string>> = { CORE: 'main', SIDE: 'other' };
const VENUES: Readonly<Record<string, string>> = { CORE: 'ib', SIDE: 'second' };

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
    ...{ accountOf: (name) => BOOKS[name] ?? '', venueOf: (name) => VENUES[name] ?? '' },
    ...{ barMsOf: () => 10, warmupMsOf: () => 100, toleranceMsOf: () => 30 },
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

describe('a broker', () => {
  const ready = notice(60, 'BROKER_READY', { venue: 'ib' });
  const away = notice(80, 'BROKER_AWAY', { venue: 'ib' });

  it('is why nothing was decided before it had said what is there, at the begin as well', () => {
    const log = heard();
    log.begin(['ib'], 40);
    expect(causeOf(log, { createdTs: 45 })).toBe('broker');
    log.take({ kind: 'outbox', entry: { kind: 'notify', notice: ready } } as never);
    expect(causeOf(log, { createdTs: 45 })).toBe('broker');
    expect(causeOf(log, { createdTs: 60 })).toBe('broker');
    expect(causeOf(log, { createdTs: 61 })).toBe('unexplained');
    expect(causeOf(log, { createdTs: 39 })).toBe('unexplained');
    expect(causeOf(log, { createdTs: 45, book: 'SIDE' })).toBe('unexplained');
    expect(log.own()[0]?.text).toContain('From 1970-01-01T00:00:00.040Z to 1970-01-01T00:00:00.060Z venue ib');
  });

  it('is away until it is ready again, and strategies begin anew only where that took long', () => {
    const short = heard(away, notice(90, 'BROKER_READY', { venue: 'ib' }));
    expect([85, 90, 91].map((createdTs) => causeOf(short, { createdTs }))).toEqual(['broker', 'broker', 'unexplained']);
    const long = heard(away, notice(120, 'BROKER_READY', { venue: 'ib' }));
    expect([220, 221].map((createdTs) => causeOf(long, { createdTs }))).toEqual(['broker', 'unexplained']);
    const open = heard(away);
    expect(causeOf(open, { createdTs: 9_999 })).toBe('broker');
  });

  it('leaves what a restart made to the restart', () => {
    const log = heard(away);
    log.take({ kind: 'gap', from: 80, at: 90 } as never);
    expect(causeOf(log, { createdTs: 85 })).toBe('restart');
    expect(causeOf(log, { createdTs: 300 })).toBe('broker');
  });
});

describe('a guard', () => {
  const guard = (log: DisturbanceLog, event: object): void => log.take({ kind: 'event', event } as never);
  const slow = { kind: 'guard', at: 40, guard: 'slow-strategy', subject: 'one', message: 'It is slow.' };
  const outage = { ...slow, guard: 'planned-outage', subject: 'ib', message: 'It is planned.' };

  it('explains nothing where it only told that a strategy was slow', () => {
    const log = heard();
    guard(log, { ...slow, stage: 'warning' });
    expect(causeOf(log)).toBe('unexplained');
    guard(log, slow);
    expect(causeOf(log)).toBe('guard');
  });

  it('holds entries back from before a planned outage until it is over, at that venue', () => {
    const log = heard();
    guard(log, { ...outage, stage: 'warning' });
    guard(log, { ...outage, at: 50, stage: 'begin' });
    guard(log, { ...outage, at: 55, stage: 'late' });
    guard(log, { ...outage, at: 60, stage: 'end' });
    expect([39, 45, 60, 61].map((createdTs) => causeOf(log, { createdTs }))).toEqual([
      ...['unexplained', 'guard', 'guard', 'unexplained'],
    ]);
    expect(causeOf(log, { createdTs: 45, book: 'SIDE' })).toBe('unexplained');
  });
});

describe('a strategy that was stopped', () => {
  const command = (name: string, at: number, strategy = 'one') =>
    ({
      kind: 'event',
      event: { kind: 'command', at, command: { name, args: { name: strategy }, actor: 'ann' } },
    }) as never;
  const slow = { kind: 'guard', at: 40, guard: 'slow-strategy', subject: 'one', message: 'It is slow.' };

  it.each([
    ['by a person', command('stop', 40)],
    ['for being slow', { kind: 'event', event: slow } as never],
  ])('%s is so until it is started and has answered once, and that explains nothing later', (_, stop) => {
    const log = heard();
    log.take(stop);
    expect([39, 40, 9_999].map((createdTs) => causeOf(log, { createdTs }))).toEqual(['unexplained', 'guard', 'guard']);
    log.take(command('start', 55, 'two'));
    expect(causeOf(log, { createdTs: 9_999 })).toBe('guard');
    log.take(command('start', 60));
    expect([60, 70, 71].map((createdTs) => causeOf(log, { createdTs }))).toEqual(['guard', 'guard', 'unexplained']);
    log.take(command('stop', 80));
    expect([79, 80].map((createdTs) => causeOf(log, { createdTs }))).toEqual(['unexplained', 'guard']);
  });
});

describe('the verdict', () => {
  it('never calls explained what has no sum', () => {
    const result = {
      ...{ isSame: false, differences: [{}], withCommands: false, rest: 0, rows: [], uncompared: [] },
      causes: [{ cause: 'guard', money: 1 }],
      pnl: { session: 5, backtest: 4, difference: 1 },
    };
    expect(verdictOf(result as never)).toContain('EXPLAINED: ');
    const unknown = { ...result, pnl: { session: Number.NaN, backtest: 4, difference: Number.NaN } };
    expect(verdictOf(unknown as never)).toContain('NOT KNOWN: ');
    expect(verdictOf({ ...unknown, differences: [] } as never)).toContain('NOT KNOWN: ');
    expect([isWhole(result as never), isWhole(unknown as never)]).toEqual([true, false]);
    const apart = { ...result, uncompared: ['one'] };
    expect(verdictOf(apart as never)).toBe('EXPLAINED: 1 difference, each with its cause. Not compared: one.');
    expect(isWhole(apart as never)).toBe(false);
    expect(isWhole({ ...result, causes: [{ cause: 'unexplained', count: 1, money: 1 }] } as never)).toBe(false);
  });
});
