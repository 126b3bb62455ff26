// What persons decide about positions that no book explains, and what brokers do by themselves, in the comparison with the backtest.
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { ParityResult } from '../src/parity/parity-result.js';
import { HandTraded } from './hand-traded.fixture.js';
import { removeProjects } from './live-session.fixture.js';

jest.setTimeout(60_000);
afterEach(removeProjects);

/** `kind purpose: cause` of each difference. */
function causes({ differences }: ParityResult): readonly string[] {
  return differences.map(({ kind, pair, cause }) => `${kind} ${(pair.session ?? pair.backtest)?.purpose}: ${cause}`);
}

/** The comparison, of which nothing is unexplained, and whose sum is what the book has. */
async function ended(hand: HandTraded): Promise<ParityResult> {
  await hand.bench.finish();
  const result = await hand.compare();
  expect(causes(result).filter((text) => text.endsWith('unexplained'))).toEqual([]);
  expect(result.rest).toBe(0);
  expect(result.pnl.session).toBeCloseTo(hand.earned, 6);
  return result;
}

describe('a hand trade that is adopted', () => {
  it.each([
    ['on an account of its own', { exclusive: true }],
    ['on one where others trade', { exclusive: false }],
    ['at a broker that changes no order', { replaces: false }],
  ])('is booked to the session, and its protection follows, %s', async (_what, options) => {
    const hand = await HandTraded.begin('guarded', options);
    await hand.bar();
    await hand.trade(-60_000);
    await hand.decide('adopt');
    for (let bars = 0; bars < 3; bars++) await hand.bar(0.002);
    expect(hand.bench.qty()).toBe(30_000);
    const { differences, rows } = await ended(hand);
    const booked = differences.filter(({ pair }) => pair.session?.booked !== undefined);
    expect(booked).toMatchObject([{ kind: 'added', cause: 'guard' }]);
    expect(booked[0]?.session).toMatch(/^sell 60000 at .*, booked without an order$/);
    expect(booked[0]?.evidence).toContain('goes to mine in book MAIN, by ann');
    const sent = new Set(hand.bench.venue.orders.map(({ clientOrderId }) => clientOrderId));
    expect(rows[0]?.orders.session).toBe(sent.size);
  });

  it('is followed by an exit of another size', async () => {
    const hand = await HandTraded.begin('turns');
    await hand.bar();
    await hand.trade(-5_000);
    await hand.decide('adopt');
    for (let bars = 0; bars < 4; bars++) await hand.bar(0.001);
    const exit = (await ended(hand)).differences.find(
      ({ kind, pair }) => kind === 'terms' && pair.session?.purpose === 'exit',
    );
    expect(exit).toMatchObject({ cause: 'follows', session: '40000 market', backtest: '45000 market' });
  });
});

describe('a frozen symbol', () => {
  it('that is ignored has its protection whole again', async () => {
    const hand = await HandTraded.begin('guarded', { replaces: false });
    await hand.bar();
    await hand.trade(-60_000);
    await hand.decide('ignore');
    for (let bars = 0; bars < 3; bars++) await hand.bar();
    expect(causes(await ended(hand))).toContain('added protection: guard');
  });

  it('explains nothing any more once what was to be closed is', async () => {
    const hand = await HandTraded.begin('chance');
    await hand.bar();
    await hand.trade(20_000, false);
    await hand.decide('flatten');
    await hand.reconcile();
    expect(hand.bench.codes()).toContain('SYMBOL_THAWED');
    for (let bars = 0; bars < 40; bars++) await hand.bar();
    await hand.bench.finish();
    expect(causes(await hand.compare()).filter((text) => text.endsWith('unexplained'))).not.toEqual([]);
  });

  it('explains nothing any more once a panic has set it off and is over', async () => {
    const hand = await HandTraded.begin('chance');
    await hand.bar();
    await hand.trade(20_000, false);
    await hand.say('panic');
    await hand.reconcile();
    await hand.say('resume');
    for (let bars = 0; bars < 40; bars++) await hand.bar();
    await hand.bench.finish();
    expect(causes(await hand.compare()).filter((text) => text.endsWith('unexplained'))).not.toEqual([]);
  });
});

describe('a position of others that is being closed', () => {
  it('is why a resting order that could trade with it is sent anew', async () => {
    const hand = await HandTraded.begin('resting');
    await hand.bar();
    await hand.trade(60_000);
    await hand.decide('flatten');
    for (let bars = 0; bars < 3; bars++) await hand.bar(0.001);
    const { differences } = await ended(hand);
    const anew = differences.filter(({ kind }) => kind === 'added');
    expect(anew).toMatchObject([
      { cause: 'guard', evidence: expect.stringMatching(/60000 EURUSD on main .* is closed/) },
    ]);
  });
});

describe('a command that was refused', () => {
  it.each(['adopt', 'flatten', 'ignore'] as const)('is no cause of anything: %s', async (name) => {
    const hand = await HandTraded.begin('turns');
    await hand.bar();
    for (let bars = 0; bars < 4; bars++) {
      await hand.bar(0.001);
      await hand.decide(name);
    }
    expect(hand.bench.codes()).toContain('COMMAND_REFUSED');
    expect(causes(await ended(hand)).filter((text) => text.endsWith('guard'))).toEqual([]);
  });
});

describe('a panic over what others sold', () => {
  it('has what it set off in its sum', async () => {
    const hand = await HandTraded.begin('guarded');
    await hand.bar();
    await hand.trade(-60_000);
    await hand.say('panic');
    for (let bars = 0; bars < 2; bars++) await hand.bar(0.002);
    expect(hand.bench.codes()).toContain('PANIC_SET_OFF');
    const { differences } = await ended(hand);
    expect(differences.filter(({ pair }) => pair.session?.booked !== undefined)).toMatchObject([
      { cause: 'guard', evidence: expect.stringContaining('the panic trades no more than the account holds') },
    ]);
  });
});

describe('a strategy that answers the same once more', () => {
  it('does nothing where it was down for what it had answered between', async () => {
    const hand = await HandTraded.begin('turns');
    await hand.bar();
    await hand.change(undefined);
    await hand.bar();
    await hand.restart(310_000);
    for (let bars = 0; bars < 5; bars++) await hand.bar(0.001);
    const { differences } = await ended(hand);
    const entry = differences.find(({ evidence }) => evidence.includes('had other last answers than in the backtest'));
    expect(entry).toMatchObject({ kind: 'missing', cause: 'restart' });
  });
});

describe('an order that rests in the backtest', () => {
  it('is why the session sends the same later, where it could not before', async () => {
    const hand = await HandTraded.begin('resting');
    await hand.bar();
    await hand.bar(0.001);
    await hand.restart(90_000);
    await hand.bar(0.001);
    for (let bars = 0; bars < 3; bars++) await hand.bar();
    const { differences } = await ended(hand);
    const [missing, added] = differences.filter(({ kind }) => kind === 'missing' || kind === 'added');
    expect(missing).toMatchObject({ kind: 'missing', cause: 'restart' });
    expect(added).toMatchObject({
      ...{ kind: 'added', cause: 'follows', follows: missing?.id },
      evidence: `Sends what the session had not at #${missing?.id}, and rests in the backtest.`,
    });
  });
});

describe('a broker that errs', () => {
  it('and ends protection, is why that is sent anew', async () => {
    const hand = await HandTraded.begin('steady');
    await hand.bar();
    await hand.end();
    for (let bars = 0; bars < 3; bars++) await hand.bar(0.001);
    const { differences } = await ended(hand);
    const anew = differences.filter(({ kind, cause }) => kind === 'added' && cause === 'follows');
    expect(anew.map(({ evidence }) => evidence)).toEqual([
      expect.stringMatching(/^Takes the place of the order of #\d+, cancelled: requested\.$/),
      expect.stringMatching(/^Takes the place of the order of #\d+, cancelled: requested\.$/),
    ]);
  });

  it.each(['refuses', 'loses'] as const)('and %s an exit, is why protection is sent anew', async (fault) => {
    const hand = await HandTraded.begin('turns');
    await hand.bar();
    await hand.bar();
    await hand.bar();
    await hand.fail(fault);
    for (let bars = 0; bars < 4; bars++) await hand.bar(0.001);
    const { differences } = await ended(hand);
    expect(differences.map(({ evidence }) => evidence)).toContainEqual(
      expect.stringMatching(/^Protects what #\d+ did not close\.$/),
    );
  });

  it('and takes an execution back, does so at that instant', async () => {
    const hand = await HandTraded.begin('guarded');
    await hand.fail('tells no fill');
    await hand.bar();
    await hand.reconcile();
    await hand.bar();
    await hand.change(undefined);
    for (let bars = 0; bars < 2; bars++) await hand.bar(0.001);
    expect(hand.bench.qty()).toBe(0);
    await ended(hand);
  });
});

describe('a strategy that goes by chance', () => {
  it('stays unexplained, whatever was decided and the broker did before', async () => {
    const hand = await HandTraded.begin('chance');
    for (let bars = 0; bars < 16; bars++) await hand.bar(0.0001);
    await hand.trade(-60_000);
    await hand.decide('adopt');
    await hand.end();
    await hand.fail('refuses');
    await hand.bar();
    await hand.change(undefined);
    await hand.say('panic');
    await hand.bar();
    await hand.say('resume');
    for (let bars = 0; bars < 160; bars++) await hand.bar(0.0001);
    await hand.bench.finish();
    const { differences } = await hand.compare();
    const last = differences.filter(({ cause, pair }) => cause === 'unexplained' && pair.session !== undefined);
    expect(last.length).toBeGreaterThan(3);
  });
});
