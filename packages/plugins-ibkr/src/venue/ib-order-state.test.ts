import { describe, expect, it } from '@jest/globals';
import { anExecution, EXECUTION_ID, ORDER_ID, SETTLE_MS, StateBench } from './order-state.fixture.js';

/** A bench with a working order. */
function working(...terms: ConstructorParameters<typeof StateBench>): StateBench {
  const bench = new StateBench(...terms);
  bench.openOrder('Submitted');
  bench.status('Submitted', { filled: 0 });
  return bench;
}

describe('fills', () => {
  it('13: come from executions alone; without any status the order is over when they add up', () => {
    const bench = new StateBench();
    bench.execution({ executionId: 'a.01', qty: 40, cumQty: 40 });
    bench.execution({ executionId: 'b.01', qty: 60, cumQty: 100 });
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'filled', 'filled']);
    expect(bench.reports.map((report) => (report.kind === 'filled' ? report.leavesQty : undefined))).toEqual([
      undefined,
      60,
      0,
    ]);
    expect(bench.state.isOver).toBe(true);
  });

  it('13: are asked for where a status promises them and they do not come', () => {
    const bench = working();
    bench.status('Filled', { filled: 100 });
    expect([bench.asked, bench.state.isOver]).toEqual([0, false]);
    bench.clock.advance(SETTLE_MS);
    expect(bench.asked).toBe(1);
    bench.execution();
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'filled']);
    expect(bench.asked).toBe(1);
  });

  it('14: a late Submitted after a partial fill, and after the end, says nothing', () => {
    const bench = working();
    bench.execution({ qty: 40 });
    bench.status('PreSubmitted', { filled: 0 });
    bench.status('Submitted', { filled: 40 });
    bench.status('Cancelled', { filled: 40 });
    bench.settle();
    bench.status('Submitted', { filled: 40 });
    bench.openOrder('Submitted');
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'filled', 'cancelled']);
  });

  it('15: wait a while for their commission, and no longer', () => {
    const bench = working();
    bench.execution();
    expect(bench.kinds).toEqual(['accepted']);
    bench.clock.advance(100);
    expect(bench.reports[1]).toMatchObject({ kind: 'filled', fill: { fee: 0 } });
    bench.fee({ fee: 2 });
    bench.fee({ fee: 2 });
    expect(bench.reports[2]).toEqual({ kind: 'commission', executionId: EXECUTION_ID, fee: 2, feeCurrency: 'USD' });
    expect(bench.reports).toHaveLength(3);
  });

  it('15: have the commission that is there in time: a rebate, another currency', () => {
    const bench = working();
    bench.execution();
    bench.fee({ fee: -0.4, currency: 'EUR' });
    bench.settle();
    expect(bench.reports[1]).toMatchObject({ kind: 'filled', fill: { fee: -0.4, feeCurrency: 'EUR' } });
    expect(bench.reports).toHaveLength(2);
  });

  it('15: wait for nothing where they are told not to', () => {
    const bench = new StateBench({}, { commissionWaitMs: 0 });
    bench.execution();
    expect(bench.kinds).toEqual(['accepted', 'filled']);
  });

  it('16: are corrected by a higher revision, whatever copies of the old one still come', () => {
    const bench = working();
    bench.execution({ price: 50 });
    bench.settle();
    bench.execution({ revision: 2, price: 49.5 });
    bench.execution({ revision: 1, price: 50 });
    bench.execution({ revision: 2, price: 49.5 });
    expect(bench.kinds).toEqual(['accepted', 'filled', 'corrected']);
    expect(bench.reports[2]).toMatchObject({
      executionId: EXECUTION_ID,
      fill: { price: 49.5, executionId: EXECUTION_ID },
    });
  });

  it('16: a correction of the quantity changes what is left', () => {
    const bench = working();
    bench.execution({ qty: 40 });
    bench.settle();
    bench.execution({ revision: 2, qty: 30 });
    bench.execution({ executionId: 'b.01', qty: 70, price: 51 });
    bench.settle();
    expect(bench.reports.at(-1)).toMatchObject({ kind: 'filled', leavesQty: 0 });
    expect(bench.state.isOver).toBe(true);
  });

  it('beyond the ordered quantity are told as they are, and are an alarm, once', () => {
    const bench = working();
    bench.execution({ executionId: 'a.01', qty: 100, cumQty: 100 });
    bench.execution({ executionId: 'b.01', qty: 50, cumQty: 150 });
    bench.execution({ executionId: 'b.01', qty: 50, cumQty: 150 });
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'filled', 'filled']);
    expect(bench.alarms).toEqual(['IBKR_ORDER_OVERFILLED']);
  });

  it('of before this process are known and not told; what is left is right all the same', () => {
    const bench = new StateBench();
    bench.openOrder('Submitted');
    bench.status('Submitted', { filled: 70 });
    bench.state.onOldExecution(anExecution({ executionId: 'a.01', qty: 20 }), undefined);
    bench.state.settleBefore();
    bench.execution({ executionId: 'a.01', qty: 20 });
    bench.execution({ executionId: 'b.01', qty: 30 });
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'filled']);
    expect(bench.reports[1]).toMatchObject({ fill: { executionId: 'b.01' }, leavesQty: 0 });
    expect(bench.asked).toBe(0);
    expect(bench.state.isOver).toBe(true);
  });
});

describe('fills that nobody tells of', () => {
  it('are asked for once, and given up for good', () => {
    const bench = working();
    for (let i = 0; i < 5; i++) {
      bench.status('Submitted', { filled: 50 });
      bench.settle();
    }
    expect([bench.asked, bench.state.leavesQty]).toEqual([1, 100]);
    bench.status('Submitted', { filled: 60 });
    bench.settle();
    expect(bench.asked).toBe(2);
  });

  it('count as filled before where they were given up ahead of the first list of executions', () => {
    const bench = working();
    bench.status('Submitted', { filled: 50 });
    bench.state.onOldExecution(anExecution({ qty: 20, executionId: 'a.01' }), undefined);
    bench.settle();
    bench.state.settleBefore();
    expect(bench.state.leavesQty).toBe(50);
    bench.execution({ qty: 50, executionId: 'b.01', cumQty: 100 });
    bench.settle();
    expect([bench.kinds, bench.state.isOver]).toEqual([['accepted', 'filled'], true]);
    expect(bench.reports[1]).toMatchObject({ leavesQty: 0 });
  });

  it('do not keep an order open that is cancelled', () => {
    const bench = working();
    bench.status('Submitted', { filled: 50 });
    bench.settle();
    bench.status('Cancelled', { filled: 50 });
    expect(bench.kinds).toEqual(['accepted', 'cancelled']);
  });
});

describe('a cancel', () => {
  it.each([
    ['the status first', (bench: StateBench) => bench.status('Cancelled', { filled: 0 })],
    ['202 first', (bench: StateBench) => bench.code(202, 'Order Canceled - reason:')],
  ])('is confirmed by either, once (%s)', (_, first) => {
    const bench = working();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    first(bench);
    bench.status('Cancelled', { filled: 0 });
    bench.code(202);
    bench.settle();
    expect(bench.reports.slice(1)).toEqual([{ kind: 'cancelled', reason: 'asked' }]);
  });

  it('17: waits for the fills its status counts', () => {
    const bench = working();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.status('Cancelled', { filled: 40 });
    expect(bench.kinds).toEqual(['accepted']);
    bench.execution({ qty: 40 });
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'filled', 'cancelled']);
    expect(bench.state.leavesQty).toBe(60);
  });

  it('17: overtaken by a fill is no cancel', () => {
    const bench = working();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.execution();
    bench.status('Filled', { filled: 100 });
    bench.code(10148, 'OrderId 55 that needs to be cancelled cannot be cancelled, state: Filled.');
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'cancel-rejected', 'filled']);
  });

  it('17: an execution after 202 is told: the position counts, not the order', () => {
    const bench = working();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.code(202);
    bench.execution({ qty: 40 });
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'cancelled', 'filled']);
  });

  it.each([161, 10147, 10148])('17: that IB declines with %d is answered at once, and the gateway asked', (code) => {
    const bench = working();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.code(code);
    expect(bench.kinds).toEqual(['accepted', 'cancel-rejected']);
    expect(bench.asked).toBe(1);
    expect(bench.state.phase).toBe('working');
    bench.code(code);
    expect(bench.kinds).toEqual(['accepted', 'cancel-rejected']);
  });

  it('that is sent again is answered by itself: IB says no to one that finds the other under way', () => {
    const bench = working();
    for (let i = 0; i < 2; i++) bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.code(161);
    expect([bench.kinds, bench.state.requests.isCancelAsked]).toEqual([['accepted'], true]);
    bench.code(161);
    expect([bench.kinds, bench.state.requests.isCancelAsked]).toEqual([['accepted', 'cancel-rejected'], false]);
  });

  it('that never left leaves the next one as it is', () => {
    const bench = working();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.state.onLost();
    bench.state.requests.withdraw('cancel');
    bench.state.requests.askCancel(bench.clock.nowUtc());
    expect(bench.state.requests.isCancelAsked).toBe(true);
  });

  it('by IB gives its reason, and the end of a GTD order is an expiry', () => {
    const byIb = working();
    byIb.code(202, 'Order Canceled - reason:end of day');
    expect(byIb.reports.at(-1)).toEqual({ kind: 'cancelled', reason: 'TWS 202: Order Canceled - reason:end of day' });

    const bench = new StateBench();
    const { clock } = bench;
    const gtd = working({ tif: 'GTD', expiresAt: clock.nowUtc() + 60_000 });
    gtd.clock.advance(60_000);
    gtd.status('Cancelled', { filled: 0 });
    expect(gtd.kinds).toEqual(['accepted', 'expired']);
  });
});

describe('a change', () => {
  const wanted = { qty: 150, limitPrice: 51, stopPrice: Number.NaN };

  it('is told when an open order shows it; copies of the old terms are none', () => {
    const bench = working();
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.openOrder('Submitted');
    expect(bench.kinds).toEqual(['accepted']);
    bench.openOrder('Submitted', wanted);
    bench.openOrder('Submitted', wanted);
    bench.openOrder('Submitted', { qty: 100, limitPrice: 50 });
    expect(bench.reports.slice(1)).toEqual([{ kind: 'replaced', ...wanted }]);
    expect(bench.state.terms).toMatchObject({ qty: 150, limitPrice: 51 });
  });

  it('back to terms it had before is told by a list that was asked for after it: an open order may be a late copy', () => {
    const bench = working();
    const back = { qty: 100, limitPrice: 50, stopPrice: Number.NaN };
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.openOrder('Submitted', wanted);
    const early = bench.state.beforeList(5_000);
    bench.state.requests.askChange(back, bench.clock.nowUtc());
    bench.openOrder('Submitted', back);
    bench.state.onListed(back, 'Submitted', early);
    expect([bench.kinds, bench.asked]).toEqual([['accepted', 'replaced'], 1]);
    bench.state.onListed(back, 'Submitted', bench.state.beforeList(5_000));
    expect(bench.reports.slice(1)).toEqual([
      { kind: 'replaced', ...wanted },
      { kind: 'replaced', ...back },
    ]);
    expect(bench.state.requests.wanted).toBeUndefined();
  });

  it.each([110, 105, 321, 434, 201, 104])('18: that is refused with %d leaves the order as it was', (code) => {
    const bench = working();
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.code(code);
    bench.code(code);
    expect(bench.kinds).toEqual(['accepted', 'replace-rejected']);
    expect(bench.state.phase).toBe('working');
    expect(bench.state.terms).toMatchObject({ qty: 100, limitPrice: 50 });
    expect(bench.asked).toBeGreaterThan(0);
    bench.execution();
    bench.settle();
    expect(bench.state.isOver).toBe(true);
  });

  it('18: that IB refuses by killing the order ends it when a list says so: its status alone may mean that it is held', () => {
    const bench = working();
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.code(201, 'Order rejected - reason:margin');
    bench.status('Inactive');
    expect([bench.kinds, bench.asked]).toEqual([['accepted', 'replace-rejected'], 2]);
    bench.state.onCompleted('Inactive', 0, 'Rejected by system');
    const message = 'TWS 201: Order rejected - reason:margin';
    expect(bench.reports.at(-1)).toEqual({ kind: 'rejected', reason: 'IBKR_ORDER_REFUSED', message });
  });

  it('nobody here asked for is told: a person changed it, or a child follows its parent', () => {
    const bench = working();
    bench.openOrder('Submitted', { qty: 60 });
    expect(bench.reports.at(-1)).toMatchObject({ kind: 'replaced', qty: 60, limitPrice: 50 });
  });
});

describe('what was said of an order long ago', () => {
  it('does not end it: a refused change, and an Inactive much later that says no reason', () => {
    const bench = working();
    const wanted = { qty: 150, limitPrice: 51, stopPrice: Number.NaN };
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.code(201, 'Order rejected - reason:margin');
    const listed = { qty: 100, limitPrice: 50, stopPrice: Number.NaN };
    bench.state.onListed(listed, 'Submitted', bench.state.beforeList(5_000));
    bench.status('Inactive');
    expect(bench.kinds).toEqual(['accepted', 'replace-rejected']);
    expect(bench.state.isOver).toBe(false);
  });

  it('does not end it: an Inactive that it left, and a change refused later', () => {
    const bench = working();
    bench.status('Inactive');
    bench.status('Submitted');
    bench.state.requests.askChange({ qty: 150, limitPrice: 51, stopPrice: Number.NaN }, bench.clock.nowUtc());
    bench.code(110);
    expect(bench.kinds).toEqual(['accepted', 'replace-rejected']);
    bench.code(201);
    expect(bench.state.isOver).toBe(false);
  });
});

describe('a whole list of open orders', () => {
  const ANSWER_MS = 5_000;
  const old = { qty: 100, limitPrice: 50, stopPrice: Number.NaN };
  const wanted = { qty: 150, limitPrice: 51, stopPrice: Number.NaN };

  it('that was asked for soon after a change says nothing of it; one asked for later decides', () => {
    const bench = working();
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.clock.advance(ANSWER_MS - 1);
    const early = bench.state.beforeList(ANSWER_MS);
    bench.clock.advance(ANSWER_MS);
    bench.state.onListed(old, 'Submitted', early);
    expect(bench.state.requests.wanted).toEqual(wanted);
    bench.state.onListed(old, 'Submitted', bench.state.beforeList(ANSWER_MS));
    expect(bench.state.requests.wanted).toBeUndefined();
    expect(bench.kinds).toEqual(['accepted', 'replace-rejected']);
    // It was only slow.
    bench.openOrder('Submitted', wanted);
    expect(bench.kinds).toEqual(['accepted', 'replace-rejected', 'replaced']);
  });

  it('decides nothing of a change that was asked for after it, or answered meanwhile', () => {
    const bench = working();
    bench.state.requests.askChange(wanted, bench.clock.nowUtc());
    bench.clock.advance(ANSWER_MS);
    const before = bench.state.beforeList(ANSWER_MS);
    bench.openOrder('Submitted', wanted);
    bench.state.onListed(old, 'Submitted', before);
    bench.state.requests.askChange(old, bench.clock.nowUtc());
    bench.state.onListed(wanted, 'Submitted', before);
    expect(bench.state.requests.wanted).toEqual(old);
    expect(bench.kinds).toEqual(['accepted', 'replaced']);
  });

  it('tells terms that a late copy of older ones would not', () => {
    const bench = working();
    bench.openOrder('Submitted', wanted);
    bench.openOrder('Submitted', old);
    expect(bench.kinds).toEqual(['accepted', 'replaced']);
    bench.state.onListed(old, 'Submitted', bench.state.beforeList(ANSWER_MS));
    expect(bench.reports.at(-1)).toEqual({ kind: 'replaced', ...old });
  });

  it('ends the wait for a cancel, unless it is under way', () => {
    const bench = working();
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.clock.advance(ANSWER_MS);
    bench.state.onListed(old, 'PendingCancel', bench.state.beforeList(ANSWER_MS));
    expect(bench.kinds).toEqual(['accepted']);
    bench.state.onListed(old, 'Submitted', bench.state.beforeList(ANSWER_MS));
    bench.status('Cancelled');
    expect(bench.reports.slice(1)).toMatchObject([{ kind: 'cancel-rejected' }, { kind: 'cancelled', reason: 'asked' }]);
  });
});

describe('a refusal', () => {
  it.each([200, 201, 203, 460, 10289, 110, 103, 321])(
    '20: of a new order with %d is told with its text, once',
    (code) => {
      const bench = new StateBench();
      bench.code(code, 'Order rejected - reason:<br>no permission');
      bench.openOrder('Inactive');
      bench.status('Inactive', { filled: 0 });
      bench.settle();
      const message = `TWS ${code}: Order rejected - reason: no permission`;
      expect(bench.reports).toEqual([{ kind: 'rejected', reason: 'IBKR_ORDER_REFUSED', message }]);
    },
  );

  it('20: may come after its status', () => {
    const bench = new StateBench();
    bench.openOrder('PreSubmitted');
    bench.status('Inactive');
    expect(bench.kinds).toEqual(['accepted']);
    bench.code(201, 'Order rejected');
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'rejected']);
  });

  it('29: of a gateway that only lets read says so', () => {
    const bench = new StateBench();
    bench.code(321, 'Error validating request.-cause - The API interface is currently in Read-Only mode.');
    expect(bench.reports).toMatchObject([{ kind: 'rejected', reason: 'IBKR_READ_ONLY' }]);
  });

  it('with 103 of an order that works is of another one', () => {
    const bench = working();
    bench.code(103, 'Duplicate order id');
    bench.status('Inactive');
    bench.settle();
    expect(bench.kinds).toEqual(['accepted']);
  });
});

describe('what kills no order', () => {
  it.each([399, 404, 2109, 2137, 2102, 10349, 10167, 12345])('19: code %d', (code) => {
    const bench = working();
    bench.code(code, 'advice');
    bench.settle();
    expect(bench.kinds).toEqual(['accepted']);
    expect(bench.state.phase).toBe('working');
    bench.execution();
    bench.settle();
    expect(bench.state.isOver).toBe(true);
  });

  it('Inactive while stock is being located', () => {
    const bench = new StateBench();
    bench.status('Inactive', { whyHeld: 'locate' });
    bench.status('Submitted', { filled: 0 });
    bench.execution();
    bench.settle();
    expect(bench.kinds).toEqual(['accepted', 'filled']);
  });

  it('Inactive without a word: the gateway is asked, and tells of its end or lets it live', () => {
    const lives = working();
    lives.status('Inactive');
    expect([lives.kinds, lives.asked]).toEqual([['accepted'], 1]);
    lives.openOrder('Submitted');
    expect(lives.state.phase).toBe('working');

    const dead = working();
    dead.status('Inactive');
    dead.state.onCompleted('Inactive', 0, 'Rejected by system');
    expect(dead.kinds).toEqual(['accepted', 'rejected']);
  });
});

describe('completed orders', () => {
  it('settle what was missed', () => {
    const cancelled = new StateBench();
    cancelled.state.onCompleted('Cancelled', 0, 'Cancelled by Trader');
    expect(cancelled.kinds).toEqual(['cancelled']);

    const filled = new StateBench();
    filled.state.onCompleted('Filled', 100, '');
    expect(filled.kinds).toEqual(['accepted']);
    filled.execution();
    filled.settle();
    expect(filled.kinds).toEqual(['accepted', 'filled']);
  });
});

describe('two orders at IB under one reference', () => {
  it('21: are an alarm; a cancel names both, and the order is over when both are', () => {
    const bench = working();
    bench.state.onStatus({ status: 'Submitted', orderId: 77, permId: 900_002, filled: 0, whyHeld: '' });
    bench.state.onStatus({ status: 'Submitted', orderId: 77, permId: 900_002, filled: 0, whyHeld: '' });
    expect(bench.alarms).toEqual(['IBKR_ORDER_TWICE']);
    expect(bench.state.permIds.orderIds).toEqual([ORDER_ID, 77]);
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.code(202);
    bench.status('Cancelled', { filled: 0 });
    bench.status('Cancelled', { filled: 0 });
    bench.code(202);
    expect(bench.kinds).toEqual(['accepted']);
    expect(bench.restCancelled).toBe(1);
    bench.status('Submitted', { filled: 0 });
    bench.status('Cancelled', { filled: 0, permId: 900_002 });
    expect(bench.kinds).toEqual(['accepted', 'cancelled']);
  });

  it('is no alarm where the first has ended before', () => {
    const bench = working();
    bench.status('Cancelled', { filled: 0 });
    bench.state.onStatus({ status: 'Submitted', orderId: 77, permId: 900_002, filled: 0, whyHeld: '' });
    expect(bench.alarms).toEqual([]);
  });
});

describe('a lost connection', () => {
  it.each([110, 161])('leaves nothing that is waited for: %d says no to nothing', (code) => {
    const bench = working();
    bench.state.requests.askChange({ qty: 150, limitPrice: 51, stopPrice: Number.NaN }, bench.clock.nowUtc());
    bench.state.requests.askCancel(bench.clock.nowUtc());
    bench.state.onLost();
    bench.code(code);
    expect(bench.kinds).toEqual(['accepted']);
  });

  it('voids what was asked and the ids of the session, and keeps what IB knows it by', () => {
    const bench = working();
    bench.state.requests.askChange({ qty: 150, limitPrice: 51, stopPrice: Number.NaN }, bench.clock.nowUtc());
    bench.state.onLost();
    expect(bench.state.permIds.orderIds).toEqual([]);
    expect(bench.state.permIds.venueOrderId).toBe('900001');
    // The change had arrived: it is told when it is seen.
    bench.openOrder('Submitted', { qty: 150, limitPrice: 51 });
    expect(bench.kinds).toEqual(['accepted', 'replaced']);
    expect(bench.state.permIds.orderIds).toEqual([ORDER_ID]);
  });
});
