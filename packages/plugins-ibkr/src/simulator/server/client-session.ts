import type { Socket } from 'node:net';
import type { GatewayClient } from '../model/gateway-model.js';
import { decodeRequest } from '../wire/decode-request.js';
import type { DecodeProblem } from '../wire/decode-request.js';
import { encodeMessage } from '../wire/encode-message.js';
import { encodeFrame, FrameReader, splitFields } from '../wire/frame.js';
import type { Piece } from '../wire/frame.js';
import type { ServerMessage } from '../wire/messages.js';
import type { ClientRequest } from '../wire/requests.js';
import { readVersionRange } from '../wire/version-range.js';
import type { ConnectedParty } from './connectivity.js';
import type { CutStyle, ReadyFaultRule } from './fault-rules.js';
import type { GatewayWorld } from './gateway-world.js';
import { agreeVersion, connectionTime } from './handshake.js';
import { MessageFaults } from './message-faults.js';
import { MessageRateGauge } from './message-rate.js';
import {
  answersOfSession,
  CLIENT_ID_IN_USE,
  isOfSession,
  NO_FIELDS,
  refusalOfReadOnly,
  tooManyMessages,
  unreadable,
} from './session-answers.js';
import type { ModelRequest } from './session-answers.js';
import { Subscriptions } from './subscriptions.js';
import { Welcome } from './welcome.js';
import { WireLink } from './wire-link.js';

/** How far a connection has come. `ended` is for good, though a half-open socket may still be there. */
export type SessionStage = 'greeting' | 'version' | 'start-api' | 'running' | 'ended';

/** Who is told of a session: that it runs, and that it is over. */
export interface SessionListener {
  onStart(): void;
  onEnd(): void;
}

/** One connection, from its greeting to its end. */
export class ClientSession implements GatewayClient, ConnectedParty {
  readonly connection: number;
  readonly subscriptions = new Subscriptions();
  readonly #world: GatewayWorld;
  readonly #socket: Socket;
  readonly #link: WireLink;
  readonly #reader = new FrameReader({ expectsGreeting: true });
  readonly #faults: MessageFaults;
  readonly #rate = new MessageRateGauge();
  readonly #listener: SessionListener;
  #stage: SessionStage = 'greeting';
  #clientId: number | undefined;
  #serverVersion = 0;
  /** What is sent now is lost: the connection is about to be cut. */
  #isMuted = false;
  #isHalfOpen = false;
  #endedInOrder = false;
  #pushesOpenOrders = false;

  constructor(world: GatewayWorld, socket: Socket, listener: SessionListener) {
    this.#world = world;
    this.#socket = socket;
    this.#listener = listener;
    this.connection = ++world.counts.connections;
    this.#link = new WireLink(socket, {
      get framing() {
        return world.settings.framing;
      },
      get maxBufferedBytes() {
        return world.settings.maxBufferedBytes;
      },
      chance: world.chance,
      spend: (bytes) => world.byteBudget.spend(bytes),
      onOverflow: () => {
        world.counts.slowClients += 1;
        this.cut('rst');
      },
      onCut: (how) => this.cut(how),
    });
    this.#faults = new MessageFaults({
      rules: world.rules,
      timers: world.timers,
      write: (message, extra) => this.#write(message, extra),
    });
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('end', () => (this.#endedInOrder = true));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
  }

  get stage(): SessionStage {
    return this.#stage;
  }

  /** -1 before the client has said it. */
  get clientId(): number {
    return this.#clientId ?? -1;
  }

  get serverVersion(): number {
    return this.#serverVersion;
  }

  /** A message of the model, as connectivity and faults let it through. */
  send(message: ServerMessage): void {
    if (this.#stage !== 'running' || this.#isMuted) return;
    if (this.#pushesOpenOrders && message.kind === 'openOrderEnd') return;
    if (this.#world.connectivity.stops(this.subscriptions, message)) return;
    this.#faults.send(message);
  }

  /** A message that no fault touches. */
  say(message: ServerMessage): void {
    this.#write(message, []);
  }

  /** Fields as they are, for what no gateway says. */
  sendFields(fields: readonly string[]): void {
    this.#writeFields(fields);
  }

  /** Bytes as they are, for what is no message at all. */
  sendBytes(bytes: Buffer): void {
    this.#link.write(bytes);
  }

  /** Tells the client of its open orders unasked: all but the end of such an answer. */
  pushOpenOrders(): void {
    this.#pushesOpenOrders = true;
    this.#ask({ kind: 'requestOpenOrders' });
    this.#pushesOpenOrders = false;
  }

  /** Ends the connection. Of a half-open one the gateway learns only after its id has lingered, and the client never. */
  cut(how: CutStyle): void {
    if (this.#stage === 'ended' || this.#isHalfOpen) return;
    this.#link.end(how);
    this.#isHalfOpen = how === 'half-open';
    this.#endedInOrder = how === 'fin';
    if (how !== 'half-open') return this.#end();
    const { clientIdLingerMs } = this.#world.settings;
    if (clientIdLingerMs === 0) this.#end();
    else this.#world.timers.after(clientIdLingerMs, () => this.#end());
  }

  /** Ends it at once, without faults or lingering. */
  destroy(): void {
    this.#socket.destroy();
    this.#end();
  }

  #receive(bytes: Buffer): void {
    for (const piece of this.#reader.push(bytes)) {
      if (!this.#link.isOpen || this.#stage === 'ended') return;
      this.#take(piece);
    }
  }

  #take(piece: Piece): void {
    if (piece.kind === 'greeting') this.#stage = 'version';
    else if (piece.kind === 'refused') {
      this.#world.counts.refusedStreams += 1;
      this.cut('fin');
    } else if (this.#stage === 'version') this.#negotiate(piece.payload);
    else this.#read(piece.payload);
  }

  #negotiate(payload: Buffer): void {
    const version = agreeVersion(readVersionRange(payload), this.#world.settings.serverVersion);
    this.#note('in', [payload.toString('latin1')]);
    if (version === undefined) {
      this.#world.counts.refusedVersions += 1;
      return this.cut('fin');
    }
    this.#serverVersion = version;
    this.#stage = 'start-api';
    const answer = [String(version), connectionTime(this.#world)];
    this.#hang('version', () => this.#writeFields(answer));
  }

  #read(payload: Buffer): void {
    const fields = splitFields(payload);
    this.#note('in', fields ?? []);
    const decoded =
      fields === undefined
        ? ({ kind: 'problem', problem: NO_FIELDS } as const)
        : decodeRequest(fields, this.#serverVersion);
    if (decoded.kind === 'problem') this.#refuse(decoded.problem);
    else if (this.#stage === 'running') this.#serve(decoded.request);
    else if (decoded.request.kind === 'startApi') this.#start(decoded.request.clientId);
  }

  /** The connection stands: frames still begin where they should. */
  #refuse(problem: DecodeProblem): void {
    this.#world.counts.undecodable += 1;
    if (this.#stage === 'running') this.say(unreadable(problem));
  }

  #start(clientId: number): void {
    const { rules, registry, counts } = this.#world;
    const isRefused = rules.strike('refuse-client-id', 'startApi') !== undefined;
    if (clientId < 0 || isRefused || !registry.claim(clientId)) {
      counts.refusedClientIds += 1;
      this.say(CLIENT_ID_IN_USE);
      return this.cut('fin');
    }
    this.#clientId = clientId;
    this.#stage = 'running';
    new Welcome(this.#world, this, (at, then) => this.#hang(at, then)).give();
    this.#listener.onStart();
  }

  #serve(request: ClientRequest): void {
    if (!this.#isWithinRate()) return;
    const cut = this.#world.rules.strike('cut-on-request', request.kind);
    if (cut?.moment === 'before') return this.cut(cut.how);
    this.#isMuted = cut?.moment === 'after';
    this.#answer(request);
    this.#isMuted = false;
    // What was answered gets the time to leave: a reset would throw it away.
    if (cut?.moment === 'answered') this.#link.finishWriting(() => this.cut(cut.how));
    else if (cut !== undefined) this.cut(cut.how);
  }

  #isWithinRate(): boolean {
    const { settings, clock } = this.#world;
    if (settings.messageRate === undefined) return true;
    const verdict = this.#rate.note(clock.nowUtc(), settings.messageRate);
    if (verdict === 'within') return true;
    this.say(tooManyMessages(settings.messageRate));
    if (verdict === 'cut') this.cut('fin');
    return false;
  }

  #answer(request: ClientRequest): void {
    const { settings, connectivity } = this.#world;
    if (isOfSession(request)) {
      for (const answer of answersOfSession(request, this.clientId, this.#world)) this.send(answer);
      return;
    }
    const refusal = settings.isReadOnly ? refusalOfReadOnly(request) : undefined;
    if (refusal !== undefined) return this.send(refusal);
    // Before the model answers: data of an id that was dead and is asked for anew has to come through.
    this.subscriptions.note(request);
    this.#ask(request);
    connectivity.afterRequest(this, request);
  }

  #ask(request: ModelRequest): void {
    try {
      this.#world.model.handle(this, request);
    } catch (error) {
      this.#world.counts.modelFaults += 1;
      this.#world.onModelFault(error);
    }
  }

  /** Goes on at once, after a while or never, as the rules say. */
  #hang(at: ReadyFaultRule<'hang-handshake'>['at'], then: () => void): void {
    const rule = this.#world.rules.strike('hang-handshake', at);
    if (rule === undefined) then();
    else if (rule.delayMs !== undefined) this.#world.timers.after(rule.delayMs, then);
  }

  #write(message: ServerMessage, extraFields: readonly string[]): void {
    if (this.#isMuted) return;
    this.#writeFields([...encodeMessage(message, this.#serverVersion), ...extraFields]);
  }

  #writeFields(fields: readonly string[]): void {
    if (!this.#link.isOpen) return;
    this.#note('out', fields);
    this.#link.write(encodeFrame(fields));
  }

  #note(direction: 'in' | 'out', fields: readonly string[]): void {
    const { transcript, clock } = this.#world;
    transcript.add({ ts: clock.nowUtc(), direction, connection: this.connection, clientId: this.#clientId, fields });
  }

  /** Once, however it ended: the model is told, and the id given back. */
  #end(): void {
    const wasRunning = this.#stage === 'running';
    if (this.#stage === 'ended') return;
    this.#stage = 'ended';
    if (wasRunning) {
      const lingerMs = this.#endedInOrder || this.#isHalfOpen ? 0 : this.#world.settings.clientIdLingerMs;
      this.#world.registry.release(this.clientId, lingerMs);
      this.#world.model.disconnect(this);
    }
    this.#listener.onEnd();
  }
}
