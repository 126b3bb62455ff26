import type { SizerContribution } from '@bookrunner/sdk';
import { z } from 'zod';
import { sizeOf, sizer } from './sizing.js';

const fixedOptions = z.strictObject({
  units: z.number().positive().describe('Units of the instrument that a share of 1 stands for.'),
});

/** Options of {@link fixed} after the schema. */
export type FixedOptions = Readonly<z.output<typeof fixedOptions>>;

/** The same number of units whatever the equity and the price: `share × units`. */
export const fixed: SizerContribution<FixedOptions> = {
  options: fixedOptions,
  create: ({ units }) => sizer(({ share }) => sizeOf(share, units)),
};
