// What was done and what was found.

const KINDS = ['lostFills', 'duplicateOrders', 'orphanOrders', 'bookMismatches', 'unverifiedStates'];

/** Counts kills and findings of all chains. */
export class Tally {
  /** So often a killed journal is looked at through the command line as well. */
  commandsEvery = 10;
  #planned;
  #canTrace;
  #startedAt = performance.now();
  #kills = 0;
  #looks = 0;
  #commands = 0;
  #places = new Map();
  #problems = [];
  #wire = null;

  constructor({ kills, canTrace }) {
    this.#planned = kills;
    this.#canTrace = canTrace;
  }

  killed(place) {
    this.#kills += 1;
    this.#places.set(place, (this.#places.get(place) ?? 0) + 1);
    if (this.#kills % 25 === 0) this.note(`${this.#kills} of ${this.#planned} kills, ${this.#seconds()} s`);
  }

  looked() {
    this.#looks += 1;
  }

  commanded() {
    this.#commands += 1;
  }

  traced(wire) {
    this.#wire = wire;
  }

  problem(kind, where, text) {
    this.#problems.push({ kind, ...where, text });
    this.note(`${kind}: seed ${where.seed}, kill ${where.kill}, ${where.place}: ${text}`);
  }

  /** Whether nothing was found, of one seed or at all. */
  isFine(seed) {
    const found = this.#problems.filter((problem) => seed === undefined || problem.seed === seed);
    return found.length === 0 && (this.#wire === null || (this.#wire.isSynced && this.#wire.failsWithNormal));
  }

  note(text) {
    process.stderr.write(`${text}\n`);
  }

  /** One JSON document; a person gets the same, indented. */
  print(isJson) {
    const counts = KINDS.map((kind) => [kind, this.#problems.filter((problem) => problem.kind === kind).length]);
    const result = {
      kills: this.#kills,
      ...Object.fromEntries(counts),
      // Sums, chain and replay of the journal in this process after every kill; the commands themselves more seldom.
      looks: this.#looks,
      commandsEvery: this.commandsEvery,
      commands: this.#commands,
      places: Object.fromEntries([...this.#places].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      orderIsOnDiskBeforeTheWire: this.#wire ?? (this.#canTrace ? null : 'not traced: strace is missing'),
      seconds: this.#seconds(),
      problems: this.#problems,
    };
    process.stdout.write(`${JSON.stringify(result, undefined, isJson ? undefined : 2)}\n`);
  }

  #seconds() {
    return Math.round((performance.now() - this.#startedAt) / 1_000);
  }
}
