export { conformanceSuites } from './conformance.js';
export type { ConformanceOptions, ConformanceSuite } from './conformance-suite.js';
