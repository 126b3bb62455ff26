export { startTwsSimulator } from './start-tws-simulator.js';
export type {
  ConnectedClient,
  CustomSimulatorOptions,
  ModelParts,
  TwsSimulator,
  TwsSimulatorOptions,
  WireOptions,
} from './start-tws-simulator.js';
export { SimulatedGateway } from './model/simulated-gateway.js';
export type { BrokerTruth } from './model/broker-truth.js';
export type { InstrumentDefinition } from './model/instruments/instrument-definition.js';
export type { HandOrder, ModelKnobs, OrderName } from './model/model-knobs.js';
export type { DataPermission, SimulatorOptions } from './model/simulator-options.js';
export { SIMULATOR_ERRORS } from './simulator-errors.js';
export type { GatewayClient, GatewayModel, SessionRequest } from './model/gateway-model.js';
export type { Connectivity, FarmKind } from './server/connectivity.js';
export type { DailyRestart } from './server/daily-restart.js';
export { faultRuleSchema } from './server/fault-rules.js';
export type { CutStyle, FaultRule, FaultRuleKind } from './server/fault-rules.js';
export type { WireCounts, WireSettings } from './server/gateway-world.js';
export { MAX_SERVER_VERSION, MIN_SERVER_VERSION } from './server/handshake.js';
export type { Transcript, TranscriptEntry } from './server/transcript.js';
export type { WireFaults } from './server/wire-faults.js';
export type { Framing } from './server/wire-link.js';
export type { MessageRate } from './server/message-rate.js';
export { UNSET_DOUBLE, UNSET_INTEGER } from './wire/contract.js';
export type { WireComboLeg, WireContract, WireTag } from './wire/contract.js';
export type {
  MessageKind,
  ServerMessage,
  WireBar,
  WireContractDetails,
  WireExecution,
  WireOrderState,
  WireOrderStatus,
} from './wire/messages.js';
export type { ClientRequest, ExecutionFilter, RequestKind, WireCondition, WireOrder } from './wire/requests.js';
