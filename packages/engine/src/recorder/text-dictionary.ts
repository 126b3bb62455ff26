/** Numbers texts in order of appearance, so that a row of typed arrays can hold them. */
export class TextDictionary {
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [];
  // The text asked for last: most rows say the same as the one before.
  private lastText: string | undefined = undefined;
  private lastCode = 0;

  /** `known` texts have the first numbers. */
  constructor(known: readonly string[] = []) {
    for (const text of known) this.code(text);
  }

  /** Number of a text; a text not seen before gets the next one. */
  code(text: string): number {
    return text === this.lastText ? this.lastCode : this.#find(text);
  }

  /** The text of a number that {@link code} gave; empty for any other. */
  text(code: number): string {
    return this.#texts[code] ?? '';
  }

  /** All texts by number. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  #find(text: string): number {
    let code = this.#codes.get(text);
    if (code === undefined) {
      code = this.#texts.length;
      this.#codes.set(text, code);
      this.#texts.push(text);
    }
    this.lastText = text;
    this.lastCode = code;
    return code;
  }
}
