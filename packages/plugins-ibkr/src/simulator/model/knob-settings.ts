/** What a commission report says instead of the amount. */
export type CommissionSaid = 'amount' | 'minus-one' | 'unset';

/** One of the messages that tell a fill. */
export type FillMessage = 'execution' | 'openOrder' | 'orderStatus' | 'commission';

/** A rejection to be given to the next order. */
export interface NextRejection {
  readonly code: number;
  readonly message: string;
  /** As the real gateway has it for some 201s; text that is no JSON is sent as it stands. */
  readonly json?: string;
  /** Only the error is sent, no Inactive order: so it is with 200, 110, 103, 321. */
  readonly errorOnly?: boolean;
}

/** A message beside an order that lives on. */
export interface NextAdvice {
  readonly code: number;
  readonly message: string;
}

/** What the desks ask before they behave; set through {@link ModelKnobs}. */
export class KnobSettings {
  withholdCommissions = false;
  commissionSaid: CommissionSaid = 'amount';
  /** Every order message this many times more. */
  duplicates = 0;
  dropOrderStatus = false;
  /** In which order the messages of a fill are told. */
  fillOrder: readonly FillMessage[] = ['execution', 'openOrder', 'orderStatus', 'commission'];
  /** Two execution ids for each trade. */
  twoExecutionIds = false;
  /** Clients who are not told their fills. */
  readonly deafClients = new Set<number>();
  readonly rejections: NextRejection[] = [];
  readonly advices: NextAdvice[] = [];
  /** Orders of these coming places are swallowed: the gateway never saw them. */
  swallowOrders = 0;
  /** The next change leaves the old order alive beside a new one. */
  splitNextModify = false;
  /** Units that fill between the next cancel and its confirmation; 0 for none. */
  fillBeforeCancel = 0;
  /** Units that fill after the next cancel was confirmed; 0 for none. */
  fillAfterCancel = 0;
  /** Error that the next cancel gets instead of being done. */
  cancelError: NextAdvice | undefined;
  /** Error that the next change gets instead of being done. */
  modifyError: NextAdvice | undefined;
  /** Errors that the next requests for market data, and for history, get instead of an answer. */
  readonly dataErrors: NextAdvice[] = [];
  readonly historyErrors: NextAdvice[] = [];
  readOnly = false;
}
