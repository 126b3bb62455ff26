import { describe, expect, it } from '@jest/globals';
import { instrumentOf } from '../kernel/kernel.fixture.js';
import { RejectedRows, type RunStream } from './run-data.js';

const stream = (feed: string): RunStream => ({ feed, instrument: instrumentOf(), blocks: [] });

describe('rejected rows', () => {
  it('count with the stream being read, and once with the first of the feed where none of its streams is', () => {
    const streams = [stream('x'), stream('y'), stream('y')];
    const seen: string[] = [];
    const rejected = new RejectedRows((row) => void seen.push(row.source));
    const add = (source: string, feed: string): void => rejected.add({ source, line: 1, reason: 'bad' }, feed);
    add('opening', 'y');
    rejected.reader = streams[2];
    add('own', 'y');
    add('own, later', 'y');
    rejected.reader = streams[0];
    add('of another feed', 'y');
    expect(rejected.of(streams, 0)).toEqual([]);
    expect(rejected.of(streams, 1)).toEqual([{ count: 2, source: 'opening', reason: 'bad' }]);
    expect(rejected.of(streams, 2)).toEqual([{ count: 2, source: 'own', reason: 'bad' }]);
    expect(seen).toHaveLength(4);
  });
});
