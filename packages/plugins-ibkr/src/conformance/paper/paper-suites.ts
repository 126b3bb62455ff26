// The same suites at a paper account of a real gateway: what applies there, and why the rest does not.
import { HOUR_MS } from '@bookrunner/sdk';
import { anInstrument, bindCases, feedContract, venueContract } from '@bookrunner/sdk/testing';
import type { CaseOver, ContractSuite, FeedFixture, VenueFixture } from '@bookrunner/sdk/testing';
import { IBKR_FEED_CAPABILITIES } from '../../feed/ibkr-feed.js';
import { IBKR_VENUE_CAPABILITIES } from '../../venue/ibkr-venue.js';
import type { ConformanceSuite } from '../conformance-suite.js';
import { AAPL, MSFT } from '../scene/instruments.js';
import type { PaperAccount } from './paper-account.js';
import { PAPER_BEHAVIOURS } from './paper-behaviours.js';
import { PaperScene } from './paper-scene.js';
import { renamedVenue } from './renamed-venue.js';

const CASE_MS = 300_000;
const NOBODY_MOVES = 'at a real gateway nobody can move the market';
const NOBODY_BREAKS = 'at a real gateway nobody can bring it about';
/** Cases of the feed's contract that need no event of ours. */
const WITHOUT_EVENTS = new Set(['FED-010', 'FED-040', 'FED-060', 'FED-070', 'FED-080', 'FED-200']);

async function venueFixture(paper: PaperAccount): Promise<VenueFixture> {
  const scene = await PaperScene.start(paper);
  return {
    ...{ venue: renamedVenue(scene.venue, scene.prefix), instrument: AAPL, account: scene.account },
    ...{ price: paper.price, qty: 1, clock: scene.clock },
    connection: {
      cut: async () => {
        scene.tap.cut();
        await scene.until(() => !scene.venue.isReady, 'the loss to be noticed');
      },
      restore: () => scene.until(() => scene.venue.isReady, 'the venue to be ready again'),
    },
    settle: () => scene.settle(),
    dispose: () => scene.close(),
  };
}

async function feedFixture(paper: PaperAccount): Promise<FeedFixture> {
  const scene = await PaperScene.start(paper);
  const hour = Math.floor(scene.clock.nowUtc() / HOUR_MS) * HOUR_MS;
  const bars = { use: 'time', options: { seconds: 3_600, price: 'last' } };
  return {
    ...{ feed: scene.feed, instruments: [AAPL, MSFT], unknown: anInstrument({ symbol: 'NO-SUCH' }) },
    source: { publish: () => undefined, malformed: () => undefined },
    history: { bars: { instrument: AAPL, from: hour - 120 * HOUR_MS, to: hour, bars } },
    settle: () => scene.settle(),
    dispose: () => scene.close(),
  };
}

/** The same suite, with a reason where a case does not apply. */
function without(suite: ContractSuite, reason: (id: string) => string | undefined): ContractSuite {
  const cases = suite.cases.map((item) => {
    const skip = item.skip ?? reason(item.id);
    return skip === undefined ? item : { ...item, skip };
  });
  return { ...suite, cases };
}

/** All 31, so that what was not tried is counted and named. */
function behaviours(titles: readonly Pick<CaseOver<never>, 'id' | 'title'>[]): readonly CaseOver<PaperScene>[] {
  return titles.map(({ id, title }) => {
    const run = PAPER_BEHAVIOURS[id];
    if (run === undefined) return { id, title, skip: NOBODY_BREAKS, run: () => undefined };
    return { id, title, run };
  });
}

/** What of feed, venue and the behaviours applies at a paper account. */
export function paperSuites(
  paper: PaperAccount,
  titles: readonly Pick<CaseOver<never>, 'id' | 'title'>[],
): readonly ConformanceSuite[] {
  const feed = feedContract({ capabilities: IBKR_FEED_CAPABILITIES, create: () => feedFixture(paper) });
  const venue = venueContract({
    ...{ capabilities: IBKR_VENUE_CAPABILITIES, create: () => venueFixture(paper) },
    movesMarket: false,
  });
  const source = { create: () => PaperScene.start(paper), dispose: (scene: PaperScene) => scene.close() };
  return [
    { suite: without(feed, (id) => (WITHOUT_EVENTS.has(id) ? undefined : NOBODY_MOVES)), timeLimitMs: CASE_MS },
    { suite: venue, timeLimitMs: CASE_MS },
    { suite: { name: 'behaviours', cases: bindCases(behaviours(titles), source) }, timeLimitMs: CASE_MS },
  ];
}
