interface LogRecord extends Readonly<Record<string, unknown>> {
  readonly time: string;
  readonly level: string;
  readonly part?: string;
  readonly msg: string;
}

/** A JSON log line as one plain line: time, level, part, message, fields. */
export function logLine(json: string): string {
  const { time, level, part, msg, ...fields } = JSON.parse(json) as LogRecord;
  const rest = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const clock = time.slice(11, 19);
  const who = part === undefined ? '' : `${part}: `;
  return `${[clock, level.toUpperCase(), `${who}${msg}`, ...rest].join(' ')}\n`;
}
