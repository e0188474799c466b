import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { parseNotesName, parseSipUri } from '../../presence/ids.js';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A time such as `250ms`, `20s`, `5m`, `1h`, given as milliseconds. */
export function duration(min: number, max: number, name: string) {
  return z.string({ error: 'a time such as "20s" was expected' }).transform((text, context) => {
    const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
    const value = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
    if (Number.isNaN(value)) context.addIssue('a time such as "250ms", "20s" or "5m" was expected');
    else if (value < min || value > max) context.addIssue(`the time must lie between ${name}`);
    return value;
  });
}

export const sipAddress = z
  .string({ error: 'a SIP address such as "sip:ana@contoso.example" was expected' })
  .transform((text, context) => {
    const read = parseSipUri(text);
    if (read.ok) return read.value;
    context.addIssue(`"${text}" is not a SIP address: ${read.reason}`);
    return z.NEVER;
  });

export const notesName = z.string({ error: 'a Notes name was expected' }).transform((text, context) => {
  const read = parseNotesName(text);
  if (read.ok) return read.value;
  context.addIssue(`"${text}" is not a Notes name: ${read.reason}`);
  return z.NEVER;
});

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

export const hostName = z
  .string({ error: 'a host name was expected' })
  .regex(HOST_NAME, 'a host name without scheme, port and path was expected');

/** `2001:db8::7`, without brackets and zone: the port stands apart, and a zone is of this machine only. */
export const host = z
  .string({ error: 'a host name or an address was expected' })
  .refine(
    (text) => (isIPv6(text) && !text.includes('%')) || HOST_NAME.test(text),
    'a host name or an address without scheme, port and path was expected',
  );

/** One label, such as `com`, would let everybody in. */
export const trustedDomain = hostName.regex(
  /[^.]\.[^.]/,
  'a domain of at least two parts was expected: "corp.example" rather than "example"',
);

export const port = z
  .int({ error: 'a port number between 1 and 65535 was expected' })
  .min(1, 'a port number between 1 and 65535 was expected')
  .max(65_535, 'a port number between 1 and 65535 was expected');

export const path = z
  .string({ error: 'a file path was expected' })
  .min(1, 'a file path was expected')
  .regex(/^\P{Cc}*$/u, 'a file path cannot hold control characters');
const ORIGIN = 'an origin such as "https://intranet.contoso.example" was expected, without a path';
/** As browsers write it in the header; any other spelling would never match. */
export const origin = z
  .string({ error: ORIGIN })
  .refine((text) => URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text), ORIGIN);
export const text = (max: number) =>
  z.string({ error: 'a text was expected' }).min(1, 'a text was expected').max(max, `at most ${max} characters`);
export const flag = z.boolean({ error: 'true or false was expected' });
export const LIST = 'a list was expected: each entry on a line of its own after "- ", or all in [ ]';
/** Sections are mappings; an unknown key is an error of its own, with the nearest valid key. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, { error: describeObjectError });

function describeObjectError(issue: { code?: string | undefined }): string | undefined {
  return issue.code === 'invalid_type' ? 'a section with keys was expected' : undefined;
}

export const list = <Item extends z.ZodType>(item: Item) => z.array(item, { error: LIST });

export const wholeNumber = (min: number, max: number) =>
  z.int('a whole number was expected').min(min, `at least ${min}`).max(max, `at most ${max}`);

/** `DOMAIN\user` or a user principal name. */
export const login = text(256).regex(
  /^\P{Cc}*$/u,
  'a login cannot hold control characters; write DOMAIN\\user in single quotes or none',
);
