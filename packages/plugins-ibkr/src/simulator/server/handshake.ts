import type { GatewayWorld } from './gateway-world.js';
import type { VersionRange } from '../wire/version-range.js';

/** Oldest version whose messages the simulator writes; below it several of them have other fields. */
export const MIN_SERVER_VERSION = 176;
/** Newest version that is text all through; from 201 on messages are protobuf. */
export const MAX_SERVER_VERSION = 193;

/** The version both sides speak, or undefined where there is none. */
export function agreeVersion(offer: VersionRange | undefined, serverVersion: number): number | undefined {
  if (offer === undefined) return undefined;
  const version = Math.min(offer.max, serverVersion);
  return version >= offer.min && version >= MIN_SERVER_VERSION ? version : undefined;
}

/** When the gateway took the connection: `20250415 19:38:30 British Summer Time`. */
export function connectionTime({ clock, timeZone }: Pick<GatewayWorld, 'clock' | 'timeZone'>): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'long',
  }).formatToParts(clock.nowUtc());
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}${of('month')}${of('day')} ${of('hour')}:${of('minute')}:${of('second')} ${of('timeZoneName')}`;
}
