// orderRef is the one field of an order that comes back in every open order and execution, and outlives restarts of both sides.

/** Longest orderRef; IB documents no limit, and cuts nothing up to here. */
const LONGEST = 40;
const ID_WIDTH = 16;
const OWN = /^[0-9A-Za-z]{16}(?:\||$)/;
/** A tag that lost part of its day lost nothing: the day keys nothing. */
const WHOLE_TAG = /\|\d{8}$/;
const CUT_IN_DAY = /\|.*\|\d{0,7}$/;

/** What an orderRef of an engine says. */
export interface OrderReference {
  readonly clientOrderId: string;
  /** Empty where it was cut so short that it names no strategy and book any more. */
  readonly tag: string;
}

/** The id, a bar, and as much of the tag as fits; 40 ASCII characters at most. */
export function orderRefOf({ clientOrderId, tag }: OrderReference): string {
  const ascii = tag.replace(/[^\x20-\x7e]/g, '?');
  return `${clientOrderId}|${ascii}`.slice(0, LONGEST);
}

/** Undefined for an orderRef that no engine gave: empty, a person's, another program's. */
export function readOrderRef(orderRef: string | undefined): OrderReference | undefined {
  if (orderRef === undefined || !OWN.test(orderRef)) return undefined;
  const tag = orderRef.slice(ID_WIDTH + 1);
  const isUsable = WHOLE_TAG.test(tag) || (orderRef.length === LONGEST && CUT_IN_DAY.test(tag));
  return { clientOrderId: orderRef.slice(0, ID_WIDTH), tag: isUsable ? tag : '' };
}
