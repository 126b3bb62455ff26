import type { OrderStatus } from '@bookrunner/sdk';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DecisionHash } from '../kernel/decision-hash.js';
import { Scene } from '../kernel/kernel.fixture.js';
import { RecordingListener } from '../kernel/recording-listener.fixture.js';
import { Outbox } from '../kernel/outbox.js';
import { OrderDesk } from './order-desk.js';
import {
  isFinal,
  isPending,
  ORDER_STATUSES,
  type OrderEvent,
  pendingChange,
  placeAfter,
  placeAfterFill,
  placeAfterPartialFill,
} from './order-state.js';
import { OrderRecord, type OrderTicket } from './order-record.js';
import type { TargetSlot } from './target-slot.js';

const STATUSES: readonly OrderStatus[] = [
  'pending',
  'sent',
  'unknown',
  'working',
  'pending-cancel',
  'pending-replace',
  'filled',
  'cancelled',
  'rejected',
  'expired',
];
const EVENTS: readonly OrderEvent[] = [
  'sent',
  'refused',
  'unknown',
  'accepted',
  'rejected',
  'partially-filled',
  'filled',
  'cancel-requested',
  'cancelled',
  'cancel-rejected',
  'replace-requested',
  'replaced',
  'replace-rejected',
  'expired',
];
const FINAL = new Set<OrderStatus>(['filled', 'cancelled', 'rejected', 'expired']);
const PENDING = new Set<OrderStatus>(['unknown', 'pending-cancel', 'pending-replace']);

/** Written down a second time, in words: one letter a status, `-` impossible; columns as EVENTS. */
const LETTER: Readonly<Record<string, OrderStatus>> = {
  s: 'sent',
  u: 'unknown',
  w: 'working',
  C: 'pending-cancel',
  R: 'pending-replace',
  f: 'filled',
  c: 'cancelled',
  r: 'rejected',
  e: 'expired',
};
const TABLE: Readonly<Record<OrderStatus, string>> = {
  pending: 'sruwrwf-c----e',
  sent: '--uwrwfCc----e',
  unknown: '-r-wrwf-c----e',
  working: '---wrwfCc-Rw-e',
  'pending-cancel': '---CrCf-cw-CCe',
  'pending-replace': '---RrRfCc--wwe',
  filled: '--------------',
  cancelled: '--------------',
  rejected: '--------------',
  expired: '--------------',
};

const statuses = fc.constantFrom(...STATUSES);
const events = fc.constantFrom(...EVENTS);

function orderIn(status: OrderStatus): OrderRecord {
  const order = new OrderRecord(new Scene().slot, 1);
  order.status = status;
  return order;
}

/** Place of the status after an event. A fill is an event like any other. */
function after(status: OrderStatus, event: OrderEvent): number {
  const place = ORDER_STATUSES.indexOf(status);
  const next = placeAfter(place, event);
  if (event === 'filled') expect(placeAfterFill(place)).toBe(next);
  if (event === 'partially-filled') expect(placeAfterPartialFill(place)).toBe(next);
  return next;
}

/** The fields of an order. */
function plain(order: OrderRecord): Readonly<Record<string, unknown>> {
  const { statusPlace: _, ...fields } = Object.fromEntries(Object.entries(order));
  return { ...fields, status: order.status };
}

describe('the order state machine', () => {
  it('classifies every pair of status and event', () => {
    for (const status of STATUSES) {
      const row = EVENTS.map((event) => ORDER_STATUSES[after(status, event)]);
      expect([status, row]).toEqual([status, TABLE[status].split('').map((letter) => LETTER[letter])]);
    }
  });

  it('counts what is pending by its steps as by its statuses', () => {
    for (const status of STATUSES) {
      for (const event of EVENTS) {
        const next = after(status, event);
        if (next < 0) continue;
        const change = pendingChange(ORDER_STATUSES.indexOf(status), next);
        expect(Number(isPending(status)) + change).toBe(Number(isPending(ORDER_STATUSES[next] as OrderStatus)));
      }
    }
  });

  it('knows which statuses are final', () => {
    for (const status of STATUSES) expect([status, isFinal(status)]).toEqual([status, FINAL.has(status)]);
  });

  it('knows by its place which status an order has', () => {
    for (const status of STATUSES) {
      const order = orderIn(status);
      expect([order.status, order.isFilled, order.isUnknown]).toEqual([
        status,
        status === 'filled',
        status === 'unknown',
      ]);
    }
  });

  it('takes no status that there is not, as of a damaged state', () => {
    const order = new OrderRecord(new Scene().slot, 1);
    expect(() => Object.assign(order, { status: 'workin' })).toThrow("An order cannot be 'workin'.");
    expect(order.status).toBe('pending');
  });

  it('never leaves a final status and changes nothing where it refuses', () => {
    fc.assert(
      fc.property(statuses, fc.array(events, { maxLength: 20 }), (start, sequence) => {
        const order = orderIn(start);
        const desk = new OrderDesk(new Outbox(), new RecordingListener(), new DecisionHash());
        for (const event of sequence) {
          const before = plain(order);
          const { status } = order;
          const moved = desk.move(order, event);
          if (FINAL.has(status)) expect(moved).toBe(false);
          if (!moved) expect(plain(order)).toEqual(before);
          else expect({ ...plain(order), status }).toEqual(before);
        }
      }),
    );
  });
});

const TICKET: OrderTicket = {
  side: 'buy',
  qtyScaled: 100_000,
  orderType: 'limit',
  limitPrice: 99,
  stopPrice: Number.NaN,
  trail: Number.NaN,
  tif: 'GTC',
  expiresAt: Number.NaN,
  purpose: 'entry',
};

function expectCounts(slot: TargetSlot): void {
  const live = [...slot.entries, ...slot.protection];
  expect(slot.pendingCount).toBe(live.filter((order) => PENDING.has(order.status)).length);
  expect(slot.workingScaled).toBe(
    slot.entries.reduce((sum, order) => sum + order.direction * (order.qtyScaled - order.filledScaled), 0),
  );
  expect(live.filter((order) => isFinal(order.status))).toEqual([]);
}

describe('the order desk', () => {
  const step = fc.record({
    act: fc.constantFrom('send', 'pair', 'cancel', 'replace', 'move', 'end'),
    pick: fc.nat(),
    event: events,
    side: fc.constantFrom('buy', 'sell'),
  });

  it('keeps the counts of the slot equal to its live orders, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { slot } = new Scene();
        const desk = new OrderDesk(new Outbox(), new RecordingListener(), new DecisionHash());
        desk.serve([slot]);
        for (const { act, pick, event, side } of steps) {
          const live = [...desk.live()];
          const order = live[pick % Math.max(1, live.length)];
          if (act === 'send') desk.send(desk.make(slot, { ...TICKET, side }, 0));
          else if (act === 'pair') {
            const leg = { ...TICKET, side, purpose: 'protection' } as const;
            desk.send(desk.make(slot, leg, 0), desk.make(slot, leg, 0));
          } else if (order === undefined) continue;
          else if (act === 'cancel') desk.cancel(order);
          else if (act === 'replace') desk.replace(order, { limitPrice: 98 });
          else if (act === 'move') desk.move(order, event);
          if (order !== undefined && isFinal(order.status)) desk.end(order, 0, '');
          else if (order !== undefined && act === 'end') desk.end(order, 0, 'not final: nothing happens');
          expectCounts(slot);
        }
        expect([...desk.live()]).toHaveLength(slot.entries.length + slot.protection.length);
        expect(desk.liveOf(0)).toEqual([...desk.live()]);
        for (const order of desk.live()) expect(desk.find(order.sequence)).toBe(order);
      }),
    );
  });
});

/** Random venue behaviour on live orders; what the venue says need not make sense. */
describe('execution under reports that need not make sense', () => {
  const report = fc.record({
    say: fc.constantFrom(
      'accepted',
      'filled',
      'partial',
      'rejected',
      'cancelled',
      'expired',
      'cancelRejected',
      'replaced',
    ),
    pick: fc.nat({ max: 5 }),
    wish: fc.constantFrom(-1, -0.5, 0, 0.5, 1, undefined),
  });

  it('keeps counts, never overfills in its books, and ends each order once', () => {
    fc.assert(
      fc.property(fc.array(report, { minLength: 1, maxLength: 25 }), fc.boolean(), (reports, holdsCancels) => {
        const scene = new Scene();
        scene.venue.onSubmit = () => 'hold';
        scene.venue.onCancel = () => (holdsCancels ? 'hold' : 'cancel');
        for (const { say, pick, wish } of reports) {
          scene.answer(wish === undefined ? undefined : { share: wish, protect: { stop: wish > 0 ? 90 : 110 } });
          const order = scene.venue.open[pick % Math.max(1, scene.venue.open.length)];
          if (order !== undefined) {
            scene.report((venue) => {
              if (say !== 'partial') return venue[say](order);
              venue.filled(order, { qty: Math.max(1, Math.floor(order.leavesQty / 2)) });
            });
          }
          expectCounts(scene.slot);
        }
        const filled = scene.listener.fills.reduce((sum, fill) => sum + fill.signed, 0);
        expect(scene.held()).toBe(filled);
        for (const order of scene.venue.sent) expect(order.filledScaled).toBeLessThanOrEqual(order.qtyScaled);
        const ended = scene.listener.ended.map((end) => end.sequence);
        expect(new Set(ended).size).toBe(ended.length);
      }),
      { numRuns: 200 },
    );
  });

  it('tells an alarm for a report that cannot follow, and changes nothing', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'hold';
    scene.answer({ units: 100, entry: { limit: 99 } });
    const order = scene.venue.sent[0]!;
    scene.report((venue) => venue.replaced(order));
    expect(scene.codes()).toEqual(['ORDER_IMPOSSIBLE_REPORT']);
    expect([order.status, order.qty, scene.slot.workingScaled]).toEqual(['sent', 100, 100_000]);
  });

  it('takes a late "cancel rejected" of a filled order without an alarm, and an unknown order with one', () => {
    const scene = new Scene();
    scene.answer(1);
    scene.report((venue) => venue.cancelRejected(venue.sent[0]!));
    expect(scene.codes()).toEqual([]);
    scene.report((venue) => venue.cancelled(venue.sent[0]!));
    expect(scene.codes()).toEqual(['ORDER_NOT_LIVE']);
  });

  it('takes what a venue repeats of an order that is over as no more than late', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'accept';
    scene.answer({ units: 100, entry: { limit: 99 } });
    const order = scene.venue.sent[0]!;
    scene.report((venue) => venue.cancelled(order));
    scene.report((venue) => venue.accepted(order));
    scene.report((venue) => venue.cancelled(order));
    expect(scene.codes()).toEqual(['ORDER_REPORT_LATE', 'ORDER_REPORT_LATE']);
    expect(scene.notices.map(({ level }) => level)).toEqual(['info', 'info']);
    expect([scene.slot.workingScaled, scene.slot.entries.length]).toEqual([0, 0]);
  });

  it('takes a late "accepted" of a filled order as late, and of a rejected one as an alarm', () => {
    const scene = new Scene();
    scene.answer(1);
    scene.report((venue) => venue.accepted(venue.sent[0]!));
    expect(scene.codes()).toEqual(['ORDER_REPORT_LATE']);
    scene.venue.onSubmit = () => 'reject';
    scene.answer(-1);
    scene.report((venue) => venue.accepted(venue.sent[1]!));
    expect(scene.codes()).toEqual(['ORDER_REPORT_LATE', 'ORDER_REJECTED', 'ORDER_NOT_LIVE']);
  });

  it('books a fill with an execution id once', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'accept';
    scene.answer(1);
    const at = scene.now;
    const fill = {
      kind: 'venue-report',
      at,
      report: 'filled',
      sequence: 1,
      instrumentIndex: -1,
      venueOrderId: 'V1',
      qty: 40,
      price: 100,
      fee: 1,
      feeCurrency: 'USD',
      liquidity: 'maker',
      executionId: 'E1',
      limitPrice: Number.NaN,
      stopPrice: Number.NaN,
      reason: '',
      message: '',
    } as const;
    scene.kernel.process(fill);
    scene.kernel.process(fill);
    expect(scene.held()).toBe(40);
    expect(scene.venue.sent[0]?.venueOrderId).toBe('V1');
    const fresh = scene.fresh();
    fresh.kernel.restore(scene.kernel.snapshot());
    fresh.kernel.process(fill);
    expect(fresh.held()).toBe(40);
  });
});
