import { parseSipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { busy, conflict, redirect, refused, refusedAddress } from './answer-faults.js';
import { cut, glue, slow, split } from './byte-faults.js';
import { readDuration } from './duration.js';
import {
  CERTIFICATE_FLAWS,
  type FaultAction,
  type FaultBehaviour,
  type FaultTools,
  type LineFacts,
  OLD_TLS_VERSIONS,
  type ServerAct,
} from './fault.js';
import {
  duplicate,
  recordRoute,
  reorder,
  replay,
  silence,
  slowAnswers,
  unsigned,
  upperCase,
  wrongSignature,
} from './message-faults.js';
import { forgottenAssociation, notifyInstead, unsigned100 } from './request-faults.js';

/** One fault that can be chosen by name. */
export interface FaultEntry {
  readonly name: string;
  /** What stands behind `=`, for help texts; empty when it takes nothing. */
  readonly value: string;
  /** One sentence. */
  readonly summary: string;
  /** Reads the value; `undefined` when none was given. */
  readonly read: (value: string | undefined) => Result<FaultAction>;
}

/** Reasons of RFC 6665 4.1.3. */
export const END_REASONS = [
  'deactivated',
  'probation',
  'rejected',
  'timeout',
  'giveup',
  'noresource',
  'invariant',
] as const;

/** Words of a deregistration notice (MS-SIPREGE 3.2.6). */
export const SIGN_OFF_EVENTS = ['unregistered', 'rejected', 'deactivated', 'preferred-registrar-change'] as const;

const MAX_NUMBER = 100_000_000;
const REORDER_MS = 200;
const GLUE_MS = 50;
const SLOW_ANSWER_MS = 35_000;
const RETRY_AFTER = 10;

/** All faults of the simulator, in the order of the help text. */
export const FAULTS: readonly FaultEntry[] = [
  plain('silence', 'The server stops to answer and keeps the connection.', silence),
  counted('slow', 'octets per second', 100, 'Octets trickle.', (rate) => slow(rate)),
  timed('slow-answers', SLOW_ANSWER_MS, 'Responses come late, notifications in time.', slowAnswers),
  bytes('cut', 'The connection ends after so many octets, in the middle of a message.', (n) => cut(n, 'close')),
  bytes('reset', 'Like cut, by a TCP reset.', (n) => cut(n, 'reset')),
  {
    name: 'split',
    value: 'octets | random',
    summary: 'Messages come in pieces: of one octet, of so many, or of lengths by chance.',
    read: (value = '1') => {
      if (value === 'random')
        return line(
          ({ unit }) =>
            () =>
              split(undefined, unit),
        );
      const size = readNumber(value, 1);
      return size.ok
        ? line(
            ({ unit }) =>
              () =>
                split(size.value, unit),
          )
        : size;
    },
  },
  timed('glue', GLUE_MS, 'Messages sent within this time come in one piece.', glue),
  counted('wrong-signature', 'n', 1, 'Every n-th signature is wrong.', (n) => wrongSignature(n)),
  counted('unsigned', 'n', 1, 'Every n-th message lacks its signature.', (n) => unsigned(n)),
  counted('replay', 'n', 1, 'After every n-th notification the first one comes again.', (n) => replay(n)),
  timed(
    'reorder',
    REORDER_MS,
    'Every other notification is overtaken by the next; held back at most so long.',
    reorder,
  ),
  plain('duplicate', 'Every notification comes twice.', duplicate),
  {
    name: 'busy',
    value: 'requests[/seconds]',
    summary: `503 above so many requests per second (default 0: always), Retry-After as given (default ${RETRY_AFTER}).`,
    read: (value = '0') => {
      const [rate = '', after = String(RETRY_AFTER)] = value.split('/');
      const limits = [readNumber(rate, 0), readNumber(after, 0)] as const;
      if (!limits[0].ok) return limits[0];
      if (!limits[1].ok) return limits[1];
      const [perSecond, retryAfter] = [limits[0].value, limits[1].value];
      return line((tools) => busy(perSecond, retryAfter, tools));
    },
  },
  plain('unsigned-100', 'Each request is answered by 100 without a signature first.', unsigned100),
  plain('upper-case', 'Header names come in capitals.', upperCase),
  {
    name: 'record-route',
    value: '',
    summary: 'Dialogs lead through two proxies, named in two Record-Route headers.',
    read: without(() =>
      line(
        () =>
          ({ hostName, localPort }) =>
            recordRoute(hostName, localPort),
      ),
    ),
  },
  plain('notify', 'NOTIFY in place of BENOTIFY: each notification wants an answer.', notifyInstead),
  plain('forgotten-association', '401 to signed requests: the server forgot who signs.', forgottenAssociation),
  plain('conflict', '409 to publications: somebody else published in between.', conflict),
  {
    name: 'redirect',
    value: 'host:port | loop',
    summary: 'REGISTER is answered by 301 to another server; loop: to localhost, port as connected.',
    read: (value = 'loop') => {
      if (value === 'loop') {
        return line(() => (facts) => redirect(`localhost:${facts.localPort}`)(facts));
      }
      const isServer = /^[a-z0-9.-]{1,253}(:\d{1,5})?$/i.test(value);
      return isServer ? line(() => redirect(value)) : bad(`"${value}" is no server; write host:port`);
    },
  },
  {
    name: 'refuse',
    value: 'METHOD/status',
    summary: 'Requests of this method are refused, for example SUBSCRIBE/403.',
    read: (value = '') => {
      const match = /^([A-Z]{3,12})\/([3-6]\d\d)$/.exec(value);
      if (!match) return bad('METHOD/status was expected, for example SUBSCRIBE/403');
      return line(() => () => refused(match[1] ?? '', Number(match[2])));
    },
  },
  {
    name: 'refuse-address',
    value: 'address',
    summary: 'Subscriptions that name this address are refused as a whole.',
    read: (value = '') => {
      const uri = parseSipUri(value);
      return uri.ok ? line(() => () => refusedAddress(uri.value)) : uri;
    },
  },
  {
    name: 'subscription-ends',
    value: 'reason[/seconds]',
    summary: `The server ends subscriptions: ${END_REASONS.join(', ')}; seconds: not again before.`,
    read: (value = 'deactivated') => {
      const [word = '', after] = value.split('/');
      const reason = readWord(END_REASONS, word);
      if (!reason.ok) return reason;
      const retryAfter = after === undefined ? ok(undefined) : readNumber(after, 0);
      if (!retryAfter.ok) return retryAfter;
      return act({ kind: 'end-subscriptions', reason: reason.value, retryAfter: retryAfter.value });
    },
  },
  {
    name: 'signed-off',
    value: 'event',
    summary: `The server removes registrations: ${SIGN_OFF_EVENTS.join(', ')}.`,
    read: (value = 'unregistered') => {
      const event = readWord(SIGN_OFF_EVENTS, value);
      return event.ok ? act({ kind: 'deregister', event: event.value }) : event;
    },
  },
  {
    name: 'resubscribe',
    value: 'address[/pool]',
    summary: 'Watchers shall subscribe to this person (default: everybody) by itself, or at that pool.',
    read: (value) => {
      const [address = '', pool] = value?.split('/') ?? [];
      if (address === '') return act({ kind: 'resubscribe', person: undefined, pool });
      const uri = parseSipUri(address);
      return uri.ok ? act({ kind: 'resubscribe', person: uri.value, pool }) : uri;
    },
  },
  {
    name: 'certificate',
    value: CERTIFICATE_FLAWS.join(' | '),
    summary: 'The server shows a certificate that must not be trusted.',
    read: (value = 'expired') => {
      const certificate = readWord(CERTIFICATE_FLAWS, value);
      return certificate.ok ? ok({ kind: 'start', certificate: certificate.value }) : certificate;
    },
  },
  {
    name: 'old-tls',
    value: OLD_TLS_VERSIONS.join(' | '),
    summary: 'The server speaks no newer version of TLS than this.',
    read: (value = '1.0') => {
      const tls = readWord(OLD_TLS_VERSIONS, value);
      return tls.ok ? ok({ kind: 'start', tls: tls.value }) : tls;
    },
  },
];

function line(begin: (tools: FaultTools) => (line: LineFacts) => FaultBehaviour): Result<FaultAction> {
  return ok({ kind: 'line', begin });
}

function act(what: ServerAct): Result<FaultAction> {
  return ok({ kind: 'act', act: what });
}

/** A fault that takes no value. */
function without(read: () => Result<FaultAction>): FaultEntry['read'] {
  return (value) => (value === undefined ? read() : bad('it takes no value'));
}

function plain(name: string, summary: string, make: () => FaultBehaviour): FaultEntry {
  return { name, value: '', summary, read: without(() => line(() => make)) };
}

function counted(
  name: string,
  value: string,
  byDefault: number,
  summary: string,
  make: (n: number) => FaultBehaviour,
): FaultEntry {
  const read = (text = String(byDefault)): Result<FaultAction> => {
    const n = readNumber(text, 1);
    return n.ok ? line(() => () => make(n.value)) : n;
  };
  return { name, value, summary: `${summary} Default ${byDefault}.`, read };
}

function bytes(name: string, summary: string, make: (n: number) => FaultBehaviour): FaultEntry {
  const read = (text = '0'): Result<FaultAction> => {
    const n = readNumber(text, 0);
    return n.ok ? line(() => () => make(n.value)) : n;
  };
  return { name, value: 'octets', summary: `${summary} Default 0: at the next.`, read };
}

function timed(name: string, byDefaultMs: number, summary: string, make: (ms: number) => FaultBehaviour): FaultEntry {
  const read = (text?: string): Result<FaultAction> => {
    const time = text === undefined ? ok(byDefaultMs) : readDuration(text);
    return time.ok ? line(() => () => make(time.value)) : time;
  };
  return { name, value: 'time', summary, read };
}

function readNumber(text: string, min: number): Result<number> {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= MAX_NUMBER ? ok(value) : bad(`"${text}" is no whole number from ${min} on`);
}

function readWord<W extends string>(words: readonly W[], text: string): Result<W> {
  const word = words.find((known) => known === text);
  return word === undefined ? bad(`"${text}" is none of ${words.join(', ')}`) : ok(word);
}
