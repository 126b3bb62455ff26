import { describe, expect, it } from '@jest/globals';
import type { CommandName } from '@bookrunner/sdk';
import { STOP_ACTOR } from '../execution/guards.js';
import { isEnding } from './apply-stop.js';
import { Scene, strategyOf } from './kernel.fixture.js';

describe('commands', () => {
  it('stop: cancels entries, keeps position and protection, asks no more; start begins after warm-up and onReset', () => {
    const calls: string[] = [];
    const definition = strategyOf(() => ({ units: 100, protect: { stop: 90 } }), {
      warmup: 2,
      onStop: () => void calls.push('stop'),
      onReset: (_, gap) => void calls.push(`reset ${gap.reason}`),
    });
    const scene = new Scene({ strategies: [{ definition }] });
    scene.bars();
    scene.bars();
    scene.command('stop', { name: 's0' });
    scene.bars();
    expect([scene.held(), scene.slot.protection.length, scene.runner.status]).toEqual([100, 1, 'stopped']);
    scene.command('start', { name: 's0' });
    scene.bars();
    expect(calls).toEqual(['stop']);
    scene.bars();
    expect(calls).toEqual(['stop', 'reset started by command']);
    expect(scene.held()).toBe(100);
  });

  it('stop: cancels an entry as soon as it can be cancelled', () => {
    const scene = new Scene();
    scene.venue.onSubmit = () => 'hold';
    scene.answers[0] = { units: 100, entry: { limit: 99 } };
    const bar = scene.barEvent({ streamIndex: 0, ts: scene.now, price: 100 });
    scene.kernel.process(bar);
    scene.kernel.process({ kind: 'timer', at: bar.at });
    // The order waits in the outbox: it has not left yet.
    scene.now = bar.at;
    const command = { ts: bar.at, name: 'stop', args: { name: 's0' }, actor: 'ada' } as const;
    scene.kernel.process({ kind: 'command', at: bar.at, command });
    scene.report((venue) => venue.onEvent('nothing'));
    expect(scene.venue.log).toEqual(['submit 1 buy 100 limit 99 entry', 'cancel 1']);
  });

  it('halt keeps working entries, reduce-only cancels them', () => {
    const scene = new Scene();
    scene.answer({ units: 100, entry: { limit: 99 } });
    scene.command('halt');
    expect(scene.venue.open).toHaveLength(1);
    scene.command('reduce-only');
    expect(scene.venue.open).toHaveLength(0);
    scene.bars();
    expect(scene.venue.sent).toHaveLength(1);
  });

  it.each(['cancel', 'hold'] as const)(
    'panic: cancels all, flattens all, lets nothing new in (cancels: %s)',
    (answer) => {
      const scene = new Scene({ strategies: [{}, {}] });
      scene.answers.push({ units: 100, protect: { stop: 90 } }, { units: -50, entry: { limit: 101 } });
      scene.bars();
      scene.venue.onCancel = () => answer;
      scene.command('panic');
      for (const order of scene.venue.open) scene.report((venue) => venue.cancelled(order, 'DONE'));
      expect([scene.held(0), scene.held(1)]).toEqual([0, 0]);
      expect(scene.venue.open).toEqual([]);
      scene.answers[0] = { units: 70 };
      scene.bars();
      expect(scene.held(0)).toBe(0);
      expect(scene.listener.refusals.at(-1)?.reason).toBe('RISK_HALTED');
    },
  );

  it('panic waits for an order whose outcome is unknown, then flattens what it became', () => {
    const scene = new Scene();
    scene.venue.onSubmit = (order) => (order.sequence === 1 ? 'accept' : 'fill');
    scene.venue.onCancel = () => 'hold';
    scene.answer(1);
    scene.command('panic');
    scene.report((venue) => venue.filled(venue.sent[0]!));
    expect(scene.held()).toBe(0);
    expect(scene.venue.sent).toHaveLength(2);
  });

  it('panic of one book leaves the others', () => {
    const scene = new Scene({ books: [{ name: 'CORE' }, { name: 'EDGE' }], strategies: [{ book: 0 }, { book: 1 }] });
    scene.answers.push(1, 1);
    scene.bars();
    scene.command('panic', { book: 'EDGE' });
    expect([scene.held(0), scene.held(1)]).toEqual([100, 0]);
  });

  it('risk stops new risk at that loss of the day, until the next day; exits go on', () => {
    const scene = new Scene();
    scene.command('risk', { name: 's0', bps: -1 });
    scene.command('risk', { name: 's0', bps: 1 });
    expect(scene.kernel.parts.scopes.strategies[0]?.lossLimitBps).toBe(1);
    scene.answer({ units: 100 });
    scene.bars(90);
    expect(scene.kernel.parts.scopes.strategies[0]?.haltReason).toContain('reached the limit of 1 bps');
    scene.answer({ units: 200 });
    expect(scene.held()).toBe(100);
    expect(scene.listener.refusals.at(-1)?.reason).toBe('RISK_HALTED');
    scene.answer({ units: 0 });
    expect(scene.held()).toBe(0);
  });

  it('risk set in the first day counts from its beginning', () => {
    const scene = new Scene();
    scene.answer({ units: 100 });
    scene.bars(90);
    scene.command('risk', { name: 's0', bps: 5 });
    scene.bars(90);
    expect(scene.kernel.parts.scopes.strategies[0]?.view.dayPnlBps).toBe(-10);
    expect(scene.kernel.parts.scopes.strategies[0]?.haltReason).toContain('reached the limit of 5 bps');
  });

  it('alloc moves the equity that limits look at, and is no profit of the day', () => {
    const scene = new Scene({ strategies: [{ allocation: 0.5 }] });
    scene.answer({ units: 100 });
    scene.bars(90);
    const { view } = scene.kernel.parts.scopes.strategies[0]!;
    expect([view.equity, view.dayStartEquity]).toEqual([499_000, 500_000]);
    scene.command('alloc', { name: 's0', weight: 0.1 });
    expect([view.equity, view.dayStartEquity, view.dayPnlBps]).toEqual([99_000, 100_000, -100]);
    const fresh = scene.fresh();
    fresh.kernel.restore(structuredClone(scene.kernel.snapshot()));
    expect(fresh.kernel.parts.scopes.strategies[0]?.view.dayPnlBps).toBe(-100);
  });

  it('resume of a strategy lifts its own halt', () => {
    const scene = new Scene();
    scene.command('risk', { name: 's0', bps: 1 });
    scene.answer({ units: 100 });
    scene.bars(90);
    scene.command('resume', { name: 'nobody' });
    expect(scene.kernel.parts.scopes.strategies[0]?.haltReason).not.toBe('');
    scene.command('resume', { name: 's0' });
    expect(scene.kernel.parts.scopes.strategies[0]?.haltReason).toBe('');
  });

  it('alloc changes the part a strategy may use, with its next sizing', () => {
    const sizer = {
      size: ({ equity, price }: { equity: number; price: number }) =>
        ({ kind: 'sized', units: equity / price }) as const,
    };
    const scene = new Scene({ strategies: [{ sizer, allocation: 0.5 }] });
    scene.answer(1, 100);
    expect(scene.held()).toBe(5_000);
    scene.command('alloc', { name: 's0', weight: 0.1 });
    scene.answer(0.5, 100);
    expect(scene.held()).toBe(1_000);
  });

  it('says so when it cannot do what is asked', () => {
    const scene = new Scene();
    scene.command('stop', { name: 'nobody' });
    scene.command('start', {});
    for (const weight of [-0.1, 1.1, Number.NaN, '1', undefined]) scene.command('alloc', { name: 's0', weight });
    for (const name of ['halt', 'reduce-only', 'panic', 'resume'] as const) scene.command(name, { book: 'NOWHERE' });
    expect(scene.codes()).toEqual(Array.from({ length: 11 }, () => 'COMMAND_REFUSED'));
    expect(scene.runner.allocation).toBe(1);
  });
});

describe('facts', () => {
  it('cash: a deposit is a flow, a dividend is profit, and both are exact', () => {
    const scene = new Scene();
    scene.bars();
    const at = scene.now;
    const cash = { kind: 'cash', at, book: 'CORE', currency: 'USD' } as const;
    scene.driver.event({ ...cash, amount: 0.1, reason: 'deposit' });
    scene.driver.event({ ...cash, amount: 0.2, reason: 'dividend' });
    scene.driver.event({ ...cash, amount: -0.05, reason: 'financing' });
    expect(scene.book.cash('USD')).toBe(1_000_000_250_000_000_000_000_000n);
    expect(scene.book.flows).toBeCloseTo(0.1, 9);
    const { view } = scene.kernel.parts.scopes.books[0]!;
    expect(view.equity - view.dayStartEquity).toBeCloseTo(0.15, 9);
    expect(scene.listener.cash.map((entry) => entry.reason)).toEqual(['deposit', 'dividend', 'financing']);
  });

  it('cash without a book is an alarm', () => {
    const scene = new Scene();
    scene.driver.event({ kind: 'cash', at: scene.now, book: 'NOWHERE', currency: 'USD', amount: 5, reason: 'other' });
    expect(scene.codes()).toEqual(['CASH_WITHOUT_BOOK']);
  });

  it('a split moves windows, position and protection, and trades nothing', () => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { stop: 90, takeProfit: 120 } });
    const equity = scene.book.equity();
    scene.driver.event({ kind: 'corporate-action', at: scene.now, instrumentIndex: 0, numerator: 2, denominator: 1 });
    expect([scene.held(), scene.slot.position.holding.avgPrice]).toEqual([200, 50]);
    expect(scene.slot.protection.map((order) => [order.qty, order.stopPrice, order.limitPrice])).toEqual([
      [200, 45, Number.NaN],
      [200, Number.NaN, 60],
    ]);
    scene.answer(undefined, 50);
    expect(scene.slot.entries).toHaveLength(0);
    expect(scene.venue.sent).toHaveLength(3);
    expect(scene.book.equity()).toBe(equity);
    expect(scene.kernel.parts.market.streams[0]?.window.close(1)).toBe(50);
  });

  it('a split that leaves a fraction is an alarm', () => {
    const scene = new Scene();
    scene.answer({ units: 1 });
    scene.driver.event({ kind: 'corporate-action', at: scene.now, instrumentIndex: 0, numerator: 1, denominator: 3 });
    expect(scene.codes()).toEqual(['SPLIT_LEAVES_FRACTION']);
  });

  it('a guard about a strategy stops it, and says so', () => {
    const scene = new Scene();
    scene.driver.event({ kind: 'guard', at: scene.now, guard: 'slow-strategy', subject: 's0', message: 'Too slow.' });
    scene.answer(1);
    expect([scene.held(), scene.runner.status, scene.codes()]).toEqual([0, 'failed', ['STRATEGY_TOO_SLOW']]);
  });
});

describe('the end of a run', () => {
  const stop = (scene: Scene, onStop: string): void => scene.command('shutdown', { onStop });

  it('with cancel-all cancels what is live as soon as it can be, and sends nothing, whatever is answered', () => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { stop: 90 } });
    scene.venue.onSubmit = () => 'hold';
    scene.answer({ units: 100, protect: { stop: 91, takeProfit: 110 } });
    stop(scene, 'cancel-all');
    const sent = scene.venue.sent.length;
    for (const order of scene.venue.sent.slice(1)) scene.report((venue) => venue.accepted(order));
    scene.venue.onSubmit = () => 'fill';
    scene.answer({ units: 50, protect: { stop: 92 } });
    scene.answer({ units: -50, protect: { stop: 120 } });
    expect([scene.venue.sent.length, scene.venue.open.length, scene.held()]).toEqual([sent, 0, 100]);
  });

  it('with cancel-entries lets no new risk out, and keeps protection whole', () => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { stop: 90 } });
    stop(scene, 'cancel-entries');
    scene.answer({ units: 200, protect: { stop: 92 } });
    expect([scene.held(), scene.slot.protection.map(({ stopPrice }) => stopPrice)]).toEqual([100, [92]]);
    expect(scene.listener.refusals.at(-1)?.message).toMatch(/^New risk is halted for global : the run ends/);
  });

  it.each(['cancel-entries', 'cancel-all'])(
    'with %s is kept by a snapshot, ended by what goes on, and halts nobody',
    (policy) => {
      const scene = new Scene();
      scene.answer({ units: 100, protect: { stop: 90 } });
      scene.command('halt');
      stop(scene, policy);
      const next = new Scene();
      next.kernel.restore(scene.kernel.snapshot());
      expect(next.kernel.snapshot()).toEqual(scene.kernel.snapshot());
      const { global } = next.kernel.parts.scopes;
      expect([isEnding(next.kernel.parts), global.haltReason]).toEqual([true, 'halt by ada']);
      stop(next, 'over');
      expect([isEnding(next.kernel.parts), global.haltReason]).toEqual([false, 'halt by ada']);
      expect(next.slot.protection.map(({ status, stopPrice }) => [status, stopPrice])).toEqual([['working', 90]]);
      expect(next.codes()).toEqual([]);
    },
  );

  it('with cancel-entries leaves nothing that was refused meanwhile to wait: who goes on takes the same answer anew', () => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { stop: 90 } });
    stop(scene, 'cancel-entries');
    scene.answer({ units: 200, protect: { stop: 90 } });
    stop(scene, 'over');
    expect(scene.held()).toBe(100);
    scene.answer({ units: 200, protect: { stop: 90 } });
    expect([scene.held(), scene.slot.protection.length]).toEqual([200, 1]);
  });

  it('as it was recorded once means what it meant, and is ended by what goes on where it was cut off', () => {
    const scene = new Scene();
    scene.answer({ units: 100, protect: { stop: 90 } });
    const say = (name: CommandName, args = {}): void => {
      const command = { ts: scene.now, name, args, actor: STOP_ACTOR };
      scene.driver.event({ kind: 'command', at: scene.now, command });
    };
    say('reduce-only');
    say('shutdown', { cancel: 'all' });
    expect([isEnding(scene.kernel.parts), scene.venue.open.length, scene.slot.protect]).toEqual([true, 0, undefined]);
    say('resume');
    expect(isEnding(scene.kernel.parts)).toBe(false);
    say('reduce-only');
    say('shutdown', { onStop: 'over' });
    expect(scene.kernel.parts.scopes.global.haltReason).toBe('');
    expect(scene.codes()).toEqual(['RISK_HALTED', 'RISK_RESUMED', 'RISK_HALTED']);
  });
});
