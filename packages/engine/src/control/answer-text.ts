// Answers to questions as a person reads them: what is held, what works, what is halted, the day's result.
import type { Command } from '@bookrunner/sdk';
import { textTable } from '../cli/text-table.js';
import { formatDuration, formatNumber, formatSigned, formatTime } from '../report/format.js';
import { printable } from '../report/render-summary.js';
import { DEFAULT_ROWS, type QuestionContext, riskAnswer } from './answer-question.js';
import type { EngineSnapshot, HaltView, OrderView } from './engine-snapshot.js';
import { haltText } from './halt-latch.js';
import { isOf } from './halt-reason.js';
import { riskTables } from './risk-text.js';
import { decimalText } from './shown-decimals.js';

/** Orders that `status` lists; `orders` has all. */
const STATUS_ORDERS = 10;

type Section = string | undefined;

/** The answer as text, lines ended by newlines; undefined where there is none, and its JSON has to do. */
export function answerText(command: Command, context: QuestionContext): string | undefined {
  const { snapshot } = context;
  const limit = typeof command.args['limit'] === 'number' ? command.args['limit'] : DEFAULT_ROWS;
  switch (command.name) {
    case 'status':
      return text(context, [...status(context), positions(snapshot), orders(snapshot, STATUS_ORDERS)]);
    case 'strategies':
      return text(context, [strategies(snapshot), wishes(snapshot)]);
    case 'orders':
      return text(context, [orders(snapshot, limit)]);
    case 'fills':
      return text(context, [fills(snapshot, limit)]);
    case 'pnl':
      return text(context, [books(snapshot), profits(snapshot)]);
    case 'risk':
      return text(context, risk(command, context));
    default:
      return undefined;
  }
}

function text({ snapshot, isFresh }: QuestionContext, sections: readonly Section[]): string {
  const { name, mode, state, at, takenAt } = snapshot;
  const time = at === null ? 'nothing has happened yet' : `${formatTime(at)} UTC`;
  const old = isFresh ? '' : `THE ENGINE DOES NOT ANSWER: this is how it was at ${formatTime(takenAt)} UTC.\n`;
  const parts = sections.filter((part) => part !== undefined && part !== '');
  return lines(`${name}, ${mode}, ${state}: ${time}\n${old}${parts.map((part) => `\n${part}`).join('')}`);
}

/** Names come from configuration, messages from brokers: nothing in them may steer a terminal. */
function lines(whole: string): string {
  return whole
    .split('\n')
    .map((line) => printable(line))
    .join('\n');
}

/** Words of brokers, plugins and persons stay in their line. */
function inLine(words: string): string {
  return words.trim().replaceAll(/\s+/g, ' ');
}

function status(context: QuestionContext): readonly Section[] {
  const { snapshot } = context;
  return [halts(context), toDecide(snapshot), books(snapshot), parts(snapshot), strategies(snapshot)];
}

/** All of them, or those that concern whom a person asks about. */
function halts({ snapshot, latched }: QuestionContext, concerned = snapshot.halts, whom = ''): string {
  const onDisk = latched.filter((entry) => !snapshot.halts.some((halt) => isOf(entry, halt)));
  const rows = [
    ...concerned.map((halt) => `HALTED    ${haltLine(halt)}\n`),
    ...onDisk.map((entry) => `HALTED    at the next start: ${haltText(entry)}\n`),
  ];
  return rows.length === 0 ? `Nothing${whom} is halted.\n` : rows.join('');
}

function haltLine({ scope, name, reason, until }: HaltView): string {
  const end = until === null ? '' : ` Until ${formatTime(until)} UTC at the latest.`;
  return `${scope === 'global' ? 'everything' : `${scope} ${name}`}: ${inLine(reason).replace(/\.$/, '')}.${end}`;
}

function toDecide({ reconciliation }: EngineSnapshot): Section {
  const rows = reconciliation.flatMap(({ frozen, undecided }) => [...frozen, ...undecided]);
  const named = [...new Set(rows.map(({ symbol, account }) => `${symbol} on ${account}`))];
  return named.length === 0 ? undefined : `TO DECIDE ${named.join(', ')}: see reconcile.\n`;
}

function books({ books: all }: EngineSnapshot): string {
  const rows = all.map(({ name, currency, equity, dayProfit, cash, grossExposure }) => [
    name,
    `${formatNumber(equity)} ${currency}`,
    ...[formatSigned(dayProfit), formatNumber(cash), formatNumber(grossExposure)],
  ]);
  const figures = ['Equity', 'Day result', 'Cash', 'Exposure'];
  return textTable([['Book', ...figures], ...rows], figures);
}

function risk(command: Command, context: QuestionContext): readonly Section[] {
  const { name } = command.args;
  const answer = riskAnswer(command, context);
  const whom = name === undefined ? '' : ` that concerns strategy ${String(name)}`;
  return [halts(context, answer.halts, whom), ...riskTables(answer)];
}

/** Feeds and brokers. */
function parts({ feeds, venues, takenAt }: EngineSnapshot): string {
  const heard = (lastAt: number | null): string =>
    lastAt === null ? 'nothing yet' : `last at ${formatTime(lastAt)} UTC`;
  const rows = [
    ...feeds.map(({ name, state, message, lastAt }) => [
      `Feed ${name}`,
      state,
      message === '' ? heard(lastAt) : inLine(message),
    ]),
    ...venues.map(({ name, state, message, isReconciled, since }) => [
      `Venue ${name}`,
      `${state}${isReconciled ? '' : ', not reconciled'}`,
      `for ${formatDuration(Math.max(0, takenAt - since))}${message === '' ? '' : `. ${inLine(message)}`}`,
    ]),
  ];
  return textTable(rows);
}

function strategies({ strategies: all }: EngineSnapshot): string {
  const rows = all.map(({ name, book, status: state, isWarm, allocation, realised, fees, fills: count, reason }) => [
    ...[name, book, isWarm || state !== 'running' ? state : 'warming up', formatNumber(allocation)],
    ...[formatSigned(realised - fees), String(count), inLine(reason)],
  ]);
  const figures = ['Weight', 'Net realised', 'Fills'];
  return textTable([['Strategy', 'Book', 'State', ...figures, ''], ...rows], figures);
}

/** What is held. */
function positions({ strategies: all, decimals }: EngineSnapshot): string {
  const rows = all.flatMap(({ name, positions: own }) =>
    own
      .filter(({ qty }) => qty !== 0)
      .map(({ symbol, qty, avgPrice, price }) => [
        ...[name, symbol, decimalText(qty, decimals[symbol]?.qty)],
        ...[avgPrice, price].map((each) => decimalText(each, decimals[symbol]?.price)),
      ]),
  );
  if (rows.length === 0) return 'No strategy holds anything.\n';
  const figures = ['Held', 'Average price', 'Price'];
  return textTable([['Strategy', 'Symbol', ...figures], ...rows], figures);
}

/** What is held, and what is wanted. */
function wishes({ strategies: all, decimals }: EngineSnapshot): string {
  const rows = all.flatMap(({ name, positions: own }) =>
    own.map(({ symbol, qty, target, avgPrice, price, waitsFor, awaitsOtherAnswer }) => [
      ...[name, symbol, ...[qty, target].map((each) => decimalText(each, decimals[symbol]?.qty))],
      ...[avgPrice, price].map((each) => decimalText(each, decimals[symbol]?.price)),
      waitsFor === null
        ? awaitsOtherAnswer && target !== qty
          ? 'waits for another answer'
          : ''
        : `waits for ${waitsFor}`,
    ]),
  );
  const figures = ['Held', 'Wanted', 'Average price', 'Price'];
  return textTable([['Strategy', 'Symbol', ...figures, ''], ...rows], figures);
}

/** What works; the newest of it where it is much. */
function orders({ orders: all, ordersWorking, ordersUnknown, decimals }: EngineSnapshot, limit: number): string {
  if (ordersWorking === 0) return 'No order is at work.\n';
  const rows = all.slice(-limit).map((order) => orderRow(order, decimals[order.symbol]));
  const left = ordersWorking - rows.length;
  const figures = ['Quantity', 'Filled', 'Limit', 'Stop'];
  const table = textTable([['Order', 'Strategy', 'Symbol', 'What', ...figures, 'State'], ...rows], figures);
  const unknown = ordersUnknown === 0 ? '' : `Of ${ordersUnknown} it is not known whether the venue has them.\n`;
  return `${table}${left > 0 ? `… and ${left} older: orders limit=${ordersWorking}\n` : ''}${unknown}`;
}

function orderRow(order: OrderView, decimals: EngineSnapshot['decimals'][string] | undefined): readonly string[] {
  const {
    orderId,
    tag,
    symbol,
    side,
    orderType,
    purpose,
    qty,
    filledQty,
    limitPrice,
    stopPrice,
    status: state,
  } = order;
  return [
    ...[orderId, tag.split('|')[0] ?? '', symbol, `${purpose}: ${side} ${orderType}`],
    ...[qty, filledQty].map((each) => decimalText(each, decimals?.qty)),
    ...[limitPrice, stopPrice].map((each) => (each === null ? '' : decimalText(each, decimals?.price))),
    state,
  ];
}

function fills({ fills: all, counts, decimals }: EngineSnapshot, limit: number): string {
  if (all.length === 0) return 'Nothing was filled in this session.\n';
  const rows = all
    .slice(-limit)
    .map(({ ts, tag, symbol, side, qty, price, fee, feeCurrency }) => [
      ...[formatTime(ts), tag.split('|')[0] ?? '', symbol, side],
      ...[decimalText(qty, decimals[symbol]?.qty), decimalText(price, decimals[symbol]?.price)],
      `${formatNumber(fee)} ${feeCurrency}`,
    ]);
  const figures = ['Quantity', 'Price', 'Fee'];
  const left = counts.fills - rows.length;
  const table = textTable([['Time (UTC)', 'Strategy', 'Symbol', 'Side', ...figures], ...rows], figures);
  return `${table}${left > 0 ? `… and ${left} older.\n` : ''}`;
}

function profits({ strategies: all }: EngineSnapshot): string {
  const rows = all.map(({ name, book, currency, realised, fees, fills: count }) => [
    ...[name, book, ...[realised, fees].map((each) => formatNumber(each))],
    ...[`${formatSigned(realised - fees)} ${currency}`, String(count)],
  ]);
  const figures = ['Realised', 'Fees', 'Net realised', 'Fills'];
  return textTable([['Strategy', 'Book', ...figures], ...rows], figures);
}
