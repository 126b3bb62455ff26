// The one place that touches what @stoqey/ib does not publish. Its version is pinned; a test fails where another one has changed.
import type { Socket } from 'node:net';
import type { IBApi } from '@stoqey/ib';
import { ibkrError } from '../ibkr-errors.js';
import { FrameRouter } from './frame-router.js';
import { type TickEvent, TickFrames } from './tick-frames.js';

/** What a message did to the library. */
export interface DecodingFault {
  readonly kind: 'malformed-reject' | 'undecodable';
  /** Id of the message, as the wire has it. */
  readonly messageId: string;
  readonly text: string;
}

/** Parts of the library between the socket and its decoder. */
interface Internals {
  onMessage(fields: string[]): void;
  processIngressQueue(): void;
  readonly decoder: { dataQueue: unknown[] };
  readonly socket: { readonly client?: Socket; dataFragment: string; onData(bytes: Buffer): void };
}

const ERROR_MESSAGE = '4';
const REJECT_FIELD = 5;
const SHOWN = 300;

/**
 * Keeps a message that cannot be decoded from ending the process or spoiling the next one. Three faults of the library need it: it
 * parses the JSON of an advanced reject without expecting it to be malformed (such a text is passed on as text instead), what its
 * decoder throws leaves the rest of the message in the queue, to be read as the start of the next, and so does a last field without end.
 * Errors: IBKR_LIBRARY.
 */
export function guardDecoder(api: IBApi, onFault: (fault: DecodingFault) => void): void {
  const controller = internalsOf(api);
  const { onMessage, processIngressQueue } = controller;
  let messageId = '';
  controller.onMessage = (fields) => {
    messageId = fields[0] ?? '';
    controller.socket.dataFragment = '';
    const reject = messageId === ERROR_MESSAGE ? (fields[REJECT_FIELD] ?? '') : '';
    if (reject !== '' && !isReadable(reject)) {
      onFault({ kind: 'malformed-reject', messageId, text: reject.slice(0, SHOWN) });
      onMessage.call(controller, fields.with(REJECT_FIELD, asJsonText(reject)));
    } else {
      onMessage.call(controller, fields);
    }
  };
  controller.processIngressQueue = () => {
    try {
      processIngressQueue.call(controller);
    } catch (error) {
      controller.decoder.dataQueue = [];
      onFault({ kind: 'undecodable', messageId, text: String(error).slice(0, SHOWN) });
    }
  };
}

/** Who hears of what stands between the socket and the library. */
export interface FrameListener {
  /** An event of market data, which the library is not asked for; the object is the next one's as well. */
  onTick(tick: TickEvent): void;
  /** Bytes that are no frames: nothing behind them is read. */
  onBroken(): void;
}

/**
 * Reads ticks in place of the library, and keeps bytes that are no frames from it: at a length below zero it reads the same bytes for
 * ever, and at one too long it waits for them. Errors: IBKR_LIBRARY.
 */
export function guardFrames(api: IBApi, { onTick, onBroken }: FrameListener): void {
  const { socket } = internalsOf(api);
  const { onData } = socket;
  const router = new FrameRouter({
    ...{ ticks: new TickFrames(onTick), onBroken },
    onOthers: (bytes) => onData.call(socket, bytes),
  });
  socket.onData = (bytes) => router.take(bytes);
}

/** The TCP socket of an object that was told to connect: for its options, and to know that it is closed. Errors: IBKR_LIBRARY. */
export function socketOf(api: IBApi): Socket {
  const { client } = internalsOf(api).socket;
  if (client === undefined) throw unsuitable('socket.client');
  return client;
}

function internalsOf(api: IBApi): Internals {
  const controller = Reflect.get(api, 'controller') as Partial<Internals> | undefined;
  if (typeof controller?.onMessage !== 'function') throw unsuitable('controller.onMessage');
  if (typeof controller.processIngressQueue !== 'function') throw unsuitable('controller.processIngressQueue');
  if (!Array.isArray(controller.decoder?.dataQueue)) throw unsuitable('controller.decoder.dataQueue');
  if (typeof controller.socket?.onData !== 'function') throw unsuitable('controller.socket.onData');
  if (typeof controller.socket.dataFragment !== 'string') throw unsuitable('controller.socket.dataFragment');
  return controller as Internals;
}

function unsuitable(part: string): Error {
  return ibkrError('IBKR_LIBRARY', `The installed @stoqey/ib has no ${part}.`);
}

/** The library replaces \uXXXX before it parses, so that may break what was whole: both are tried. */
function isReadable(json: string): boolean {
  try {
    JSON.parse(
      json.replaceAll(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    );
    return true;
  } catch {
    return false;
  }
}

/** A JSON text that holds the words, free of whatever the library would replace in it. */
function asJsonText(text: string): string {
  return JSON.stringify(text.replaceAll(/[\\\p{Cc}]/gu, ' '));
}
