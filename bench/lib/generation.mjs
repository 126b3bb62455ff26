/** CPU time of this process so far, in ms: it leaves out what others on the machine take, and counts the threads of the JIT and GC. */
export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Time spent making data since the last reset, in ms. What the feed's `next` spends here is no part of a measurement. */
export const generation = {
  ms: 0,
  cpuMs: 0,

  reset() {
    this.ms = 0;
    this.cpuMs = 0;
  },

  /**
   * @template Made
   * @param {() => Made} make
   * @returns {Made}
   */
  off(make) {
    const started = performance.now();
    const cpu = cpuMs();
    const made = make();
    this.ms += performance.now() - started;
    this.cpuMs += cpuMs() - cpu;
    return made;
  },
};
