import { randomInt } from 'node:crypto';
import { runEpochOf } from '../../execution/order-id.js';

const EPOCHS = 36 ** 8 - 1;

/** A run epoch that no other run has: what brokers keep of an order names it for life. */
export function randomRunEpoch(): string {
  return runEpochOf(randomInt(EPOCHS));
}
