/** One thing that is wrong, or questionable, as `check --json` lists it. */
export interface CheckFinding {
  readonly phase: string;
  readonly code: string;
  readonly path: string;
  readonly place?: string;
  readonly message: string;
  readonly remedy: string;
}
