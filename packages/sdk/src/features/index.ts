// The features of the SDK, name by name. What holds for all of them:
// - The bar-by-bar form and the column form run the same kernels and agree to the last bit.
// - Rolling features use the block scheme of kernels/window-sum.ts: their error is that of one window, whatever came before.
// - A bar in which a number that the feature reads is not finite gives NaN and starts the feature anew: from the next bar on it
//   behaves like a new one. So nothing stays poisoned, and recursive features (ema, macd, rsi, atr) forget what was before.
export { atr } from './atr.js';
export { bollinger } from './bollinger.js';
export type { BollingerOptions, BollingerOutput, BollingerSeriesOptions } from './bollinger.js';
export { correlation } from './correlation.js';
export type { CorrelationOptions, CorrelationSeriesOptions } from './correlation.js';
export { donchian } from './donchian.js';
export type { DonchianOutput } from './donchian.js';
export { ema } from './ema.js';
export { featurePipeline } from './feature-pipeline.js';
export type { FeatureColumns } from './feature-pipeline.js';
export { macd } from './macd.js';
export type { MacdOptions, MacdOutput, MacdSeriesOptions } from './macd.js';
export { realisedVolatility } from './realised-volatility.js';
export type { RealisedVolatilityOptions } from './realised-volatility.js';
export { returns } from './returns.js';
export type { ReturnsOptions, ReturnsSeriesOptions } from './returns.js';
export { rollingMax } from './rolling-max.js';
export { rollingMedian } from './rolling-median.js';
export { rollingMin } from './rolling-min.js';
export { rollingSum } from './rolling-sum.js';
export { rsi } from './rsi.js';
export type { Series } from './series.js';
export { sma } from './sma.js';
export type { BarSource, SourceOptions } from './source.js';
export { stddev } from './stddev.js';
export type { StddevOptions, StddevSeriesOptions } from './stddev.js';
export { volPark } from './vol-park.js';
export type { VolParkOptions } from './vol-park.js';
export { vwap } from './vwap.js';
export { zscore } from './zscore.js';
export type { ZscoreOptions, ZscoreSeriesOptions } from './zscore.js';
