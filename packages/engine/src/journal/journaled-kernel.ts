import type { KernelEvent } from '../kernel/event.js';
import { Kernel } from '../kernel/kernel.js';
import type { KernelListener } from '../kernel/listener.js';
import type { KernelSetup } from '../kernel/setup.js';
import type { JournalWriter } from './journal-writer.js';

/** A kernel whose inputs are recorded before it sees them, and what they made it do right after. Decides like any other. */
export class JournaledKernel extends Kernel {
  readonly #journal: JournalWriter;

  constructor(setup: KernelSetup, listener: KernelListener, journal: JournalWriter) {
    super(setup, listener);
    this.#journal = journal;
  }

  override process(event: KernelEvent): void {
    const journal = this.#journal;
    if (event.kind === 'tick') {
      journal.admit();
      journal.records.kernelTick(event);
    } else {
      journal.add((records) => records.event(event));
    }
    const { outbox } = this;
    const before = outbox.end;
    super.process(event);
    for (let place = before; place < outbox.end; place++) journal.add((records) => records.entry(outbox.at(place)));
  }
}
