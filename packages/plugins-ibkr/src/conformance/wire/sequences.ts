// What the real gateway was recorded to say: which messages, in which order, with how many fields. A raw client listens.
import { check, checkEqual } from '@bookrunner/sdk/testing';
import type { CaseOver } from '@bookrunner/sdk/testing';
import type { TwsSimulatorOptions } from '../../simulator/index.js';
import type { Scene } from '../scene/scene.js';
import type { Stage } from '../scene/stage.js';
import { RawClient } from './raw-client.js';
import type { Fields } from './raw-client.js';
import { AAPL_FIELDS, ACCOUNT_ID, cancelOrder, placeOrder } from './requests.js';

type Version = 193 | 178;

/**
 * Fields of a message, its number first. Open and completed orders: 133 and 98 at 193, 127 and 96 at 178, and eight and four more
 * for the `None` that the gateway sends as type of a delta-neutral order.
 */
const COUNTS: Readonly<Record<string, Readonly<Record<Version, number>>>> = {
  '3': { 193: 12, 178: 12 },
  '5': { 193: 141, 178: 135 },
  '10': { 193: 42, 178: 40 },
  '11': { 193: 32, 178: 32 },
  '59': { 193: 8, 178: 8 },
  '61': { 193: 16, 178: 16 },
  '101': { 193: 102, 178: 100 },
};

interface Wire {
  readonly scene: Scene;
  readonly client: RawClient;
  readonly version: Version;
}

async function connected(stage: Stage, version: Version, simulator: TwsSimulatorOptions = {}): Promise<Wire> {
  const scene = await stage.scene({ trouble: { settings: { serverVersion: version } }, simulator });
  const client = await RawClient.start(scene.sim.port);
  client.taken();
  return { scene, client, version };
}

const STATUSES = ['PendingCancel', 'PreSubmitted', 'Submitted', 'Cancelled', 'Inactive', 'Filled'];

/** A message as its kind, with the status of orders and the code of errors. */
function nameOf(fields: Fields): string {
  const [kind = ''] = fields;
  if (kind === '3') return `3 ${fields[2] ?? ''}`;
  if (kind === '4') return `4 ${fields[3] ?? ''}`;
  if (kind === '5') return `5 ${STATUSES.find((status) => fields.includes(status)) ?? ''}`;
  return kind;
}

/** Fails unless these messages came, in this order, each with its number of fields. */
function checkSequence(messages: readonly Fields[], expected: readonly string[], { version }: Wire): void {
  checkEqual(messages.map(nameOf), expected, 'Messages');
  for (const fields of messages) {
    const count = COUNTS[fields[0] ?? '']?.[version];
    if (count !== undefined) checkEqual(fields.length, count, `Fields of message ${fields[0] ?? ''} at ${version}`);
  }
}

async function handshake(stage: Stage, version: Version): Promise<void> {
  const scene = await stage.scene({ trouble: { settings: { serverVersion: version } } });
  const client = await RawClient.start(scene.sim.port);
  const [greeting, ...rest] = client.taken();
  checkEqual(greeting?.[0], String(version), 'Version agreed on');
  check(
    /^\d{8} \d\d:\d\d:\d\d \S/.test(greeting?.[1] ?? ''),
    `The time of the connection is '${greeting?.[1] ?? ''}'.`,
  );
  checkEqual(greeting?.length, 2, 'Fields of the greeting');
  checkEqual(
    rest.map((fields) => fields.slice(0, fields[0] === '4' ? 4 : 2).join('|')),
    ['15|1', '9|1', '4|2|-1|2104', '4|2|-1|2107', '4|2|-1|2158'],
    'What is said after it',
  );
  checkEqual(
    rest.slice(2).map((fields) => fields.length),
    [6, 6, 6],
    'Fields of notices',
  );
  client.close();
}

async function ordersBeforeNextId(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send(...placeOrder({ orderId: '1', orderType: 'LMT', lmtPrice: '90' }, version));
  await wire.client.settle();
  wire.client.close();
  wire.scene.sim.faults.set({ kind: 'open-orders-first', place: 'before-next-valid-id' });
  const again = new RawClient(wire.scene.sim.port);
  await again.begin(7);
  const names = again.taken().slice(1, 5).map(nameOf);
  checkEqual(names, ['15', '5 Submitted', '3 Submitted', '9'], 'Open orders told before the next id');
  again.close();
}

async function idInUse(stage: Stage, version: Version): Promise<void> {
  const { scene, client } = await connected(stage, version);
  const second = new RawClient(scene.sim.port);
  second.greet(7);
  await second.until((fields) => fields[3] === '326', 'error 326');
  await scene.until(() => second.isEnded, 'the end of the connection', 0);
  checkEqual(second.received.length, 2, 'Messages to a client whose id is in use: version and error');
  client.close();
}

async function marketOrder(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send(...placeOrder({ orderId: '1', orderRef: 'ref-1' }, version));
  await wire.client.settle();
  const messages = wire.client.taken();
  checkSequence(messages, ['5 PreSubmitted', '3 PreSubmitted', '11', '5 Filled', '3 Filled', '5 Filled', '59'], wire);
  const [, , execution = []] = messages;
  checkEqual(execution[1], '-1', 'Request id of a live execution');
  checkEqual(messages.at(-1)?.[2], execution[14], 'Execution id of the commission');
  checkEqual(messages[1]?.slice(3, 5), ['0', '100'], 'Filled and remaining at first');
  checkEqual(messages[4]?.slice(3, 5), ['100', '0'], 'Filled and remaining at the end');
  checkEqual(messages.at(-1)?.[5], '1.7976931348623157E308', 'Profit of an opening trade: not given');
}

async function restingOrder(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version, { restingCopies: 3 });
  wire.client.send(...placeOrder({ orderId: '1', orderType: 'LMT', lmtPrice: '99' }, version));
  await wire.client.settle();
  const copies = Array.from({ length: 3 }, () => ['5 Submitted', '3 Submitted']).flat();
  const messages = wire.client.taken();
  checkSequence(messages, ['5 PreSubmitted', '3 PreSubmitted', ...copies], wire);
  checkEqual(messages[4], messages[2], 'A copy of an open order');
  wire.scene.model.knobs.fillOrder({ clientId: 7, orderId: 1 }, 40);
  await wire.client.settle();
  const [first, ...rest] = wire.client.taken();
  checkEqual(nameOf(first ?? []), '11', 'What comes first of a part');
  checkEqual(nameOf(rest.at(-1) ?? []), '59', 'What comes last of a part');
  const status = rest.find((fields) => fields[0] === '3');
  checkEqual(status?.slice(2, 5), ['Submitted', '40', '60'], 'Status after a part');
}

async function cancels(stage: Stage, version: Version): Promise<void> {
  for (const cancelMs of [0, 500]) {
    const wire = await connected(stage, version, { cancelMs });
    wire.client.send(...placeOrder({ orderId: '1', orderType: 'LMT', lmtPrice: '90' }, version));
    await wire.client.settle();
    wire.client.taken();
    wire.client.send(...cancelOrder('1', version));
    await wire.client.settle();
    wire.scene.clock.advance(cancelMs);
    await wire.client.settle();
    const before = cancelMs > 0 ? ['3 PendingCancel'] : [];
    checkSequence(wire.client.taken(), [...before, '3 Cancelled', '4 202'], wire);
    wire.client.close();
  }
}

async function rejects(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.scene.model.knobs.rejectNextOrder();
  wire.client.send(...placeOrder({ orderId: '1' }, version));
  await wire.client.settle();
  checkSequence(wire.client.taken(), ['4 201', '5 Inactive', '3 Inactive'], wire);
  wire.client.send(...placeOrder({ orderId: '2', orderType: 'LMT', lmtPrice: '99.005' }, version));
  await wire.client.settle();
  checkSequence(wire.client.taken(), ['4 110'], wire);
}

async function modifies(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  for (const lmtPrice of ['90', '91']) {
    wire.client.taken();
    wire.client.send(...placeOrder({ orderId: '1', orderType: 'LMT', lmtPrice }, version));
    await wire.client.settle();
  }
  const messages = wire.client.taken();
  checkSequence(messages, ['5 Submitted', '3 Submitted'], wire);
  check(messages[0]?.includes('91') === true, 'A modify has to be told with its new price.');
}

async function previews(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send(...placeOrder({ orderId: '1', whatIf: '1' }, version));
  await wire.client.settle();
  const messages = wire.client.taken();
  checkSequence(messages, ['5 PreSubmitted'], wire);
  const at = messages[0]?.indexOf('PreSubmitted') ?? 0;
  const margins = messages[0]?.slice(at + 1, at + 10) ?? [];
  check(
    margins.every((text) => Number.isFinite(Number(text)) && text !== ''),
    `Margins of a preview: ${margins.join('|')}.`,
  );
  wire.client.send('16', '1');
  await wire.client.settle();
  checkSequence(wire.client.taken(), ['53'], wire);
}

async function positions(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send(...placeOrder({ orderId: '1' }, version));
  await wire.client.settle();
  wire.client.taken();
  wire.client.send('61', '1');
  await wire.client.settle();
  checkSequence(wire.client.taken(), ['61', '62'], wire);
  wire.client.send(...placeOrder({ orderId: '2', action: 'SELL' }, version));
  await wire.client.settle();
  const pushed = wire.client.taken().filter((fields) => fields[0] === '61');
  checkEqual(pushed.at(-1)?.[14], '0', 'Position that is pushed once it is closed');
}

async function accountUpdates(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send(...placeOrder({ orderId: '1' }, version));
  await wire.client.settle();
  wire.client.taken();
  wire.client.send('6', '2', '1', ACCOUNT_ID);
  await wire.client.settle();
  const kinds = wire.client.taken().map(([kind]) => kind);
  check(
    kinds.includes('6') && kinds.includes('7') && kinds.includes('8'),
    `The batch has ${[...new Set(kinds)].join(', ')}.`,
  );
  checkEqual(kinds.at(-1), '54', 'What ends the batch');
  wire.scene.model.quote('AAPL', { bid: 120, ask: 120.01 });
  wire.scene.clock.advance(181_000);
  await wire.client.settle();
  const later = wire.client.taken().map(([kind]) => kind);
  for (const kind of ['6', '7', '8']) {
    check(later.includes(kind), `After three minutes there is no message ${kind} in a second batch.`);
  }
}

async function executions(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  for (const orderId of ['1', '2']) wire.client.send(...placeOrder({ orderId }, version));
  await wire.client.settle();
  wire.client.taken();
  wire.client.send('7', '3', '77', '0', '', '', '', '', '', '');
  await wire.client.settle();
  const messages = wire.client.taken();
  checkSequence(messages, ['11', '11', '55', '59', '59'], wire);
  checkEqual(
    messages.slice(0, 2).map((fields) => fields[1]),
    ['77', '77'],
    'Request id of what was asked for',
  );
}

async function details(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send('9', '8', '9', ...AAPL_FIELDS, '0', '', '', '');
  await wire.client.settle();
  checkSequence(wire.client.taken(), ['10', '52'], wire);
}

async function completed(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send(...placeOrder({ orderId: '1' }, version));
  await wire.client.settle();
  wire.client.taken();
  wire.client.send('99', '0');
  await wire.client.settle();
  checkSequence(wire.client.taken(), ['101', '102'], wire);
}

async function marketData(stage: Stage, version: Version): Promise<void> {
  const wire = await connected(stage, version);
  wire.client.send('1', '11', '9', ...AAPL_FIELDS, '0', '233', '0', '0', '');
  await wire.client.settle();
  wire.client.taken();
  wire.scene.model.quote('AAPL', { bid: 101, ask: 101.01, bidSize: 3, askSize: 4 });
  await wire.client.settle();
  const ticks = wire.client.taken();
  const shapes = new Set(ticks.map((fields) => `${fields[0] ?? ''} ${fields.length}`));
  checkEqual([...shapes].toSorted(), ['1 7', '2 5'], 'Kinds and field counts of a quote');
  const names = ticks.map((fields) => `${fields[0] ?? ''}:${fields[3] ?? ''}`);
  for (const [price, size] of [
    ['1:1', '2:0'],
    ['1:2', '2:3'],
  ] as const) {
    check(
      names.includes(price) && names.includes(size),
      `Price and size come in messages of their own: ${names.join(' ')}.`,
    );
  }
}

const SEQUENCES: readonly (readonly [
  id: string,
  title: string,
  run: (stage: Stage, version: Version) => Promise<void>,
])[] = [
  ['SEQ-010', 'the handshake and what follows it', handshake],
  ['SEQ-020', 'open orders that are told before the next id', ordersBeforeNextId],
  ['SEQ-030', 'a client id in use: 326, then the end', idInUse],
  ['SEQ-040', 'a market order that fills', marketOrder],
  ['SEQ-050', 'a limit order that rests, told three times, and fills in part', restingOrder],
  ['SEQ-060', 'a cancel: status, then 202', cancels],
  ['SEQ-070', 'a rejection: 201, then Inactive; or the error alone', rejects],
  ['SEQ-080', 'a modify: open order and status again', modifies],
  ['SEQ-090', 'a preview: one open order, and no order', previews],
  ['SEQ-100', 'positions: what there is, its end, then what changes', positions],
  ['SEQ-110', 'account updates: a batch, its end, and again after three minutes', accountUpdates],
  ['SEQ-120', 'executions asked for: under the id of the request, its end, then commissions', executions],
  ['SEQ-130', 'contract details and their end', details],
  ['SEQ-140', 'completed orders and their end', completed],
  ['SEQ-150', 'prices and sizes of a quote, each a message', marketData],
];

/** Each at both versions. */
export const SEQUENCE_CASES: readonly CaseOver<Stage>[] = ([193, 178] as const).flatMap((version) =>
  SEQUENCES.map(([id, title, run]) => ({
    id: `${id}-${version}`,
    title: `${title} (version ${version})`,
    run: (stage: Stage) => run(stage, version),
  })),
);
