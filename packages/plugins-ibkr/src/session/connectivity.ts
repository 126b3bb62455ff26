// What the gateway says of its own lines, outside any request.
import type { Farm } from './gateway.js';

/** What a code of connectivity means. */
export type ConnectivityNews =
  | { readonly kind: 'upstream-lost' }
  | { readonly kind: 'upstream-back'; readonly isDataLost: boolean }
  | { readonly kind: 'port-moved'; readonly port: number | undefined }
  | {
      readonly kind: 'farm';
      readonly farm: Farm;
      /** 2104, 2106, 2158; one that sleeps is neither connected nor broken. */
      readonly isConnected: boolean;
    };

const CONNECTED: ReadonlySet<number> = new Set([2104, 2106, 2158]);

const FARM_CODES: Readonly<Record<number, Omit<Farm, 'name'>>> = {
  2103: { kind: 'market-data', isBroken: true },
  2104: { kind: 'market-data', isBroken: false },
  2108: { kind: 'market-data', isBroken: false },
  2105: { kind: 'history', isBroken: true },
  2106: { kind: 'history', isBroken: false },
  2107: { kind: 'history', isBroken: false },
  2157: { kind: 'contracts', isBroken: true },
  2158: { kind: 'contracts', isBroken: false },
};

/** Undefined for all other codes, 2119 (connecting) among them: it says nothing yet. */
export function connectivityNews(code: number, text: string): ConnectivityNews | undefined {
  switch (code) {
    case 1100:
    case 2110:
      return { kind: 'upstream-lost' };
    case 1101:
      return { kind: 'upstream-back', isDataLost: true };
    case 1102:
      return { kind: 'upstream-back', isDataLost: false };
    case 1300:
      return { kind: 'port-moved', port: portIn(text) };
    default: {
      const farm = FARM_CODES[code];
      return farm && { kind: 'farm', farm: { ...farm, name: farmIn(text) }, isConnected: CONNECTED.has(code) };
    }
  }
}

/** `… connection is OK:usfarm` and `… upon demand.ushmds` both end with the name. */
function farmIn(text: string): string {
  return /[:.]\s*([\w.-]*\w)\s*$/.exec(text)?.[1] ?? '';
}

function portIn(text: string): number | undefined {
  const port = Number(/(\d{2,5})\D*$/.exec(text)?.[1]);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/** Which farms are broken: tells changes only, so that a farm that is well is not reported well again. */
export class FarmWatch {
  readonly #broken = new Map<string, Farm>();

  /** For who comes later: nobody says it again. */
  get broken(): readonly Farm[] {
    return [...this.#broken.values()];
  }

  /** Whether the news is one. */
  changes(farm: Farm): boolean {
    const key = `${farm.kind} ${farm.name}`;
    if (farm.isBroken === this.#broken.has(key)) return false;
    if (farm.isBroken) this.#broken.set(key, farm);
    else this.#broken.delete(key);
    return true;
  }

  /** A new connection tells anew. */
  clear(): void {
    this.#broken.clear();
  }
}
