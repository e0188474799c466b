const SCHEMES = /^(?:https?|mailto|sips?|im|tel|callto|notes):/i;
const LONGEST = 4096;

/** An address that a page may link to; nothing for scripts, data and all that is not known. */
export function safeAddress(address: string): string | undefined {
  const plain = address.trim();
  return plain.length <= LONGEST && SCHEMES.test(plain) ? plain : undefined;
}
