// The disk, the clock, the zones, the calendars.
import { accessSync, constants, existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUILT_IN_CALENDARS, calendarExpiryWarning, marketCalendar, type EpochMs } from '@bookrunner/sdk';
import type { EngineConfig } from '../../config/index.js';
import { fail, ok, reasonOf, warn, type Finding } from './finding.js';

const GIGABYTE = 2 ** 30;
/** Below this a journal that grows through a night may fill the disk. */
const LITTLE_SPACE = GIGABYTE;
const NO_SPACE = GIGABYTE / 10;
/** No build of this program is older. */
const EARLIEST_NOW = Date.UTC(2026, 0, 1);
const LATEST_NOW = Date.UTC(2100, 0, 1);

/** Whether a file can be made in dataDir, or the folder itself where it does not exist yet. */
export function dataDirFinding(dataDir: string): Finding {
  try {
    if (existsSync(dataDir)) {
      const probe = join(dataDir, `.doctor-${process.pid}`);
      writeFileSync(probe, 'doctor');
      rmSync(probe);
      const mode = statSync(dataDir).mode & 0o777;
      if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
        return warn(
          'Data folder',
          `${dataDir} is writable, and open to other users of this machine (mode 0${mode.toString(8)})`,
          `It holds positions and money: chmod 700 ${dataDir}`,
        );
      }
      return ok('Data folder', `${dataDir} is writable`);
    }
    const nearest = nearestFolder(dataDir);
    if (!statSync(nearest).isDirectory()) throw new Error(`${nearest} is a file`);
    accessSync(nearest, constants.W_OK);
    return ok('Data folder', `${dataDir} does not exist yet and can be made`);
  } catch (error) {
    return fail(
      'Data folder',
      `${dataDir}: ${reasonOf(error)}`,
      'Let this user write there, or set engine.dataDir in engine.yaml.',
    );
  }
}

/** Free space where dataDir is. */
export function diskFinding(dataDir: string): Finding {
  try {
    const { bavail, bsize } = statfsSync(nearestFolder(dataDir));
    const free = bavail * bsize;
    const text = `${(free / GIGABYTE).toFixed(1)} GB free`;
    const remedy =
      'Free some space, or set engine.dataDir to a larger disk: an engine that cannot write its journal stops trading.';
    if (free < NO_SPACE) return fail('Disk', text, remedy);
    return free < LITTLE_SPACE ? warn('Disk', text, remedy) : ok('Disk', text);
  } catch (error) {
    return warn('Disk', `free space is not known: ${reasonOf(error)}`, 'Check it yourself.');
  }
}

/** Whether the clock can be right, and the zone data knows daylight saving time. */
export function clockFinding(now: EpochMs): Finding {
  if (!(now >= EARLIEST_NOW && now < LATEST_NOW)) {
    return fail(
      'Clock',
      `it says ${new Date(now).toISOString()}`,
      'Set the clock and keep it set with NTP (chrony, systemd-timesyncd).',
    );
  }
  const summer = hourInNewYork(Date.UTC(2024, 6, 1, 12));
  const winter = hourInNewYork(Date.UTC(2024, 0, 2, 12));
  if (summer !== 8 || winter !== 7) {
    return fail(
      'Clock',
      'the time zone data does not know New York',
      'Use a Node with full ICU data (the official builds have it).',
    );
  }
  return ok('Clock', `${new Date(now).toISOString()}, zone data ${process.versions.tz ?? 'of the system'}`);
}

function hourInNewYork(ts: EpochMs): number {
  return Number(
    new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hour: 'numeric', hourCycle: 'h23' }).format(ts),
  );
}

/** Calendars whose data ends soon: those engine.yaml uses, or all built-in ones without it. */
export function calendarFindings(config: EngineConfig | undefined, now: EpochMs): readonly Finding[] {
  const ids = config === undefined ? BUILT_IN_CALENDARS : calendarsOf(config);
  const warnings = ids.flatMap((id) => {
    const text = calendarExpiryWarning(marketCalendar(id, config?.calendars), now);
    return text === undefined
      ? []
      : [warn('Calendars', text, 'Update @bookrunner/sdk, or extend the calendar under `calendars:`.')];
  });
  return warnings.length > 0 ? warnings : [ok('Calendars', `${ids.join(', ')}: no data ends soon`)];
}

function calendarsOf(config: EngineConfig): readonly string[] {
  const instruments = Object.values(config.instruments).map((instrument) => instrument.calendar);
  return [...new Set([...instruments, ...Object.values(config.books).map((book) => book.dayCalendar)])];
}

/** The folder itself, or the closest one above it that exists. */
function nearestFolder(folder: string): string {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  return nearest;
}
