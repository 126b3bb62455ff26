// Parts of an order that placeOrder, openOrder and completedOrder have in common.
import { FLAG, INTEGER, NUMBER, OPTIONAL_INTEGER, OPTIONAL_NUMBER, TEXT } from './codecs.js';
import type { Codec } from './codecs.js';
import type { FieldCursor } from './field-cursor.js';
import { field, fixed, list, preset, values, when, within } from './layout.js';
import type { Draft, Item } from './layout.js';
import type { WireCondition, WireOrder } from './requests.js';

/** Attributes the gateway only keeps. */
export interface Keeper {
  readonly further?: Readonly<Record<string, string>>;
}

/** An attribute the gateway keeps as its field stands, and what it says where nobody gave it. */
function kept(name: string, otherwise: string): Item<Keeper> {
  return {
    write: (fields, order) => void fields.push(order.further?.[name] ?? otherwise),
    read: (cursor, draft) => {
      const text = cursor.take(name);
      const further = (draft['further'] ?? {}) as Record<string, string>;
      draft['further'] = further;
      if (text !== '' && text !== otherwise) further[name] = text;
    },
  };
}

/** Several of them in a row: names, or names with what is said where nobody gave them. */
export function keeps(...names: readonly (string | readonly [name: string, otherwise: string])[]) {
  const pairs = names.map((name) => (typeof name === 'string' ? ([name, ''] as const) : name));
  return within('order', ...pairs.map(([name, otherwise]) => kept(name, otherwise)));
}

function keptText(order: Keeper, name: string): string {
  return order.further?.[name] ?? '';
}

/** What the options of an order depend on. */
export type WithOrder = { readonly order: Pick<WireOrder, 'orderType' | 'further' | 'algoStrategy'> };

const isType =
  (...types: readonly string[]) =>
  (message: WithOrder): boolean =>
    types.includes(message.order.orderType);

/** Orders pegged to a benchmark, to the best price, to the middle; the API knows both spellings. */
export const isPegBench = isType('PEG BENCH', 'PEGBENCH');
export const isPegBest = isType('PEG BEST', 'PEGBEST');
export const isPegMid = isType('PEG MID', 'PEGMID');

const ACTION: Codec<string> = {
  write: (value) => value,
  read: (text) => (['BUY', 'SELL', 'SSHORT'].includes(text) ? text : undefined),
};
/** DAY where a client leaves it empty. */
const TIME_IN_FORCE: Codec<string> = { write: (value) => value, read: (text) => (text === '' ? 'DAY' : text) };

/** From the action to the account; sides differ in how they write a price that is not there. */
export function mainTerms(price: Codec<number>) {
  return within(
    'order',
    field('action', ACTION),
    field('totalQuantity', NUMBER),
    field('orderType', TEXT),
    field('lmtPrice', price),
    field('auxPrice', price),
    field('tif', TIME_IN_FORCE),
    field('ocaGroup', TEXT),
    field('account', TEXT),
  );
}

/** Allocation among the accounts of an adviser; the profile only below version 177. */
export const advisor = ['faGroup', 'faMethod', 'faPercentage'] as const;

/** What follows an order whose delta is hedged by another order. */
export const deltaNeutralOrder = keeps(
  ['deltaNeutralConId', '0'],
  'deltaNeutralSettlingFirm',
  'deltaNeutralClearingAccount',
  'deltaNeutralClearingIntent',
  ['deltaNeutralOpenClose', '?'],
  ['deltaNeutralShortSale', '0'],
  ['deltaNeutralShortSaleSlot', '0'],
  'deltaNeutralDesignatedLocation',
);

/** Stop price of a trailing order, and its distance in percent. */
export const trail = within(
  'order',
  field('trailStopPrice', OPTIONAL_NUMBER),
  field('trailingPercent', OPTIONAL_NUMBER),
);

/** Legs, their prices, and how a combination is routed. */
export const combination = within(
  'order',
  list(
    'comboLegs',
    field('conId', INTEGER),
    field('ratio', INTEGER),
    field('action', TEXT),
    field('exchange', TEXT),
    fixed('openClose', '0'),
    fixed('shortSaleSlot', '0'),
    fixed('designatedLocation'),
    fixed('exemptCode', '-1'),
  ),
  optionalList('comboLegPrices', values('comboLegPrices', OPTIONAL_NUMBER)),
  list('smartComboRouting', field('tag', TEXT), field('value', TEXT)),
);
/** An order without them. */
export const noCombination = within(
  'order',
  preset('comboLegs', []),
  preset('smartComboRouting', []),
  preset('algoParameters', []),
);

/** A list that an order may lack: written as none. */
function optionalList<N extends string, V>(
  name: N,
  item: Item<Readonly<Record<N, readonly V[]>>>,
): Item<{ readonly [Name in N]?: readonly V[] }> {
  return {
    write: (fields, order, version) =>
      item.write(fields, { [name]: order[name] ?? [] } as Readonly<Record<N, readonly V[]>>, version),
    read: item.read,
  };
}

/** Levels of a scale order; seven more where it has a price increment. */
export function scale(unset: string) {
  return [
    keeps(['scaleInitLevelSize', unset], ['scaleSubsLevelSize', unset], 'scalePriceIncrement'),
    when(
      ({ order }: WithOrder) => isPositive(keptText(order, 'scalePriceIncrement')),
      keeps(
        'scalePriceAdjustValue',
        'scalePriceAdjustInterval',
        'scaleProfitOffset',
        ['scaleAutoReset', '0'],
        'scaleInitPosition',
        'scaleInitFillQty',
        ['scaleRandomPercent', '0'],
      ),
    ),
  ] as const;
}

function isPositive(text: string): boolean {
  const value = Number(text);
  return value > 0 && value !== Number.MAX_VALUE;
}

/** A hedge, and its parameter where there is one. */
export const hedge = [
  keeps('hedgeType'),
  when(({ order }: WithOrder) => keptText(order, 'hedgeType') !== '', keeps('hedgeParam')),
] as const;

/** The contract that hedges the delta of a combination, where there is one. */
export const deltaNeutralContract = [
  keeps(['deltaNeutralContract', '0']),
  when(
    ({ order }: WithOrder) => keptText(order, 'deltaNeutralContract') === '1',
    keeps('deltaNeutralContractConId', 'deltaNeutralContractDelta', 'deltaNeutralContractPrice'),
  ),
] as const;

/** The algorithm, and its parameters where there is one. */
export const algorithm = [
  within('order', field('algoStrategy', TEXT)),
  when(
    ({ order }: WithOrder) => order.algoStrategy !== '',
    within('order', list('algoParameters', field('tag', TEXT), field('value', TEXT))),
  ),
] as const;

/** What an order pegged to a benchmark follows. */
export const benchmark = when(
  isPegBench,
  keeps(
    ['referenceContractId', '0'],
    ['isPeggedChangeAmountDecrease', '0'],
    ['peggedChangeAmount', '0'],
    ['referenceChangeAmount', '0'],
    'referenceExchangeId',
  ),
);

/** How many fields follow the type and the conjunction of a condition. */
const CONDITION_FIELDS: Readonly<Record<number, number>> = { 1: 5, 3: 2, 4: 2, 5: 3, 6: 4, 7: 4 };

type Conditional = Pick<WireOrder, 'conditions' | 'conditionsIgnoreRth' | 'conditionsCancelOrder'>;

/** Conditions, and two flags where there are any. */
export const conditions: Item<{ readonly order: Conditional }> = {
  write: (fields, { order }) => {
    const all = order.conditions ?? [];
    fields.push(String(all.length));
    for (const { type, conjunction, values: texts } of all) fields.push(String(type), conjunction, ...texts);
    if (all.length > 0)
      fields.push(FLAG.write(order.conditionsIgnoreRth ?? false), FLAG.write(order.conditionsCancelOrder ?? false));
  },
  read: (cursor, draft) => {
    const order = draft['order'] as Draft;
    const count = Number(cursor.take('condition count'));
    if (!(count <= cursor.remaining)) throw cursor.fault('condition count', 'that many cannot follow');
    if (count === 0) return;
    order['conditions'] = Array.from({ length: count }, () => readCondition(cursor));
    order['conditionsIgnoreRth'] = cursor.take('conditionsIgnoreRth') === '1';
    order['conditionsCancelOrder'] = cursor.take('conditionsCancelOrder') === '1';
  },
};

function readCondition(cursor: FieldCursor): WireCondition {
  const type = Number(cursor.take('condition type'));
  const fields = CONDITION_FIELDS[type];
  if (fields === undefined) throw cursor.fault('condition type', `there is no condition ${type}`);
  const conjunction = cursor.take('condition conjunction');
  return { type, conjunction, values: Array.from({ length: fields }, () => cursor.take('condition')) };
}

/** The least quantity of a trade. */
export const minQty = within('order', field('minQty', OPTIONAL_INTEGER));
