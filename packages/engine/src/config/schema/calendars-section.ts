import { z } from 'zod';

const TIME = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const time = z.string().regex(TIME, 'A time is HH:MM on the wall clock of the calendar, in quotes.');
const date = z.string().regex(DATE, 'A date is YYYY-MM-DD.');
const sessions = z.array(z.tuple([time, time])).describe('Opening and closing times of a day.');

const byWeekday = z.strictObject({
  sunday: sessions.optional(),
  monday: sessions.optional(),
  tuesday: sessions.optional(),
  wednesday: sessions.optional(),
  thursday: sessions.optional(),
  friday: sessions.optional(),
  saturday: sessions.optional(),
});

const calendar = z.strictObject({
  extends: z.string().min(1).optional().describe('Id of the calendar whose fields are taken over.'),
  timeZone: z.string().min(1).optional().describe('IANA time zone, such as Europe/Paris; required without extends.'),
  sessions: z
    .union([sessions, byWeekday])
    .optional()
    .describe(
      'Sessions of Monday to Friday, or by weekday; a close not after its open means an open on the evening before.',
    ),
  holidays: z.array(date).optional().describe('Days without a session.'),
  earlyCloses: z.record(date, time).optional().describe('Closing time of short days.'),
  regularDays: z
    .array(date)
    .optional()
    .describe('Days that extends closes or shortens and that have the usual hours here.'),
  range: z
    .strictObject({
      from: date.optional().describe('First trading day.'),
      to: date.optional().describe('Last trading day.'),
    })
    .optional()
    .describe('First and last trading day covered.'),
  dataVersion: z.string().min(1).optional().describe('Version of the data, for people.'),
});

export const calendarsSection = z
  .record(z.string().min(1), calendar)
  .describe('Market calendars besides the built-in 24x7, 24x5, XNYS, XNAS, XLON, XTKS, XHKG and CMES.');
