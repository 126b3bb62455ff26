import { MAX_SERVER_VERSION, MIN_SERVER_VERSION } from '../server/handshake.js';
import { FAULT_SCRIPTS } from './fault-scripts.js';

/** What `--help` prints. */
export function helpText(): string {
  const scripts = Object.entries(FAULT_SCRIPTS).map(([name, { about }]) => `  ${name.padEnd(18)} ${about}`);
  return `A gateway that speaks the TWS protocol, with simulated markets, orders and accounts.

bookrunner-tws-simulator [options]

  --port N               4002; 0 takes any free one
  --host HOST            127.0.0.1: whoever reaches it may trade
  --server-version N     ${MAX_SERVER_VERSION}, or another from ${MIN_SERVER_VERSION} on
  --seed N               1; equal seeds give equal prices and equal chances of faults
  --account ID[,ID…]     DU1234567
  --instruments FILE     YAML or JSON: instruments beside the built-in ones
  --ticks-per-second N   1; 0 leaves prices where they are
  --linger-seconds N     0; how long a client id stays in use after a connection was lost
  --read-only            orders are refused, as by a gateway with "Read-Only API"
  --script NAME[,NAME…]  faults by name, see below; may be given again
  --script-after N       30; seconds until those begin that happen once
  --fault JSON           a rule such as '{"kind":"drop-message","on":"orderStatus","times":"all"}'; may be given again
  --json                 the line that says it is ready is JSON
  --help                 this text

Scripts
${scripts.join('\n')}

It prints one line when it listens, and ends on SIGINT or SIGTERM.
`;
}
