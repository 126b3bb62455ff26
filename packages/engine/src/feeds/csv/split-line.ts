/**
 * The fields of a line, quotes removed (`""` inside quotes is one quote); undefined where the quotes do not pair. A field in quotes
 * may hold the delimiter, but no line break.
 */
export function splitLine(line: string, delimiter: string): string[] | undefined {
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    const field = line[at] === '"' ? quoted(line, at) : plain(line, at, delimiter);
    if (field === undefined || (field.end < line.length && line[field.end] !== delimiter)) return undefined;
    fields.push(field.text);
    at = field.end + 1;
  }
  return fields;
}

interface Field {
  readonly text: string;
  readonly end: number;
}

function plain(line: string, start: number, delimiter: string): Field | undefined {
  const stop = line.indexOf(delimiter, start);
  const end = stop < 0 ? line.length : stop;
  const text = line.slice(start, end);
  return text.includes('"') ? undefined : { text, end };
}

function quoted(line: string, start: number): Field | undefined {
  let text = '';
  let at = start + 1;
  for (;;) {
    const quote = line.indexOf('"', at);
    if (quote < 0) return undefined;
    text += line.slice(at, quote);
    if (line[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}
