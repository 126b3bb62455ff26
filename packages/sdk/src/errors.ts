// One error class for the whole product; each package owns a table of codes with severity and remedy.

/** What may happen next: `retryable` try again, `rejected` this request is dead, `fatal` stop. */
export type Severity = 'retryable' | 'rejected' | 'fatal';

/** One row of a package's error table. */
export interface ErrorDefinition {
  readonly severity: Severity;
  /** A full sentence telling the person who reads it what to do. */
  readonly remedy: string;
}

/** A package's error table: code (`AREA_WHAT`) to definition. Every code is a row of docs/errors.md. */
export type ErrorTable<Code extends string = string> = Readonly<Record<Code, ErrorDefinition>>;

const BRAND = Symbol.for('@bookrunner/trading-error');

/** Options of {@link TradingError}. */
export interface TradingErrorOptions {
  readonly severity: Severity;
  readonly remedy: string;
  /** The values that were compared, for machines; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A fault with a stable code, a severity and a remedy. Business outcomes (a rejected order, a refused target) are values,
 * never this class. Test with {@link isTradingError} and `code`; `instanceof` is false across two copies of the SDK.
 */
export class TradingError extends Error {
  override readonly name = 'TradingError';
  readonly code: string;
  readonly severity: Severity;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: TradingErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.severity = options.severity;
    this.remedy = options.remedy;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true, enumerable: false });
  }

  /** What an operator sees: code, message and remedy on one line. */
  toOperatorText(): string {
    return `${this.code}: ${this.message} ${this.remedy}`;
  }
}

/** Whether a value is a {@link TradingError} of any copy of the SDK. */
export function isTradingError(value: unknown): value is TradingError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** Makes errors from a package's table: `const fail = errorFactory(TABLE); throw fail('DATA_FILE_MISSING', '...')`. */
export function errorFactory<Code extends string>(table: ErrorTable<Code>) {
  return (
    code: Code,
    message: string,
    extra: { details?: Readonly<Record<string, unknown>>; cause?: unknown; remedy?: string } = {},
  ): TradingError => {
    const row = table[code];
    return new TradingError(code, message, { severity: row.severity, remedy: extra.remedy ?? row.remedy, ...extra });
  };
}

/** The SDK's own codes. */
export const SDK_ERRORS = {
  INSTRUMENT_INVALID: { severity: 'fatal', remedy: 'Correct the instrument under `instruments:` in engine.yaml.' },
  CALENDAR_UNKNOWN: { severity: 'fatal', remedy: 'Use a built-in calendar id or declare it under `calendars:`.' },
  CALENDAR_INVALID: { severity: 'fatal', remedy: 'Correct the calendar declaration.' },
  CALENDAR_OUT_OF_RANGE: {
    severity: 'fatal',
    remedy: 'Use a date inside the calendar data, or update the package that carries it.',
  },
  FEATURE_INVALID: { severity: 'fatal', remedy: 'Correct the parameters of the feature.' },
  PLUGIN_INVALID: { severity: 'fatal', remedy: 'Correct the definePlugin or defineStrategy call of the plugin.' },
  NUMBER_OUT_OF_RANGE: { severity: 'rejected', remedy: 'Use a finite value that its scale can hold exactly.' },
} as const satisfies ErrorTable;

/** Code of an error raised by the SDK itself. */
export type SdkErrorCode = keyof typeof SDK_ERRORS;

/** Raises the SDK's own errors. */
export const sdkError = errorFactory<SdkErrorCode>(SDK_ERRORS);
