export { IBKR_ERRORS } from './ibkr-errors.js';
