import type { Clock } from '@bookrunner/sdk';
import type { GatewayModel } from '../model/gateway-model.js';
import type { ByteBudget } from './byte-budget.js';
import type { Chance } from './chance.js';
import type { ClientRegistry } from './client-registry.js';
import type { Connectivity } from './connectivity.js';
import type { FaultRules } from './fault-rules.js';
import type { MessageRate } from './message-rate.js';
import type { Timers } from './timers.js';
import type { Transcript } from './transcript.js';
import type { Framing } from './wire-link.js';

/** What lasts until it is changed. Read at every use: a change concerns running connections, but for the version. */
export interface WireSettings {
  /** Highest version offered to clients that connect from now on. */
  serverVersion: number;
  /** How long an id stays in use after an end that was not in order. */
  clientIdLingerMs: number;
  /** Orders and cancels are refused with 321. */
  isReadOnly: boolean;
  /** Beyond it error 100, then the cut; undefined for no limit. */
  messageRate: MessageRate | undefined;
  framing: Framing;
  /** Bytes that may wait for a client that does not read. */
  maxBufferedBytes: number;
  /** Connections at a time; TWS allows 32. */
  maxClients: number;
}

/** What went wrong on the wire since the start. */
export interface WireCounts {
  connections: number;
  /** Messages that could not be read. */
  undecodable: number;
  /** Connections closed because their bytes were no frames, or their greeting no greeting. */
  refusedStreams: number;
  /** Handshakes refused for the version. */
  refusedVersions: number;
  /** Connections refused because their client id was in use. */
  refusedClientIds: number;
  /** Connections cut because the client did not read. */
  slowClients: number;
  /** Requests at which the model threw. */
  modelFaults: number;
}

/** What all sessions share. */
export interface GatewayWorld {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly chance: Chance;
  readonly model: GatewayModel;
  readonly settings: WireSettings;
  readonly counts: WireCounts;
  readonly rules: FaultRules;
  readonly registry: ClientRegistry;
  readonly connectivity: Connectivity;
  readonly transcript: Transcript;
  /** The model threw at a request; its client was not told. */
  readonly onModelFault: (error: unknown) => void;
  readonly byteBudget: ByteBudget;
  /** IANA zone in which the gateway dates its connection. */
  readonly timeZone: string;
}

/** Where nothing is wrong. */
export function freshCounts(): WireCounts {
  return {
    connections: 0,
    undecodable: 0,
    refusedStreams: 0,
    refusedVersions: 0,
    refusedClientIds: 0,
    slowClients: 0,
    modelFaults: 0,
  };
}
