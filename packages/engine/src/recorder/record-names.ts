// What the small integers of the hot path are called, and columns that say it.
import {
  buildTag,
  type Liquidity,
  type OrderPurpose,
  type OrderStatus,
  type OrderType,
  type Side,
  type TimeInForce,
} from '@bookrunner/sdk';
import { formatOrderId } from '../execution/order-id.js';
import { ORDER_STATUSES } from '../execution/order-state.js';
import type { TextColumn, UniqueTextColumn } from './record-table.js';
import { TextDictionary } from './text-dictionary.js';

/** One strategy in one book. */
export interface RecordOwner {
  readonly strategy: string;
  readonly book: string;
}

/** Whose a row is, as the hot path knows it: the places of its names in {@link RecordNames}. */
export interface RecordOwnerIndex {
  readonly instrumentIndex: number;
  readonly strategyIndex: number;
}

/** Names by index. The lists may grow while a run goes on; what an index names never changes. */
export interface RecordNames {
  readonly runEpoch: string;
  /** Symbol by instrument index. */
  readonly symbols: readonly string[];
  /** Strategy and book by owner index. */
  readonly owners: readonly RecordOwner[];
}

/** Enumerations by the number that stands for them in a chunk; files hold the texts, so the order may change. */
export const SIDES: readonly Side[] = ['buy', 'sell'];
export const LIQUIDITIES: readonly Liquidity[] = ['unknown', 'maker', 'taker'];
export const ORDER_TYPES: readonly OrderType[] = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'];
export const TIMES_IN_FORCE: readonly TimeInForce[] = ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'];
export const PURPOSES: readonly OrderPurpose[] = ['entry', 'exit', 'protection', 'kill'];

/** Nearly every order ends filled or cancelled. */
export function statusCode(status: OrderStatus): number {
  if (status === 'filled') return 6;
  return status === 'cancelled' ? 7 : ORDER_STATUSES.indexOf(status);
}

const NO_OWNER: RecordOwner = { strategy: '', book: '' };

/** The owner of an index; empty names where nothing owns it. */
export function ownerOf(names: RecordNames, index: number): RecordOwner {
  return names.owners[index] ?? NO_OWNER;
}

/** A column of symbols. */
export function symbolColumn(names: RecordNames, codes: Int32Array): TextColumn {
  return { name: 'symbol', type: 'text', codes, dictionary: names.symbols };
}

/** The columns `strategy` and `book`. */
export function ownerColumns(names: RecordNames, codes: Int32Array): readonly TextColumn[] {
  return [
    { name: 'strategy', type: 'text', codes, dictionary: names.owners.map((owner) => owner.strategy) },
    { name: 'book', type: 'text', codes, dictionary: names.owners.map((owner) => owner.book) },
  ];
}

/** The column `tag`, `STRATEGY|BOOK|YYYYMMDD`. */
export function tagColumn(names: RecordNames, owners: Int32Array, days: Int32Array): TextColumn {
  const dictionary = new TextDictionary();
  const codes = new Int32Array(owners.length);
  let owner = -1;
  let day = -1;
  let code = 0;
  for (let row = 0; row < codes.length; row += 1) {
    if (owners[row] !== owner || days[row] !== day) {
      owner = owners[row]!;
      day = days[row]!;
      const { strategy, book } = ownerOf(names, owner);
      code = dictionary.code(buildTag(strategy, book, day));
    }
    codes[row] = code;
  }
  return { name: 'tag', type: 'text', codes, dictionary: dictionary.texts };
}

const ID_WIDTH = 16;
const DIGITS = Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz');

/** The column `orderId` from the orders' sequence numbers: `formatOrderId` of each, without a string for each. */
export function orderIdColumn(names: RecordNames, sequences: Float64Array): UniqueTextColumn {
  const rows = sequences.length;
  const offsets = new Uint32Array(rows + 1);
  const bytes = Buffer.alloc(rows * ID_WIDTH, formatOrderId(names.runEpoch, 0), 'latin1');
  for (let row = 0; row < rows; row += 1) {
    const end = (row + 1) * ID_WIDTH;
    offsets[row + 1] = end;
    let rest = sequences[row]!;
    for (let at = end - 1; rest > 0; at -= 1) {
      const high = Math.floor(rest / 36);
      bytes[at] = DIGITS[rest - high * 36]!;
      rest = high;
    }
  }
  return { name: 'orderId', type: 'unique-text', bytes, offsets };
}

/** NaN as null, for rows that people and JSON read. */
export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
