// One process of a benchmark: measures the workload that it is told and prints one JSON document.
import { WORKLOADS } from '../workloads/index.mjs';
import { machine, usage } from './machine.mjs';

const [name, options] = process.argv.slice(2);
const before = machine();
const measured = await WORKLOADS[name].measure(JSON.parse(options));
const after = machine();
process.stdout.write(
  JSON.stringify({ ...measured, ...usage(), load1m: { before: before.load1m, after: after.load1m } }),
);
