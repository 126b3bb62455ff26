// Frames cut and joined anywhere change nothing: neither what a client hears nor what comes of an order.
import { setImmediate as turn } from 'node:timers/promises';
import { check, checkEqual, seededRandom } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { Framing } from '../../simulator/index.js';
import { AAPL } from '../scene/instruments.js';
import { Scene } from '../scene/scene.js';
import type { WireTrouble } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { marketOrder, limitOrder, outcomeOf } from '../scene/trading.js';
import { bidsOf, eventAt, publish } from '../scene/watching.js';
import { cut } from '../scene/wire-tap.js';
import { frameOf, RawClient } from './raw-client.js';
import type { Fields } from './raw-client.js';
import { AAPL_FIELDS, cancelOrder, placeOrder } from './requests.js';

/** How a side cuts what it writes: as it is, into pieces of up to so many bytes, or everything joined. */
type Cutting = 'whole' | 'joined' | number;

/** What a client asks in one session. */
const REQUESTS: readonly Fields[] = [
  ['61', '1'],
  ['9', '8', '9', ...AAPL_FIELDS, '0', '', '', ''],
  ['1', '11', '8', ...AAPL_FIELDS, '0', '233', '0', '0', ''],
  placeOrder({ orderId: '1', orderRef: '\u00fcber' }),
  placeOrder({ orderId: '2', orderType: 'LMT', lmtPrice: '90' }),
  cancelOrder('2'),
  ['7', '3', '77', '0', '', '', '', '', '', ''],
  ['16', '1'],
  ['99', '0'],
];

/** Everything a client hears that says all this, cut in this way. */
async function heard(stage: Stage, client: Cutting, server: Cutting): Promise<readonly string[]> {
  const framing: Framing = typeof server === 'number' ? { kind: 'pieces', maxPieceBytes: server } : { kind: 'whole' };
  const scene = await stage.scene({ trouble: { settings: { framing } } });
  const random = seededRandom(stage.seed + Number(client === 'whole'));
  const raw = new RawClient(scene.sim.port, (socket, bytes) => {
    for (const piece of typeof client === 'number' ? cut(bytes, { random, maxBytes: client }) : [bytes]) {
      socket.cork();
      socket.write(piece);
      socket.uncork();
    }
  });
  await raw.begin(7);
  if (client === 'joined') raw.bytes(Buffer.concat(REQUESTS.map(frameOf)));
  else for (const fields of REQUESTS) await said(raw, fields);
  await raw.settle();
  scene.model.quote('AAPL', { bid: 101, ask: 101.01 });
  await raw.settle();
  const all = raw.taken().map((fields) => fields.join('|'));
  raw.close();
  await scene.close();
  return all;
}

async function said(raw: RawClient, fields: Fields): Promise<void> {
  raw.send(...fields);
  await turn();
}

async function hearsTheSame(stage: Stage, client: Cutting, server: Cutting): Promise<void> {
  const expected = await heard(stage, 'whole', 'whole');
  check(expected.length > 20, `The session says too little: ${expected.length} messages.`);
  checkEqual(
    await heard(stage, client, server),
    expected,
    `Messages with ${client} from the client, ${server} from the gateway`,
  );
}

/** What feed and venue make of a session on a wire. */
async function traded(trouble: WireTrouble): Promise<string> {
  const scene = await Scene.start({ trouble });
  try {
    await scene.openVenue();
    await scene.openFeed();
    await scene.subscribe([AAPL], scene.data);
    const orders = [marketOrder(scene), limitOrder(scene), limitOrder(scene, { limitPrice: 98 })];
    for (const order of orders) await scene.submit([order]);
    await scene.settle();
    for (const bid of [101, 102, 98.5]) {
      publish(scene, 'AAPL', eventAt(bid));
      await scene.settle();
    }
    await scene.cancel(orders[2]!);
    await scene.settle();
    return JSON.stringify([orders.map((order) => outcomeOf(scene, order)), bidsOf(scene.data).slice(-3)]);
  } finally {
    await scene.close();
  }
}

async function endsAlike(maxPieceBytes: number): Promise<void> {
  const expected = await traded({});
  const pieces = { settings: { framing: { kind: 'pieces', maxPieceBytes } as const }, clientPieceBytes: maxPieceBytes };
  checkEqual(await traded(pieces), expected, `End of a session in pieces of up to ${maxPieceBytes} bytes`);
}

const CUTTINGS: readonly (readonly [client: Cutting, server: Cutting])[] = [
  ...([
    [1, 'whole'],
    ['whole', 1],
    [1, 1],
    [3, 7],
    [64, 64],
    ['joined', 'whole'],
    ['joined', 4_096],
    [1_000, 4_096],
  ] as const),
];

export const FRAME_CASES: readonly CaseOver<Stage>[] = [
  ...CUTTINGS.map(([client, server], i) => ({
    id: `FRM-${String(10 + i)}`,
    title: `a client hears the same: ${client} from it, ${server} from the gateway`,
    run: (stage: Stage) => hearsTheSame(stage, client, server),
  })),
  ...[1, 5, 50, 500].map((size) => ({
    id: `FRM-${String(100 + size)}`,
    title: `feed and venue end alike in pieces of up to ${size} bytes, both ways`,
    run: () => endsAlike(size),
  })),
];
