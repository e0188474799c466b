import { DIGIT, endOf, HEX, HOST } from '../char-class.js';

const HIGHEST_PORT = 65535;

/** Position behind the host name, IPv4 address or bracketed IPv6 address that starts at `at`; -1 when there is none. */
export function endOfHost(text: string, at: number): number {
  return text[at] === '[' ? endOfIpv6Reference(text, at) : endOfHostName(text, at);
}

/** A port and where its digits end. */
export interface ScannedPort {
  readonly port: number;
  readonly end: number;
}

/** Reads the digits of a port; `undefined` when there are none or too many. */
export function scanPort(text: string, at: number): ScannedPort | undefined {
  const end = endOf(DIGIT, text, at);
  const port = Number(text.slice(at, end));
  return end > at && port <= HIGHEST_PORT ? { port, end } : undefined;
}

function endOfHostName(text: string, at: number): number {
  const end = endOf(HOST, text, at);
  const name = text.slice(at, end);
  return end === at || name.startsWith('.') || name.includes('..') ? -1 : end;
}

function endOfIpv6Reference(text: string, at: number): number {
  const close = text.indexOf(']', at);
  return close > 0 && isIpv6(text.slice(at + 1, close)) ? close + 1 : -1;
}

const LONGEST_IPV6 = 45;

/** RFC 3513 §2.2: eight groups of hexadecimal digits, one run of zeros left out, the last two as IPv4 if need be. */
export function isIpv6(text: string): boolean {
  if (text.length > LONGEST_IPV6) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const left = groupsOf(halves[0] ?? '', halves.length === 1);
  const right = halves.length === 1 ? 0 : groupsOf(halves[1] ?? '', true);
  if (left < 0 || right < 0) return false;
  return halves.length === 1 ? left === 8 : left + right <= 7;
}

/** Number of 16-bit groups; -1 when one is malformed. */
function groupsOf(text: string, ipv4Allowed: boolean): number {
  if (text === '') return 0;
  const groups = text.split(':');
  const last = groups.at(-1) ?? '';
  const ipv4 = ipv4Allowed && last.includes('.');
  if (ipv4) groups.pop();
  if (ipv4 && !isIpv4(last)) return -1;
  if (!groups.every((group) => group.length > 0 && group.length <= 4 && endOf(HEX, group, 0) === group.length))
    return -1;
  return groups.length + (ipv4 ? 2 : 0);
}

function isIpv4(text: string): boolean {
  const octets = text.split('.');
  return (
    octets.length === 4 &&
    octets.every((octet) => octet.length > 0 && octet.length <= 3 && endOf(DIGIT, octet, 0) === octet.length) &&
    octets.every((octet) => Number(octet) <= 255)
  );
}
