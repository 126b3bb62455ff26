// Integers at the scales of an instrument, at other scales of it: a broker may tell other steps than it told the last session.
import { type Instrument, type Money, moneyPower, powerOfTen } from '@bookrunner/sdk';
import type { InstrumentState } from '../market/instrument-state.js';
import type { HoldingState } from '../portfolio/holding.js';
import type { Kernel } from './kernel.js';

type Scales = Pick<Instrument, 'quantityDecimals' | 'priceDecimals'>;

/** A power of ten as one that multiplies and one that divides: one of them is 1, so that nothing is rounded on the way. */
interface Ratio<Power> {
  readonly up: Power;
  readonly down: Power;
}

/** From the scales that an instrument had to those that it has. */
export class FoldScale {
  readonly #quantity: Ratio<number>;
  readonly #value: Ratio<bigint>;
  /** Nothing is another number than it was. */
  readonly isSame: boolean;

  constructor(from: Scales, to: Scales) {
    const quantity = to.quantityDecimals - from.quantityDecimals;
    const price = to.priceDecimals - from.priceDecimals;
    this.#quantity = ratioOf(quantity, powerOfTen);
    this.#value = ratioOf(quantity + price, moneyPower);
    this.isSame = quantity === 0 && price === 0;
  }

  /** Whether a scaled quantity is whole at the new scale. Where there is none (NaN), none is lost. */
  isWhole(scaled: number): boolean {
    const { up, down } = this.#quantity;
    return Number.isNaN(scaled) || (scaled % down === 0 && Number.isSafeInteger(scaled * up));
  }

  /** A scaled quantity. Errors: RangeError for one that is not whole, which the caller has looked for. */
  quantity(scaled: number): number {
    if (!this.isWhole(scaled)) throw new RangeError(`The scaled quantity ${scaled} is not whole at another scale.`);
    return this.share(scaled);
  }

  /** A scaled quantity that is no part of any ledger: it need not be whole. */
  share(scaled: number): number {
    const { up, down } = this.#quantity;
    return (scaled * up) / down;
  }

  /** Whether a sum of scaled prices times scaled quantities is whole at the new scales. */
  isWholeValue(sum: bigint): boolean {
    return sum % this.#value.down === 0n;
  }

  /** Such a sum, towards zero. */
  value(sum: bigint): bigint {
    const { up, down } = this.#value;
    return (sum * up) / down;
  }

  /** The same of one that is no part of any ledger. */
  valueShare(sum: number): number {
    const { up, down } = this.#value;
    return (sum * Number(up)) / Number(down);
  }

  /**
   * What is held, exactly. Of what was earned before, less than a step of the new scale may be missing: {@link cashBesides} has it.
   * Errors: RangeError for what is not whole, which the caller has looked for.
   */
  holding(saved: HoldingState): HoldingState {
    if (this.isSame) return saved;
    const cost = BigInt(saved.cost);
    if (!this.isWholeValue(cost)) throw new RangeError(`The cost ${saved.cost} is not whole at another scale.`);
    const [openAt, peakScaled, ...values] = saved.trade;
    return {
      ...saved,
      qtyScaled: this.quantity(saved.qtyScaled),
      cost: String(this.value(cost)),
      realised: String(this.value(BigInt(saved.realised))),
      trade: [openAt, this.share(peakScaled), ...values],
    };
  }
}

/** Cash that a holding moved and that it has not moved as it is written now: none, but for what its scales or its point value cannot say. */
export function cashBesides(
  before: { readonly saved: HoldingState; readonly state: InstrumentState },
  after: { readonly saved: HoldingState; readonly state: InstrumentState },
): Money {
  const moved = ({ saved, state }: typeof before): Money =>
    (BigInt(saved.realised) - BigInt(saved.cost)) * state.moneyFactor;
  return moved(before) - moved(after);
}

/** Scales of the instruments that another kernel has as well, by symbol. */
export class FoldScales {
  private readonly scales: ReadonlyMap<string, FoldScale>;

  constructor(from: Iterable<Instrument>, to: Iterable<Instrument>) {
    const now = new Map([...to].map((instrument) => [instrument.symbol, instrument]));
    // Of one that is gone nothing is left that would need another scale.
    this.scales = new Map(
      [...from].map((before) => [before.symbol, new FoldScale(before, now.get(before.symbol) ?? before)]),
    );
  }

  static between({ setup: from }: Kernel, { setup: to }: Kernel): FoldScales {
    const instrumentsOf = ({ instruments }: Kernel['setup']): Instrument[] =>
      instruments.map(({ instrument }) => instrument);
    return new FoldScales(instrumentsOf(from), instrumentsOf(to));
  }

  of(symbol: string): FoldScale {
    return this.scales.get(symbol) ?? SAME;
  }

  get areSame(): boolean {
    return [...this.scales.values()].every(({ isSame }) => isSame);
  }
}

const SAME = new FoldScale({ quantityDecimals: 0, priceDecimals: 0 }, { quantityDecimals: 0, priceDecimals: 0 });

function ratioOf<Power>(decimals: number, power: (decimals: number) => Power): Ratio<Power> {
  return { up: power(Math.max(0, decimals)), down: power(Math.max(0, -decimals)) };
}
