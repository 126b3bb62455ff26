import type { VenueContribution } from '@bookrunner/sdk';
import { simulatedVenueOptions, type SimulatedVenueOptions } from './options.js';
import { SIMULATED_VENUE_CAPABILITIES, SimulatedVenueAdapter } from './simulated-venue-adapter.js';

/** The simulated venue as engine.yaml uses it: `venues: { paper: { use: simulated, options: … } }`. */
export const simulatedVenueContribution: VenueContribution<SimulatedVenueOptions> = {
  capabilities: SIMULATED_VENUE_CAPABILITIES,
  options: simulatedVenueOptions,
  create: (context) => {
    const instruments = [...context.instruments.values()];
    const calendars = instruments.map((instrument) => context.calendar(instrument.calendar));
    return new SimulatedVenueAdapter(context.options, {
      name: context.name,
      clock: context.clock,
      instruments,
      calendars,
    });
  },
};
