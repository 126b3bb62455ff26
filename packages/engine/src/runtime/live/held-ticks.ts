// Ticks of bars under way at a start: they are entered only where all of them are there, so until then they are held, and no more than may be.
import type { HistoryBlock } from '@bookrunner/sdk';
import { ROWS_MOST } from './live-history.js';

/** Most ticks held at once, of all instruments: some 64 bytes each. */
const ALL_MOST = 4 * ROWS_MOST;

/** What the instruments of one start share. */
export class HeldTicks {
  #held = 0;

  /** All blocks. Rejects with what the history says, or where there is no place: then nothing of it is held. */
  async collect(history: AsyncIterable<HistoryBlock>): Promise<readonly HistoryBlock[]> {
    const blocks: HistoryBlock[] = [];
    let rows = 0;
    try {
      for await (const block of history) {
        const { length } = block.columns;
        rows += length;
        this.#held += length;
        if (rows > ROWS_MOST) throw new Error(`more than ${ROWS_MOST} ticks of the bars under way`);
        if (this.#held > ALL_MOST)
          throw new Error(`more than ${ALL_MOST} ticks of the bars under way of all instruments`);
        blocks.push(block);
      }
    } catch (error) {
      this.#held -= rows;
      throw error;
    }
    return blocks;
  }
}
