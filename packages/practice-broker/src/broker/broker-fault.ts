/** A request that the broker cannot do: a word for machines and a sentence, sent back as the answer's `error`. */
export class BrokerFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes a {@link BrokerFault}. */
export function brokerFault(code: string, message: string): BrokerFault {
  return new BrokerFault(code, message);
}
