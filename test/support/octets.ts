/** The octets that `text` spells in hexadecimal digits. White space is free, and `#` begins a comment. */
export function octetsOf(text: string): Buffer {
  const digits = text.replaceAll(/#.*/g, '').replaceAll(/\s/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new Error(`not whole octets in hexadecimal: ${text}`);
  return Buffer.from(digits, 'hex');
}
