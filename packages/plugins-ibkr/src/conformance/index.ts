export { checkConformanceTarget, conformanceSuites } from './conformance.js';
export type { ConformanceOptions, ConformanceSuite } from './conformance-suite.js';
