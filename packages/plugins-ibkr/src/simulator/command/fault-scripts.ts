// Faults under a name, for whoever starts the simulator by hand. Programs use WireFaults itself.
import type { WireFaults } from '../server/wire-faults.js';

/** A fault or a course of faults. */
export interface FaultScript {
  readonly about: string;
  /** Lasts from the start on, or happens once, after a while. */
  readonly begins: 'at-start' | 'later';
  readonly run: (faults: WireFaults) => void;
}

const MINUTE_MS = 60_000;

export const FAULT_SCRIPTS: Readonly<Record<string, FaultScript>> = {
  'daily-restart': {
    about: 'reset, 90 s refused, 326 once, farms that flap, 1100 five times, 1102',
    begins: 'later',
    run: (faults) => void faults.dailyRestart(),
  },
  'upstream-loss': {
    about: '1100, a minute without data, 1102 with dead bars',
    begins: 'later',
    run: (faults) => loseUpstream(faults, false),
  },
  'data-loss': {
    about: '1100, a minute without data, 1101 with every subscription dead',
    begins: 'later',
    run: (faults) => loseUpstream(faults, true),
  },
  'farm-flap': {
    about: '2103 for three seconds, then 2104 with dead bars',
    begins: 'later',
    run: (faults) => void faults.flapFarm('market-data', 'usfarm', 3000),
  },
  'competing-session': {
    about: '10197 and no ticks for a minute',
    begins: 'later',
    run: (faults) => {
      faults.connectivity.startCompeting();
      faults.after(MINUTE_MS, () => faults.connectivity.stopCompeting());
    },
  },
  'half-open': {
    about: 'connections stay open, and nothing comes or is read any more',
    begins: 'later',
    run: (faults) => faults.cut('half-open'),
  },
  'read-only': {
    about: 'orders are refused with 321',
    begins: 'at-start',
    run: (faults) => void (faults.settings.isReadOnly = true),
  },
  'strict-rate': {
    about: 'beyond 50 messages a second error 100, and the cut at the third time',
    begins: 'at-start',
    run: (faults) => void (faults.settings.messageRate = { perSecond: 50, strikes: 3 }),
  },
  'slow-handshake': {
    about: 'the first next order id comes after 20 s',
    begins: 'at-start',
    run: (faults) => faults.set({ kind: 'hang-handshake', at: 'next-valid-id', delayMs: 20_000 }),
  },
  'lingering-ids': {
    about: 'client ids stay in use for five minutes after a connection was lost',
    begins: 'at-start',
    run: (faults) => void (faults.settings.clientIdLingerMs = 5 * MINUTE_MS),
  },
  'split-frames': {
    about: 'bytes come in pieces of random size',
    begins: 'at-start',
    run: (faults) => void (faults.settings.framing = { kind: 'pieces', maxPieceBytes: 200 }),
  },
  'no-status': {
    about: 'orderStatus never comes',
    begins: 'at-start',
    run: (faults) => faults.set({ kind: 'drop-message', on: 'orderStatus', times: 'all' }),
  },
  duplicates: {
    about: 'openOrder, orderStatus, execDetails and commissionReport come three times each',
    begins: 'at-start',
    run: (faults) => {
      for (const on of ['openOrder', 'orderStatus', 'execDetails', 'commissionReport'])
        faults.set({ kind: 'duplicate-message', on, copies: 2, times: 'all' });
    },
  },
  'reordered-fills': {
    about: 'commission, then status, then the execution',
    begins: 'at-start',
    run: (faults) =>
      faults.set({
        kind: 'reorder-messages',
        order: ['commissionReport', 'orderStatus', 'openOrder', 'execDetails'],
        windowMs: 50,
        times: 'all',
      }),
  },
};

function loseUpstream(faults: WireFaults, isDataLost: boolean): void {
  faults.connectivity.loseUpstream();
  faults.after(MINUTE_MS, () => faults.connectivity.restoreUpstream({ isDataLost }));
}
