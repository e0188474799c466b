/**
 * Opaque part of a GRUU: `user:epid:` and, in base64url without padding, the instance GUID in its little-endian layout
 * followed by two zero bytes (MS-CONMGMT; verified on published examples). `undefined` when the instance is no UUID.
 */
export function gruuOpaque(instance: string): string | undefined {
  const hex = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i.exec(instance);
  if (!hex) return undefined;
  const [, a = '', b = '', c = '', d = '', e = ''] = hex;
  const littleEndian = [a, b, c].map((part) => Buffer.from(part, 'hex').reverse());
  const bytes = Buffer.concat([...littleEndian, Buffer.from(d + e, 'hex'), Buffer.alloc(2)]);
  return `user:epid:${bytes.toString('base64url')}`;
}
