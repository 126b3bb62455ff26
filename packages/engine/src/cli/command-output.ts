// Where a command writes: results to standard output, everything else to standard error.

/** A place for text: a stream of the process, or an array in a test. */
export interface TextStream {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** Options of {@link CommandOutput}. */
export interface CommandOutputOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}

/** Writes for one command. With `--json` standard output gets exactly one document and nothing else. */
export class CommandOutput {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly stderr: TextStream;
  readonly #stdout: TextStream;
  #hasDocument = false;

  constructor(options: CommandOutputOptions) {
    this.isJson = options.isJson;
    this.isQuiet = options.isQuiet;
    this.stderr = options.stderr;
    this.#stdout = options.stdout;
  }

  /** Columns of the terminal that shows results; 80 where there is none. */
  get columns(): number {
    return this.#stdout.columns;
  }

  /** The result: the document with `--json`, else the text. A second document is dropped: the first has answered. */
  result(document: unknown, text: () => string): void {
    if (!this.isJson) return this.#stdout.write(withNewline(text()));
    if (this.#hasDocument) return;
    this.#hasDocument = true;
    this.#stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }

  /** Something a person may like to know; not said with `--quiet`. */
  note(text: string): void {
    if (!this.isQuiet) this.stderr.write(withNewline(text));
  }

  /** Something a person has to know. */
  problem(text: string): void {
    this.stderr.write(withNewline(text));
  }
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
