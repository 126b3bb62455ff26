// Decimal numbers as text, in one form only, so that equal amounts are equal texts.

/** A decimal number as text, exact at any size: `-12.5`. Canonical: no exponent, no needless zeros, no minus zero. */
export type DecimalText = string;

/** The canonical text of a decimal, or undefined for anything else (`1e5`, `.5`, `+1`, an empty text). */
export function canonicalDecimal(text: string): DecimalText | undefined {
  const match = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text);
  if (match === null || text.endsWith('.')) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = fraction === '' ? whole : `${whole}.${fraction}`;
  return digits === '0' ? '0' : `${sign}${digits}`;
}

/**
 * The shortest decimal that reads back as the same double; undefined where the number is not finite.
 * `Number(decimalOf(x))` is `x` again, but for minus zero, which becomes zero.
 */
export function decimalOf(value: number): DecimalText | undefined {
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, lead = '', rest = '', power] = match;
  const exponent = Number(power);
  const digits = lead + rest;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  return sign + digits.padEnd(exponent + 1, '0');
}
