import type { Item } from './layout.js';
import type { ClientRequest, RequestKind } from './requests.js';

/** The members of one kind of request. */
export type RequestOfKind<Kind extends RequestKind> = Extract<ClientRequest, { readonly kind: Kind }>;

/** For each kind its number on the wire, then its items. */
export type RequestLayouts<Kinds extends RequestKind> = {
  readonly [Kind in Kinds]: readonly [number, ...Item<RequestOfKind<Kind>>[]];
};
