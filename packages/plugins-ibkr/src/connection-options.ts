import { z } from 'zod';

const fromEnvironment = (name: string, otherwise: string) => (): string => process.env[name] ?? otherwise;

const WALL_CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const window = {
  /** HH:MM on the wall clock of the zone. */
  at: z.string().regex(WALL_CLOCK, 'has to be HH:MM, such as 23:45'),
  /** IANA zone; IB restarts by New York, a gateway by the clock of its machine or as it was told. */
  zone: z.string().refine(isTimeZone, 'is no IANA time zone such as America/New_York').default('America/New_York'),
};

/** Each day at this time the gateway restarts. */
const restart = z.strictObject({ ...window, minutes: z.int().min(1).max(240).default(5) });

/** Once a week the login ends, and somebody has to log in anew. */
const relogin = z.strictObject({
  ...window,
  day: z.enum(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']).default('sunday'),
  minutes: z.int().min(1).max(1_439).default(60),
});

/** What is sent: see the README on pacing. */
const limits = z
  .strictObject({
    /** Most messages in any second; IB cuts off at 50. */
    messagesPerSecond: z.int().min(2).max(50).default(45),
    /** Of these, kept free for orders and cancels. */
    reservedForOrders: z.int().min(1).max(49).default(10),
    /** Most messages of data and history in any tenth of a second. */
    burst: z.int().min(1).max(50).default(10),
  })
  .refine((value) => value.reservedForOrders < value.messagesPerSecond, {
    message: 'has to be below messagesPerSecond',
    path: ['reservedForOrders'],
  });

/** How a connection that carries nothing any more is found. */
const heartbeat = z
  .strictObject({
    /** The gateway is asked for the time this often, in milliseconds; 0: never. */
    everyMs: z.int().min(0).default(30_000),
    /** Nothing at all received for so long after a question: the connection is given up. */
    limitMs: z.int().min(1_000).default(20_000),
  })
  .prefault({});

/** Where the gateway is, and as whom to connect. Feed and venue with the same three share one connection. */
export const connectionOptions = z.strictObject({
  /** Host of TWS or IB Gateway; IB_HOST, else this machine. */
  host: z.string().min(1).prefault(fromEnvironment('IB_HOST', '127.0.0.1')),
  /** 4002 is the Gateway's paper port, 4001 its live one, 7497 and 7496 those of TWS; IB_PORT, else 4002. */
  port: z.coerce.number().int().min(1).max(65_535).prefault(fromEnvironment('IB_PORT', '4002')),
  /** Orders belong to a client id: keep it over the life of an account. IB_CLIENT_ID, else 1. */
  clientId: z.coerce.number().int().min(0).max(999_999).prefault(fromEnvironment('IB_CLIENT_ID', '1')),
  /** No orders, whatever the gateway would take. */
  readOnly: z.boolean().default(false),
  /** Longest wait for the first session, in milliseconds; the engine itself waits 30 s for a feed or a venue. */
  openTimeoutMs: z.int().min(100).default(25_000),
  /** Longest wait for accounts and next order id after connecting. */
  handshakeTimeoutMs: z.int().min(100).default(15_000),
  /** First wait after a failed attempt; doubles, up to the longest. */
  retryFirstMs: z.int().min(1).default(5_000),
  retryLongestMs: z.int().min(1).default(300_000),
  heartbeat,
  limits: limits.prefault({}),
  /** Daily restart of the gateway; `false` where it has none. */
  restart: z.union([z.literal(false), restart]).default({ at: '23:45', zone: 'America/New_York', minutes: 5 }),
  /** Weekly login; `false` where its failing is to be an alarm. */
  relogin: z.union([z.literal(false), relogin]).default(false),
});

/** Options of a connection, complete. */
export type ConnectionOptions = z.infer<typeof connectionOptions>;

/** The part of a feed's or a venue's options that is the connection's. */
export function connectionPart(options: ConnectionOptions): ConnectionOptions {
  const names = Object.keys(connectionOptions.shape) as (keyof ConnectionOptions)[];
  return Object.fromEntries(names.map((name) => [name, options[name]])) as ConnectionOptions;
}
