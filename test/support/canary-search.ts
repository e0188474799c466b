import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Where a text was found, and as what. */
export interface Find {
  readonly place: string;
  readonly canary: string;
  readonly written: string;
}

/** Places that are searched: their names and what stands there. */
export type Places = Readonly<Record<string, string | Buffer>>;

/** Every file below a folder, byte for byte; names of files count as their first line. */
export function filesBelow(folder: string, title = folder): Record<string, Buffer> {
  const places: Record<string, Buffer> = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const content = contentOf(join(folder, entry));
    places[`${title}/${entry}`] = Buffer.concat([Buffer.from(`${entry}\n`), content]);
  }
  return places;
}

/** A file that goes while it is looked at, as a compacted journal does, holds nothing any more. */
function contentOf(path: string): Buffer {
  try {
    return statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    return Buffer.alloc(0);
  }
}

/**
 * Where these secrets stand, as they are or in a writing that anybody can turn back: escaped as JSON, for an address or
 * for HTML, as Base64 (at each of its three offsets), as hexadecimal digits, as UTF-16, in other letters.
 */
export function findCanaries(canaries: Readonly<Record<string, string>>, places: Places): readonly Find[] {
  const finds: Find[] = [];
  for (const [place, content] of Object.entries(places)) {
    const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
    const text = bytes.toString('latin1').toLowerCase();
    for (const [canary, secret] of Object.entries(canaries)) {
      for (const [written, form] of formsOf(secret)) {
        if (text.includes(form)) finds.push({ place, canary, written });
      }
    }
  }
  return finds;
}

function formsOf(secret: string): readonly (readonly [string, string])[] {
  const bytes = Buffer.from(secret);
  const plain = { plain: secret, json: JSON.stringify(secret).slice(1, -1), address: encodeURIComponent(secret) };
  const html = secret.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
  const base64 = [0, 1, 2].map((offset): readonly [string, string] => {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    // Its ends depend on what stands around it.
    return [`base64 at ${offset}`, shifted.slice(offset === 0 ? 0 : offset + 1, -2)];
  });
  return [
    ...Object.entries({ ...plain, html, hex: bytes.toString('hex') }),
    ...base64,
    ['utf-16', Buffer.from(secret, 'utf16le').toString('latin1')] as const,
  ].map(([written, form]) => [written, Buffer.from(form).toString('latin1').toLowerCase()] as const);
}
