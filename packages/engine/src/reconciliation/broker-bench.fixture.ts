// A scene whose only account is at a {@link TruthBroker}: a test moves messages one by one, or all of them.
import type { Fill } from '@bookrunner/sdk';
import type { ExecutionEvent } from '../kernel/event.js';
import { Scene, type SceneOptions } from '../kernel/kernel.fixture.js';
import type { Reconciler } from './reconciler.js';
import { ACCOUNT, TruthBroker, type TruthBrokerPlace, VENUE } from './truth-broker.fixture.js';

/** What a {@link BrokerBench} is made of; everything has a default. */
export interface BrokerBenchOptions extends SceneOptions, Pick<TruthBrokerPlace, 'isMarginSettled'> {
  readonly isExclusive?: boolean;
  readonly cash?: number;
  /** Quantity of the smallest fill that random steps make. */
  readonly unit?: number;
}

/** At one instant; a test that needs more has found a circle. */
const MOST_MESSAGES = 5_000;

/** A scene whose only account is at such a broker. */
export class BrokerBench {
  readonly scene: Scene;
  readonly broker: TruthBroker;
  readonly unit: number;

  constructor(options: BrokerBenchOptions = {}) {
    const { isMarginSettled = false, isExclusive = true, unit = 1 } = options;
    this.unit = unit;
    let broker: TruthBroker | undefined;
    this.scene = new Scene({
      brokers: [
        {
          venue: VENUE,
          accounts: [{ name: ACCOUNT, isExclusive }],
          isMarginSettled,
        },
      ],
      reconcile: { everyMs: 60_000, settleMs: 2_000, pageMs: 30_000, callMs: 10_000 },
      venueOf: (scene) => {
        broker = new TruthBroker(scene, options.cash, { isMarginSettled });
        return broker;
      },
      ...options,
    });
    this.broker = broker as unknown as TruthBroker;
  }

  get reconciler(): Reconciler {
    return this.scene.kernel.parts.reconciler as Reconciler;
  }

  status(state: 'ready' | 'disconnected'): void {
    const { scene } = this;
    const status = { ts: scene.now, venue: VENUE, state, reason: '', message: '' };
    scene.driver.event({ kind: 'venue-status', at: scene.now, status });
  }

  /** The session comes up and the first answers are in. */
  ready(): void {
    this.status('ready');
    this.pump();
  }

  /** The broker says something of an execution it told of before, or of one it did not. */
  say(change: ExecutionEvent['change'], execution: Fill, account = ACCOUNT): void {
    const { scene } = this;
    scene.driver.event({ kind: 'execution', at: scene.now, venue: VENUE, change, account, execution });
  }

  /** Everything on its way gets there, until nothing is. */
  pump(): void {
    const { inbox, outbox } = this.broker;
    for (let messages = 0; inbox.length + outbox.length > 0; messages++) {
      if (messages > MOST_MESSAGES) throw new Error('Engine and broker answer each other without end.');
      this.step();
    }
  }

  /** The next message gets there: a request before an answer. */
  step(): void {
    const { inbox, outbox } = this.broker;
    (inbox.length > 0 ? inbox : outbox).shift()?.();
  }

  /** Time passes; what is due by the clock is done, and answered. */
  pass(ms: number): void {
    const { scene } = this;
    this.pump();
    const end = scene.now + ms;
    while (scene.now < end) {
      scene.now = Math.min(end, Math.max(scene.now + 1, Math.min(end, scene.driver.nextDeadline())));
      scene.driver.advanceTo(scene.now);
      this.pump();
    }
  }

  /** A bar closes at the broker's price, and what follows is done. */
  bar(answer: number, strategy = 0): void {
    this.scene.answer(answer, this.broker.price, strategy);
    this.pump();
  }

  /** Units in all books, the suspense book included. */
  get total(): number {
    return this.scene.slots.reduce((sum, slot) => sum + slot.position.holding.qty, 0);
  }
  get suspense(): number {
    return this.reconciler.watches[0]?.accounts[0]?.slots[0]?.position.holding.qty ?? Number.NaN;
  }
  get truth(): number {
    return this.broker.positions.get('AAA') ?? 0;
  }
}
