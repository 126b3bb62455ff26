// What the session says by itself, without the model.
import type { SessionRequest } from '../model/gateway-model.js';
import type { DecodeProblem } from '../wire/decode-request.js';
import type { ServerMessage } from '../wire/messages.js';
import type { ClientRequest } from '../wire/requests.js';
import type { GatewayWorld } from './gateway-world.js';
import type { MessageRate } from './message-rate.js';

/** What comes to the model. */
export type ModelRequest = Exclude<ClientRequest, { readonly kind: SessionRequest }>;

/** Answers to what is no business of the model. */
export function answersOfSession(
  request: Extract<ClientRequest, { readonly kind: SessionRequest }>,
  clientId: number,
  { clock, model }: Pick<GatewayWorld, 'clock' | 'model'>,
): readonly ServerMessage[] {
  switch (request.kind) {
    case 'startApi':
    case 'setServerLogLevel':
      return [];
    case 'requestCurrentTime':
      return [{ kind: 'currentTime', epochSeconds: Math.floor(clock.nowUtc() / 1000) }];
    case 'requestManagedAccounts':
      return [{ kind: 'managedAccounts', accounts: model.accounts }];
    case 'requestIds':
      return [{ kind: 'nextValidId', orderId: model.nextOrderId(clientId) }];
    case 'unsupported':
      return [notValid(request.requestId, `The simulator does not serve ${request.name}`)];
  }
}

const SESSION_REQUESTS: Readonly<Record<SessionRequest, true>> = {
  startApi: true,
  requestCurrentTime: true,
  requestManagedAccounts: true,
  requestIds: true,
  setServerLogLevel: true,
  unsupported: true,
};

/** Whether the session answers it. */
export function isOfSession(
  request: ClientRequest,
): request is Extract<ClientRequest, { readonly kind: SessionRequest }> {
  return request.kind in SESSION_REQUESTS;
}

/** How a gateway that is read-only refuses what would change an order; undefined for all else. */
export function refusalOfReadOnly(request: ModelRequest): ServerMessage | undefined {
  const cause = 'The API interface is currently in Read-Only mode.';
  if (request.kind === 'placeOrder') return notValid(request.order.orderId, cause);
  if (request.kind === 'cancelOrder') return notValid(request.orderId, cause);
  return request.kind === 'globalCancel' ? notValid(-1, cause) : undefined;
}

function notValid(id: number, cause: string): ServerMessage {
  return { kind: 'error', id, code: 321, message: `Error validating request.-'bO' : cause - ${cause}` };
}

/** A message that could not be read. */
export function unreadable({ id, message, index, field, reason }: DecodeProblem): ServerMessage {
  const text = `Error reading request. Message ${message}, field ${index} (${field}): ${reason}`;
  return { kind: 'error', id, code: 320, message: text };
}

/** A frame whose bytes are no fields. */
export const NO_FIELDS: DecodeProblem = {
  message: Number.NaN,
  id: -1,
  index: 0,
  field: 'frame',
  reason: 'its last field does not end',
};

export function tooManyMessages({ perSecond }: MessageRate): ServerMessage {
  const message = `Max rate of messages per second has been exceeded:max=${perSecond} rec=${perSecond + 1} (1)`;
  return { kind: 'error', id: -1, code: 100, message };
}

export const CLIENT_ID_IN_USE: ServerMessage = {
  kind: 'error',
  id: -1,
  code: 326,
  message: 'Unable to connect as the client id is already in use. Retry with a unique client id.',
};
