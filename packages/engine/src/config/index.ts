// What the rest of the engine needs of the configuration.
export { CONFIG_ERRORS, configError, configErrorOf, formatIssue, formatPath, issuesOf } from './config-errors.js';
export type { ConfigErrorCode, ConfigIssue, ConfigPath } from './config-errors.js';
export type { ConfigSource } from './config-source.js';
export { effectiveConfig, effectiveConfigYaml } from './effective-config.js';
export type { OptionsByPath } from './effective-config.js';
export { SIMULATED } from './engine-config.js';
export type {
  AccountConfig,
  BookConfig,
  DatabaseConfig,
  EngineConfig,
  OutageConfig,
  PluginReference,
  RouteConfig,
  RouteMatch,
  StrategyConfig,
  UseConfig,
  VenueConfig,
  Weekday,
} from './engine-config.js';
export { configJsonSchema } from './json-schema.js';
export type { JsonSchema } from './json-schema.js';
export { loadConfig } from './load-config.js';
export type { LoadConfigOptions } from './load-config.js';
export { hintFor, nearMiss } from './near-miss.js';
export { parsePath } from './overrides.js';
export { isSecret, Secret, secret } from '@bookrunner/sdk';
export type { Environment } from './substitute.js';
export { DEFAULT_BOOK, SIMULATED_CAPITAL } from './wiring.js';
