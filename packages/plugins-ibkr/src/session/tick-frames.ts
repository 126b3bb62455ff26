// Reads the messages that make most of what a gateway sends: prices, sizes and texts of market data. Exactly what the library would tell
// of them; whatever is not plain is left to it. It makes text of each message, splits it and queues the parts, which costs a core at
// some hundred thousand quotes a second.

/** One event of market data, as the library names it. The reader fills in the same object for each. */
export interface TickEvent {
  readonly event: 'tickPrice' | 'tickSize' | 'tickString';
  readonly requestId: number;
  readonly tickType: number;
  readonly value: number | string;
  /** Of prices: whether orders at it are executed automatically. */
  readonly canAutoExecute: boolean | undefined;
}

const [NUL, MINUS, POINT, ZERO, NINE] = [0, 0x2d, 0x2e, 0x30, 0x39] as const;
const [ONE, TWO, FOUR, SIX] = [0x31, 0x32, 0x34, 0x36] as const;
const [FIRST_PRINTED, LAST_PRINTED] = [0x20, 0x7e] as const;
/** So many digits are exact, and so is the quotient of two numbers that are. */
const MOST_DIGITS = 15;
const POWERS = Array.from({ length: MOST_DIGITS + 1 }, (_, exponent) => 10 ** exponent);
/** Before this version a price carried neither size nor attributes. */
const WITH_ATTRIBUTES = 3;
/** Sizes that the library tells with a price: all but that of a live bid. */
const SIZE_OF_PRICE: Readonly<Record<number, number>> = { 2: 3, 4: 5, 66: 69, 67: 70, 68: 71 };

/** Whether a message that begins there is one of these. */
export function isTick(bytes: Buffer, from: number): boolean {
  const [first, second] = [bytes[from], bytes[from + 1]];
  if (second === NUL) return first === ONE || first === TWO;
  return first === FOUR && second === SIX && bytes[from + 2] === NUL;
}

/** Reads one message at a time. */
export class TickFrames {
  readonly #onTick: (tick: TickEvent) => void;
  readonly #tick: { -readonly [Key in keyof TickEvent]: TickEvent[Key] } = {
    ...{ event: 'tickPrice', requestId: 0, tickType: 0, value: 0, canAutoExecute: undefined },
  };
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(onTick: (tick: TickEvent) => void) {
    this.#onTick = onTick;
  }

  /** Tells the message that lies there, from its id to its end; false where it is not plain: then nothing was told. */
  read(bytes: Buffer, from: number, to: number): boolean {
    this.#bytes = bytes;
    this.#at = from + 2;
    if (bytes[from] === ONE) return this.#price(to);
    if (bytes[from] === TWO) return this.#size(to);
    this.#at = from + 3;
    return this.#text(to);
  }

  #price(to: number): boolean {
    const version = this.#integer();
    const requestId = this.#integer();
    const tickType = this.#integer();
    const price = this.#number();
    const size = this.#number();
    const mask = this.#integer();
    // A number that is not plain is NaN, and so is the sum.
    if (this.#at !== to || !(version + requestId + tickType + price + size + mask < Number.POSITIVE_INFINITY))
      return false;
    if (version < WITH_ATTRIBUTES) return false;
    const tick = this.#tick;
    tick.requestId = requestId;
    this.#tell('tickPrice', tickType, price, mask !== 0);
    const sizeType = SIZE_OF_PRICE[tickType];
    if (sizeType !== undefined) this.#tell('tickSize', sizeType, size, undefined);
    return true;
  }

  #size(to: number): boolean {
    const version = this.#integer();
    const requestId = this.#integer();
    const tickType = this.#integer();
    const size = this.#number();
    if (this.#at !== to || !(version + requestId + tickType + size < Number.POSITIVE_INFINITY)) return false;
    this.#tick.requestId = requestId;
    this.#tell('tickSize', tickType, size, undefined);
    return true;
  }

  #text(to: number): boolean {
    const version = this.#integer();
    const requestId = this.#integer();
    const tickType = this.#integer();
    const bytes = this.#bytes;
    const from = this.#at;
    const end = to - 1;
    if (!(version + requestId + tickType < Number.POSITIVE_INFINITY) || from > end || bytes[end] !== NUL) return false;
    for (let at = from; at < end; at += 1) {
      const byte = bytes[at]!;
      if (byte < FIRST_PRINTED || byte > LAST_PRINTED) return false;
    }
    this.#tick.requestId = requestId;
    this.#tell('tickString', tickType, bytes.toString('latin1', from, end), undefined);
    return true;
  }

  // oxlint-disable-next-line max-params -- the fields of an event, without an object for each
  #tell(event: TickEvent['event'], tickType: number, value: number | string, flag: boolean | undefined): void {
    const tick = this.#tick;
    tick.event = event;
    tick.tickType = tickType;
    tick.value = value;
    tick.canAutoExecute = flag;
    this.#onTick(tick);
  }

  /** As {@link #number}, without a fraction: of one the library takes the whole part. */
  #integer(): number {
    const value = this.#number();
    return Number.isInteger(value) ? value : this.#odd();
  }

  /** A number up to its NUL: `-12.5`. NaN for an empty one and for whatever else is not plain. */
  #number(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at += 1;
    let digits = 0;
    let mantissa = 0;
    let pointAt = -1;
    for (; ; at += 1) {
      const byte = bytes[at]!;
      if (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        digits += 1;
      } else if (byte === POINT && pointAt < 0) {
        pointAt = digits;
      } else {
        // Behind the last byte there is none: then this is neither.
        if (byte !== NUL) return this.#odd();
        break;
      }
    }
    if (digits === 0 || digits > MOST_DIGITS) return this.#odd();
    this.#at = at + 1;
    const value = pointAt < 0 ? mantissa : mantissa / POWERS[digits - pointAt]!;
    return isNegative ? -value : value;
  }

  /** What follows is not read either. */
  #odd(): number {
    this.#at = Number.POSITIVE_INFINITY;
    return Number.NaN;
  }
}
