import { isIP } from 'node:net';

/** Lower case, without the dot that ends an absolute name in DNS. */
export function plainName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** True when `host` is the domain itself or a name below it; an address is in no domain. */
export function isWithin(host: string, domain: string): boolean {
  const name = plainName(host);
  const parent = plainName(domain);
  if (parent === '' || isIP(name) !== 0) return false;
  return name === parent || name.endsWith(`.${parent}`);
}

/**
 * True when a name that somebody else gave us (DNS, a redirect) may be connected to. Neither DNS nor a redirect over
 * TCP is authenticated, and the certificate is compared with that very name: whoever forges the name could pass with a
 * good certificate of his own.
 */
export function isAllowedName(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => isWithin(host, domain));
}

/** `co.uk`, `com.au`, `ac.jp`: two letters of a country below at most three of a kind of owner. */
const REGISTRY = /^[a-z]{1,3}\.[a-z]{2}$/;

/**
 * Domain that a server's own name lies in, of at least two labels; `undefined` for addresses and short names, and where
 * it looks like one that strangers have names in: the parent of `contoso.co.uk` is no domain of Contoso's. A short
 * domain of its own, such as `ibm.de`, is taken for such a one too, and has to be named as trusted.
 */
export function parentDomain(host: string): string | undefined {
  const name = plainName(host);
  if (isIP(name) !== 0) return undefined;
  const parent = name.slice(name.indexOf('.') + 1 || name.length);
  return parent.includes('.') && !REGISTRY.test(parent) ? parent : undefined;
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const MAX_NAME = 253;

/** True for what can be a host's name in DNS (RFC 1123 §2.1; the underscore is what Windows adds to it). */
export function isHostName(name: string): boolean {
  return name.length <= MAX_NAME && isIP(name) === 0 && name.split('.').every((label) => LABEL.test(label));
}
