// Every workload by the name the command takes.
import { cli } from './cli.mjs';
import { data } from './data.mjs';
import { durable } from './durable.mjs';
import { latency } from './latency.mjs';
import { memory } from './memory.mjs';
import { panic } from './panic.mjs';
import { symbols } from './symbols.mjs';
import { w1 } from './w1.mjs';
import { w1c } from './w1c.mjs';
import { w1r } from './w1r.mjs';
import { w2 } from './w2.mjs';

/**
 * @typedef {object} Measured
 * @property {Readonly<Record<string, unknown>>} facts what every process has to agree on
 * @property {readonly import('../lib/check.mjs').Check[]} checks
 * @property {Readonly<Record<string, readonly number[]>>} figures one value per round
 */
/**
 * @typedef {object} Workload
 * @property {string} describe
 * @property {number} rows
 * @property {number} [fullRows] with --full
 * @property {number} [rounds]
 * @property {number} [processes]
 * @property {Readonly<Record<string, { atMost?: number, atLeast?: number }>>} targets by figure
 * @property {(options: { rows: number, rounds: number, runs?: number, minutes?: number, isFull: boolean }) => Measured | Promise<Measured>} measure
 */

/** @type {Readonly<Record<string, Workload>>} */
export const WORKLOADS = { w1, w1c, w1r, w2, symbols, latency, durable, panic, cli, memory, data };
