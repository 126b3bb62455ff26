// The machine as far as a reader of a benchmark needs it.
import { cpus, loadavg } from 'node:os';

/** Load of the last minute, and the processors it is shared by. */
export function machine() {
  const [load] = loadavg();
  return {
    node: process.version,
    v8: process.versions.v8,
    platform: process.platform,
    cpus: cpus().length,
    load1m: load,
  };
}

/** What this process has used so far. */
export function usage() {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  // Microseconds and KiB.
  return { cpuMs: Math.round((userCPUTime + systemCPUTime) / 1_000), peakRssMb: Math.round(maxRSS / 1_024) };
}
