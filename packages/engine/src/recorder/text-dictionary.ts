/** Numbers texts in order of appearance, so that a row of typed arrays can hold them. */
export class TextDictionary {
  readonly #codes = new Map<string, number>();
  readonly #texts: string[] = [];

  /** Number of a text; a text not seen before gets the next one. */
  code(text: string): number {
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    const code = this.#texts.length;
    this.#codes.set(text, code);
    this.#texts.push(text);
    return code;
  }

  /** The text of a number that {@link code} gave; empty for any other. */
  text(code: number): string {
    return this.#texts[code] ?? '';
  }

  /** All texts by number. */
  get texts(): readonly string[] {
    return this.#texts;
  }
}
