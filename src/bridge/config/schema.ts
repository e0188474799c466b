import { isIP } from 'node:net';
import { z } from 'zod';
import { DIRECTORY_RULES } from '../../presence/directory.js';
import { LIST_RULES } from '../list-ports.js';
import { parseListMember } from './list-member.js';
import {
  duration,
  flag,
  host,
  hostName,
  LIST,
  list,
  login,
  notesName,
  origin,
  path,
  port,
  section,
  sipAddress,
  text,
  trustedDomain,
  wholeNumber,
} from './schema-parts.js';

const TIME_OF_DAY = 'a time of day such as "02:30" was expected, in quotes';

const bridge = section({
  name: text(64)
    .regex(/^[A-Za-z0-9._-]+$/, 'only letters, digits, ".", "_" and "-" are allowed')
    .default('bridge'),
  stateFolder: path.default('state'),
  language: z.enum(['en', 'de'], { error: '"en" or "de" was expected' }).default('en'),
  window: duration(10, 10_000, '"10ms" and "10s"').default(250),
  grace: duration(0, 3_600_000, '"0s" and "1h"').default(20_000),
  heartbeat: duration(5_000, 600_000, '"5s" and "10m"').default(30_000),
  batchSize: wholeNumber(1, 200).default(100),
  sweepPerSecond: wholeNumber(1, 10_000).default(50),
  reconcileAt: z
    .string({ error: TIME_OF_DAY })
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, TIME_OF_DAY)
    .default('02:30'),
  lease: duration(15_000, 600_000, '"15s" and "10m"').default(90_000),
});

const watcherAccount = section({ account: sipAddress, user: login, passwordFile: path });

const server = section({
  host,
  port: port.default(5061),
  transport: z.enum(['tls', 'tcp'], { error: '"tls" or "tcp" was expected' }).default('tls'),
  serverName: host.optional(),
});

/** What `Resolver.setServers` takes; a name could not be looked up without a name server. */
const nameServer = text(64).refine((address) => {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d{1,5})?$/.exec(address) ?? [];
  return isIP(bracketed ?? plain ?? address) !== 0;
}, 'an IP address such as "10.0.0.2" or "10.0.0.2:53" was expected');

const discovery = section({
  domain: hostName.optional(),
  transports: z.enum(['tls', 'tcp', 'any'], { error: '"tls", "tcp" or "any" was expected' }).default('tls'),
  nameServers: list(nameServer).max(8, 'at most 8').default([]),
});

const tlsException = section({
  host,
  minVersion: z.enum(['TLSv1', 'TLSv1.1'], { error: '"TLSv1" or "TLSv1.1" was expected' }).default('TLSv1'),
  securityLevel: z.union([z.literal(0), z.literal(1)], { error: '0 or 1 was expected' }).default(0),
});

const ocsTls = section({
  caFile: path.optional(),
  certificateFile: path.optional(),
  keyFile: path.optional(),
  exceptions: list(tlsException).max(32, 'at most 32').default([]),
});

const kerberos = section({
  principal: text(256).regex(/^[^@\p{Cc}]+@[^@\p{Cc}]+$/u, 'a principal such as "bridge@CONTOSO.EXAMPLE" was expected'),
  keytabFile: path.optional(),
});

const ocs = section({
  account: sipAddress,
  user: login,
  passwordFile: path.optional(),
  moreAccounts: list(watcherAccount).max(64, 'at most 64').default([]),
  maxPeoplePerAccount: wholeNumber(1, 100_000).optional(),
  server: server.optional(),
  alternates: list(server).max(16, 'at most 16').default([]),
  discovery: discovery.optional(),
  trustedDomains: list(trustedDomain).max(32, 'at most 32').default([]),
  tls: ocsTls.prefault({}),
  dialect: z.enum(['ocs', 'sip'], { error: '"ocs" or "sip" was expected' }).default('ocs'),
  authentication: z
    .array(z.enum(['kerberos', 'ntlm', 'digest'], { error: '"kerberos", "ntlm" or "digest" was expected' }), {
      error: LIST,
    })
    .min(1, 'at least one')
    .optional(),
  kerberos: kerberos.optional(),
  userAgent: text(200)
    .regex(/^[\x20-\x7e]+$/, 'only printable ASCII characters are allowed')
    .optional(),
  batchSize: wholeNumber(1, 500).default(100),
  requestsPerSecond: wholeNumber(1, 1000).default(10),
  allowNtlmWithoutTls: flag.default(false),
  allowDigestWithoutTls: flag.default(false),
  openContainers: flag.optional(),
});

const embedded = section({ driver: z.literal('embedded'), folder: path.default('data') });

/** As it stands in the address of each request. */
const scope = text(64).regex(/^[A-Za-z0-9_-]+$/, 'only letters, digits, "_" and "-" are allowed');

const dominoDb = section({
  driver: z.literal('domino-db'),
  host: hostName,
  port: port.default(3002),
  database: text(255),
  secure: flag.default(true),
  caFile: path.optional(),
  certificateFile: path.optional(),
  keyFile: path.optional(),
});

/** May hold a path, to which those of the REST API are appended. */
function isServerAddress(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, search, hash } = new URL(value);
  return /^https?:$/.test(protocol) && search === '' && hash === '';
}

const dominoRest = section({
  driver: z.literal('domino-rest'),
  url: text(500)
    .refine(
      isServerAddress,
      'an address such as "https://domino01.contoso.example:8880" was expected, without query and fragment',
    )
    .refine(
      (value) => !URL.canParse(value) || `${new URL(value).username}${new URL(value).password}` === '',
      'a user and a password do not stand in the address; name them with "user" and "passwordFile"',
    ),
  scope,
  user: login.optional(),
  passwordFile: path.optional(),
  tokenFile: path.optional(),
  caFile: path.optional(),
  parallel: wholeNumber(1, 32).default(4),
  allowHttp: flag.default(false),
});

/** Group names, and the names of Domino items. */
const groupName = text(256).regex(/^\P{Cc}*$/u, 'a group name cannot hold control characters');
const itemName = text(64).regex(/^[A-Za-z_$][A-Za-z0-9_$]*$/, 'the name of an item such as "SIPAddress" was expected');

const directory = section({
  database: text(255).optional(),
  scope: scope.optional(),
  sipItems: list(itemName).max(16, 'at most 16').default([]),
  csvFile: path.optional(),
  rules: z
    .array(z.enum(DIRECTORY_RULES, { error: `one of ${DIRECTORY_RULES.join(', ')} was expected` }), { error: LIST })
    .min(1, 'at least one')
    .default([...DIRECTORY_RULES]),
  domains: list(hostName).max(64, 'at most 64').optional(),
  groups: list(groupName).max(1000, 'at most 1000').default([]),
  optOut: section({
    people: list(text(500)).max(100_000, 'at most 100000').default([]),
    groups: list(groupName).max(1000, 'at most 1000').default([]),
  }).prefault({}),
  administrators: list(notesName).max(1000, 'at most 1000').default([]),
  refresh: duration(60_000, 86_400_000, '"1m" and "24h"').default(900_000),
});

const person = section({ address: sipAddress, name: notesName.optional(), displayName: text(200).optional() });

/** In the address of routes and of the entry. */
const listId = z
  .string({ error: 'an id such as "help-desk" was expected' })
  .regex(/^[a-z0-9-]{1,64}$/, 'an id of small letters, digits and "-" was expected, at most 64 of them')
  .refine((id) => id !== 'everybody', '"everybody" is the list of all who are watched; choose another id');

const listMember = z
  .string({ error: 'a name, an address or a pattern was expected' })
  .max(1024, 'at most 1024 characters')
  .transform((text, context) => {
    const read = parseListMember(text);
    if (read.ok) return read.value;
    context.addIssue(`"${text.slice(0, 100)}": ${read.reason}`);
    return z.NEVER;
  });

const listEntry = section({
  name: notesName,
  address: sipAddress.optional(),
  rule: z.enum(LIST_RULES, { error: '"best" or "first-reachable" was expected' }).default('best'),
});

const personList = section({
  id: listId,
  title: text(200).optional(),
  members: list(listMember).max(10_000, 'at most 10000 members'),
  entry: listEntry.optional(),
});

const httpTls = section({ certificateFile: path, keyFile: path });

/** The configuration file. `docs/reference/configuration.md` is checked against it. */
export const configSchema = section({
  bridge: bridge.prefault({}),
  ocs,
  domino: z
    .discriminatedUnion('driver', [embedded, dominoDb, dominoRest], {
      error: '"embedded", "domino-db" or "domino-rest" was expected',
    })
    .prefault({ driver: 'embedded' }),
  people: z.array(person, { error: 'a list of people was expected' }).max(100_000, 'at most 100000 people').default([]),
  directory: directory.prefault({}),
  lists: list(personList).max(200, 'at most 200 lists').default([]),
  privacy: section({ notes: flag.default(false) }).prefault({}),
  http: section({
    host: z.string({ error: 'an address to listen on was expected' }).min(1).default('127.0.0.1'),
    port: z
      .int('a port number was expected')
      .min(0, 'a port number was expected')
      .max(65_535, 'a port number was expected')
      .default(8480),
    allowedOrigins: list(origin).default([]),
    tls: httpTls.optional(),
    presenceWithoutToken: z
      .array(z.enum(['read', 'stream'], { error: '"read" or "stream" was expected' }), { error: LIST })
      .default([]),
  }).prefault({}),
  log: section({
    level: z
      .enum(['debug', 'info', 'warn', 'error'], { error: '"debug", "info", "warn" or "error" was expected' })
      .default('info'),
  }).prefault({}),
});

export type ConfigText = z.infer<typeof configSchema>;

const drivers = [embedded, dominoDb, dominoRest];

/** Valid keys of the section at `path`, for suggestions. `driver`: that of section `domino`, whose keys depend on it. */
export function keysAt(path: readonly PropertyKey[], driver?: string): readonly string[] {
  const chosen = drivers.filter(({ shape }) => driver === undefined || shape.driver.value === driver);
  const sections: Readonly<Record<string, readonly string[]>> = {
    '': Object.keys(configSchema.shape),
    bridge: Object.keys(bridge.shape),
    ocs: Object.keys(ocs.shape),
    'ocs.server': Object.keys(server.shape),
    'ocs.alternates.#': Object.keys(server.shape),
    'ocs.discovery': Object.keys(discovery.shape),
    'ocs.moreAccounts.#': Object.keys(watcherAccount.shape),
    'ocs.tls': Object.keys(ocsTls.shape),
    'ocs.tls.exceptions.#': Object.keys(tlsException.shape),
    'ocs.kerberos': Object.keys(kerberos.shape),
    domino: [...new Set(chosen.flatMap(({ shape }) => Object.keys(shape)))],
    directory: Object.keys(directory.shape),
    'directory.optOut': ['people', 'groups'],
    'lists.#': Object.keys(personList.shape),
    'lists.#.entry': Object.keys(listEntry.shape),
    'people.#': Object.keys(person.shape),
    privacy: ['notes'],
    http: ['host', 'port', 'allowedOrigins', 'tls', 'presenceWithoutToken'],
    'http.tls': Object.keys(httpTls.shape),
    log: ['level'],
  };
  return sections[path.map((part) => (typeof part === 'number' ? '#' : String(part))).join('.')] ?? [];
}
