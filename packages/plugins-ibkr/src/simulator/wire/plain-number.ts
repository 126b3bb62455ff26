// Numbers as TWS writes them: never with an exponent, but for the unset double.
import { UNSET_DOUBLE } from './contract.js';

/** How TWS spells a double that is not set. */
export const UNSET_DOUBLE_TEXT = '1.7976931348623157E308';

/** A number as text. UNSET_DOUBLE has its own spelling, and no number (NaN) is empty. */
export function writeNumber(value: number): string {
  if (value === UNSET_DOUBLE) return UNSET_DOUBLE_TEXT;
  if (Number.isNaN(value)) return '';
  const text = String(value);
  return text.includes('e') ? withoutExponent(text) : text;
}

/** The number a text says, or undefined for what is none. Texts of infinity are numbers on this wire. */
export function readNumber(text: string): number | undefined {
  if (!/^[-+]?(Infinity|\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)$/.test(text)) return undefined;
  return Number(text);
}

function withoutExponent(text: string): string {
  const [mantissa = '', power = '0'] = text.replace('-', '').replace('+', '').split('e');
  const sign = text.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.split('.');
  if (text.includes('e-')) return `${sign}0.${'0'.repeat(Number(power.replace('-', '')) - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(Number(power), '0')}`;
}
