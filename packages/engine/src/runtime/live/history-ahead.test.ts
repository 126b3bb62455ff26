// Histories that are asked ahead: in order, no more at once than may be, and one that fails disturbs no other.
import { describe, expect, it } from '@jest/globals';
import type { HistoryBlock } from '@bookrunner/sdk';
import fc from 'fast-check';
import { ASKED_AT_ONCE, HistoryAhead, HistorySlots } from './history-ahead.js';

const blockOf = (symbol: string, n: number): HistoryBlock =>
  ({ kind: 'ticks', columns: { symbol, length: n } }) as unknown as HistoryBlock;

/** Histories whose answers take some turns of the event loop each, with how many are under way. */
class Source {
  under = 0;
  most = 0;

  async *history(symbol: string, turns: readonly number[], failsAt: number): AsyncGenerator<HistoryBlock> {
    for (const [n, count] of turns.entries()) {
      this.under += 1;
      this.most = Math.max(this.most, this.under);
      for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
      this.under -= 1;
      if (n === failsAt) throw new Error(`${symbol} fails`);
      yield blockOf(symbol, n);
    }
  }
}

async function lengthsOf(blocks: AsyncIterable<HistoryBlock>): Promise<readonly (number | string)[]> {
  const lengths: (number | string)[] = [];
  try {
    for await (const { columns } of blocks) lengths.push(columns.length);
  } catch (error) {
    lengths.push((error as Error).message);
  }
  return lengths;
}

describe('HistoryAhead', () => {
  it('gives each history as it is, with no more questions at once than may be', async () => {
    const histories = fc.array(
      fc.record({
        turns: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }),
        failsAt: fc.integer({ min: 0, max: 12 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(histories, fc.boolean(), async (all, isInOrder) => {
        const source = new Source();
        const slots = new HistorySlots();
        const ahead = all.map(
          ({ turns, failsAt }, n) => new HistoryAhead(source.history(`S${n}`, turns, failsAt), slots),
        );
        const got: (readonly (number | string)[])[] = [];
        if (isInOrder) for (const blocks of ahead) got.push(await lengthsOf(blocks));
        else got.push(...(await Promise.all(ahead.map(lengthsOf))));
        expect(got).toEqual(
          all.map(({ turns, failsAt }, n) => {
            const whole = turns.map((_, block) => block);
            return failsAt < turns.length ? [...whole.slice(0, failsAt), `S${n} fails`] : whole;
          }),
        );
        expect(source.most).toBeLessThanOrEqual(ASKED_AT_ONCE);
      }),
      { numRuns: 100 },
    );
  });

  it('asks for the first block at once, and for the next when one was taken', async () => {
    const asked: number[] = [];
    async function* noted(): AsyncGenerator<HistoryBlock> {
      for (let n = 0; n < 3; n++) {
        asked.push(n);
        yield blockOf('S', n);
      }
    }
    const ahead = new HistoryAhead(noted(), new HistorySlots());
    await new Promise(setImmediate);
    expect(asked).toEqual([0]);
    await ahead.next();
    await new Promise(setImmediate);
    expect(asked).toEqual([0, 1]);
  });
});
