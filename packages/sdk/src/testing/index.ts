// '@bookrunner/sdk/testing': contract suites, reference implementations, builders and the strategy harness. No test runner needed.
export { canonical, deepFreeze, describeValue } from './canonical.js';
export { check, checkEqual, checkNoThrow, checkRejects } from './check.js';
export { bindCases, describeContract, runContract } from './contract.js';
export type {
  CaseOver,
  ContractCase,
  ContractCaseResult,
  ContractResult,
  ContractRunner,
  ContractSuite,
  FixtureSource,
  RunContractOptions,
} from './contract.js';
export { TESTING_ERRORS } from './errors.js';
export type { TestingErrorCode } from './errors.js';

export { aBar, aBarColumns, aFill, anInstrument, anOrder, anOrderRequest, aTick } from './builders.js';
export type { BarColumnsOptions } from './builders.js';
export { FakeClock, TEST_EPOCH_MS } from './fake-clock.js';
export { seededRandom } from './random.js';
export type { RandomSource } from './random.js';
export { RecordingFeedSink, RecordingVenueSink } from './recording-sinks.js';
export type { DeliveredRow } from './recording-sinks.js';
export { aCalendar } from './test-calendar.js';
export type { TestSession } from './test-calendar.js';

export { signalContract } from './signal-contract/signal-contract.js';
export type { SignalContractOptions } from './signal-contract/signal-contract.js';
export { measureOf, readAnswer } from './strategy-harness/answer.js';
export type { Wish } from './strategy-harness/answer.js';
export { checkPlainJson } from './strategy-harness/plain-json.js';
export { callPurely } from './strategy-harness/purity-guard.js';
export { StrategyHarness } from './strategy-harness/strategy-harness.js';
export type { StrategyAnswer, StrategyHarnessOptions } from './strategy-harness/strategy-harness.js';

export { PaperAccount } from './paper-venue/paper-account.js';
export type { PaperExecution } from './paper-venue/paper-account.js';
export { PAPER_CAPABILITIES, PaperVenue } from './paper-venue/paper-venue.js';
export type { PaperVenueOptions, SizedQuote } from './paper-venue/paper-venue.js';
export { venueContract } from './venue-contract/venue-contract.js';
export type {
  VenueConnection,
  VenueContractOptions,
  VenueFixture,
  VenueMarket,
} from './venue-contract/venue-fixture.js';

export { barBuilderContract } from './bar-builder-contract/bar-builder-contract.js';
export type { BarBuilderContractOptions } from './bar-builder-contract/bar-builder-contract.js';
export { aPortfolioView, FakePortfolioView } from './risk-policy-contract/fake-portfolio-view.js';
export type { PortfolioViewOptions } from './risk-policy-contract/fake-portfolio-view.js';
export { riskPolicyContract } from './risk-policy-contract/risk-policy-contract.js';
export type { RiskPolicyContractOptions } from './risk-policy-contract/risk-policy-contract.js';

export { controlSurfaceContract } from './control-surface-contract/control-surface-contract.js';
export type {
  ControlSurfaceContractOptions,
  ControlSurfaceFixture,
  SurfacePerson,
} from './control-surface-contract/control-surface-contract.js';
export { RecordingEngineControl } from './control-surface-contract/recording-engine-control.js';
export type { RecordedCommand } from './control-surface-contract/recording-engine-control.js';
export { TextSurface } from './control-surface-contract/text-surface.js';
export type { TextSurfaceOptions } from './control-surface-contract/text-surface.js';

export { feedContract } from './feed-contract/feed-contract.js';
export type {
  FeedContractOptions,
  FeedFaultHook,
  FeedFaults,
  FeedFixture,
  FeedSource,
  SourceEvent,
} from './feed-contract/feed-fixture.js';
export { MemoryFeed } from './feeds/memory-feed.js';
export type { MemoryData, MemoryFeedOptions } from './feeds/memory-feed.js';
export { PushFeed } from './feeds/push-feed.js';
export type { PushFeedOptions } from './feeds/push-feed.js';

export { FaultLog } from './faults/fault-log.js';
export type { FaultNote } from './faults/fault-log.js';
export type { FaultMoment, FaultWhen } from './faults/fault-when.js';
export { FaultyFeed } from './faults/faulty-feed.js';
export type { FaultyFeedOptions } from './faults/faulty-feed.js';
export { FaultyVenue } from './faults/faulty-venue.js';
export type { FaultyVenueOptions } from './faults/faulty-venue.js';
export { FEED_FAULTS } from './faults/feed-fault.js';
export type { FeedFault, FeedFaultKind, FeedMoment } from './faults/feed-fault.js';
export { wholeExecutionId } from './faults/split-fills.js';
export { VENUE_FAULTS } from './faults/venue-fault.js';
export type { VenueFault, VenueFaultKind, VenueMoment } from './faults/venue-fault.js';

export { contractSuitesFor } from './contract-suites-for.js';
export type {
  ContractFixtures,
  ContributionSuite,
  PluginSuites,
  UncheckedContribution,
} from './contract-suites-for.js';
