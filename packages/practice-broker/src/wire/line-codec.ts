// The line protocol: one JSON object a line. A number that is not known (NaN) travels as null.
import { StringDecoder } from 'node:string_decoder';

/** A longer line is damage, not a message. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** One message of the protocol. */
export type Message = Readonly<Record<string, unknown>>;

/** A message as a line. */
export function encodeLine(message: Message): string {
  return `${JSON.stringify(message)}\n`;
}

/** The message of a line; undefined where the line is damaged. */
export function decodeLine(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line, (_key, part: unknown) => (part === null ? Number.NaN : part));
    return typeof value === 'object' && !Array.isArray(value) ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

/** Lines out of the pieces in which a socket delivers them. */
export class LineReader {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  /** The lines that this piece completes; empty ones are left out. */
  push(piece: Buffer): readonly string[] {
    const lines = (this.#rest + this.#decoder.write(piece)).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST_LINE) this.#rest = '';
    return lines.map((line) => line.trim()).filter((line) => line !== '');
  }
}
