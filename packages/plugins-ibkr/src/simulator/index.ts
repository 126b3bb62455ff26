export type { ServerMessage } from './wire/messages.js';
