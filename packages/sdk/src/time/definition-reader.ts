// Reads a declared calendar field by field; the fields may be of any shape, as a file's are.
import { sdkError } from '../errors.js';
import type { CalendarRules, DaySession } from './calendar-rules.js';
import { FRIDAY, MONDAY, civilDay, formatCivilDay, parseCivilDay } from './civil-day.js';
import type { CivilDay } from './civil-day.js';
import type { CalendarDefinition, WeekdayName } from './calendar-definition.js';
import { nearestName } from './nearest-name.js';
import { isTimeZone } from './time-zone.js';

const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const satisfies readonly WeekdayName[];

const FIELDS = [
  'extends',
  'timeZone',
  'sessions',
  'holidays',
  'earlyCloses',
  'regularDays',
  'range',
  'dataVersion',
] as const satisfies readonly (keyof CalendarDefinition)[];

const DEFAULT_FROM = civilDay(2000, 1, 1);
const DEFAULT_TO = civilDay(2049, 12, 31);

const MINUTES_PER_DAY = 24 * 60;

type Fields = Readonly<Record<string, unknown>>;

/** The fields of one definition, checked as they are read. Errors: CALENDAR_INVALID naming the field. */
export class DefinitionReader {
  readonly #place: string;
  readonly #fields: Fields;

  constructor(id: string, definition: unknown) {
    this.#place = `calendars.${id}`;
    this.#fields = this.#object('', definition);
    this.#onlyKeys('', this.#fields, FIELDS);
  }

  missing(field: string): never {
    throw this.#fault(field, 'is missing; give it, or a calendar to take it from under `extends`.');
  }

  text(field: 'extends' | 'timeZone' | 'dataVersion'): string | undefined {
    const value = this.#fields[field];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '') throw this.#fault(field, `has to be a text; it is ${show(value)}.`);
    return value;
  }

  timeZone(): string | undefined {
    const name = this.text('timeZone');
    if (name !== undefined && !isTimeZone(name)) {
      throw this.#fault('timeZone', `'${name}' is not an IANA time zone such as 'Europe/Paris'.`);
    }
    return name;
  }

  range(parent: CalendarRules | undefined): { readonly from: CivilDay; readonly to: CivilDay } {
    const limits = { from: parent?.from ?? DEFAULT_FROM, to: parent?.to ?? DEFAULT_TO };
    const value = this.#fields['range'];
    if (value === undefined) return limits;
    const fields = this.#object('range', value);
    this.#onlyKeys('range', fields, ['from', 'to']);
    const from = fields['from'] === undefined ? limits.from : this.#date('range.from', fields['from']);
    const to = fields['to'] === undefined ? limits.to : this.#date('range.to', fields['to']);
    if (from > to)
      throw this.#fault('range', `starts on ${formatCivilDay(from)}, after its end on ${formatCivilDay(to)}.`);
    if (parent !== undefined && (from < limits.from || to > limits.to)) {
      const covered = `${formatCivilDay(limits.from)} to ${formatCivilDay(limits.to)}`;
      throw this.#fault('range', `reaches outside that of '${parent.id}', which covers ${covered}.`);
    }
    return { from, to };
  }

  sessions(): readonly (readonly DaySession[])[] | undefined {
    const value = this.#fields['sessions'];
    if (value === undefined) return undefined;
    if (Array.isArray(value)) {
      const all = this.#daySessions('sessions', value);
      return WEEKDAYS.map((_, weekday) => (weekday >= MONDAY && weekday <= FRIDAY ? all : []));
    }
    const fields = this.#object('sessions', value);
    this.#onlyKeys('sessions', fields, WEEKDAYS);
    return WEEKDAYS.map((name) => {
      const day = fields[name];
      return day === undefined ? [] : this.#daySessions(`sessions.${name}`, day);
    });
  }

  dates(field: 'holidays' | 'regularDays'): readonly CivilDay[] {
    const value = this.#fields[field];
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.#fault(field, `has to be a list of dates; it is ${show(value)}.`);
    return value.map((date: unknown, index) => this.#date(`${field}[${index}]`, date));
  }

  earlyCloses(): ReadonlyMap<CivilDay, number> {
    const value = this.#fields['earlyCloses'];
    const closes = new Map<CivilDay, number>();
    if (value === undefined) return closes;
    for (const [date, time] of Object.entries(this.#object('earlyCloses', value))) {
      const place = `earlyCloses.${date}`;
      closes.set(this.#date(place, date), this.#time(place, time));
    }
    return closes;
  }

  #daySessions(place: string, value: unknown): readonly DaySession[] {
    if (!Array.isArray(value))
      throw this.#fault(place, `has to be a list of [open, close] pairs; it is ${show(value)}.`);
    const sessions = value.map((pair: unknown, index) => this.#session(`${place}[${index}]`, pair));
    for (let i = 1; i < sessions.length; i += 1) {
      if (sessions[i]!.open < sessions[i - 1]!.close) {
        throw this.#fault(`${place}[${i}]`, 'starts before the session ahead of it has ended.');
      }
    }
    return sessions;
  }

  #session(place: string, pair: unknown): DaySession {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw this.#fault(place, `has to be a pair such as ["09:30", "16:00"]; it is ${show(pair)}.`);
    }
    const open = this.#time(`${place}[0]`, pair[0]);
    const close = this.#time(`${place}[1]`, pair[1]);
    if (open === MINUTES_PER_DAY) throw this.#fault(`${place}[0]`, 'cannot open at 24:00; write 00:00.');
    return { open: close <= open ? open - MINUTES_PER_DAY : open, close };
  }

  #time(place: string, value: unknown): number {
    const match = typeof value === 'string' ? /^(\d{2}):(\d{2})$/.exec(value) : null;
    const minute = match === null ? Number.NaN : Number(match[1]) * 60 + Number(match[2]);
    if (!(minute <= MINUTES_PER_DAY) || Number(match?.[2]) > 59) {
      throw this.#fault(place, `has to be a time HH:MM in quotes; it is ${show(value)}.`);
    }
    return minute;
  }

  #date(place: string, value: unknown): CivilDay {
    const day = typeof value === 'string' ? parseCivilDay(value) : undefined;
    if (day === undefined) throw this.#fault(place, `has to be a date YYYY-MM-DD in quotes; it is ${show(value)}.`);
    return day;
  }

  #object(place: string, value: unknown): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#fault(place, `has to be a mapping; it is ${show(value)}.`);
    }
    return value as Fields;
  }

  #onlyKeys(place: string, fields: Fields, known: readonly string[]): void {
    for (const key of Object.keys(fields)) {
      if (known.includes(key)) continue;
      const near = nearestName(key, known);
      const hint = near === undefined ? `Known are ${known.join(', ')}.` : `Did you mean '${near}'?`;
      throw this.#fault(place === '' ? key : `${place}.${key}`, `is not a field of a calendar. ${hint}`);
    }
  }

  #fault(field: string, text: string): Error {
    const place = field === '' ? this.#place : `${this.#place}.${field}`;
    return sdkError('CALENDAR_INVALID', `${place} ${text}`, { details: { field: place } });
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
}
