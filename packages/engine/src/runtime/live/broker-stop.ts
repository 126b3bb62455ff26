// What becomes of orders at brokers when a live run is stopped: cancels are decisions of the kernel like any other.
import type { Clock, Command, EngineNotice, EpochMs } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import { STOP_ACTOR } from '../../execution/guards.js';
import { isEntry } from '../../execution/order-desk.js';
import type { OrderRecord } from '../../execution/order-record.js';
import { stopCommand } from '../../kernel/apply-stop.js';
import type { KernelEvent } from '../../kernel/event.js';
import type { Kernel } from '../../kernel/kernel.js';
import { openPositions, positionText } from '../open-positions.js';

const WAIT_MS = 10_000;
/** How long answers that are under way are waited for where orders stay. */
const ANSWERS_MS = 2_000;
/** How long brokers may take to say, for the last time, what is there. */
const COMPARE_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** What {@link stopOrders} works on. */
export interface BrokerStop {
  readonly policy: EngineConfig['engine']['onStop'];
  readonly kernel: Kernel;
  /** Accounts at brokers. */
  readonly accounts: ReadonlySet<string>;
  readonly clock: Clock;
  readonly take: (make: (at: EpochMs) => KernelEvent | undefined) => void;
  readonly notify: (notice: EngineNotice) => void;
}

/**
 * To be called when no more market data comes. Waits for the cancels, at most 10 s, or for the answers to what is under way, at most
 * 2 s: closed before, each would be an order whose outcome nobody knows. Then brokers say once more what is there, within 5 s. What
 * remains, and what is left without protection, is said.
 */
export async function stopOrders(stop: BrokerStop): Promise<void> {
  if (stop.policy === 'keep') {
    await waitWhile(stop.clock, ANSWERS_MS, () => isUnderWay(stop));
    await compare(stop);
    tellKept(stop);
  } else {
    await cancelOrders(stop, stop.policy);
  }
  tellUnprotected(stop);
}

async function cancelOrders(stop: BrokerStop, policy: 'cancel-entries' | 'cancel-all'): Promise<void> {
  const { clock } = stop;
  // Not taken back at the end: what is told until the venues are closed is to open nothing either.
  stop.take((at) => ({ kind: 'command', at, command: stopCommand(at, policy) }));
  await waitWhile(clock, WAIT_MS, () => concerned(stop).length > 0);
  await compare(stop);
  const left = concerned(stop);
  if (left.length > 0) {
    const which = left.map(({ clientOrderId, status }) => `${clientOrderId} (${status})`).join(', ');
    tell(stop, 'BROKER_ORDERS_REMAIN', `Not known to be cancelled within ${WAIT_MS / 1_000} s: ${which}.`);
  }
}

/** Brokers that have a session say for the last time what is there; what an answer leads to is waited for as well. */
async function compare(stop: BrokerStop): Promise<void> {
  const ready = stop.kernel.parts.reconciler?.watches.filter(({ state }) => state === 'ready') ?? [];
  if (ready.length === 0) return;
  stop.take((at) => {
    const command: Command = { ts: at, name: 'reconcile', args: {}, actor: STOP_ACTOR };
    return { kind: 'command', at, command };
  });
  await waitWhile(stop.clock, COMPARE_MS, () => ready.some(({ state, isAsked }) => state === 'ready' && isAsked));
  await waitWhile(stop.clock, ANSWERS_MS, () => isUnderWay(stop));
}

function tellKept(stop: BrokerStop): void {
  const { length } = ordersAtBrokers(stop);
  if (length > 0) tell(stop, 'BROKER_ORDERS_KEPT', `Orders that stay at brokers and may fill: ${length}.`);
}

/** Nobody watches them from now on. */
function tellUnprotected(stop: BrokerStop): void {
  const bare = openPositions(stop.kernel).filter(
    ({ account, protection }) => stop.accounts.has(account) && protection.length === 0,
  );
  if (bare.length === 0) return;
  const which = bare.map(positionText).join('; ');
  tell(stop, 'POSITIONS_UNPROTECTED', `Positions that stay at brokers without any order that protects them: ${which}.`);
}

/** What the policy cancels and is still live. */
function concerned(stop: BrokerStop): readonly OrderRecord[] {
  const orders = ordersAtBrokers(stop);
  return stop.policy === 'cancel-all' ? orders : orders.filter((order) => isEntry(order));
}

/** Whether an answer of a broker is still to come. What is unknown already is answered by the next start. */
function isUnderWay(stop: BrokerStop): boolean {
  return ordersAtBrokers(stop).some(({ status }) => status !== 'working' && status !== 'unknown');
}

async function waitWhile(clock: Clock, mostMs: number, isSo: () => boolean): Promise<void> {
  const until = clock.nowUtc() + mostMs;
  while (isSo() && clock.nowUtc() < until) await pause(clock);
}

function ordersAtBrokers({ kernel, accounts }: BrokerStop): readonly OrderRecord[] {
  return [...kernel.parts.desk.live()].filter(({ account }) => accounts.has(account));
}

function tell({ clock, notify }: BrokerStop, code: string, message: string): void {
  const level = code === 'BROKER_ORDERS_REMAIN' ? 'alarm' : 'warning';
  notify({ ts: clock.nowUtc(), level, code, message, details: {} });
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.callAt(clock.nowUtc() + LOOK_EVERY_MS, resolve);
  });
}
