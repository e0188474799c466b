import { describe, expect, test } from 'vitest';
import { toSipJs } from '../../src/ocs/agent/incoming.js';
import { presenceReadingOf } from '../../src/ocs/agent/read-ahead.js';
import { decodeMessage } from '../../src/ocs/wire/decode.js';
import { SipFramer } from '../../src/ocs/wire/frame.js';
import { parseAuthHeader } from '../../src/ocs/wire/headers/auth-params.js';
import { validateMessage } from '../../src/ocs/wire/validate.js';
import { BridgeError } from '../../src/presence/errors.js';
import { categoriesDocument, multipart, resourceList, usualDocument } from '../ocs/documents/samples.js';
import { mutated } from '../support/mutator.js';
import { seededRandom } from '../support/simulated-clock.js';
import { sipRequest, sipResponse } from '../support/sip-bytes.js';
import { keptTortureFiles, tortureFiles } from '../support/torture-files.js';

/** CPU milliseconds that one input may take; of three tries the best counts, since a collection may fall into one. */
const LIMIT_MS = 50;
const LONG_RUN_LIMIT_MS = 10;
const TRIES = 3;
const CASES_PER_SEED = 250;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

const CATEGORIES = 'application/msrtc-event-categories+xml';

/** Traffic of an ordinary day, as the bridge receives it. */
function goodTraffic(): Buffer[] {
  const ana = usualDocument('sip:ana@contoso.example');
  const typed = [`Content-Type: ${CATEGORIES}`, 'Event: presence', 'Subscription-State: active;expires=28000'];
  const signed =
    'Authentication-Info: NTLM rspauth="0100000029618e9651b65a7764000000", srand="9616454F", snum="1", opaque="4A", qop="auth", targetname="ocs01.contoso.example", realm="SIP Communications Service"';
  const list = resourceList(
    '<resource uri="sip:ana@contoso.example"><instance id="0" state="active" cid="1"/></resource>',
  );
  const parts = multipart('b0undary', [
    ['application/rlmi+xml', list],
    [CATEGORIES, ana],
  ]);
  return [
    sipRequest('BENOTIFY', [...typed, signed], { body: ana }),
    sipRequest('NOTIFY', [...typed, 'Record-Route: <sip:pool.contoso.example;lr>'], { body: categoriesDocument('') }),
    sipRequest('NOTIFY', ['Content-Type: multipart/related;boundary=b0undary', 'Event: presence'], { body: parts }),
    sipResponse('200 OK', 'SUBSCRIBE', ['Content-Type: multipart/related;boundary=b0undary', signed], parts),
    sipResponse('401 Unauthorized', 'REGISTER', ['WWW-Authenticate: NTLM realm="SIP", targetname="a", version=4']),
    sipRequest('INVITE', ['Contact: <sip:ana@10.0.0.1:5060>', 'Content-Type: application/sdp'], { body: 'v=0\r\n' }),
    sipRequest('MESSAGE', ['Content-Type: text/plain;charset=UTF-8'], { body: 'grüße' }),
    Buffer.from('\r\n\r\n'),
  ];
}

/** Everything that happens to octets of a server, up to the point where somebody acts on them. */
function handle(chunks: readonly Buffer[]): { readonly messages: number; readonly octets: number } {
  let messages = 0;
  let octets = 0;
  let ended = false;
  const framer = new SipFramer({
    onMessage: (bytes) => {
      expect(ended).toBe(false);
      messages += 1;
      octets += bytes.length;
      const decoded = decodeMessage(bytes);
      const { message } = decoded;
      if (message === undefined) return;
      validateMessage(message);
      toSipJs(message);
      message.headers();
      for (const name of ['Authentication-Info', 'WWW-Authenticate']) message.headerValues(name).map(parseAuthHeader);
      for (const error of presenceReadingOf(message).refused) expect(error.code).not.toBe('INTERNAL');
    },
    onKeepAlive: () => {},
    onError: (error) => {
      expect(error).toBeInstanceOf(BridgeError);
      ended = true;
    },
  });
  for (const chunk of chunks) framer.push(chunk);
  return { messages, octets };
}

function cpuMilliseconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Fails only when the work is slow every time. */
function expectWithin(limit: number, work: () => void): void {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TRIES && best >= limit; attempt++) best = Math.min(best, cpuMilliseconds(work));
  expect(best).toBeLessThan(limit);
}

const files = [...tortureFiles('rfc4475'), ...tortureFiles('rfc5118')].map(({ bytes }) => bytes);
const seeds = [...goodTraffic(), ...keptTortureFiles(), ...files];

function runSeed(seed: number, cases: number): void {
  const random = seededRandom(seed);
  for (let number = 0; number < cases; number++) {
    const bytes = mutated(seeds, random);
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const next = at + 1 + Math.floor(random.unit() * bytes.length);
      chunks.push(bytes.subarray(at, next));
      at = next;
    }
    try {
      expect(handle(chunks).octets).toBeLessThanOrEqual(bytes.length);
      expectWithin(LIMIT_MS, () => void handle(chunks));
    } catch (cause) {
      throw new Error(`seed ${seed}, case ${number}: ${bytes.toString('base64')}`, { cause });
    }
  }
}

describe('spoilt traffic', () => {
  test.each(SEEDS)('does no harm and takes no time (seed %i)', (seed) => {
    runSeed(seed, CASES_PER_SEED);
  });

  /** `PRESENCE_MUTATION_SECONDS=600` for a long run; a finding tells seed and octets and becomes a test below. */
  const seconds = Number(process.env['PRESENCE_MUTATION_SECONDS'] ?? 0);
  test.runIf(seconds > 0)(
    'does no harm for long',
    () => {
      const end = performance.now() + seconds * 1000;
      let seed = Number(process.env['PRESENCE_MUTATION_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
      while (performance.now() < end) runSeed(seed++, CASES_PER_SEED);
    },
    (seconds + 60) * 1000,
  );
});

const RUNS = ['a', 'é', ' ', '\t', '"', '<', '>', ';', ',', '(', '%', '\\', ':', '@', '=', '0', '[', '.', '/'];
const HEADERS = [
  ...['Via', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Record-Route', 'Max-Forwards', 'Expires', 'Event'],
  ...['Subscription-State', 'Content-Type', 'Content-Length', 'Authentication-Info', 'WWW-Authenticate', 'Date'],
  ...['Retry-After', 'P-Asserted-Identity', 'Supported', 'X-Unknown', 'Content-Disposition', 'Refer-To'],
];

describe('long runs of one character', () => {
  test.each(HEADERS)('of any kind in %s take no time, whether within the limit of a line or far beyond', (header) => {
    for (const run of RUNS) {
      for (const length of [7_900, 128 * 1024]) {
        const line = `${header}: <sip:a@b>;x="${run.repeat(Math.floor(length / Buffer.byteLength(run)))}`;
        const bytes = sipRequest('INVITE', [line, `${header}: ${run.repeat(3_900 / Buffer.byteLength(run))}`]);
        expectWithin(LONG_RUN_LIMIT_MS, () => void handle([bytes]));
        expectWithin(LONG_RUN_LIMIT_MS, () => void decodeMessage(bytes));
      }
    }
  });

  test.each(RUNS.map((run) => [JSON.stringify(run), run]))('of %s in start line and body take no time', (_, run) => {
    const long = run.repeat(64 * 1024);
    const start = sipRequest('INVITE', [], { uri: `sip:${run.repeat(3_000)}` });
    const body = sipRequest('INVITE', ['Content-Type: application/sdp'], { body: `v=0\r\nc=IN IP4 ${long}\r\n` });
    const boundary = sipRequest('NOTIFY', [`Content-Type: multipart/related;boundary="${run.repeat(90)}"`], {
      body: `--${long}`,
    });
    for (const bytes of [start, body, boundary]) expectWithin(LONG_RUN_LIMIT_MS, () => void handle([bytes]));
  });
});
