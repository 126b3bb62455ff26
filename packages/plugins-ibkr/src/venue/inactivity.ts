/** What an Inactive says: `told` by an open order, which never says why; `held` with a reason; `bare` without one. */
export type InactiveWord = 'told' | 'held' | 'bare';

/** Whether an order is Inactive, and what was said of that. Held stock, a closed exchange and a refusal all look alike. */
export class Inactivity {
  #word: InactiveWord | undefined;

  /** No reason is known, and its status had the chance to tell one. */
  get isBare(): boolean {
    return this.#word === 'bare';
  }

  /** True where it was not Inactive before. */
  saw(word: InactiveWord): boolean {
    const isNews = this.#word === undefined;
    // An open order takes back nothing of what a status said.
    if (isNews || word !== 'told') this.#word = word;
    return isNews;
  }

  /** It is at work. */
  end(): void {
    this.#word = undefined;
  }
}

/** The word of a message; `isOpenOrder` where it was no orderStatus. */
export function inactiveWord(whyHeld: string, isOpenOrder: boolean): InactiveWord {
  if (isOpenOrder) return 'told';
  return whyHeld === '' ? 'bare' : 'held';
}
