// What the rest of the simulator, and tests, use of the model.
export { SimulatedGateway } from './simulated-gateway.js';
export { ModelKnobs } from './model-knobs.js';
export type { OrderName } from './model-knobs.js';
export type { CommissionSaid, FillMessage, NextAdvice, NextRejection } from './knob-settings.js';
export type { DataPermission, PacingKept, SimulatorOptions, SimulatorSettings } from './simulator-options.js';
export type { BrokerTruth, TrueExecution, TrueOrder, TruePosition } from './broker-truth.js';
export type { GatewayClient, GatewayModel, SessionRequest } from './gateway-model.js';
export type { InstrumentDefinition, PriceIncrement } from './instruments/instrument-definition.js';
export type { SimulatorAccount } from './accounts/account-book.js';
export type { CommissionTerms } from './accounts/commission-model.js';
export type { HaltState, QuoteChange } from './market/market.js';
export type { MarketTick } from './market/price-walk.js';
