import { createHash } from 'node:crypto';
import type { Core } from 'sip.js';
import { describe, expect, test } from 'vitest';
import { type Answer, OcsCore } from '../../../src/ocs/agent/core.js';
import { registerRequest } from '../../../src/ocs/agent/register-request.js';
import { readDigestChallenge } from '../../../src/ocs/auth/digest.js';
import type { Challenge } from '../../../src/ocs/auth/handshake.js';
import { digestIdentity, newHandshake, type SignInPolicy } from '../../../src/ocs/auth/new-handshake.js';
import { splitText } from '../../../src/ocs/wire/encode.js';
import { parseAuthHeader } from '../../../src/ocs/wire/headers/auth-params.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../support/simulated-clock.js';
import { sipMessage } from '../../support/sip-message.js';

const ACCOUNT = sip('bridge@example.org');
const PASSWORD = 'Circle of Life';
const NONCE = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const MD5 = `Digest realm="example.org", qop="auth, auth-int", algorithm=MD5, nonce="${NONCE}", opaque="FQhe/qaU"`;
const SHA256 = `Digest realm="example.org", qop="auth", algorithm=SHA-256, nonce="${NONCE}"`;

const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');

interface Proof {
  readonly user: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
  readonly method: string;
  readonly uri: string;
  readonly quality?: { readonly nc: string; readonly cnonce: string };
}

/** RFC 2617 §3.2.2.1, written down once more to judge sip.js by. */
function expectedResponse({ user, password, realm, nonce, method, uri, quality }: Proof): string {
  const between = quality === undefined ? '' : `${quality.nc}:${quality.cnonce}:auth:`;
  return md5(`${md5(`${user}:${realm}:${password}`)}:${nonce}:${between}${md5(`${method}:${uri}`)}`);
}

function challengeOf(line: string): Challenge {
  const header = parseAuthHeader(line);
  if (header === undefined) throw new Error(line);
  return { ...header, answerHeader: 'Authorization' };
}

/** A core over nothing, and a server of one's own. */
function stage(digest: { user: string; password: string } | undefined) {
  const sent: string[] = [];
  const transport = {
    protocol: 'TLS',
    send: (text: string) => {
      sent.push(text);
      return Promise.resolve();
    },
  } as Core.Transport;
  const core = new OcsCore(
    { account: ACCOUNT, userAgent: 'Bridge', localAddress: '10.20.0.7:50412', log: silentLog, digest },
    transport,
  );
  const answers: Answer[] = [];
  const last = () => splitText(sent.at(-1) ?? '');
  const header = (name: string) => last().headers.find(([given]) => given.toLowerCase() === name)?.[1] ?? '';
  return {
    core,
    sent,
    answers,
    header,
    credentials: (name = 'authorization') => parseAuthHeader(header(name))?.params,
    register: (cseq: number) => core.exchange(registerRequest(TERMS, cseq, 'keep'), (answer) => answers.push(answer)),
    answer: (status: string, ...headers: string[]) =>
      core.acceptResponse(
        sipMessage([
          `SIP/2.0 ${status}`,
          ...['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${header(name.toLowerCase())}`),
          ...headers,
        ]),
      ),
  };
}

const TERMS = {
  account: ACCOUNT,
  dialect: 'sip',
  localAddress: '10.20.0.7:50412',
  transport: 'tls',
  instance: '488034f8-5165-5d34-a500-cfdd0a904716',
  contactId: '6f1d2c3b4a',
  callId: 'c4f1a0b2d3e44f5a9b6c7d8e9f001122',
  fromTag: '7d1f0a2b3c',
} as const;
const MUFASA = { user: 'Mufasa', password: PASSWORD };

describe('the judge of Digest', () => {
  test('gives what the example of RFC 2617 §3.5 gives', () => {
    const proof = {
      user: 'Mufasa',
      password: 'Circle Of Life',
      realm: 'testrealm@host.com',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      method: 'GET',
      uri: '/dir/index.html',
      quality: { nc: '00000001', cnonce: '0a4f113b' },
    };
    expect(expectedResponse(proof)).toBe('6629fae49393a05397450978507c4ef1');
  });

  test('gives what the MD5 example of RFC 7616 §3.9.1 gives', () => {
    const proof = {
      ...MUFASA,
      realm: 'http-auth@example.org',
      nonce: NONCE,
      method: 'GET',
      uri: '/dir/index.html',
      quality: { nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
    };
    expect(expectedResponse(proof)).toBe('8ca523f5e9506fed4657c9700eebdbec');
  });
});

describe('Digest', () => {
  for (const [status, asks, proves] of [
    ['401 Unauthorized', 'WWW-Authenticate', 'authorization'],
    ['407 Proxy Authentication Required', 'Proxy-Authenticate', 'proxy-authorization'],
  ] as const) {
    test(`answers a ${status} with a right proof`, () => {
      const { register, answer, answers, credentials } = stage(MUFASA);
      register(1);
      answer(status, `${asks}: ${MD5}`);
      const params = credentials(proves);
      const [nc = '', cnonce = ''] = [params?.get('nc'), params?.get('cnonce')];
      const proof = { ...MUFASA, realm: 'example.org', nonce: NONCE, method: 'REGISTER', uri: 'sip:example.org' };
      expect(params?.get('response')).toBe(expectedResponse({ ...proof, quality: { nc, cnonce } }));
      expect([params?.get('uri'), nc, params?.get('opaque')]).toEqual(['sip:example.org', '00000001', 'FQhe/qaU']);
      answer('200 OK');
      expect(answers).toMatchObject([{ status: 200 }]);
    });
  }

  test('answers the form of RFC 2069, without quality of protection', () => {
    const { register, answer, credentials } = stage(MUFASA);
    register(1);
    answer('401 Unauthorized', `WWW-Authenticate: Digest realm="example.org", nonce="${NONCE}"`);
    const proof = { ...MUFASA, realm: 'example.org', nonce: NONCE, method: 'REGISTER', uri: 'sip:example.org' };
    expect(credentials()?.get('response')).toBe(expectedResponse(proof));
    expect(credentials()?.has('qop')).toBe(false);
  });

  test('proves names and passwords outside of ASCII as UTF-8', () => {
    const who = { user: 'jäger', password: 'пароль' };
    const { register, answer, credentials } = stage(who);
    register(1);
    answer('401 Unauthorized', `WWW-Authenticate: Digest realm="example.org", nonce="${NONCE}"`);
    const proof = { ...who, realm: 'example.org', nonce: NONCE, method: 'REGISTER', uri: 'sip:example.org' };
    expect(credentials()?.get('response')).toBe(expectedResponse(proof));
  });

  test('finds the challenge that it can answer among others', () => {
    const { register, answer, credentials } = stage(MUFASA);
    register(1);
    answer('401 Unauthorized', `WWW-Authenticate: ${SHA256}`, `WWW-Authenticate: ${MD5}`);
    expect(credentials()?.get('algorithm')).toBe('MD5');
  });

  test('tries again with a new nonce when the old one was stale, and reports a refusal', () => {
    const { register, answer, answers, credentials, sent } = stage(MUFASA);
    register(1);
    answer('401 Unauthorized', `WWW-Authenticate: ${MD5}`);
    answer('401 Unauthorized', `WWW-Authenticate: ${MD5.replace(NONCE, 'new')}, stale=true`);
    expect(credentials()?.get('nonce')).toBe('new');
    expect(answers).toEqual([]);
    answer('401 Unauthorized', `WWW-Authenticate: ${MD5}`);
    expect(sent).toHaveLength(3);
    expect(answers).toMatchObject([{ status: 401 }]);
  });

  test('gives each further request of a call a higher number than its own repetitions had', () => {
    const { register, answer, header } = stage(MUFASA);
    register(1);
    answer('401 Unauthorized', `WWW-Authenticate: ${MD5}`);
    expect(header('cseq')).toBe('2 REGISTER');
    answer('200 OK');
    register(2);
    expect(header('cseq')).toBe('3 REGISTER');
  });

  test('is not answered where nobody may', () => {
    const { register, answer, answers, sent } = stage(undefined);
    register(1);
    answer('401 Unauthorized', `WWW-Authenticate: ${MD5}`);
    expect(sent).toHaveLength(1);
    expect(answers).toMatchObject([{ status: 401 }]);
  });
});

describe('whether Digest may be used', () => {
  const identity = { user: 'bridge', domain: '', password: 'x', workstation: '', schemes: ['digest'] as const };
  const policy: SignInPolicy = {
    identity,
    serverName: 'sip.example.org',
    certificateNames: ['sip.example.org'],
    allowNtlmWithoutTls: false,
  };

  test('depends on scheme, password and TLS', () => {
    expect(digestIdentity(policy)).toEqual({ user: 'bridge', password: 'x' });
    expect(digestIdentity({ ...policy, identity: { ...identity, schemes: ['ntlm'] } })).toBeUndefined();
    expect(digestIdentity({ ...policy, identity: { ...identity, password: '' } })).toBeUndefined();
    const plain = { ...policy, certificateNames: undefined };
    expect(digestIdentity(plain)).toBeUndefined();
    expect(digestIdentity({ ...plain, allowNtlmWithoutTls: true })).toBeUndefined();
    expect(digestIdentity({ ...plain, allowDigestWithoutTls: true })).toBeDefined();
  });

  const ports = { random: seededRandom(), clock: new SimulatedClock() };

  test('a challenge that comes back after the answer is a refusal', () => {
    expect(newHandshake(policy, ports).receive([challengeOf(MD5)])).toEqual({ kind: 'refused' });
  });

  test('a challenge that nobody answered is none', () => {
    expect(newHandshake(policy, ports).receive([challengeOf(SHA256)])).toEqual({
      kind: 'unacceptable',
      reason: 'the server wants Digest with SHA-256, which is not supported',
    });
    const ntlm = { ...policy, identity: { ...identity, schemes: ['ntlm'] as const } };
    expect(newHandshake(ntlm, ports).receive([challengeOf(MD5)])).toMatchObject({ kind: 'unacceptable' });
  });

  for (const [line, ok] of [
    [MD5, true],
    ['Digest realm="a", nonce="b", algorithm=md5', true],
    ['Digest realm="a", nonce="b", algorithm=MD5-sess', false],
    ['Digest realm="a", nonce="b", qop="auth-int"', false],
    ['Digest realm="a"', false],
    ['NTLM realm="a", nonce="b"', false],
  ] as const) {
    test(`${ok ? 'can' : 'cannot'} be answered: ${line.slice(0, 60)}`, () => {
      expect(readDigestChallenge(challengeOf(line)).ok).toBe(ok);
    });
  }
});
