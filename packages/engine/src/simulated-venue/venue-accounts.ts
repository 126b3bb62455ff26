import type { Currency } from '@bookrunner/sdk';
import type { InstrumentTerms } from './instrument-terms.js';
import { VenueAccount, type AccountSetup } from './venue-account.js';

/** The accounts of a venue. Without a declaration every name is an account, made at its first order. */
export class VenueAccounts {
  readonly list: VenueAccount[] = [];
  private readonly terms: readonly InstrumentTerms[];
  private readonly initialCash: Readonly<Record<Currency, number>>;
  private readonly isOpenEnded: boolean;
  private readonly areValued: boolean;
  #last: VenueAccount | undefined = undefined;

  constructor(
    terms: readonly InstrumentTerms[],
    setup: readonly AccountSetup[] | undefined,
    use: { readonly initialCash: Readonly<Record<Currency, number>>; readonly areValued: boolean },
  ) {
    this.terms = terms;
    this.initialCash = use.initialCash;
    this.areValued = use.areValued;
    this.isOpenEnded = setup === undefined;
    for (const account of setup ?? []) this.list.push(new VenueAccount(account, terms, this.areValued));
  }

  /** The account of a name; undefined where the venue does not know it. */
  of(name: string): VenueAccount | undefined {
    const last = this.#last;
    if (last !== undefined && last.name === name) return last;
    const known = this.list.find((account) => account.name === name);
    this.#last = known ?? (this.isOpenEnded ? this.#add(name) : undefined);
    return this.#last;
  }

  #add(name: string): VenueAccount {
    const currency = Object.keys(this.initialCash)[0] ?? this.terms[0]?.instrument.quote ?? 'USD';
    const account = new VenueAccount({ name, currency, cash: this.initialCash }, this.terms, this.areValued);
    this.list.push(account);
    return account;
  }
}
