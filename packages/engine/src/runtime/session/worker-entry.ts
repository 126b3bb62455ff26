// The module the engine worker starts with.
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerData } from './paper-messages.js';
import { tuneForLongRuns } from './v8-options.js';
import { Beat } from './worker-beat.js';

if (parentPort !== null) {
  tuneForLongRuns();
  const port = parentPort;
  const data = workerData as WorkerData;
  const beat = new Beat(data.beat);
  beat.beat();
  setInterval(() => beat.beat(), data.beatEveryMs).unref();
  // Imported after the first beat: what a run needs takes a while to load.
  const { WorkerRun } = await import('./worker-run.js');
  await new WorkerRun({ port, data, beat }).run();
}
