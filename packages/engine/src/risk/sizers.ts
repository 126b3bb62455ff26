// The built-in sizers as data: what `use:` of a strategy's sizing may name without a plugin.
import { atr } from './sizers/atr.js';
import { fixed } from './sizers/fixed.js';
import { fraction } from './sizers/fraction.js';
import { kelly } from './sizers/kelly.js';
import { volTarget } from './sizers/vol-target.js';

export { atrBasedSize } from './sizers/atr.js';
export { kellyFraction, kellyLeverage } from './sizers/kelly.js';
export { volTargetScale } from './sizers/vol-target.js';

/** The built-in sizers by the name `use:` gives them. */
export const sizers = Object.freeze({ fixed, fraction, atr, 'vol-target': volTarget, kelly });
