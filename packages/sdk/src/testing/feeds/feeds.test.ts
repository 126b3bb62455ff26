import { describe, expect, it } from '@jest/globals';
import type { RecordedStream } from '../../interfaces/feed.js';
import { aBarColumns, anInstrument, aTick } from '../builders.js';
import { TEST_EPOCH_MS } from '../fake-clock.js';
import { RecordingFeedSink } from '../recording-sinks.js';
import { MemoryFeed } from './memory-feed.js';
import { PushFeed } from './push-feed.js';

const instrument = anInstrument();
const SPEC = { use: 'time', options: { seconds: 60 } };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('MemoryFeed', () => {
  it('delivers large data in blocks, in order', async () => {
    const bars = aBarColumns({ length: 25_000 });
    const feed = new MemoryFeed({ data: [{ instrument, bars, spec: SPEC }] });
    await feed.open();
    const sink = new RecordingFeedSink();
    await feed.subscribe([instrument], sink);
    await settled();
    expect(sink.blocks.map((block) => block.length)).toEqual([10_000, 10_000, 5_000]);
    expect(sink.rows.map((row) => row.ts)).toEqual([...bars.ts]);
    expect(sink.statuses).toMatchObject([{ state: 'ended', ts: bars.ts[24_999] }]);
  });

  it('rejects ticks and bars it cannot use, each with number and reason', () => {
    const ticks = [
      aTick({ ts: 10 }),
      aTick({ ts: 5 }),
      aTick({ ts: 20, bid: 0 }),
      aTick({ ts: 30, bid: Number.NaN, ask: Number.NaN }),
      aTick({ ts: 40, recvTs: Number.NaN }),
      aTick({ ts: Number.NaN }),
    ];
    const bars = aBarColumns({ symbol: 'BARS', closes: [1, 2, 3, 4] });
    bars.high[1] = 0.5;
    bars.ts[2] = bars.ts[0]!;
    bars.close[3] = Number.NaN;
    const other = anInstrument({ symbol: 'BARS' });
    const feed = new MemoryFeed({
      data: [
        { instrument, ticks },
        { instrument: other, bars, spec: SPEC },
      ],
    });
    const rejected: string[] = [];
    const streams: RecordedStream[] = [
      ...feed.read([instrument, other], { onRejected: ({ line, reason }) => void rejected.push(`${line}: ${reason}`) }),
    ];
    expect(rejected).toEqual([
      '2: the time is before that of the row ahead',
      '3: a price is 0 or infinite',
      '4: there is no price',
      '6: the time is not a number',
      '2: high or low do not contain open and close',
      '3: the time is not after that of the bar ahead',
      '4: a price is not a number',
    ]);
    const rows = streams.map((stream) =>
      [...(stream.blocks as Iterable<{ columns: { ts: Float64Array } }>)].map((block) => [...block.columns.ts]),
    );
    expect(rows).toEqual([[[10, 40]], [[bars.ts[0]]]]);
  });

  it('refuses what it does not have, by name', async () => {
    const feed = new MemoryFeed({ data: [{ instrument, ticks: [] }] });
    await expect(feed.subscribe([instrument], new RecordingFeedSink())).rejects.toMatchObject({
      code: 'TESTING_FEED_NOT_OPEN',
    });
    await feed.open();
    const request = { instrument, from: 0, to: 1, bars: SPEC };
    const ask = async (): Promise<void> => {
      for await (const block of feed.history(request)) expect(block).toBeUndefined();
    };
    await expect(ask()).rejects.toThrow("no bars of 'TEST'");
    expect(() => [...feed.read([anInstrument({ symbol: 'NONE' })])]).toThrow("does not know 'NONE'");
  });
});

describe('PushFeed', () => {
  it('loses what comes while disconnected and rejects what runs backwards', async () => {
    const feed = new PushFeed({ instruments: [instrument], nowUtc: () => TEST_EPOCH_MS });
    await feed.open();
    const sink = new RecordingFeedSink();
    await feed.subscribe([instrument], sink);
    feed.push(aTick({ ts: 10 }));
    feed.connect(false);
    feed.connect(false);
    feed.push(aTick({ ts: 20 }));
    feed.connect(true);
    feed.push(aTick({ ts: 9 }));
    feed.push(aTick({ ts: 30 }));
    expect(sink.rows.map((row) => row.ts)).toEqual([10, 30]);
    expect(sink.statuses.map((status) => status.state)).toEqual(['live', 'disconnected', 'live']);
    expect(sink.rejections).toEqual([{ source: 'push', line: 3, reason: 'the time runs backwards' }]);
  });
});
