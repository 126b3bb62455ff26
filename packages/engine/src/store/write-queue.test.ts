import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { storeError } from './store-errors.js';
import { WriteQueue, type JobOutcome, type JobTerms, type QueueLimits } from './write-queue.js';

type Outcomes = readonly JobOutcome<string>[];

/** A database that commits when it is told to. */
class HeldCommits {
  readonly batches: (readonly number[])[] = [];
  readonly #held: ((outcomes: Outcomes | Error) => void)[] = [];

  readonly commit = (jobs: readonly number[]): Promise<Outcomes> => {
    this.batches.push(jobs);
    return new Promise((resolve, reject) =>
      this.#held.push((outcomes) => (outcomes instanceof Error ? reject(outcomes) : resolve(outcomes))),
    );
  };

  get underway(): number {
    return this.#held.length;
  }

  async release(answer: (job: number) => JobOutcome<string> | Error = stored): Promise<void> {
    const batch = this.batches[this.batches.length - this.#held.length] ?? [];
    const answers = batch.map(answer);
    const fault = answers.find((outcome) => outcome instanceof Error);
    this.#held.shift()?.(fault ?? (answers as Outcomes));
    await settled();
  }
}

const stored = (job: number): JobOutcome<string> => ({ ok: true, result: `stored ${job}` });
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const one: JobTerms = { rows: 1, whenFull: 'refuse' };

/** Batches start at 3 rows, or when told to flush: the age never comes. */
function queueOf(commits: HeldCommits, limits: Partial<QueueLimits> = {}): WriteQueue<number, string> {
  return new WriteQueue(commits.commit, { capacityRows: 6, batchRows: 3, batchAgeMs: 2 ** 30, ...limits });
}

describe('write queue', () => {
  it('commits a batch when it has rows enough', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits);
    const writes = [queue.write(1, one), queue.write(2, one)];
    await settled();
    expect(commits.batches).toEqual([]);
    writes.push(queue.write(3, one));
    expect(commits.batches).toEqual([[1, 2, 3]]);
    await commits.release();
    expect(await Promise.all(writes)).toEqual(['stored 1', 'stored 2', 'stored 3']);
    expect(queue.pendingRows).toBe(0);
  });

  it('commits a batch when its first row is old enough', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits, { batchAgeMs: 0 });
    const write = queue.write(1, one);
    while (commits.underway === 0) await settled();
    await commits.release();
    expect(await write).toBe('stored 1');
  });

  it('collects the next batch while one is being committed', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits);
    const writes = [1, 2, 3, 4, 5, 6].map((job) => queue.write(job, one));
    expect(commits.batches).toEqual([[1, 2, 3]]);
    await commits.release();
    expect(commits.batches).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    await commits.release();
    await Promise.all(writes);
  });

  it('refuses one row too many and takes it later', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits);
    const writes = [1, 2, 3, 4, 5, 6].map((job) => queue.write(job, one));
    await expect(queue.write(7, one)).rejects.toMatchObject({
      code: 'STORE_QUEUE_FULL',
      severity: 'retryable',
      message: '1 more rows do not fit: 6 of at most 6 wait to be stored.',
    });
    await commits.release();
    writes.push(queue.write(8, one));
    await commits.release();
    void queue.flush();
    await commits.release();
    await Promise.all(writes);
    expect(commits.batches.flat()).toEqual([1, 2, 3, 4, 5, 6, 8]);
  });

  it('lets callers wait for room in their order, and nobody overtakes', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits);
    const writes = [queue.write(1, { rows: 6, whenFull: 'wait' }), queue.write(2, { rows: 4, whenFull: 'wait' })];
    writes.push(queue.write(3, { rows: 3, whenFull: 'wait' }));
    await expect(queue.write(4, one)).rejects.toMatchObject({ code: 'STORE_QUEUE_FULL' });
    await commits.release();
    await commits.release();
    await commits.release();
    await Promise.all(writes);
    expect(commits.batches).toEqual([[1], [2], [3]]);
  });

  it('takes a job larger than itself when it is empty', async () => {
    const commits = new HeldCommits();
    const write = queueOf(commits).write(1, { rows: 100, whenFull: 'refuse' });
    await commits.release();
    expect(await write).toBe('stored 1');
  });

  it('commits a job that goes alone by itself, in its place', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits, { capacityRows: 100, batchRows: 10 });
    const terms = [one, { ...one, isAlone: true }, one, one];
    const writes = terms.map((term, job) => queue.write(job, term));
    const flush = queue.flush();
    for (let n = 0; n < 3; n += 1) await commits.release();
    await flush;
    await Promise.all(writes);
    expect(commits.batches).toEqual([[0], [1], [2, 3]]);
  });

  it('rejects the job that failed and no other', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits);
    const writes = Promise.allSettled([1, 2, 3].map((job) => queue.write(job, one)));
    const error = storeError('STORE_CONFLICT', 'no');
    await commits.release((job) => (job === 2 ? { ok: false, error } : stored(job)));
    expect((await writes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('rejects a batch that could not be committed, and goes on', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits);
    const writes = Promise.allSettled([1, 2, 3, 4, 5, 6].map((job) => queue.write(job, one)));
    await commits.release(() => storeError('STORE_DISK_FULL', 'no space'));
    await commits.release();
    expect((await writes).map(({ status }) => status === 'fulfilled')).toEqual([false, false, false, true, true, true]);
  });

  it('commits what it has when it is closed, and takes no more', async () => {
    const commits = new HeldCommits();
    const queue = queueOf(commits);
    const write = queue.write(1, one);
    const closing = Promise.all([queue.close(), queue.close()]);
    await expect(queue.write(2, one)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await commits.release();
    await closing;
    expect(await write).toBe('stored 1');
  });

  it.each([
    { capacityRows: 0 },
    { batchRows: 0 },
    { batchRows: 7 },
    { capacityRows: 1.5 },
    { batchAgeMs: -1 },
    { batchAgeMs: Number.NaN },
  ])('refuses the limits %j', (limits) => {
    expect(() => queueOf(new HeldCommits(), limits)).toThrow(
      expect.objectContaining({ code: 'STORE_OPTIONS_INVALID' }),
    );
  });

  it('loses, repeats and turns round no job, whatever comes', async () => {
    const step = fc.oneof(
      fc.record({ rows: fc.integer({ min: 1, max: 8 }), wait: fc.boolean(), isAlone: fc.boolean() }),
      fc.constant('release' as const),
      fc.constant('fail' as const),
      fc.constant('flush' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const commits = new HeldCommits();
        const queue = queueOf(commits);
        const writes: Promise<string>[] = [];
        for (const [job, what] of steps.entries()) {
          if (what === 'flush') void queue.flush();
          else if (what === 'release') await commits.release();
          else if (what === 'fail') await commits.release(() => storeError('STORE_LOCKED', 'held'));
          else
            writes[job] = queue.write(job, {
              rows: what.rows,
              whenFull: what.wait ? 'wait' : 'refuse',
              isAlone: what.isAlone,
            });
          writes[job]?.catch(() => undefined);
          expect(commits.underway).toBeLessThanOrEqual(1);
        }
        const closing = queue.close();
        while (commits.underway > 0) await commits.release();
        await closing;
        const done = await Promise.allSettled(writes.filter((write) => write !== undefined));
        const refused = done.filter(
          (end) => end.status === 'rejected' && end.reason.code === 'STORE_QUEUE_FULL',
        ).length;
        const committed = commits.batches.flat();
        expect(committed.length).toBe(done.length - refused);
        expect(committed).toEqual([...committed].sort((a, b) => a - b));
        expect(queue.pendingRows).toBe(0);
      }),
    );
  });
});
