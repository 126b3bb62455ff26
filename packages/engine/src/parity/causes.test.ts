// Orders of both sides, and the cause that their differences get.
import { describe, expect, it } from '@jest/globals';
import { attribute, type AttributionFacts } from './attribute.js';
import type { ExplainedDifference } from './explained-difference.js';
import { differencesOf, type Valuation } from './difference.js';
import { matchOrders } from './match-orders.js';
import type { SideFill, SideOrder } from './side-ledger.js';

const BAR = 5_000;
const VALUATION: Valuation = { unitValue: () => 1, mark: () => 100, rate: () => 1 };

function order(createdTs: number, more: Partial<SideOrder> = {}): SideOrder {
  return {
    ...{ sequence: createdTs, strategy: 'one', book: 'CORE', symbol: 'ACME', side: 'buy', purpose: 'entry' },
    ...{ orderType: 'market', createdTs, qty: 10, limitPrice: Number.NaN, stopPrice: Number.NaN },
    ...{ acceptedTs: createdTs, end: '', reason: '', fills: [] },
    ...more,
  };
}

function fills(...parts: readonly (readonly [ts: number, qty: number])[]): SideFill[] {
  return parts.map(([ts, qty]) => ({ ts, qty, price: 100, fee: 0, feeCurrency: 'USD' }));
}

function stop(createdTs: number, qty: number): SideOrder {
  return order(createdTs, { side: 'sell', purpose: 'protection', orderType: 'stop', stopPrice: 90, qty });
}

const FACTS = {
  ...{ disturbances: [], changes: [], accountOf: () => 'main', venueOf: () => 'ib' },
  ...{ barMsOf: () => BAR, warmupMsOf: () => 0, toleranceMsOf: () => 0 },
};

function explained(
  session: readonly SideOrder[],
  backtest: readonly SideOrder[],
  more: Partial<AttributionFacts> = {},
): readonly ExplainedDifference[] {
  const found = matchOrders(session, backtest, () => BAR).flatMap((pair) => differencesOf(pair, VALUATION));
  return attribute(
    found.toSorted((a, b) => a.at - b.at),
    {
      ...{ disturbances: [], session, backtest, changes: [], accountOf: () => 'main', venueOf: () => 'ib' },
      ...{ barMsOf: () => BAR, warmupMsOf: () => 0, toleranceMsOf: () => 0 },
      ...more,
    },
  );
}

function kindsAndCauses(differences: readonly ExplainedDifference[]): readonly string[] {
  return differences.map(({ kind, cause }) => `${kind}: ${cause}`);
}

describe('what nothing explains', () => {
  it('names what the backtest is made from otherwise, wherever that stands', () => {
    const [first] = explained([order(60_000)], [], { changes: ["Plugin 'p' has changed."] });
    expect(first?.evidence).toContain('is made from something else than the session: the warnings say what.');
  });
});

describe('what comes soon after a restart', () => {
  const restart = {
    cause: 'restart',
    from: 1_000,
    to: 4_000,
    strategy: undefined,
    book: undefined,
    text: 'Down.',
  } as const;
  const facts = { disturbances: [restart], warmupMsOf: () => 100_000 };

  it('is of the venue where the strategy wanted the same, and filled otherwise', () => {
    const session = [order(60_040, { fills: fills([60_050, 10]), acceptedTs: 60_045 })];
    const found = explained(session, [order(60_000, { fills: fills([60_020, 10]) })], facts);
    expect(kindsAndCauses(found)).toEqual(['decision-time: timing', 'fill-time: timing']);
  });

  it('is of the restart where the strategy was warming up, and wanted something else', () => {
    expect(kindsAndCauses(explained([order(60_000)], [], facts))).toEqual(['added: restart']);
    expect(kindsAndCauses(explained([order(120_000)], [], facts))).toEqual(['added: unexplained']);
  });

  it('is unexplained where the strategy was seen to go by the same', () => {
    expect(kindsAndCauses(explained([order(60_000)], [], { ...facts, views: [] }))).toEqual(['added: unexplained']);
  });
});

describe('an order that is sent later in its bar', () => {
  it('is of timing, and its size follows what was another one before', () => {
    const entry = fills([10_020, 10]);
    const session = [order(10_000, { fills: fills([10_020, 4], [10_050, 6]) }), order(20_030, { qty: 12 })];
    const backtest = [order(10_000, { fills: entry }), order(20_000, { qty: 11 })];
    const found = explained(session, backtest);
    expect(kindsAndCauses(found)).toEqual(['fill-time: fill model', 'decision-time: timing', 'terms: follows']);
    expect(found[2]).toMatchObject({ follows: 1 });
    const alone = explained(session.slice(1), backtest.slice(1));
    expect(kindsAndCauses(alone)).toEqual(['decision-time: timing', 'terms: timing']);
  });
});

describe('a decision of the very instant at which an earlier order fills', () => {
  const halt = {
    cause: 'guard',
    from: 10_001,
    to: 10_001,
    strategy: undefined,
    book: undefined,
    text: 'Reduce only.',
  } as const;
  const filled = [order(10_000, { fills: fills([15_000, 10]) })];
  const cancelled = order(10_000, { end: 'cancelled', reason: 'HALT' });

  it('follows that fill where only one side had it', () => {
    const found = explained([cancelled, order(15_000)], filled, { disturbances: [halt] });
    expect(kindsAndCauses(found)).toEqual(['quantity: guard', 'added: follows']);
    expect(found[1]).toMatchObject({ follows: 1 });
    const missing = explained(filled, [cancelled, order(15_000)], { disturbances: [halt] });
    expect(kindsAndCauses(missing)).toEqual(['quantity: guard', 'missing: follows']);
  });

  it('follows nothing that itself brought about, or that came later', () => {
    const later = [order(10_000, { fills: fills([15_001, 10]) })];
    expect(kindsAndCauses(explained([cancelled, order(15_000)], later, { disturbances: [halt] }))).toEqual([
      'added: unexplained',
      'quantity: guard',
    ]);
    const own = order(15_000, { fills: fills([15_000, 10]) });
    expect(kindsAndCauses(explained([cancelled, own], [order(10_000)], { disturbances: [halt] }))).toEqual([
      'outcome: fill model',
      'added: unexplained',
    ]);
  });
});

describe('a halt', () => {
  const halted = { cause: 'guard', from: 10_100, to: 10_100, strategy: undefined, book: undefined } as const;

  it('that gave up what strategies had wanted is why their next answer is sized anew, and of nothing after that', () => {
    const reduceOnly = { ...halted, isAnsweredAnew: true, text: 'Reduce only.' };
    for (const [at, cause] of [
      [15_000, 'guard'],
      [20_000, 'unexplained'],
    ] as const) {
      expect(kindsAndCauses(explained([order(at)], [], { disturbances: [reduceOnly] }))).toEqual([`added: ${cause}`]);
    }
  });

  it('that only held back is over when it ends', () => {
    const limited = { ...halted, text: 'A limit.' };
    expect(kindsAndCauses(explained([order(15_000)], [], { disturbances: [limited] }))).toEqual(['added: unexplained']);
  });
});

describe('an order that makes a position larger or smaller', () => {
  const other = { strategy: 'two', symbol: 'BETA' };
  const held = order(5_000, { fills: fills([5_010, 10]) });
  const dear = order(5_000, { ...other, fills: [{ ...(fills([5_010, 10])[0] as SideFill), price: 90 }] });
  const cheap = order(5_000, { ...other, fills: fills([5_010, 10]) });

  it('follows what changed the worth of the book that it is sized by', () => {
    for (const more of [{}, { side: 'sell', purpose: 'exit', qty: 9 }] as const) {
      const added = explained([held, cheap, order(20_000, more)], [held, dear]);
      expect(kindsAndCauses(added)).toEqual(['price: fill model', 'added: follows']);
      expect(added[1]).toMatchObject({ follows: 1 });
      const missing = explained([held, cheap], [held, dear, order(20_000, more)]);
      expect(kindsAndCauses(missing)).toEqual(['price: fill model', 'missing: follows']);
    }
  });

  it('follows nothing where the book was worth the same, is another one, or the position began, ended or turned', () => {
    const cases = [
      [held, cheap, { side: 'sell', purpose: 'exit', qty: 10 }],
      [held, cheap, { side: 'sell', qty: 20 }],
      [held, cheap, { symbol: 'GAMMA' }],
      [held, { ...cheap, book: 'OTHER' }, {}],
      [held, dear, {}],
    ] as const;
    for (const [first, second, more] of cases) {
      const backtest = [first, { ...dear, book: second.book }];
      expect(kindsAndCauses(explained([first, second, order(20_000, more)], backtest)).at(-1)).toBe(
        'added: unexplained',
      );
    }
  });
});

describe('a broker that was away', () => {
  const away = {
    cause: 'broker',
    from: 10_000,
    to: 14_000,
    strategy: undefined,
    book: undefined,
    text: 'Away.',
  } as const;
  const facts = { disturbances: [away], toleranceMsOf: () => 60_000 };

  it('is why the session sent in the next bar what it had held back, and why nothing else', () => {
    const held = explained([order(15_000)], [order(10_000)], facts);
    expect(kindsAndCauses(held)).toEqual(['missing: broker', 'added: broker']);
    expect(kindsAndCauses(explained([order(15_000)], [], facts))).toEqual(['added: unexplained']);
    expect(kindsAndCauses(explained([], [order(15_000)], facts))).toEqual(['missing: unexplained']);
    const other = explained([order(15_000, { side: 'sell' })], [order(10_000)], facts);
    expect(kindsAndCauses(other)).toEqual(['missing: broker', 'added: unexplained']);
  });
});

describe('a feed that is away', () => {
  const away = {
    cause: 'data',
    from: 10_100,
    to: 14_000,
    strategy: undefined,
    book: undefined,
    text: 'Away.',
  } as const;
  const facts = { disturbances: [away] };

  it('moves no fill of a broker, and makes the backtest wait', () => {
    const slow = [order(10_000, { fills: fills([10_300, 10]), acceptedTs: 10_020 })];
    const found = explained(slow, [order(10_000, { fills: fills([10_020, 10]) })], facts);
    expect(kindsAndCauses(found)).toEqual(['fill-time: timing']);
    const waited = explained(slow, [order(10_000, { fills: fills([14_100, 10]) })], facts);
    expect(kindsAndCauses(waited)).toEqual(['fill-time: data']);
  });

  it('holds back a decision until the bar after, and no fill', () => {
    expect(kindsAndCauses(explained([], [order(15_000)], facts))).toEqual(['missing: data']);
    const session = [order(15_000, { fills: fills([15_300, 10]), acceptedTs: 15_020 })];
    const found = explained(session, [order(15_000, { fills: fills([15_100, 10]) })], facts);
    expect(kindsAndCauses(found)).toEqual(['fill-time: timing']);
  });
});

describe('what a strategy decided from', () => {
  const restart = {
    cause: 'restart',
    from: 1_000,
    to: 4_000,
    strategy: undefined,
    book: undefined,
    text: 'Down.',
  } as const;
  const span = { strategy: 'one', what: 'state', after: 2_000, from: 5_000, to: 300_000 } as const;
  const facts = { disturbances: [restart], views: [span] };

  it('has the cause of what made it other, however long ago', () => {
    const [found] = explained([], [order(250_000)], facts);
    expect(found).toMatchObject({ kind: 'missing', cause: 'restart' });
    expect(found?.evidence).toBe(
      "Strategy 'one' had other state than in the backtest since 1970-01-01T00:00:05.000Z. Down.",
    );
  });

  it('explains nothing where it was the same, or is only a consequence, or nothing is known to have made it other', () => {
    const others = [
      { ...facts, views: [] },
      { ...facts, views: [{ ...span, strategy: 'two' }] },
      { ...facts, views: [{ ...span, to: 200_000 }] },
      { ...facts, views: [{ ...span, from: 250_000 }] },
      { ...facts, views: [{ ...span, after: 100_000, from: 110_000 }] },
      { disturbances: [], views: [span] },
    ];
    for (const other of others) {
      expect(kindsAndCauses(explained([], [order(250_000)], other))).toEqual(['missing: unexplained']);
    }
  });

  it('follows an earlier difference of the strategy, where that made it other', () => {
    const later = { ...span, after: 60_000, from: 65_000 };
    const session = [order(20_000, { end: 'rejected' })];
    const backtest = [order(20_000, { end: 'expired' }), order(250_000)];
    const found = explained(session, backtest, { views: [later] });
    expect(kindsAndCauses(found)).toEqual(['outcome: fill model', 'missing: follows']);
    expect(found[1]).toMatchObject({ follows: 1 });
  });
});

describe('an entry that fills in parts', () => {
  const parts = fills([10_033, 3], [10_220, 3], [10_405, 4]);

  it('is of the fill model, and so is the protection of its first part', () => {
    const session = [order(10_000, { fills: parts }), stop(10_033, 3)];
    const found = explained(session, [order(10_000, { fills: fills([10_031, 10]) }), stop(10_031, 10)]);
    expect(kindsAndCauses(found)).toEqual(['fill-time: fill model', 'decision-time: fill model', 'terms: fill model']);
    expect(found[1]?.evidence).toContain('in 3 parts in the session and in 1 in the backtest');
  });

  it('is so where the backtest fills after the first part, or protects in the next bar', () => {
    const session = [order(10_000, { fills: parts }), stop(10_033, 3)];
    const later = explained(session, [order(10_000, { fills: fills([10_205, 10]) }), stop(10_205, 10)]);
    expect(kindsAndCauses(later).slice(0, 2)).toEqual(['fill-time: fill model', 'decision-time: fill model']);
    const nextBar = explained(session, [order(10_000, { fills: fills([15_010, 10]) }), stop(15_010, 10)]);
    expect(kindsAndCauses(nextBar)).toEqual(['fill-time: fill model', 'added: fill model', 'missing: fill model']);
  });

  it('explains no protection that none of its parts sent', () => {
    const session = [order(10_000, { fills: parts }), stop(10_100, 3)];
    const found = explained(session, [order(10_000, { fills: fills([10_033, 3], [10_220, 3], [10_405, 4]) })]);
    expect(kindsAndCauses(found)).toEqual(['added: unexplained']);
  });
});

describe('an order in the place of one that had ended in the session alone', () => {
  const entry = order(10_000, { fills: fills([10_000, 10]) });
  const ended = { ...stop(10_000, 10), end: 'cancelled', endTs: 12_000 };
  const kept = stop(10_000, 10);

  it('follows that, once', () => {
    const found = explained([entry, ended, stop(20_000, 10), stop(25_000, 10)], [entry, kept]);
    expect(kindsAndCauses(found)).toEqual(['outcome: fill model', 'added: follows', 'added: unexplained']);
    expect(found[1]).toMatchObject({ follows: 1, evidence: 'Takes the place of the order of #1, cancelled.' });
  });

  it('follows nothing where both had ended, it was before that, or the strategy took an entry back', () => {
    const both = explained([entry, { ...ended, reason: 'A' }, stop(20_000, 10)], [entry, { ...ended, reason: 'B' }]);
    expect(kindsAndCauses(both)).toEqual(['outcome: fill model', 'added: unexplained']);
    const before = explained([entry, { ...ended, endTs: 30_000 }, stop(20_000, 10)], [entry, kept]);
    expect(kindsAndCauses(before)).toEqual(['outcome: fill model', 'added: unexplained']);
    const resting = { ...order(10_000, { orderType: 'limit', limitPrice: 90 }), end: 'cancelled', endTs: 12_000 };
    const takenBack = explained([resting, { ...resting, createdTs: 20_000 }], [{ ...resting, end: '', endTs: 40_000 }]);
    expect(kindsAndCauses(takenBack)).toEqual(['outcome: fill model', 'added: unexplained']);
  });

  it('follows an entry that the venue refused', () => {
    const resting = order(10_000, { orderType: 'limit', limitPrice: 90 });
    const refused = { ...resting, end: 'refused', reason: 'NO', endTs: 10_000, acceptedTs: Number.NaN };
    const found = explained([refused, { ...resting, createdTs: 20_000 }], [resting]);
    expect(kindsAndCauses(found)).toEqual(['outcome: fill model', 'added: follows']);
  });
});

describe('an order that the session sends later than the backtest', () => {
  const resting = order(10_000, { orderType: 'limit', limitPrice: 90 });
  const again = { ...resting, createdTs: 20_000 };

  it('follows that it had not, once, and only while the backtest has it at work', () => {
    const down = {
      cause: 'restart',
      from: 9_000,
      to: 10_000,
      strategy: undefined,
      book: undefined,
      text: 'D.',
    } as const;
    const facts = { disturbances: [down], views: [] };
    const found = explained([again, { ...resting, createdTs: 30_000 }], [resting], facts);
    expect(kindsAndCauses(found)).toEqual(['missing: restart', 'added: follows', 'added: unexplained']);
    const over = { ...resting, end: 'expired', endTs: 15_000 };
    expect(kindsAndCauses(explained([again], [over], facts))).toEqual(['missing: restart', 'added: unexplained']);
    const other = { ...again, side: 'sell' } as const;
    expect(kindsAndCauses(explained([other], [resting], facts))).toEqual(['missing: restart', 'added: unexplained']);
  });
});

describe('what was booked without an order', () => {
  it('has its own cause, is no order of the other side, and others follow it', () => {
    const booked = { ...order(20_000, { side: 'sell', purpose: 'kill', qty: 4, fills: fills([20_000, 4]) }) };
    const adopted = { ...booked, booked: { cause: 'guard', text: 'Said by ann.' } } as const;
    const entry = order(10_000, { fills: fills([10_000, 10]) });
    const found = explained(
      [entry, adopted, stop(20_001, 6)],
      [entry, { ...booked, createdTs: 20_002, fills: fills([20_002, 4]) }],
    );
    expect(kindsAndCauses(found)).toEqual(['added: guard', 'added: follows', 'missing: follows']);
    expect(found[0]).toMatchObject({ evidence: 'Said by ann.' });
  });
});

describe('an order that waits for something else to be gone', () => {
  const wait = { strategy: 'one', symbol: 'ACME', from: 10_000, to: 11_500 } as const;
  const off = { ...wait, kind: 'protection', text: 'Its protection had to be off first.' } as const;
  const other = { ...wait, kind: 'other strategy', text: 'An order of two is in the way.' } as const;
  const late = [[order(11_500)], [order(10_000)]] as const;
  const barMsOf = (): number => 1_000;

  it('is of the time that its own protection, or another strategy, took', () => {
    for (const [found, cause] of [
      [off, 'timing'],
      [other, 'guard'],
    ] as const) {
      const differences = attribute(
        matchOrders(...late, barMsOf).flatMap((pair) => differencesOf(pair, VALUATION)),
        { ...FACTS, session: late[0], backtest: late[1], barMsOf, waits: [found] },
      );
      expect(kindsAndCauses(differences)).toEqual([`missing: ${cause}`, 'added: follows']);
      expect(differences[0]?.evidence).toBe(found.text);
    }
  });

  it('is of its broker where that was away meanwhile', () => {
    const away = {
      cause: 'broker',
      from: 10_100,
      to: 11_400,
      strategy: undefined,
      book: undefined,
      text: 'Away.',
    } as const;
    const found = explained([], [order(10_000)], { disturbances: [away], waits: [off] });
    expect(found).toMatchObject([{ cause: 'broker', evidence: 'Its protection had to be off first. Away.' }]);
  });

  it('explains nothing of another symbol or strategy, no protection, and nothing before or long after', () => {
    for (const more of [{ symbol: 'BETA' }, { strategy: 'two' }, { purpose: 'protection' }] as const) {
      expect(kindsAndCauses(explained([], [order(10_000, more)], { waits: [off, other] }))).toEqual([
        'missing: unexplained',
      ]);
    }
    for (const at of [9_999, 16_501]) {
      expect(kindsAndCauses(explained([], [order(at)], { waits: [off, other] }))).toEqual(['missing: unexplained']);
    }
  });
});

describe('an order that takes the place of an entry', () => {
  const text = 'The entry before it had to be off first.';
  const wait = { kind: 'entry', strategy: 'one', symbol: 'ACME', from: 10_000, to: 10_015, text } as const;
  const [sent, late] = [order(10_000), order(10_015)];
  /** Bars by ticks: an order is the same at its very instant alone. */
  const barMsOf = (): number => Number.NaN;

  function between(
    session: readonly SideOrder[],
    backtest: readonly SideOrder[],
    more: Partial<AttributionFacts> = {},
  ): readonly ExplainedDifference[] {
    const found = matchOrders(session, backtest, barMsOf).flatMap((pair) => differencesOf(pair, VALUATION));
    return attribute(found, { ...FACTS, session, backtest, barMsOf, waits: [wait], ...more });
  }

  it('is of the time that it took to have that off', () => {
    const found = between([late], [sent]);
    expect(kindsAndCauses(found)).toEqual(['missing: timing', 'added: follows']);
    expect(found[0]?.evidence).toBe(text);
  });

  it('is so where the backtest waits as well, and whichever waits longer', () => {
    const slow = { ...wait, to: 10_050 };
    const both = { waits: [wait, slow] };
    expect(kindsAndCauses(between([late], [order(10_050)], both))[0]).toBe('added: timing');
    expect(kindsAndCauses(between([order(10_050)], [late], both))[0]).toBe('missing: timing');
  });

  it('is so after a bar by the clock, though the bar closed later in the session', () => {
    const after = { ...wait, from: 10_003, to: 17_000 };
    const found = between([order(17_000)], [sent], { waits: [after], barMsOf: () => BAR });
    expect(kindsAndCauses(found)).toEqual(['missing: timing', 'added: follows']);
  });

  it('is of its broker where that was away meanwhile', () => {
    const away = { cause: 'broker', from: 10_005, to: 10_010, strategy: undefined, book: undefined, text: 'Away.' };
    const [found] = between([late], [sent], { disturbances: [away as never] });
    expect(found).toMatchObject({ cause: 'broker', evidence: `${text} Away.` });
  });

  it('is unexplained where nothing like it went out as the entry was off, or the cancel was of another decision', () => {
    for (const session of [[], [order(10_014)], [order(10_016)], [order(10_015, { side: 'sell' })], [stop(10_015, 10)]])
      expect(kindsAndCauses(between(session, [sent]))[0]).toBe('missing: unexplained');
    for (const more of [{ symbol: 'BETA' }, { strategy: 'two' }, { from: 9_999 }, { from: 10_001 }])
      expect(kindsAndCauses(between([late], [sent], { waits: [{ ...wait, ...more }] }))[0]).toBe(
        'missing: unexplained',
      );
    expect(kindsAndCauses(between([late], [{ ...sent, symbol: 'BETA' }]))[0]).toBe('missing: unexplained');
  });
});

describe('an order that is sent for what is left', () => {
  const first = { orderType: 'limit', limitPrice: 100 } as const;

  it('follows the same order before it, of which one side has more at work', () => {
    const session = [order(10_000, { ...first, fills: fills([10_100, 4]) }), order(20_000)];
    const backtest = [order(10_000, { ...first, fills: fills([10_100, 4]), end: 'cancelled', endTs: 15_000 })];
    const found = explained(session, backtest);
    expect(kindsAndCauses(found)).toEqual(['outcome: fill model', 'added: follows']);
    expect(found[1]?.evidence).toContain(
      'With what was at work the position was 10 in the session and 4 in the backtest',
    );
  });

  it('follows the exit at whose fill the rest of a reversal was sent', () => {
    const halted = {
      cause: 'guard',
      from: 4_000,
      to: 5_000,
      strategy: undefined,
      book: undefined,
      text: 'Halt.',
    } as const;
    const short = order(5_000, { side: 'sell', fills: fills([5_010, 10]) });
    const exit = order(10_000, { purpose: 'exit', fills: fills([10_100, 10]) });
    const causesOf = (rest: SideOrder): readonly string[] =>
      kindsAndCauses(explained([], [short, exit, rest], { disturbances: [halted], barMsOf: () => Number.NaN }));
    expect(causesOf(order(10_100))).toEqual(['missing: guard', 'missing: follows', 'missing: follows']);
    expect(causesOf(order(10_100, { side: 'sell' })).at(-1)).toBe('missing: unexplained');
    expect(causesOf(order(10_200)).at(-1)).toBe('missing: unexplained');
  });
});
