// A value that must not be seen, and the schema that makes one.
import { z } from 'zod';

const BRAND = Symbol.for('@bookrunner/secret');
/** What console.log of Node asks an object for. Source: util.inspect.custom of the Node documentation, seen 2026-11. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const MASK = '***';

/**
 * Text that prints as `***` wherever it is shown: String, template, JSON, `util.inspect`, YAML. `reveal()` gives the text.
 * A secret written as `{ file: path }` has no text until the engine has read the file, which it does before anything is created.
 */
export class Secret {
  readonly #file: string | undefined;
  #text: string | undefined;

  constructor(source: string | { readonly file: string }) {
    this.#file = typeof source === 'string' ? undefined : source.file;
    this.#text = typeof source === 'string' ? source : undefined;
    Object.defineProperty(this, BRAND, { value: true, enumerable: false });
    Object.freeze(this);
  }

  /** The file this secret comes from; undefined for one that was given as text. */
  get file(): string | undefined {
    return this.#file;
  }

  /** The text. Use it where it is sent, keep it nowhere. Throws a plain Error for a file that was not loaded. */
  reveal(): string {
    if (this.#text === undefined) throw new Error(`The secret in file '${this.#file}' was not loaded yet.`);
    return this.#text;
  }

  /** Gives a secret of a file its text, once; the engine does it. Surrounding white space is no part of the secret. */
  supply(text: string): void {
    if (this.#file !== undefined) this.#text ??= text.trim();
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [INSPECT](): string {
    return MASK;
  }
}

/** Whether a value is a {@link Secret} of any copy of this module. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/**
 * Schema of an option that is a secret: text, usually `"${VARIABLE}"`, or `{ file: path }`; gives a {@link Secret}. Do not call
 * `reveal()` in a transform of the schema: files are read after it.
 *
 * @example
 * options: z.strictObject({ token: secret().describe('Bot token from BotFather.') })
 */
export function secret(): z.ZodType<Secret, string | { file: string }> {
  return z
    .union([
      z.string().min(1, 'A secret may not be empty.'),
      z.strictObject({
        file: z.string().min(1).describe('Path of a file that holds the secret, from engine.yaml on.'),
      }),
    ])
    .transform((source) => new Secret(source))
    .describe('Secret: "${VARIABLE}", or { file: path }.');
}
