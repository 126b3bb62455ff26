import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Bar } from '@bookrunner/sdk';
import { aCalendar, anInstrument, aTick, barBuilderContract, describeContract } from '@bookrunner/sdk/testing';
import { MyBarBuilder } from './my-bar-builder.js';

const suite = barBuilderContract({ create: (context) => new MyBarBuilder({ ticks: 10 }, context) });
describeContract('MyBarBuilder', suite, { describe, it });

describe('MyBarBuilder', () => {
  it('closes a bar with its last tick', () => {
    const builder = new MyBarBuilder({ ticks: 3 }, { instrument: anInstrument(), calendar: aCalendar() });
    const bars: Bar[] = [];
    [5, 7, 6, 8].forEach((last, i) => builder.onTick(aTick({ ts: i, last, size: 2 }), (bar) => bars.push({ ...bar })));
    const [bar] = bars;
    assert.equal(bars.length, 1);
    assert.deepEqual([bar?.open, bar?.high, bar?.low, bar?.close, bar?.volume], [5, 7, 5, 6, 6]);
  });
});
