/** Why fields could not be read, and where. Thrown by items of a layout and caught by the decoder: it never leaves this folder. */
export class FieldFault extends Error {
  readonly index: number;
  readonly field: string;

  constructor(at: { readonly index: number; readonly field: string }, reason: string) {
    super(reason);
    this.name = 'FieldFault';
    this.index = at.index;
    this.field = at.field;
  }
}

/** Walks the fields of one message. Every field is named, so that a fault can say which one it was. */
export class FieldCursor {
  readonly #fields: readonly string[];
  #index = 0;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  /** Fields not taken yet. */
  get remaining(): number {
    return this.#fields.length - this.#index;
  }

  take(field: string): string {
    const text = this.#fields[this.#index];
    if (text === undefined) throw new FieldFault({ index: this.#index, field }, 'the message ends before it');
    this.#index += 1;
    return text;
  }

  /** The fault of the field taken last. */
  fault(field: string, reason: string): FieldFault {
    return new FieldFault({ index: this.#index - 1, field }, reason);
  }
}
