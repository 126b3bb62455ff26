// Recorded kernel events replayed without a venue, with everything that left the kernel as text.
import type { KernelEvent } from './event.js';
import type { KernelSnapshot } from './snapshot.js';
import type { Scene } from './kernel.fixture.js';
import { describe } from './scripted-venue.fixture.js';

/** What a replay gave: requests and notices in order, the decision hash, and the books. */
export interface Outcome {
  readonly outbox: readonly string[];
  readonly hash: string;
  readonly state: KernelSnapshot;
}

/** The rest of the outbox as text, one line an entry. */
export function drain(scene: Scene): string[] {
  const lines: string[] = [];
  const { outbox } = scene.kernel;
  for (let entry = outbox.take(); entry !== undefined; entry = outbox.take()) {
    const what = entry.notice === undefined ? entry.orders.map(describe).join(' + ') : entry.notice.code;
    lines.push(`${entry.kind} ${what} ${JSON.stringify(entry.change ?? '')}`);
  }
  return lines;
}

/** Feeds a journal to a scene that has seen nothing; with `cut`, a snapshot moves to another scene before that event. */
export function replay(scene: Scene, journal: readonly KernelEvent[], cut = Number.NaN): Outcome {
  let current = scene;
  const outbox: string[] = [];
  journal.forEach((event, index) => {
    if (index === cut) {
      const saved = structuredClone(current.kernel.snapshot());
      current = scene.fresh();
      current.kernel.restore(saved);
    }
    current.kernel.process(event);
    outbox.push(...drain(current));
  });
  return { outbox, hash: current.kernel.hash(), state: current.kernel.snapshot() };
}
