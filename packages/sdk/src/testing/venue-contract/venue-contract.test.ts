import { describe, expect, it } from '@jest/globals';
import type { CancelOutcome, SubmitOutcome, VenueCapabilities } from '../../interfaces/venue.js';
import type { Order, OrderChange, OrderRef } from '../../model/order.js';
import type { VenueReport, VenueSnapshot } from '../../model/venue-report.js';
import { describeBroken } from '../broken.fixture.js';
import type { BrokenImplementation } from '../broken.fixture.js';
import { describeContract } from '../contract.js';
import { FakeClock } from '../fake-clock.js';
import { PAPER_CAPABILITIES, PaperVenue } from '../paper-venue/paper-venue.js';
import { BentVenue, instrument, REMOTE_CAPABILITIES, suiteOf } from './bent-venue.fixture.js';
import { venueContract } from './venue-contract.js';

const POOR: VenueCapabilities = { orderTypes: ['market', 'limit'], timeInForce: ['GTC'], simulated: true };

describeContract('PaperVenue', suiteOf(), { describe, it });
describeContract(
  'PaperVenue with few capabilities',
  venueContract({
    capabilities: POOR,
    create: () => {
      const clock = new FakeClock();
      const venue = new PaperVenue({ instruments: [instrument], clock, capabilities: POOR, cash: 1_000 });
      const market = { quote: (symbol: string, bid: number, ask: number) => venue.quote(symbol, bid, ask) };
      return { venue, instrument, account: 'test', market, clock, settle: () => Promise.resolve() };
    },
  }),
  { describe, it },
);
const MARKET_ONLY: VenueCapabilities = {
  orderTypes: ['market'],
  timeInForce: ['DAY'],
  shortSale: true,
  simulated: true,
};

describeContract(
  'PaperVenue of market orders',
  venueContract({
    capabilities: MARKET_ONLY,
    create: () => {
      const clock = new FakeClock();
      const venue = new PaperVenue({ instruments: [instrument], clock, capabilities: MARKET_ONLY });
      const market = { quote: (symbol: string, bid: number, ask: number) => venue.quote(symbol, bid, ask) };
      return { venue, instrument, account: 'test', market, clock, settle: () => Promise.resolve() };
    },
  }),
  { describe, it },
);
describeContract('a venue with a connection', suiteOf({ declared: REMOTE_CAPABILITIES }), { describe, it });

let instances = 0;

const broken: readonly BrokenImplementation[] = [
  {
    what: 'other capabilities than declared',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override capabilities: VenueCapabilities = { ...PAPER_CAPABILITIES, fractional: true };
      },
    }),
    fails: ['VEN-010'],
  },
  {
    what: 'orders taken while closed',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override submit(group: readonly Order[]): Promise<SubmitOutcome> {
          return super.submit(group).then((outcome) => (outcome.kind === 'refused' ? { kind: 'sent' } : outcome));
        }
      },
    }),
    fails: ['VEN-020', 'VEN-030', 'VEN-150', 'VEN-170', 'VEN-300'],
  },
  {
    what: 'reports after close',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override close(): Promise<void> {
          return Promise.resolve();
        }
        override submit(group: readonly Order[]): Promise<SubmitOutcome> {
          if (this.sink !== undefined) return super.submit(group);
          return Promise.resolve({ kind: 'refused', reason: 'CLOSED', message: 'It is closed.' });
        }
      },
    }),
    fails: ['VEN-030'],
  },
  {
    what: 'a close that fails the second time',
    suite: suiteOf({
      Shell: class extends BentVenue {
        #isClosed = false;
        override async close(): Promise<void> {
          if (this.#isClosed) throw new Error('already closed');
          this.#isClosed = true;
          await super.close();
        }
      },
    }),
    fails: ['VEN-040'],
  },
  {
    what: 'a lost connection that nobody hears of',
    suite: suiteOf({
      declared: REMOTE_CAPABILITIES,
      Shell: class extends BentVenue {
        override connect(): void {}
      },
    }),
    fails: ['VEN-050', 'VEN-052', 'VEN-054', 'VEN-056'],
  },
  {
    what: 'orders sent anew when the connection is back',
    suite: suiteOf({
      declared: REMOTE_CAPABILITIES,
      Shell: class extends BentVenue {
        readonly #lost: Order[] = [];
        override submitCut(group: readonly Order[], how: 'before' | 'after'): Promise<SubmitOutcome> {
          this.#lost.push(...group);
          return super.submitCut(group, how);
        }
        override connect(isConnected: boolean): void {
          super.connect(isConnected);
          if (isConnected) void this.inner.submit(this.#lost.splice(0));
        }
      },
    }),
    fails: ['VEN-052'],
  },
  {
    what: 'orders called refused that reached the venue',
    suite: suiteOf({
      declared: REMOTE_CAPABILITIES,
      Shell: class extends BentVenue {
        override async submitCut(group: readonly Order[], how: 'before' | 'after'): Promise<SubmitOutcome> {
          await super.submitCut(group, how);
          return { kind: 'refused', reason: 'LOST', message: 'The connection was lost.' };
        }
      },
    }),
    fails: ['VEN-054'],
  },
  {
    what: 'snapshots called complete without a connection',
    suite: suiteOf({
      declared: REMOTE_CAPABILITIES,
      Shell: class extends BentVenue {
        override snapshot(): Promise<VenueSnapshot> {
          return this.inner.snapshot();
        }
      },
    }),
    fails: ['VEN-056'],
  },
  {
    what: 'snapshots of only what was reported',
    suite: suiteOf({
      declared: REMOTE_CAPABILITIES,
      Shell: class extends BentVenue {
        readonly #told = new Set<string>();
        override relay(report: VenueReport): readonly VenueReport[] {
          if (report.kind === 'filled') this.#told.add(report.fill.executionId);
          return [report];
        }
        override async snapshot(): Promise<VenueSnapshot> {
          const { executions, ...rest } = await super.snapshot();
          const items = executions.items.filter(({ executionId }) => this.#told.has(executionId));
          return { ...rest, executions: { ...executions, items } };
        }
      },
    }),
    fails: ['VEN-058'],
  },
  {
    what: 'prices that differ from venue to venue',
    suite: suiteOf({
      Shell: class extends BentVenue {
        readonly #isOdd = (instances += 1) % 2 === 1;
        override relay(report: VenueReport): readonly VenueReport[] {
          if (report.kind !== 'filled' || !this.#isOdd) return [report];
          return [{ ...report, fill: { ...report.fill, price: report.fill.price - 0.25 } }];
        }
      },
    }),
    fails: ['VEN-060'],
  },
  {
    what: 'fills without their tag',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override relay(report: VenueReport): readonly VenueReport[] {
          return report.kind === 'filled' ? [{ ...report, fill: { ...report.fill, tag: '' } }] : [report];
        }
      },
    }),
    fails: ['VEN-100'],
  },
  {
    what: 'fills before accepted',
    suite: suiteOf({
      Shell: class extends BentVenue {
        readonly #held: VenueReport[] = [];
        override relay(report: VenueReport): readonly VenueReport[] {
          if (report.kind !== 'accepted') return [report, ...this.#held.splice(0)];
          this.#held.push(report);
          return [];
        }
      },
    }),
    fails: [
      'VEN-100',
      'VEN-110',
      'VEN-120',
      'VEN-122',
      'VEN-124',
      'VEN-130',
      'VEN-140',
      'VEN-150',
      'VEN-180',
      'VEN-185',
      'VEN-190',
      'VEN-200',
      'VEN-310',
      'VEN-315',
      'VEN-320',
    ],
  },
  {
    what: 'a wrong leavesQty',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override relay(report: VenueReport): readonly VenueReport[] {
          return report.kind === 'filled' && report.fill.liquidity === 'maker'
            ? [{ ...report, leavesQty: 1 }]
            : [report];
        }
      },
    }),
    fails: ['VEN-110', 'VEN-180', 'VEN-185', 'VEN-310', 'VEN-320', 'VEN-330'],
  },
  {
    what: 'limits that are not kept',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override relay(report: VenueReport): readonly VenueReport[] {
          return report.kind === 'filled' ? [{ ...report, fill: { ...report.fill, price: 500 } }] : [report];
        }
      },
    }),
    fails: ['VEN-110'],
  },
  {
    what: 'stops that never trigger and trail nothing',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override bend(order: Order): Order {
          const stopPrice = order.side === 'buy' ? 1e6 : 1;
          const isStop = order.orderType === 'stop' || order.orderType === 'stop-limit';
          if (isStop) return { ...order, stopPrice };
          return order.orderType === 'trailing-stop' ? { ...order, trail: 50 } : order;
        }
      },
    }),
    fails: ['VEN-120', 'VEN-122', 'VEN-124', 'VEN-315', 'VEN-332'],
  },
  {
    what: 'cancels reported twice',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override relay(report: VenueReport): readonly VenueReport[] {
          return report.kind === 'cancelled' && report.reason === 'requested' ? [report, report] : [report];
        }
      },
    }),
    fails: ['VEN-130', 'VEN-140'],
  },
  {
    what: 'silence about what cannot be cancelled or replaced',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override relay(report: VenueReport): readonly VenueReport[] {
          return report.kind === 'cancel-rejected' || report.kind === 'replace-rejected' ? [] : [report];
        }
      },
    }),
    fails: ['VEN-140', 'VEN-335'],
  },
  {
    what: 'order ids sent twice',
    suite: suiteOf({
      Shell: class extends BentVenue {
        readonly #outerIds = new Map<string, string>();
        override bend(order: Order): Order {
          const inner = this.#outerIds.has(order.clientOrderId) ? `${order.clientOrderId}-2` : order.clientOrderId;
          this.#outerIds.set(inner, order.clientOrderId);
          return { ...order, clientOrderId: inner };
        }
        override relay(report: VenueReport): readonly VenueReport[] {
          return [{ ...report, clientOrderId: this.#outerIds.get(report.clientOrderId) ?? report.clientOrderId }];
        }
      },
    }),
    fails: ['VEN-150'],
  },
  {
    what: 'deeds that are not declared',
    suite: suiteOf({ declared: POOR }),
    fails: ['VEN-160', 'VEN-165', 'VEN-200', 'VEN-340'],
  },
  {
    what: 'a throw for a bad order',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override submit(group: readonly Order[]): Promise<SubmitOutcome> {
          if (group.some((order) => !(order.qty > 0))) return Promise.reject(new Error('bad quantity'));
          return super.submit(group);
        }
      },
    }),
    fails: ['VEN-170', 'VEN-300'],
  },
  {
    what: 'orders that outstay their time in force',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override bend(order: Order): Order {
          return { ...order, tif: 'GTC' };
        }
      },
    }),
    fails: ['VEN-180', 'VEN-185', 'VEN-190'],
  },
  {
    what: 'times that run backwards',
    suite: suiteOf({
      Shell: class extends BentVenue {
        #reports = 0;
        override relay(report: VenueReport): readonly VenueReport[] {
          this.#reports += 1;
          return [{ ...report, ts: report.ts - this.#reports }];
        }
      },
    }),
    fails: ['VEN-210'],
  },
  {
    what: 'changed orders',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override submit(group: readonly Order[]): Promise<SubmitOutcome> {
          for (const order of group) Reflect.set(order, 'tag', 'changed');
          return super.submit(group);
        }
      },
    }),
    fails: ['VEN-220'],
  },
  {
    what: 'groups sent one by one',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override async submit(group: readonly Order[]): Promise<SubmitOutcome> {
          if (group.some((order) => order.parentId !== '')) return super.submit(group);
          const outcomes: SubmitOutcome[] = [];
          for (const order of group) outcomes.push(await super.submit([order]));
          return outcomes.find((outcome) => outcome.kind !== 'sent') ?? { kind: 'sent' };
        }
      },
    }),
    fails: ['VEN-300'],
  },
  {
    what: 'OCO groups that are none',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override bend(order: Order): Order {
          return { ...order, ocoGroup: '' };
        }
      },
    }),
    fails: ['VEN-310', 'VEN-315', 'VEN-320'],
  },
  {
    what: 'children that do not wait for their parent',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override bend(order: Order): Order {
          return { ...order, parentId: '' };
        }
      },
    }),
    fails: ['VEN-320', 'VEN-325'],
  },
  {
    what: 'replaces that are only reported',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override replace(ref: OrderRef, change: OrderChange): Promise<CancelOutcome> {
          const report = { ...ref, ts: 0, kind: 'replaced', qty: 1, stopPrice: Number.NaN } as const;
          this.sink?.report({ ...report, limitPrice: change.limitPrice ?? Number.NaN });
          return Promise.resolve({ kind: 'sent' });
        }
      },
    }),
    fails: ['VEN-330', 'VEN-332', 'VEN-335'],
  },
  {
    what: 'a replace that begins the order anew',
    suite: suiteOf({
      Shell: class extends BentVenue {
        readonly #orders = new Map<string, Order>();
        override bend(order: Order): Order {
          this.#orders.set(order.clientOrderId, order);
          return order;
        }
        override async replace(ref: OrderRef, change: OrderChange): Promise<CancelOutcome> {
          const order = this.#orders.get(ref.clientOrderId);
          if (order?.orderType !== 'trailing-stop') return super.replace(ref, change);
          await this.inner.cancel(ref);
          await this.inner.submit([{ ...order, ...change, clientOrderId: `${order.clientOrderId}-anew` }]);
          return { kind: 'sent' };
        }
      },
    }),
    fails: ['VEN-332'],
  },
  {
    what: 'an empty snapshot said to be complete',
    suite: suiteOf({
      Shell: class extends BentVenue {
        override snapshot(): Promise<VenueSnapshot> {
          const part = { asOf: 1, complete: true, since: 0, items: [] };
          return Promise.resolve({ positions: part, openOrders: part, executions: part, accounts: part });
        }
      },
    }),
    fails: ['VEN-020', 'VEN-030', 'VEN-350'],
  },
];

describeBroken('venue', [suiteOf(), suiteOf({ declared: REMOTE_CAPABILITIES }), suiteOf({ declared: POOR })], broken);

describe('venueContract', () => {
  it('skips what needs a market where nobody can move it, and says so', () => {
    const suite = venueContract({
      capabilities: PAPER_CAPABILITIES,
      create: () => Promise.reject(new Error('not needed')),
      movesMarket: false,
    });
    const runs = suite.cases.filter((item) => item.skip === undefined).map((item) => item.id);
    expect(runs).toEqual(['VEN-010', 'VEN-020', 'VEN-030', 'VEN-040', 'VEN-130', 'VEN-140', 'VEN-170', 'VEN-300']);
    expect(suite.cases.find((item) => item.id === 'VEN-100')?.skip).toBe('the market cannot be moved');
  });
});
