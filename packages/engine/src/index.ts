// The engine as a library, name by name. What is not here may change at any time.
export { backtest } from './cli/backtest/backtest.js';
export type { BacktestOptions } from './cli/backtest/backtest.js';
export { loadConfig } from './config/index.js';
export type { EngineConfig, LoadConfigOptions } from './config/index.js';
export type { Metrics } from './portfolio/metrics.js';
export type { RecordTable } from './recorder/record-table.js';
export { readRun } from './report/read-run.js';
export { renderReport } from './report/render-report.js';
export type { ReportOptions } from './report/render-report.js';
export { renderSummary } from './report/render-summary.js';
export type { ReportInput, RunResult } from './report/run-result.js';
export { writeRun } from './report/write-run.js';
export type { WriteRunOptions } from './report/write-run.js';
export type { RunProgress } from './runtime/recorded-run.js';
export { ENGINE_VERSION as VERSION } from './version.js';
