import type { AccountState, Heartbeat, VenueReport, VenueSink, VenueStatus } from '@bookrunner/sdk';

/** What a venue says since it was opened once: kept for as long as it is not to be heard, and nothing any more once that opening is over. */
export class OpeningSink implements VenueSink {
  readonly #line: VenueSink;
  #held: (() => void)[] | undefined;
  /** The venue was opened anew, or is not there: what this opening has said, and says late, is void. */
  isOver = false;
  /** What the venue has said of itself last. */
  lastState: VenueStatus['state'] | undefined;

  constructor(line: VenueSink, { isHeld }: { readonly isHeld: boolean }) {
    this.#line = line;
    this.#held = isHeld ? [] : undefined;
  }

  report(report: VenueReport): void {
    this.#say(() => this.#line.report(report));
  }
  account(state: AccountState): void {
    this.#say(() => this.#line.account(state));
  }
  status(status: VenueStatus): void {
    this.lastState = status.state;
    this.#say(() => this.#line.status(status));
  }
  /** One that is heard late would show a clock that is off. */
  heartbeat(heartbeat: Heartbeat): void {
    if (this.#held === undefined && !this.isOver) this.#line.heartbeat(heartbeat);
  }

  /** What was kept is heard, and everything at once from now on. */
  hear(): void {
    // What it says meanwhile comes after what it has said before.
    for (let say = this.#held?.shift(); say !== undefined; say = this.#held?.shift()) say();
    this.#held = undefined;
  }

  #say(act: () => void): void {
    if (this.isOver) return;
    if (this.#held === undefined) act();
    else this.#held.push(act);
  }
}
