// When the simulated venue last got an order, and how many it got. Put in front of it: the order is out when it gets there.
import { SimulatedVenue } from '../../packages/engine/dist/simulated-venue/simulated-venue.js';

export const probe = { at: 0, orders: 0 };

const { submit } = SimulatedVenue.prototype;
SimulatedVenue.prototype.submit = function (group, now) {
  probe.at = performance.now();
  probe.orders += 1;
  return submit.call(this, group, now);
};
