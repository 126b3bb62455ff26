// What a broker tells of executions beside its reports is in the table as it is in the books.
import { describe, expect, it } from '@jest/globals';
import type { Fill, VenueOpenOrder } from '@bookrunner/sdk';
import { BLANK_REPORT } from '../execution/blank-report.js';
import { formatOrderId } from '../execution/order-id.js';
import { factsOf } from '../journal/journal.fixture.js';
import type { ExecutionEvent, VenueReportEvent } from '../kernel/event.js';
import type { JournalledOrder } from '../journal/journal-record.js';
import { parityRows, type ParityRow } from './parity-result.js';
import { sideAccounts } from './side-accounts.js';
import { SideLedger, type SideOrder, workingAt } from './side-ledger.js';

const EPOCH = 'abcdefgh';
const INSTRUMENTS = [{ symbol: 'AAA', quantityDecimals: 0 }] as const;
/** Two brokers, of which one has two accounts. */
const ACCOUNTS = sideAccounts([
  {
    ...factsOf(),
    config: `
accounts: { main: { venue: ib }, first: { venue: desk }, second: { venue: desk } }
books: { MAIN: { account: main }, ONE: { account: first }, TWO: { account: second } }
`,
  },
]);
const VALUATION = { unitValue: () => 1, mark: () => 101, rate: () => 1 };

function order(sequence: number): JournalledOrder {
  return {
    ...{ sequence, instrumentIndex: 0, side: 'buy', qtyScaled: 10, filledScaled: 0, orderType: 'market' },
    ...{ limitPrice: Number.NaN, stopPrice: Number.NaN, trail: Number.NaN, tif: 'DAY', expiresAt: Number.NaN },
    ...{ purpose: 'entry', ocoSequence: 0, parentSequence: 0, createdTs: 1, decisionPrice: 100, tradingDay: 20260105 },
    ...{ status: 'pending', strategy: 'one', book: 'MAIN' },
  } as const;
}

/** A buy of 10 at 100 in one or more executions, whose fees are told later. */
class Session {
  readonly ledger = new SideLedger(INSTRUMENTS, ACCOUNTS, { runEpoch: EPOCH });

  constructor() {
    this.ledger.decided({ kind: 'submit', orders: [order(1)] }, 1);
  }

  filled(executionId: string, fields: Partial<VenueReportEvent> = {}): this {
    const fill = { qty: 10, price: 100, fee: Number.NaN, feeCurrency: 'USD', executionId };
    this.ledger.reported({
      ...BLANK_REPORT,
      at: 2,
      report: 'filled',
      sequence: 1,
      instrumentIndex: 0,
      ...fill,
      ...fields,
    });
    return this;
  }

  accepted(at: number): this {
    this.ledger.reported({ ...BLANK_REPORT, at, report: 'accepted', sequence: 1, instrumentIndex: 0 });
    return this;
  }

  says(change: ExecutionEvent['change'], fields: Partial<Fill>): this {
    const execution = fillOf(fields);
    this.ledger.executed({ kind: 'execution', at: 3, venue: 'ib', change, account: 'main', execution });
    return this;
  }

  shows(...fills: readonly Partial<Fill>[]): this {
    const part = <T>(items: readonly T[]) => ({ asOf: 4, complete: true, since: 0, items });
    const snapshot = {
      ...{ positions: part([]), openOrders: part([]), accounts: part([]) },
      executions: part(fills.map(fillOf)),
    };
    this.ledger.shown({ kind: 'venue-snapshot', at: 4, venue: 'ib', query: 1, message: '', snapshot });
    return this;
  }

  row(): ParityRow | undefined {
    const [row] = parityRows({
      ...{ session: this.ledger, backtest: new SideLedger([], ACCOUNTS), differences: [], valuation: VALUATION },
      ...{ currencyOf: () => 'USD', bookRate: () => 1 },
    });
    return row;
  }

  /** Fills, fees and what is left of them, in the column of the session. */
  get figures(): readonly (number | undefined)[] {
    const row = this.row();
    return [row?.fills.session, row?.fees.session, row?.pnl.session];
  }
}

function fillOf(fields: Partial<Fill>): Fill {
  return {
    ...{ orderId: formatOrderId(EPOCH, 1), executionId: 'E1', symbol: 'AAA', side: 'buy', qty: 10, price: 100 },
    ...{ fee: Number.NaN, feeCurrency: 'USD', liquidity: 'unknown', ts: 2, tag: 'one|MAIN|20260105' },
    ...fields,
  } as const;
}

describe('the ledger of a side', () => {
  it('has fees told later, before the fill, anew, and by a snapshot alone', () => {
    const names = { qty: Number.NaN, price: Number.NaN, orderId: '' };
    expect(new Session().filled('E1').figures).toEqual([1, 0, 10]);
    expect(new Session().filled('E1').says('commission', { ...names, fee: 3 }).figures).toEqual([1, 3, 7]);
    expect(new Session().says('commission', { ...names, fee: 3 }).filled('E1').figures).toEqual([1, 3, 7]);
    const twice = new Session().filled('E1').says('commission', { fee: 3 }).says('commission', { fee: 2.5 });
    expect(twice.figures).toEqual([1, 2.5, 7.5]);
    expect(new Session().filled('E1').shows({ fee: 4 }).shows({ fee: 4 }).figures).toEqual([1, 4, 6]);
    expect(new Session().filled('E1').says('commission', { fee: 3 }).shows({ fee: 0 }).figures).toEqual([1, 3, 7]);
  });

  it('has an execution once, whoever tells of it and how often', () => {
    expect(new Session().filled('E1').filled('E1').shows({}).figures).toEqual([1, 0, 10]);
    expect(new Session().shows({ fee: 1 }).filled('E1').says('fill', {}).figures).toEqual([1, 1, 9]);
    expect(new Session().says('fill', { executionId: 'E9', qty: 4, fee: 1 }).figures).toEqual([1, 1, 3]);
    expect(new Session().says('fill', { orderId: 'somebody else', tag: '' }).figures).toEqual([0, 0, 0]);
  });

  it('has what was corrected as it is now, and nothing of what was busted', () => {
    const session = new Session().filled('E1', { fee: 1 });
    expect(session.says('corrected', { qty: 5, price: 99 }).figures).toEqual([1, 1, 9]);
    expect(session.says('corrected', { qty: 5, price: 99, fee: 2 }).figures).toEqual([1, 2, 8]);
    expect(session.says('busted', { qty: Number.NaN }).figures).toEqual([0, 0, 0]);
    expect(session.shows({ fee: 2 }).figures).toEqual([0, 0, 0]);
    expect(session.says('corrected', { qty: 2, price: 100, fee: 0.5 }).figures).toEqual([1, 0.5, 1.5]);
  });

  it('keeps what closes a position that no book explains out of the comparison, and hears of its fills', () => {
    const session = new Session().filled('E1', { fee: 1 });
    const closing = { ...order(2), side: 'sell', strategy: 'SUSPENSE', book: 'SUSPENSE:main' } as const;
    session.ledger.decided({ kind: 'submit', orders: [closing] }, 2);
    session.filled('E2', { sequence: 2 });
    session.says('commission', { executionId: 'E2', orderId: '', fee: 2 });
    expect(session.figures).toEqual([1, 1, 9]);
    expect(session.ledger.orders).toHaveLength(1);
    expect(session.ledger.suspense).toMatchObject([{ symbol: 'AAA', fills: [{ qty: 10, fee: 2 }] }]);
  });
});

/** Two brokers number their executions alike; at one of them a strategy has each of two accounts. */
describe('equal execution ids', () => {
  const names = { qty: Number.NaN, price: Number.NaN, orderId: '' };
  const event = { kind: 'execution', at: 3, venue: 'desk', change: 'commission', account: 'second' } as const;

  /** A fill of each account, all of id `E1`. */
  function session(): Session {
    const three = new Session().filled('E1');
    const orders = [
      { ...order(2), strategy: 'first', book: 'ONE' },
      { ...order(3), strategy: 'second', book: 'TWO' },
    ];
    three.ledger.decided({ kind: 'submit', orders }, 1);
    return three.filled('E1', { sequence: 2 }).filled('E1', { sequence: 3, qty: 4 });
  }

  function fillsOf({ ledger }: Session): readonly (readonly (readonly number[])[])[] {
    return ledger.orders.map(({ fills }) => fills.map(({ qty, fee }) => [qty, fee]));
  }

  it('are executions of their accounts, each once', () => {
    const three = session().filled('E1', { sequence: 2 });
    expect(fillsOf(three)).toEqual([[[10, 0]], [[10, 0]], [[4, 0]]]);
    expect(fillsOf(three.shows({}))).toEqual([[[10, 0]], [[10, 0]], [[4, 0]]]);
  });

  it('have the fee, the correction and the bust that their account was told', () => {
    const three = session();
    three.ledger.executed({ ...event, execution: fillOf({ ...names, fee: 3 }) });
    three.ledger.executed({ ...event, account: 'main', venue: 'ib', execution: fillOf({ ...names, fee: 1 }) });
    expect(fillsOf(three)).toEqual([[[10, 1]], [[10, 0]], [[4, 3]]]);
    three.ledger.executed({ ...event, change: 'corrected', execution: fillOf({ ...names, qty: 5, price: 99 }) });
    three.ledger.executed({ ...event, change: 'busted', account: 'first', execution: fillOf(names) });
    expect(fillsOf(three)).toEqual([[[10, 1]], [], [[5, 3]]]);
  });

  it('have a fee told before its execution where that comes', () => {
    const early = new Session();
    early.ledger.executed({ ...event, execution: fillOf({ ...names, fee: 3 }) });
    expect(early.filled('E1').figures).toEqual([1, 0, 10]);
  });

  it('are of the account of their order, or of the only one there, where no account is told', () => {
    const three = session();
    three.shows({ fee: 2 });
    expect(fillsOf(three)).toEqual([[[10, 2]], [[10, 0]], [[4, 0]]]);
    three.ledger.executed({ ...event, account: '', execution: fillOf({ ...names, fee: 7 }) });
    expect(fillsOf(three)).toEqual([[[10, 2]], [[10, 0]], [[4, 0]]]);
    three.ledger.executed({
      ...{ ...event, account: '' },
      execution: fillOf({ ...names, orderId: formatOrderId(EPOCH, 3), fee: 7 }),
    });
    three.ledger.executed({ ...event, account: '', venue: 'ib', execution: fillOf({ ...names, fee: 1 }) });
    expect(fillsOf(three)).toEqual([[[10, 1]], [[10, 0]], [[4, 7]]]);
  });

  it('are of the one account there that knows them', () => {
    const three = session().filled('E2', { sequence: 3, qty: 6 });
    three.ledger.executed({ ...event, account: '', execution: fillOf({ ...names, executionId: 'E2', fee: 7 }) });
    expect(fillsOf(three)[2]).toEqual([
      [4, 0],
      [6, 7],
    ]);
  });
});

describe('the arrival of an order', () => {
  it('is what was said of it first: what a restarted session hears again changes nothing', () => {
    const session = new Session().accepted(2);
    session.filled('e1', { at: 3 }).accepted(60_000);
    expect(session.ledger.orders[0]?.acceptedTs).toBe(2);
  });

  it('is never later than its first fill', () => {
    const session = new Session().filled('e1', { at: 3 }).accepted(60_000);
    expect(session.ledger.orders[0]?.acceptedTs).toBe(3);
  });
});

describe('an order of a session that the journal does not have', () => {
  const orderId = formatOrderId(EPOCH, 9);
  const tag = 'one|MAIN|20260105';
  const open: VenueOpenOrder = {
    ...{ clientOrderId: orderId, symbol: 'AAA', account: 'main', venueOrderId: 'v9', tag, qty: 10 },
    ...{ side: 'sell', orderType: 'stop', leavesQty: 10, limitPrice: Number.NaN, stopPrice: 90 },
  };

  it('is booked to the owner of its tag when it fills, and is no margin call', () => {
    const session = new Session().filled('e1');
    const part = <T>(items: readonly T[]) => ({ asOf: 4, complete: true, since: 0, items });
    const snapshot = { positions: part([]), openOrders: part([open]), executions: part([]), accounts: part([]) };
    session.ledger.shown({ kind: 'venue-snapshot', at: 4, venue: 'ib', query: 1, snapshot, message: '' });
    expect(session.ledger.orders).toHaveLength(1);
    session.filled('e9', { sequence: 9, at: 5, price: 90 });
    expect(session.ledger.orders[1]).toMatchObject({
      ...{ sequence: 9, strategy: 'one', book: 'MAIN', side: 'sell', orderType: 'stop', reason: '' },
      booked: { cause: 'restart', text: expect.stringContaining(orderId) },
      fills: [{ ts: 5, qty: 10, price: 90 }],
    });
  });

  it('is so where an execution alone tells of it, once', () => {
    const execution = { orderId, tag, executionId: 'e9', side: 'sell', qty: 10, price: 90 } as const;
    const session = new Session().filled('e1').says('commission', execution);
    expect(session.ledger.orders).toHaveLength(1);
    session.says('fill', execution).shows(execution).says('fill', execution);
    expect(session.ledger.orders[1]).toMatchObject({ strategy: 'one', booked: { cause: 'restart' } });
    expect(session.ledger.orders[1]?.fills).toHaveLength(1);
  });

  it('of another run is nobody of this one', () => {
    const other = { orderId: formatOrderId('zzzzzzzz', 9), tag, executionId: 'e9' };
    expect(new Session().filled('e1').says('fill', other).shows(other).ledger.orders).toHaveLength(1);
  });
});

describe('an execution that was taken back', () => {
  it('counts as held until then', () => {
    const { ledger } = new Session().filled('e1').says('busted', { executionId: 'e1' });
    expect(ledger.orders[0]).toMatchObject({
      fills: [],
      moves: [
        { ts: 2, qty: 10 },
        { ts: 3, qty: -10 },
      ],
    });
  });
});

describe('what a strategy waited for', () => {
  const stop = { ...order(2), purpose: 'protection' } as const;
  const details = { strategy: 'one', symbol: 'AAA' };
  const told = { level: 'warning', code: 'SELF_TRADE_WAIT', message: 'An order waits.', details } as const;
  const notice = (ts: number) => ({ kind: 'notify', notice: { ts, ...told } }) as const;

  it('is another strategy until it sends an order that is no protection', () => {
    const { ledger } = new Session();
    ledger.decided(notice(5), 5);
    ledger.decided({ kind: 'submit', orders: [stop] }, 6);
    ledger.decided(notice(7), 7);
    ledger.decided({ kind: 'submit', orders: [order(3)] }, 8);
    expect(ledger.waits).toMatchObject([{ kind: 'other strategy', strategy: 'one', symbol: 'AAA', from: 5, to: 8 }]);
  });

  it.each(['cancelled', 'cancel-rejected', 'filled'] as const)('is its own protection until that is %s', (report) => {
    const session = new Session();
    session.ledger.decided({ kind: 'submit', orders: [stop] }, 3);
    session.ledger.decided({ kind: 'cancel', sequence: 2 }, 4);
    session.ledger.reported({
      ...BLANK_REPORT,
      kind: 'venue-report',
      report,
      sequence: 2,
      at: 9,
      instrumentIndex: 0,
      qty: 10,
    });
    expect(session.ledger.waits).toMatchObject([
      { kind: 'protection', strategy: 'one', symbol: 'AAA', from: 4, to: 9 },
    ]);
  });
});

describe('an entry that is taken off', () => {
  it('is waited for until it is over, by whatever', () => {
    const session = new Session();
    session.ledger.decided({ kind: 'cancel', sequence: 1 }, 4);
    session.filled('E1', { at: 5, qty: 3 });
    expect(session.ledger.waits).toMatchObject([{ kind: 'entry', from: 4, to: Number.POSITIVE_INFINITY }]);
    session.filled('E2', { at: 9, qty: 7 });
    expect(session.ledger.waits).toEqual([
      {
        ...{ kind: 'entry', strategy: 'one', symbol: 'AAA', from: 4, to: 9 },
        text: 'The entry before it had to be off first, asked for at 1970-01-01T00:00:00.004Z.',
      },
    ]);
  });

  it('is none where it was an exit', () => {
    const { ledger } = new Session();
    ledger.decided({ kind: 'submit', orders: [{ ...order(2), purpose: 'exit' }] }, 3);
    ledger.decided({ kind: 'cancel', sequence: 2 }, 4);
    expect(ledger.waits).toEqual([]);
  });
});

describe('what of an order is at work', () => {
  const sent = (...moves: readonly (readonly [ts: number, qty: number])[]) => ({
    ...{ qty: 10, fills: [], moves: moves.map(([ts, qty]) => ({ ts, qty })) },
  });

  it('is what had not filled by then', () => {
    expect([1, 2, 3].map((at) => workingAt(sent([2, 4], [3, 6]), at))).toEqual([10, 6, 0]);
  });

  it('is nothing of one that ended, and nothing more where what it filled was taken back', () => {
    const ended: Pick<SideOrder, 'qty' | 'fills' | 'endTs'> = { qty: 10, fills: [], endTs: 5 };
    expect([4, 5].map((at) => workingAt(ended, at))).toEqual([10, 0]);
    expect([2, 3].map((at) => workingAt(sent([2, 10], [3, -10]), at))).toEqual([0, 0]);
  });
});
