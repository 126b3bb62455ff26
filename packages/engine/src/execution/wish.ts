import type { EntryInstruction, ProtectInstruction } from '@bookrunner/sdk';

/** In which measure a wish is expressed. */
export type WishMeasure = 'none' | 'share' | 'units' | 'weight';

/** What protects a position of one side, kept while the strategy already wants the other. */
export interface KeptProtection {
  /** 1 for a long position, -1 for a short one. */
  readonly side: number;
  readonly protect: ProtectInstruction | undefined;
}

/** A side without protection, made once: most strategies turn round without any. */
const BARE_LONG: KeptProtection = { side: 1, protect: undefined };
const BARE_SHORT: KeptProtection = { side: -1, protect: undefined };

/**
 * A wish as its strategy answered it: equal answers size nothing. Nearly every bar asks whether the answer is the share that is wanted
 * already, so what that depends on is worked into one number wherever a part of it changes.
 */
export abstract class Wish {
  private named: WishMeasure = 'none';
  private amount = Number.NaN;
  private entering: EntryInstruction | undefined = undefined;
  private protecting: ProtectInstruction | undefined = undefined;
  private aside: KeptProtection | undefined = undefined;
  private plain = Number.NaN;
  /** Something is said of protection, by the answer or by what is kept: most strategies answer without any, and it is asked several times an order. */
  protected hasProtection = false;

  /** The share that is wanted without entry price or protection; NaN, which no answer equals, where anything else is wanted. */
  get plainShare(): number {
    return this.plain;
  }

  /** It is a share that is wanted, and nothing else is said. */
  get isPlain(): boolean {
    return this.plain === this.plain;
  }

  get measure(): WishMeasure {
    return this.named;
  }
  set measure(measure: WishMeasure) {
    this.want(measure, this.amount);
  }

  get wish(): number {
    return this.amount;
  }
  set wish(wish: number) {
    this.want(this.named, wish);
  }

  /** Sets measure and wish. */
  want(measure: WishMeasure, wish: number): void {
    this.named = measure;
    this.amount = wish;
    this.#refresh();
  }

  /** Sets another share of a plain wish. */
  wantShare(share: number): void {
    this.amount = share;
    this.plain = share;
  }

  get entry(): EntryInstruction | undefined {
    return this.entering;
  }
  set entry(entry: EntryInstruction | undefined) {
    this.entering = entry;
    this.#refresh();
  }

  get protect(): ProtectInstruction | undefined {
    return this.protecting;
  }
  set protect(protect: ProtectInstruction | undefined) {
    this.protecting = protect;
    this.hasProtection = protect !== undefined || this.aside?.protect !== undefined;
    this.#refresh();
  }

  /** What the strategy said of the position it still has, before it wanted another side or none. */
  get kept(): KeptProtection | undefined {
    return this.aside;
  }
  set kept(kept: KeptProtection | undefined) {
    this.aside = kept;
    this.hasProtection = kept?.protect !== undefined || this.protecting !== undefined;
  }

  /** Keeps that a side was wanted without protection, where the wish has none either. */
  protected keepBare(side: number): void {
    this.aside = side > 0 ? BARE_LONG : BARE_SHORT;
    this.hasProtection = false;
  }

  #refresh(): void {
    const isPlain = this.named === 'share' && this.entering === undefined && this.protecting === undefined;
    this.plain = isPlain ? this.amount : Number.NaN;
  }
}
