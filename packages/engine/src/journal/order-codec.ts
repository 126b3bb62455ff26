// Orders as they leave the kernel.
import type { OrderPurpose, OrderType, Side, TimeInForce } from '@bookrunner/sdk';
import type { OrderRecord } from '../execution/order-record.js';
import { ORDER_STATUSES } from '../execution/order-state.js';
import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';
import type { JournalledOrder } from './journal-record.js';
import type { TextTableReader, TextTableWriter } from './text-table.js';

export const SIDES: readonly Side[] = ['buy', 'sell'];
const TYPES: readonly OrderType[] = ['market', 'limit', 'stop', 'stop-limit', 'trailing-stop'];
const TIFS: readonly TimeInForce[] = ['DAY', 'GTC', 'IOC', 'FOK', 'GTD'];
const PURPOSES: readonly OrderPurpose[] = ['entry', 'exit', 'protection', 'kill'];

/** Whole numbers from 0 on. */
const COUNTS = ['sequence', 'instrumentIndex', 'ocoSequence', 'parentSequence'] as const;
const NUMBERS = [
  'qtyScaled',
  'filledScaled',
  'limitPrice',
  'stopPrice',
  'trail',
  'expiresAt',
  'createdTs',
  'decisionPrice',
  'tradingDay',
] as const;

/** An order as it stands when it leaves the kernel. */
export function writeOrder(writer: ByteWriter, texts: TextTableWriter, order: OrderRecord): void {
  for (const field of COUNTS) writer.count(order[field]);
  for (const field of NUMBERS) writer.double(order[field]);
  texts.write(writer, order.side);
  texts.write(writer, order.orderType);
  texts.write(writer, order.tif);
  texts.write(writer, order.purpose);
  texts.write(writer, order.status);
  texts.write(writer, order.owner.strategy);
  texts.write(writer, order.owner.book);
}

/** Errors: JOURNAL_RECORD_INVALID. */
export function readOrder(reader: ByteReader, texts: TextTableReader): JournalledOrder {
  const counts = COUNTS.map((field) => [field, reader.count()]);
  const numbers = NUMBERS.map((field) => [field, reader.double()]);
  return {
    ...(Object.fromEntries([...counts, ...numbers]) as Pick<
      JournalledOrder,
      (typeof COUNTS)[number] | (typeof NUMBERS)[number]
    >),
    side: texts.word(reader, SIDES),
    orderType: texts.word(reader, TYPES),
    tif: texts.word(reader, TIFS),
    purpose: texts.word(reader, PURPOSES),
    status: texts.word(reader, ORDER_STATUSES),
    strategy: texts.read(reader),
    book: texts.read(reader),
  };
}
