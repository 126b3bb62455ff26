import { describe, expect, it } from '@jest/globals';
import type { Fill } from '@bookrunner/sdk';
import { aFill } from '@bookrunner/sdk/testing';
import { BLANK_REPORT } from '../execution/blank-report.js';
import { formatOrderId } from '../execution/order-id.js';
import type { ExecutionEvent } from '../kernel/event.js';
import type { JournalledOrder } from '../journal/journal-record.js';
import { SessionExecutions } from './session-executions.js';
import { SideLedger } from './side-ledger.js';

const EPOCH = 'testtest';

function session() {
  const ledger = new SideLedger([{ symbol: 'AAA', quantityDecimals: 3 }]);
  const order: JournalledOrder = {
    sequence: 1,
    instrumentIndex: 0,
    ocoSequence: 0,
    parentSequence: 0,
    qtyScaled: 9_000,
    filledScaled: 0,
    limitPrice: Number.NaN,
    stopPrice: Number.NaN,
    trail: Number.NaN,
    expiresAt: Number.NaN,
    createdTs: 1,
    decisionPrice: 100,
    tradingDay: 20_140_505,
    side: 'buy',
    orderType: 'market',
    tif: 'DAY',
    purpose: 'entry',
    status: 'pending',
    strategy: 'one',
    book: 'CORE',
  };
  ledger.decided({ kind: 'submit', orders: [order] });
  const executions = new SessionExecutions(ledger);
  const orderId = formatOrderId(EPOCH, 1);
  const fill = (fields: Partial<Fill>): Fill =>
    aFill({
      orderId,
      executionId: 'x1',
      symbol: 'AAA',
      side: 'buy',
      qty: 3,
      price: 100,
      fee: 0,
      feeCurrency: 'USD',
      ...fields,
    });
  const say = (change: ExecutionEvent['change'], fields: Partial<Fill>): void =>
    executions.take({ kind: 'execution', at: 5, venue: 'v', change, account: 'ACC', execution: fill(fields) }, EPOCH);
  const report = (executionId: string, qty: number, fee = 0): void =>
    executions.take(
      {
        ...BLANK_REPORT,
        at: 3,
        report: 'filled',
        sequence: 1,
        instrumentIndex: 0,
        executionId,
        qty,
        price: 100,
        fee,
        feeCurrency: 'USD',
      },
      EPOCH,
    );
  const fills = () => ledger.orders[0]?.fills.map(({ qty, price, fee, feeCurrency }) => [qty, price, fee, feeCurrency]);
  return { executions, fill, say, report, fills };
}

describe('executions of a session at a broker', () => {
  it('count once, whoever told of them: a report, an execution, a snapshot', () => {
    const { executions, fill, say, report, fills } = session();
    report('x1', 3, 0.5);
    report('x1', 3, 0.5);
    say('fill', {});
    say('fill', { executionId: 'x2', qty: 2 });
    const part = { asOf: 9, complete: true, since: 0 };
    const snapshot = {
      ...{ positions: { ...part, items: [] }, openOrders: { ...part, items: [] }, accounts: { ...part, items: [] } },
      executions: {
        ...part,
        items: [fill({}), fill({ executionId: 'x3', qty: 4 }), fill({ executionId: 'y', orderId: 'by hand' })],
      },
    };
    executions.take({ kind: 'venue-snapshot', at: 9, venue: 'v', query: 1, message: '', snapshot }, EPOCH);
    expect(fills()).toEqual([
      [3, 100, 0.5, 'USD'],
      [2, 100, 0, 'USD'],
      [4, 100, 0, 'USD'],
    ]);
  });

  it('are what the broker made of them, and cost what it says, before or after it told of them', () => {
    const { say, report, fills } = session();
    say('commission', { fee: 0.25, feeCurrency: 'BNB', qty: Number.NaN, price: Number.NaN });
    report('x1', 3);
    expect(fills()).toEqual([[3, 100, 0.25, 'BNB']]);
    say('corrected', { qty: 2, price: 99, fee: Number.NaN });
    expect(fills()).toEqual([[2, 99, 0.25, 'BNB']]);
    say('busted', { qty: Number.NaN, price: Number.NaN, fee: Number.NaN });
    expect(fills()).toEqual([[0, 99, 0, 'BNB']]);
    say('busted', { executionId: 'x9' });
    expect(fills()).toHaveLength(1);
  });
});
