// Finds a calendar by id: declared ones first, then the built-in ones. Nothing is computed before the first query of a calendar.
import { sdkError } from '../errors.js';
import type { MarketCalendar } from '../interfaces/market-calendar.js';
import { DAY_MS } from '../model/time.js';
import type { EpochMs } from '../model/time.js';
import type { CalendarRules } from './calendar-rules.js';
import { cmesRules } from './calendars/cme-equity.js';
import { forexRules } from './calendars/forex.js';
import { xhkgRules } from './calendars/hong-kong.js';
import { xlonRules } from './calendars/london.js';
import { xnasRules, xnysRules } from './calendars/new-york.js';
import { xtksRules } from './calendars/tokyo.js';
import { ContinuousCalendar } from './continuous-calendar.js';
import { declaredRules } from './declared-calendar.js';
import type { CalendarDefinition } from './calendar-definition.js';
import { nearestName } from './nearest-name.js';
import { SessionCalendar } from './session-calendar.js';

/** Calendars declared under `calendars:` of engine.yaml, by id. */
export type CalendarDefinitions = Readonly<Record<string, CalendarDefinition>>;

const RULES: Readonly<Record<string, () => CalendarRules>> = {
  '24x5': forexRules,
  XNYS: xnysRules,
  XNAS: xnasRules,
  XLON: xlonRules,
  XTKS: xtksRules,
  XHKG: xhkgRules,
  CMES: cmesRules,
};

/** Ids of the calendars that come with the SDK. */
export const BUILT_IN_CALENDARS: readonly string[] = ['24x7', ...Object.keys(RULES)];

// Names that people write for a calendar, for the hint in an error only.
const OTHER_NAMES: Readonly<Record<string, string>> = {
  NYSE: 'XNYS',
  NASDAQ: 'XNAS',
  LSE: 'XLON',
  TSE: 'XTKS',
  JPX: 'XTKS',
  HKEX: 'XHKG',
  CME: 'CMES',
  GLOBEX: 'CMES',
  FX: '24x5',
  FOREX: '24x5',
  CRYPTO: '24x7',
  '24/5': '24x5',
  '24/7': '24x7',
};

const EXPIRY_WARNING_MS = 90 * DAY_MS;

const builtIn = new Map<string, MarketCalendar>();
const declaredCalendars = new WeakMap<CalendarDefinition, MarketCalendar>();

/**
 * The calendar of an id. A declared one takes precedence, so `XNYS: { extends: XNYS, holidays: [...] }` adds a closure that was
 * announced after this version of the data. The same object for the same id or definition.
 * Errors: CALENDAR_UNKNOWN; CALENDAR_INVALID for a faulty declaration.
 */
export function marketCalendar(id: string, declared: CalendarDefinitions = {}): MarketCalendar {
  if (Object.hasOwn(declared, id)) return declareCalendar(declared[id]!, id, declared);
  const known = builtIn.get(id);
  if (known !== undefined) return known;
  const calendar = createBuiltIn(id);
  if (calendar === undefined) throw unknownCalendar(id, declared);
  builtIn.set(id, calendar);
  return calendar;
}

/**
 * A calendar from what engine.yaml declares. `id` is its key there; `declared` holds the calendars that `extends` may name.
 * Errors: CALENDAR_INVALID naming the field; CALENDAR_UNKNOWN for an unknown `extends`.
 */
export function declareCalendar(
  definition: CalendarDefinition,
  id = 'declared',
  declared: CalendarDefinitions = {},
): MarketCalendar {
  const isObject = typeof definition === 'object' && definition !== null;
  const known = isObject ? declaredCalendars.get(definition) : undefined;
  if (known?.id === id) return known;
  const calendar = new SessionCalendar(rulesOfDefinition(definition, id, { declared, path: [] }));
  declaredCalendars.set(definition, calendar);
  return calendar;
}

/** A sentence for the operator when the data of a calendar ends within 90 days of `now` or has ended; otherwise undefined. */
export function calendarExpiryWarning(calendar: MarketCalendar, now: EpochMs): string | undefined {
  const left = calendar.validTo - now;
  if (left > EXPIRY_WARNING_MS) return undefined;
  // Sweden writes dates as YYYY-MM-DD.
  const last = new Intl.DateTimeFormat('sv-SE', { timeZone: calendar.timeZone }).format(calendar.validTo);
  const when = left < 0 ? `ended on ${last}` : `end on ${last}, in ${Math.floor(left / DAY_MS)} days`;
  return (
    `The data of calendar '${calendar.id}' (version ${calendar.dataVersion}) ${when}. ` +
    'Update @bookrunner/sdk, or declare its hours and holidays under `calendars:` in engine.yaml.'
  );
}

interface Resolution {
  readonly declared: CalendarDefinitions;
  /** Ids that are being resolved, to find a circle. */
  readonly path: readonly string[];
}

function rulesOfDefinition(definition: CalendarDefinition, id: string, resolution: Resolution): CalendarRules {
  return declaredRules(definition, id, (parent) => {
    const path = [...resolution.path, id];
    // A calendar that extends its own id means the built-in one.
    if (parent !== id && Object.hasOwn(resolution.declared, parent)) {
      if (path.includes(parent)) {
        throw sdkError(
          'CALENDAR_INVALID',
          `calendars.${id}.extends: ${[...path, parent].join(' extends ')} goes in a circle.`,
        );
      }
      return rulesOfDefinition(resolution.declared[parent]!, parent, { declared: resolution.declared, path });
    }
    if (parent === '24x7') {
      throw sdkError(
        'CALENDAR_INVALID',
        `calendars.${id}.extends: '24x7' has no hours to extend; list the sessions instead.`,
      );
    }
    const rules = Object.hasOwn(RULES, parent) ? RULES[parent]!() : undefined;
    if (rules === undefined) throw unknownCalendar(parent, resolution.declared, `calendars.${id}.extends: `);
    return rules;
  });
}

function createBuiltIn(id: string): MarketCalendar | undefined {
  if (id === '24x7') return new ContinuousCalendar();
  return Object.hasOwn(RULES, id) ? new SessionCalendar(RULES[id]!()) : undefined;
}

function unknownCalendar(id: string, declared: CalendarDefinitions, place = ''): Error {
  const names = [...Object.keys(declared), ...BUILT_IN_CALENDARS];
  const otherName = OTHER_NAMES[id.toUpperCase()];
  const near = otherName ?? nearestName(id, names);
  const hint = near === undefined ? `Known are ${names.join(', ')}.` : `Did you mean '${near}'?`;
  return sdkError('CALENDAR_UNKNOWN', `${place}There is no calendar '${id}'. ${hint}`, {
    details: { id, known: names },
  });
}
