/** Net holding of one instrument under one tag. Quantity is signed units; `avgPrice` is NaN when flat. */
export interface Position {
  readonly symbol: string;
  readonly qty: number;
  readonly avgPrice: number;
  readonly tag: string;
}
