export { default } from './plugin.js';
export { startPracticeBroker } from './server/start-practice-broker.js';
export type { PracticeBrokerHandle } from './server/start-practice-broker.js';
export { PracticeBrokerClient } from './practice-broker-client.js';
export type { BrokerOptions } from './broker/broker-options.js';
export type { BrokerTruth, KnownOrder } from './broker/order-register.js';
export type { Execution } from './broker/ledger.js';
export type { Fault, FaultKind } from './server/fault-script.js';
export { PRACTICE_ERRORS } from './practice-errors.js';
