// The whole public surface of the SDK, name by name.
export { API_VERSION, SDK_VERSION } from './version.js';
export { errorFactory, isTradingError, SDK_ERRORS, sdkError, TradingError } from './errors.js';
export type { ErrorDefinition, ErrorTable, SdkErrorCode, Severity, TradingErrorOptions } from './errors.js';

export { DAY_MS, formatInstant, HOUR_MS, MINUTE_MS, SECOND_MS } from './model/time.js';
export type { EpochMs, TradingDay } from './model/time.js';
export {
  decimalsOf,
  divideRounded,
  fromScaled,
  MONEY_DECIMALS,
  moneyPower,
  moneyToNumber,
  moneyToText,
  parseMoney,
  powerOfTen,
  roundToLot,
  roundToTick,
  StepGrid,
  toMoney,
  toScaled,
} from './model/rounding.js';
export type { Money, RoundingMode } from './model/rounding.js';
export { defineInstrument, priceStepAt } from './model/instrument.js';
export type { AssetClass, Currency, Instrument, InstrumentOptions, PriceStepRow } from './model/instrument.js';
export type { Tick, TickColumns } from './model/tick.js';
export type { Bar, BarColumns, BarPrice, BarSpec, BarValues } from './model/bar.js';
export type {
  EntryInstruction,
  ProtectInstruction,
  Signal as SignalRecord,
  SignalAnswer,
  Target,
  TargetPosition,
} from './model/signal.js';
export { buildTag } from './model/order.js';
export type {
  Order,
  OrderChange,
  OrderPurpose,
  OrderRef,
  OrderRequest,
  OrderStatus,
  OrderType,
  Side,
  TimeInForce,
} from './model/order.js';
export type { Fill, Liquidity } from './model/fill.js';
export type { Position } from './model/position.js';
export type { AccountState } from './model/account.js';
export type { Heartbeat } from './model/heartbeat.js';
export type { Command, CommandName } from './model/command.js';
export type { SnapshotPart, VenueOpenOrder, VenuePosition, VenueReport, VenueSnapshot } from './model/venue-report.js';

export type {
  Feed,
  FeedCapabilities,
  FeedSink,
  FeedState,
  FeedStatus,
  HistoryBlock,
  HistoryRequest,
  ReadRange,
  RecordedFeed,
  RecordedStream,
  RejectedRow,
  ResolvedInstrument,
  Subscription,
} from './interfaces/feed.js';
export type { BarBuilder, BarBuilderContext, BarBuilderState, EmitBar } from './interfaces/bar-builder.js';
export type { BarWindow, Signal, SignalContext, SignalGap, StrategyPosition } from './interfaces/signal.js';
export type {
  HaltDecision,
  PortfolioView,
  RiskDecision,
  RiskPolicy,
  RiskScope,
  Sizer,
  SizingDecision,
  SizingRequest,
} from './interfaces/risk-policy.js';
export type {
  CancelOutcome,
  SubmitOutcome,
  Venue,
  VenueCapabilities,
  VenueSink,
  VenueStatus,
} from './interfaces/venue.js';
export type { CommandResult, ControlSurface, EngineControl, EngineNotice } from './interfaces/control-surface.js';
export type { Feature, FeatureSet, FeatureState, FeatureValues } from './interfaces/feature.js';
export type { MarketCalendar } from './interfaces/market-calendar.js';
export type { Clock } from './interfaces/clock.js';
export { SILENT_LOGGER } from './interfaces/logger.js';
export type { Logger } from './interfaces/logger.js';

export type { PluginContext } from './plugin/context.js';
export { CONTRIBUTION_KINDS, definePlugin, isPlugin } from './plugin/define-plugin.js';
export { isSecret, Secret, secret } from './plugin/secret.js';
export type {
  BarBuilderContribution,
  ContributionKind,
  ControlSurfaceContribution,
  FeedContribution,
  Plugin,
  PluginOptions,
  RiskPolicyContribution,
  SizerContribution,
  VenueContribution,
} from './plugin/define-plugin.js';
export { defineStrategy } from './plugin/define-strategy.js';
export type { StrategyDefinition, StrategyOptions } from './plugin/define-strategy.js';

export {
  atr,
  bollinger,
  correlation,
  donchian,
  ema,
  featurePipeline,
  macd,
  realisedVolatility,
  returns,
  rollingMax,
  rollingMedian,
  rollingMin,
  rollingSum,
  rsi,
  sma,
  stddev,
  volPark,
  vwap,
  zscore,
} from './features/index.js';
export type {
  BarSource,
  BollingerOptions,
  BollingerOutput,
  BollingerSeriesOptions,
  CorrelationOptions,
  CorrelationSeriesOptions,
  DonchianOutput,
  FeatureColumns,
  MacdOptions,
  MacdOutput,
  MacdSeriesOptions,
  RealisedVolatilityOptions,
  ReturnsOptions,
  ReturnsSeriesOptions,
  Series,
  SourceOptions,
  StddevOptions,
  StddevSeriesOptions,
  VolParkOptions,
  ZscoreOptions,
  ZscoreSeriesOptions,
} from './features/index.js';

export { BarSchedule } from './time/bar-schedule.js';
export { BUILT_IN_CALENDARS, calendarExpiryWarning, declareCalendar, marketCalendar } from './time/market-calendars.js';
export type { CalendarDefinitions } from './time/market-calendars.js';
export type { CalendarDefinition, SessionsDefinition, SessionText, WeekdayName } from './time/calendar-definition.js';
export { MarketClock } from './time/market-clock.js';
export { nowUtc, SystemClock } from './time/system-clock.js';
