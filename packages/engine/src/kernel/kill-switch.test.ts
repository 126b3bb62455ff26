// Halt, reduce-only and panic by scope and level, and what is told when a panic is over.
import { describe, expect, it } from '@jest/globals';
import { Scene } from './kernel.fixture.js';

/** Three books at two venues: A and B trade at V, C at W. */
const BOOKS = [
  { name: 'A', account: 'a', venue: 'V' },
  { name: 'B', account: 'b', venue: 'V' },
  { name: 'C', account: 'c', venue: 'W' },
];
const SCOPES = [
  [{ book: 'A' }, [0]],
  [{ venue: 'V' }, [0, 1]],
  [{}, [0, 1, 2]],
] as const;
const LEVELS = ['halt', 'reduce-only', 'panic'] as const;

function scene(): Scene {
  return new Scene({ books: BOOKS, strategies: BOOKS.map((_, book) => ({ book })) });
}

let wish = 0;

/** Whose new wish goes out. Each is another one: what was refused waits for a new answer. */
function open(of: Scene): readonly number[] {
  wish += 1;
  const before = [0, 1, 2].map((index) => of.held(index));
  of.answers.splice(0, 3, ...before.map((held) => ({ units: held + wish })));
  of.bars();
  return [0, 1, 2].filter((index) => of.held(index) === (before[index] as number) + wish);
}

describe('the kill switch', () => {
  it.each(SCOPES.flatMap(([scope, concerned]) => LEVELS.map((level) => [level, scope, concerned] as const)))(
    '%s of %j concerns its books alone, survives a restart, and ends with a resume of the same scope',
    (level, scope, concerned) => {
      const first = scene();
      expect(open(first)).toEqual([0, 1, 2]);
      first.command(level, scope);
      const second = first.fresh();
      second.kernel.restore(structuredClone(first.kernel.snapshot()));
      const others = [0, 1, 2].filter((index) => !concerned.includes(index as never));
      const flat = [0, 1, 2].filter((index) => first.held(index) === 0);
      expect(flat).toEqual(level === 'panic' ? concerned : []);
      expect(open(second)).toEqual(others);
      expect(open(first)).toEqual(others);
      for (const [other] of SCOPES) if (other !== scope) first.command('resume', other);
      expect(open(first)).toEqual(others);
      first.command('resume', scope);
      expect(open(first)).toEqual([0, 1, 2]);
    },
  );

  it('a lower level takes nothing of a higher one back', () => {
    const of = scene();
    of.command('panic', {});
    of.command('halt', {});
    expect(of.kernel.parts.scopes.global.haltReason).toContain('panic by');
  });

  it('refuses a venue at which no book trades', () => {
    const of = scene();
    of.command('halt', { venue: 'X' });
    expect(of.codes()).toEqual(['COMMAND_REFUSED']);
  });
});

describe('a panic is complete', () => {
  it('when nothing of its scope is working or held, not before, and once', () => {
    const of = new Scene();
    of.answer({ units: 100, protect: { stop: 90 } });
    of.venue.onSubmit = () => 'hold';
    of.command('panic');
    expect(of.codes()).not.toContain('PANIC_COMPLETE');
    const fresh = of.fresh();
    fresh.kernel.restore(structuredClone(of.kernel.snapshot()));
    expect(fresh.kernel.snapshot().panics).toMatchObject([{ orders: 1, positions: 1 }]);
    const [exit] = of.venue.open.slice(-1);
    of.report((venue) => venue.filled(exit!));
    of.bars();
    expect(of.held()).toBe(0);
    expect(of.codes().filter((code) => code === 'PANIC_COMPLETE')).toHaveLength(1);
    // Kept until a person resumes: what comes to light later is closed as well.
    expect(of.kernel.snapshot().panics).toMatchObject([{ isDone: true }]);
    of.command('resume');
    expect(of.kernel.snapshot().panics).toBeUndefined();
  });

  it('at once where there is nothing', () => {
    const of = new Scene();
    of.bars();
    of.command('panic', { book: 'CORE' });
    expect(of.codes()).toContain('PANIC_COMPLETE');
  });

  it('at once where no strategy trades in its book, and not where there is no such venue', () => {
    const of = new Scene({ books: BOOKS, strategies: [{ book: 0 }] });
    of.bars();
    of.command('panic', { book: 'B' });
    expect(of.notices.at(-1)).toMatchObject({ code: 'PANIC_COMPLETE', details: { book: 'B', positions: 0 } });
    of.command('panic', { venue: 'X' });
    expect(of.codes()).toEqual(['RISK_HALTED', 'PANIC_COMPLETE', 'COMMAND_REFUSED']);
    expect(of.kernel.snapshot().panics).toMatchObject([{ book: 'B', isDone: true }]);
  });

  it('later where the market is closed, and says so once', () => {
    const of = new Scene({ calendar: '24x5', dayCalendars: ['24x7'] });
    of.answer({ units: 100 });
    of.venue.onSubmit = () => 'hold';
    of.now = Date.UTC(2024, 0, 6, 12);
    of.command('panic');
    of.command('stop', { name: 's0' });
    expect(of.codes().filter((code) => code === 'PANIC_PENDING')).toHaveLength(1);
    expect(of.codes()).not.toContain('PANIC_COMPLETE');
  });

  it('is told of once where its exits stay open, also on a market in which nothing moves', () => {
    const of = new Scene();
    of.answer({ units: 100 });
    of.venue.onSubmit = () => 'hold';
    of.command('panic');
    const [exit] = of.venue.open.slice(-1);
    of.report((venue) => venue.filled(exit!, { qty: 60 }));
    const began = of.now;
    const fresh = of.fresh();
    fresh.kernel.restore(structuredClone(of.kernel.snapshot()));
    for (const each of [of, fresh]) {
      each.driver.advanceTo(began + 9_999);
      expect(each.codes()).not.toContain('PANIC_PENDING');
      each.driver.advanceTo(began + 600_000);
      const told = each.notices.filter(({ code }) => code === 'PANIC_PENDING');
      expect(told).toMatchObject([{ ts: began + 10_000, level: 'alarm', details: { symbols: ['AAA'] } }]);
      expect(told[0]?.message).toMatch(/AAA of s0 in CORE: 40 held, order \S+ to sell 40 is \w+\./);
    }
    expect(fresh.kernel.snapshot()).toEqual(of.kernel.snapshot());
    of.now = began + 600_000;
    of.report((venue) => venue.filled(exit!, { qty: 40 }));
    expect(of.codes()).toContain('PANIC_COMPLETE');
  });

  it('is told of again where something comes to light after it was complete, and stays', () => {
    const of = new Scene();
    of.bars();
    of.command('panic');
    expect(of.codes()).toContain('PANIC_COMPLETE');
    of.now += 3_600_000;
    of.venue.onSubmit = () => 'hold';
    const late = { at: of.now, side: 'buy', qty: 5, price: 100, fee: 0, feeCurrency: 'USD' } as const;
    of.kernel.parts.execution.bookOutside(of.slot, { ...late, liquidity: 'unknown', executionId: 'late' });
    of.driver.event({ kind: 'timer', at: of.now });
    expect(of.codes()).not.toContain('PANIC_PENDING');
    // Whoever keeps whether it is complete hears it at once, and once.
    expect(of.notices.filter(({ code }) => code === 'PANIC_REOPENED')).toMatchObject([
      { ts: of.now, level: 'warning', message: expect.stringContaining('AAA of s0 in CORE: 5 held'), details: {} },
    ]);
    of.driver.advanceTo(of.now + 10_000);
    expect(of.codes().filter((code) => code === 'PANIC_PENDING')).toHaveLength(1);
  });
});

it('a strategy whose engine was lost is stopped without its last words', () => {
  const of = new Scene();
  of.command('stop', { name: 's0', isLost: true });
  expect(of.runner.status).toBe('failed');
});

describe('a panic that is asked for again', () => {
  /** A panic that began 5 s after it was asked for, and is not complete 8 s later. */
  function underWay(): { readonly of: Scene; readonly asked: number } {
    const of = new Scene();
    of.answer({ units: 100 });
    of.venue.onSubmit = () => 'hold';
    const asked = of.now - 5_000;
    panicAsked(of, asked);
    of.now += 8_000;
    return { of, asked };
  }

  function panicAsked(of: Scene, ts: number): void {
    const command = { ts, name: 'panic', args: {}, actor: 'file PANIC, before this start' } as const;
    of.driver.event({ kind: 'command', at: of.now, command });
  }

  function completes(of: Scene): readonly unknown[] {
    return of.notices.filter(({ code }) => code === 'PANIC_COMPLETE').map(({ details }) => details);
  }

  it('counts from when it was first asked for, with what there was then, over restarts', () => {
    const { of, asked } = underWay();
    const next = of.fresh();
    next.kernel.restore(structuredClone(of.kernel.snapshot()));
    for (const each of [of, next]) panicAsked(each, asked);
    expect(next.kernel.snapshot().panics).toEqual(of.kernel.snapshot().panics);
    of.driver.advanceTo((of.now += 9_999));
    // Its exits have their time once more.
    expect(of.codes()).not.toContain('PANIC_PENDING');
    const [exit] = of.venue.open.slice(-1);
    of.report((venue) => venue.filled(exit!));
    expect(completes(of)).toMatchObject([{ positions: 1, elapsedMs: of.now - asked, askedAt: asked }]);
  });

  it('is told to be complete once more after a restart, but not to have taken all the time since', () => {
    const { of, asked } = underWay();
    const [exit] = of.venue.open.slice(-1);
    of.report((venue) => venue.filled(exit!));
    const next = of.fresh();
    next.kernel.restore(structuredClone(of.kernel.snapshot()));
    next.now += 3_600_000;
    panicAsked(next, asked);
    expect(completes(next)).toMatchObject([{ elapsedMs: 0, askedAt: asked }]);
    expect(next.notices).toContainEqual(expect.objectContaining({ code: 'PANIC_REOPENED', level: 'info' }));
    // Another one is another one.
    panicAsked(next, next.now - 7);
    expect(completes(next)).toMatchObject([{ elapsedMs: 0 }, { elapsedMs: 7, askedAt: next.now - 7 }]);
  });

  it('does not count from a clock that kernel time is behind', () => {
    const of = new Scene();
    of.bars();
    panicAsked(of, of.now + 1e9);
    expect(completes(of)).toMatchObject([{ elapsedMs: 0, askedAt: of.now + 1e9 }]);
  });
});
