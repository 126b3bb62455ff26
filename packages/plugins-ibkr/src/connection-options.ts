import { z } from 'zod';

const fromEnvironment = (name: string, otherwise: string) => (): string => process.env[name] ?? otherwise;

/** Where the gateway is, and as whom to connect. Feed and venue with the same three share one connection. */
export const connectionOptions = z.object({
  /** Host of TWS or IB Gateway; IB_HOST, else this machine. */
  host: z.string().min(1).default(fromEnvironment('IB_HOST', '127.0.0.1')),
  /** 4002 is the Gateway's paper port, 4001 its live one, 7497 and 7496 those of TWS; IB_PORT, else 4002. */
  port: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .default(() => Number(fromEnvironment('IB_PORT', '4002')())),
  /** Orders belong to a client id: keep it over the life of an account. IB_CLIENT_ID, else 1. */
  clientId: z.coerce
    .number()
    .int()
    .min(0)
    .max(999_999)
    .default(() => Number(fromEnvironment('IB_CLIENT_ID', '1')())),
});

/** Options of a connection, complete. */
export type ConnectionOptions = z.infer<typeof connectionOptions>;
