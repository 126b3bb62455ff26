// SIGKILL leaves the page cache as it is, so a kill cannot show that a commit was on the disk. The system calls can: each request to
// the broker has to follow a sync of the journal that follows all writes of the journal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isReadyAfter } from './engine-state.mjs';
import { Broker, Engine } from './processes.mjs';
import { makeProject } from './project.mjs';

const CALLS = 'trace=fsync,fdatasync,pwrite64,write,writev,sendmsg,sendto';
/** At least so long, and until so many orders have been sent. */
const TRADING_MS = 2_000;
const ORDERS = 10;
const REQUEST = /"op\\":\\"(submit|cancel|replace)\\"/;
const LOOK_EVERY_MS = 100;

/** Traces a live session as it is, and one whose SQLite does not sync each commit: the second has to be found out. */
export async function traceWire() {
  const full = await session({});
  const normal = await session({ CRASH_SYNCHRONOUS: 'NORMAL' });
  return {
    requests: full.requests,
    isSynced: full.requests > 0 && full.early === 0,
    failsWithNormal: normal.requests > 0 && normal.early > 0,
  };
}

async function session(env) {
  const broker = await Broker.start({ seed: 1, feePerUnit: 0.01 });
  const project = makeProject(broker.port);
  const file = join(project.folder, 'trace.txt');
  const wrap = ['strace', '-f', '--seccomp-bpf', '-qq', '-y', '-s', '4000', '-o', file, '-e', CALLS];
  try {
    const engine = new Engine({ folder: project.folder, wrap, env });
    broker.move();
    // Asked again until it is so.
    // oxlint-disable-next-line no-await-in-loop
    while (!engine.isOver && !(await isReadyAfter(project.dataDir, undefined))) await sleep(LOOK_EVERY_MS);
    await sleep(TRADING_MS);
    // oxlint-disable-next-line no-await-in-loop
    while (!engine.isOver && (await broker.truth()).orders.length < ORDERS) await sleep(LOOK_EVERY_MS);
    engine.kill();
    await engine.exited;
    return judge(readFileSync(file, 'utf8').split('\n'));
  } finally {
    await broker.stop();
    project.dispose();
  }
}

/** Requests, and those before which the journal was not both written and synced since the request before. */
function judge(lines) {
  let requests = 0;
  let early = 0;
  let isSynced = false;
  for (const line of lines) {
    const isJournal = line.includes('/journal.db-wal>');
    if (isJournal && line.includes('pwrite64(')) isSynced = false;
    else if (isJournal && /\bf(data)?sync\(/.test(line)) isSynced = true;
    else if (REQUEST.test(line)) {
      requests += 1;
      if (!isSynced) early += 1;
      // The next request needs a commit of its own.
      isSynced = false;
    }
  }
  return { requests, early };
}
