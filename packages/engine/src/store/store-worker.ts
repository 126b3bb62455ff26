// The store's thread: opens the database and answers one request after the other. Started by StoreClient, from dist.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { isTradingError, type TradingError } from '@bookrunner/sdk';
import { DatabaseBackend } from './database-backend.js';
import { storeError } from './store-errors.js';
import {
  OPENED,
  toPlainError,
  toPlainOutcome,
  type NumberedRequest,
  type ThreadAnswer,
  type ThreadRequest,
  type ThreadSettings,
} from './thread-messages.js';
import { sentence } from '../sentence.js';

async function serve(port: MessagePort, { target }: ThreadSettings): Promise<void> {
  const opening = DatabaseBackend.open(target);
  await answer(port, OPENED, async () => {
    await opening;
  });
  const backend = await opening.catch(() => undefined);
  if (backend === undefined) return;
  port.on('message', (request: NumberedRequest) => {
    void answer(port, request.id, () => perform(backend, request)).then(() => {
      // The thread ends by itself once nothing is left to listen to.
      if (request.kind === 'close') port.close();
    });
  });
}

async function perform(backend: DatabaseBackend, request: ThreadRequest): Promise<unknown> {
  switch (request.kind) {
    case 'commit':
      return (await backend.commit(request.groups)).map(toPlainOutcome);
    case 'project':
      return backend.project(request.request);
    case 'query':
      return backend.query(request.name, request.argument);
    case 'close':
      return backend.close();
  }
}

async function answer(port: MessagePort, id: number, work: () => Promise<unknown>): Promise<void> {
  try {
    post(port, { id, ok: true, value: await work() });
  } catch (cause) {
    post(port, { id, ok: false, error: toPlainError(known(cause)) });
  }
}

function post(port: MessagePort, message: ThreadAnswer): void {
  port.postMessage(message);
}

function known(cause: unknown): TradingError {
  if (isTradingError(cause)) return cause;
  return storeError('STORE_WORKER_FAILED', sentence(`The store's thread met a fault: ${String(cause)}`), { cause });
}

if (parentPort !== null) await serve(parentPort, workerData as ThreadSettings);
