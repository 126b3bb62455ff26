/** Time spent making data since the last reset, in ms. What the feed's `next` spends here is no part of a measurement. */
export const generation = {
  ms: 0,
  /**
   * @template Made
   * @param {() => Made} make
   * @returns {Made}
   */
  off(make) {
    const started = performance.now();
    const made = make();
    this.ms += performance.now() - started;
    return made;
  },
};
