// Two brokers, each with an account and a book, trade one symbol in one engine.
import { newestRun, noticesOf, readEngine } from '../crash/engine-state.mjs';
import { ACCOUNT_CASH, BOOK_CAPITAL } from '../crash/project.mjs';
import { ACCOUNT_IDS, BrokersProject, turner, yaml } from './project.mjs';

const UNALLOCATED = ACCOUNT_CASH - BOOK_CAPITAL;
const SOME = 6;
/** Bit of a slot whose broker is away, see `HOLD` of the engine. */
const GATE = 1;

/** Runs the case on a stage. */
export async function twoBrokers(stage) {
  const options = { maxUnitsPerFill: 4, fillsPerTick: 1 };
  // One market for both: they start at the same price and are moved alike.
  const accounts = [{ id: ACCOUNT_IDS[1], currency: 'USD', cash: ACCOUNT_CASH }];
  const [a, b] = [await stage.broker(options), await stage.broker({ ...options, accounts })];
  stage.project = new BrokersProject({ 'turner.mjs': turner(), 'engine.yaml': yaml({ ports: [a.port, b.port] }) });
  const first = stage.engine();
  await stage.ready(undefined, ['a', 'b']);
  const both = new Both(stage, a, b);
  await both.trade([a, b]);
  await both.agree([a, b]);

  await oneIsAway(both);
  await oneIsBack(both);
  const second = await oneIsAwayAtAStart(both, first, { gone: a, there: b });
  // The feed is b's.
  const engine = await oneIsAwayAtAStart(both, second, { gone: b, there: a });
  await oneIsPanicked(both);
  await oneIsKilled(both);
  await stage.stop(engine);
}

/** Both brokers, and what is asked of them again and again. */
class Both {
  constructor(stage, a, b) {
    Object.assign(this, { stage, a, b });
    this.venues = new Map([
      [a, 'a'],
      [b, 'b'],
    ]);
    this.alive = [a, b];
  }

  /** Moves the markets until there are some more executions at these brokers. */
  async trade(brokers) {
    const counts = await Promise.all(brokers.map(countOf));
    for (const broker of this.alive) broker.move();
    await this.stage.until(
      `more executions at ${brokers.map((broker) => this.venues.get(broker)).join(' and ')}`,
      async () => {
        const now = await Promise.all(brokers.map(countOf));
        return now.every((count, place) => count >= counts[place] + SOME);
      },
    );
    await Promise.all(this.alive.map((broker) => broker.pause()));
  }

  async agree(brokers) {
    for (const broker of brokers) {
      // One after the other: a finding of the first would hide in those of the second.
      // oxlint-disable-next-line no-await-in-loop
      await this.stage.agree(broker, { venue: this.venues.get(broker), unallocated: UNALLOCATED });
    }
  }

  read(venue) {
    return readEngine(this.stage.project.dataDir, venue);
  }
}

async function countOf(broker) {
  return (await broker.truth()).executions.length;
}

/** Its book is held; the other goes on, and nothing of it is in doubt. */
async function oneIsAway(both) {
  const { stage, a, b } = both;
  await a.command('refuse-logins', { refuse: true });
  await a.command('cut');
  await stage.until('a is away', async () => (await both.read('a')).state === 'away');
  const { orders } = await a.truth();
  await both.trade([b]);
  await both.agree([b]);
  const sent = (await a.truth()).orders.length - orders.length;
  stage.check(sent === 0, `${sent} orders reached a while it was away`);
  const [held, free] = [await both.read('a'), await both.read('b')];
  stage.check(
    held.state === 'away' && held.holds.every(({ holds }) => (holds & GATE) !== 0),
    'the book at a is not held',
  );
  stage.check(free.state === 'ready' && free.holds.every(({ holds }) => holds === 0), 'the book at b is held');
}

/** What was filled there meanwhile is booked, and its book goes on. */
async function oneIsBack(both) {
  const { stage, a, b } = both;
  await a.command('clear-faults');
  await stage.until('a is back', async () => (await both.read('a')).state === 'ready');
  await both.agree([a, b]);
  await both.trade([a, b]);
  await both.agree([a, b]);
}

/** A start begins with the one that is there; the other joins the session when it is there, and the feed with it. */
async function oneIsAwayAtAStart(both, killed, { gone, there }) {
  const { stage, a, b, venues } = both;
  const run = await newestRun(stage.project.dataDir);
  killed.kill();
  await killed.exited;
  await gone.command('refuse-logins', { refuse: true });
  await gone.command('cut');
  const { orders } = await gone.truth();
  // What works at both may fill while nobody is there.
  await Promise.all([a, b].map((broker) => broker.tick(20)));
  const engine = stage.engine();
  await stage.ready(run, [venues.get(there)]);
  await both.agree([there]);
  if (there === b) await both.trade([there]);
  else await there.tick(200);
  await both.agree([there]);
  const sent = (await gone.truth()).orders.length - orders.length;
  stage.check(sent === 0, `${sent} orders reached ${venues.get(gone)}, which was away at the start`);
  const held = await both.read(venues.get(gone));
  stage.check(held.state === 'away', `${venues.get(gone)} is ${held.state} before it is there`);
  await gone.command('clear-faults');
  await stage.until('it has joined', async () => (await both.read(venues.get(gone))).state === 'ready');
  await both.agree([a, b]);
  await both.trade([a, b]);
  await both.agree([a, b]);
  return engine;
}

/** Flat there, and nothing of the other is touched. */
async function oneIsPanicked(both) {
  const { stage, a, b } = both;
  const before = await b.truth();
  stage.project.say({ name: 'panic', args: { venue: 'a' } });
  const answer = await stage.until('the panic is answered', () => stage.project.answer());
  stage.check(answer.kind === 'done', `the panic was answered ${JSON.stringify(answer)}`);
  // At b the market stands still: nothing but the panic could move anything there.
  a.move();
  await stage.until('a is flat', async () => {
    const { positions, openOrders } = await a.truth();
    return positions.length === 0 && openOrders.length === 0;
  });
  await stage.until('the panic is complete', async () =>
    (await noticesOf(stage.project.dataDir)).some(
      ({ code, details }) => code === 'PANIC_COMPLETE' && details.venue === 'a',
    ),
  );
  await a.pause();
  const after = await b.truth();
  const isSame = JSON.stringify([after.orders, after.positions]) === JSON.stringify([before.orders, before.positions]);
  stage.check(isSame, 'the panic of a changed something at b');
  const count = (await a.truth()).orders.length;
  await both.trade([b]);
  await both.agree([a, b]);
  const { orders, positions } = await a.truth();
  stage.check(orders.length === count && positions.length === 0, 'a did not stay flat');
}

/** A broker that is gone for good concerns its own book only; a run that ends without it ends all the same. */
async function oneIsKilled(both) {
  const { stage, a, b } = both;
  stage.project.say({ name: 'resume', args: { venue: 'a' } });
  await both.trade([a, b]);
  both.alive = [b];
  await a.stop();
  stage.brokers = [b];
  await stage.until('a is gone', async () => (await both.read('a')).state === 'away');
  await both.trade([b]);
  await both.agree([b]);
  const run = await newestRun(stage.project.dataDir);
  const free = await both.read('b');
  stage.check(free.state === 'ready', `run ${run}: b is ${free.state}`);
}
