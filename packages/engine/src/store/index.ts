// The store: what happened, to be asked. Importing this loads no database driver.
export { openStore, type StoreDatabase, type StoreOptions } from './open-store.js';
export { Store, type Projection, type ProjectionRows } from './store.js';
export type { FillFilter, OrderFilter, TimeRange, WriteResult } from './store-backend.js';
export {
  LIVE_RUN,
  type CommandOutcome,
  type FillStatus,
  type RunName,
  type StoredCommand,
  type StoredEquity,
  type StoredFill,
  type StoredMark,
  type StoredOrder,
  type StoredPosition,
} from './trading-rows.js';
export type { StoredBar, StoredTick } from './market-rows.js';
export type { DecimalText } from './decimal-text.js';
export {
  storedBar,
  storedFill,
  storedOrder,
  storedTick,
  type FillFacts,
  type OrderState,
  type RowOwner,
} from './stored-rows.js';
export { projectRun, RUN_ACCOUNT, type RunProjection } from './project-run.js';
export { checkSqliteBinary, type SqliteBinaryCheck } from './sqlite-binary.js';
export { DEFAULT_LIMITS, type QueueLimits } from './write-queue.js';
export { STORE_ERRORS, storeError, type StoreErrorCode } from './store-errors.js';
