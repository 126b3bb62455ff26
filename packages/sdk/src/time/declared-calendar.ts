// Makes rules of a calendar that engine.yaml declares.
import type { CalendarDefinition } from './calendar-definition.js';
import { noExceptions } from './calendar-rules.js';
import type { CalendarRules, DayExceptions, HoursPeriod } from './calendar-rules.js';
import type { CivilDay } from './civil-day.js';
import { DefinitionReader } from './definition-reader.js';

export type { CalendarDefinition } from './calendar-definition.js';

/** Rules of a declaration. `resolve` gives the rules of the calendar that `extends` names. Errors: CALENDAR_INVALID. */
export function declaredRules(
  definition: CalendarDefinition,
  id: string,
  resolve: (parent: string) => CalendarRules,
): CalendarRules {
  const reader = new DefinitionReader(id, definition);
  const parentId = reader.text('extends');
  const parent = parentId === undefined ? undefined : resolve(parentId);
  const timeZone = reader.timeZone() ?? parent?.timeZone ?? reader.missing('timeZone');
  const range = reader.range(parent);
  const weekdays = reader.sessions();
  const hours: readonly HoursPeriod[] =
    weekdays === undefined ? (parent?.hours ?? reader.missing('sessions')) : [{ since: range.from, weekdays }];
  const holidays = reader.dates('holidays');
  const regularDays = reader.dates('regularDays');
  const earlyCloses = reader.earlyCloses();
  return {
    id,
    timeZone,
    dataVersion: reader.text('dataVersion') ?? parent?.dataVersion ?? 'declared',
    ...range,
    hours,
    exceptions: () => {
      const result = parent?.exceptions() ?? noExceptions();
      // Days whose sessions the parent lists are listed in the parent's hours.
      if (weekdays !== undefined) result.sessions.clear();
      for (const day of regularDays) clear(result, day);
      for (const [day, minute] of earlyCloses) {
        clear(result, day);
        result.earlyCloses.set(day, minute);
      }
      for (const day of holidays) result.closed.add(day);
      return result;
    },
  };
}

function clear(exceptions: DayExceptions, day: CivilDay): void {
  exceptions.closed.delete(day);
  exceptions.earlyCloses.delete(day);
  exceptions.sessions.delete(day);
}
