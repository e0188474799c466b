import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileAttempts } from '../../../src/bridge/runtime/sign-in-attempts.js';
import { reconnectAfter } from '../../../src/ocs/account/reconnect.js';
import type { Answer, RequestDraft } from '../../../src/ocs/agent/core.js';
import type { RegisterTerms } from '../../../src/ocs/agent/register-request.js';
import { Registration } from '../../../src/ocs/agent/registration.js';
import { type AttemptStore, memoryAttempts } from '../../../src/ocs/auth/attempts.js';
import { Handshake } from '../../../src/ocs/auth/handshake.js';
import type { AuthMechanism, MechanismStart, MessageSigner } from '../../../src/ocs/auth/mechanism.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { sip } from '../../support/people.js';
import { recordingLog } from '../../support/silent-log.js';
import { SimulatedClock, seededRandom, settle } from '../../support/simulated-clock.js';
import { sipMessage } from '../../support/sip-message.js';

const HOUR = 3_600_000;
const ACCOUNT = sip('bridge@contoso.example');
const TERMS: RegisterTerms = {
  account: ACCOUNT,
  localAddress: '10.20.0.7:50412',
  transport: 'tls',
  instance: '488034f8-5165-5d34-a500-cfdd0a904716',
  contactId: '6f1d2c3b4a',
  callId: 'c4f1a0b2d3e44f5a9b6c7d8e9f001122',
  fromTag: '7d1f0a2b3c',
};

const response = (status: string, ...headers: string[]): Answer =>
  sipMessage([
    `SIP/2.0 ${status}`,
    'Via: SIP/2.0/TLS 10.20.0.7:50412;branch=z9hG4bKa1',
    `From: <${ACCOUNT}>;tag=7d1f0a2b3c`,
    `To: <${ACCOUNT}>;tag=1`,
    'Call-ID: c4f1a0b2d3e44f5a9b6c7d8e9f001122',
    'CSeq: 1 REGISTER',
    ...headers,
  ]);
const CHALLENGE =
  'WWW-Authenticate: Kerberos realm="SIP Communications Service", targetname="sip/ocs01.contoso.example", version=4';
const challenge = (...headers: string[]) => response('401 Unauthorized', CHALLENGE, ...headers);
const ACCEPTED = () => response('200 OK', 'Expires: 7200');
const TOKEN: MechanismStart = { kind: 'token', token: Buffer.from('ticket') };

/** A signer that says what became of it. */
class TestSigner implements MessageSigner {
  readonly lifetimeMs = 10 * HOUR;
  released = 0;
  sign = () => '00';
  verify = () => true;
  release(): void {
    this.released += 1;
  }
}

/** One sign-in after the other over one connection, with a mechanism whose turns the test decides. */
function stage(options: {
  readonly start?: () => MechanismStart | Promise<MechanismStart>;
  readonly answer?: (draft: RequestDraft) => Answer | undefined;
  readonly attempts?: AttemptStore;
  readonly secret?: string;
  readonly clock?: SimulatedClock;
}) {
  const { start = () => TOKEN, answer = () => undefined, clock = new SimulatedClock() } = options;
  const sent: { readonly draft: RequestDraft; readonly answer: (answer: Answer) => void }[] = [];
  const signers: TestSigner[] = [];
  const ended: { readonly error: BridgeError; readonly retryAfterMs: number | undefined }[] = [];
  const log = recordingLog();
  const random = seededRandom();
  const counts = { logons: 0, signedIn: 0, signedOff: 0 };
  const create = (): AuthMechanism => {
    const signer = new TestSigner();
    signers.push(signer);
    return {
      scheme: 'Kerberos',
      start: () => {
        counts.logons += 1;
        return start();
      },
      step: () => ({ ok: false, reason: 'there is no second step' }),
      signer,
    };
  };
  const registration = new Registration(
    TERMS,
    {
      core: {
        exchange(draft, onAnswer) {
          sent.push({ draft, answer: onAnswer });
          const given = answer(draft);
          if (given !== undefined) onAnswer(given);
        },
      },
      transport: { begin: () => {}, establish: () => {}, abandon: () => {} },
      newHandshake: () =>
        new Handshake({ mechanisms: [{ scheme: 'Kerberos', create }], objectionTo: () => undefined }, random),
      secret: options.secret ?? 'secret',
    },
    {
      onSignedIn: () => {
        counts.signedIn += 1;
      },
      onFailed: (error, retryAfterMs) => {
        ended.push({ error, retryAfterMs });
        registration.close();
      },
      onSignedOff: () => {
        counts.signedOff += 1;
      },
    },
    { clock, random, log, attempts: options.attempts ?? memoryAttempts() },
  );
  return { registration, sent, signers, ended, log, counts, clock };
}

describe('a sign-in that has to ask somebody else', () => {
  test('goes on when the proof is there, in order', async () => {
    let arrive: (start: MechanismStart) => void = () => {};
    const { registration, sent, counts } = stage({
      start: () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    });
    registration.start();
    sent[0]?.answer(challenge());
    await settle();
    expect(sent).toHaveLength(1);
    arrive(TOKEN);
    await settle();
    expect(sent).toHaveLength(2);
    sent[1]?.answer(ACCEPTED());
    expect(counts.signedIn).toBe(1);
  });

  test('that comes too late for a closed connection is forgotten, and gives back what it holds', async () => {
    let arrive: (start: MechanismStart) => void = () => {};
    const { registration, sent, signers, ended } = stage({
      start: () =>
        new Promise((resolve) => {
          arrive = resolve;
        }),
    });
    registration.start();
    sent[0]?.answer(challenge());
    registration.close();
    arrive(TOKEN);
    await settle();
    expect([sent.length, signers[0]?.released, ended.length]).toEqual([1, 1, 0]);
  });

  test('does not hold up a sign-off', async () => {
    let arrive: (start: MechanismStart) => void = () => {};
    let renewal = false;
    const { registration, sent, counts } = stage({
      start: () =>
        renewal
          ? new Promise((resolve) => {
              arrive = resolve;
            })
          : TOKEN,
    });
    registration.start();
    sent[0]?.answer(challenge());
    sent[1]?.answer(ACCEPTED());
    renewal = true;
    registration.renew();
    sent[2]?.answer(challenge());
    registration.signOff();
    expect(sent[3]?.draft.headers).toContain('Expires: 0');
    arrive(TOKEN);
    await settle();
    sent[3]?.answer(ACCEPTED());
    expect([sent.length, counts.signedOff]).toEqual([4, 1]);
  });
});

describe('clocks', () => {
  const at = (clock: SimulatedClock, seconds: number) =>
    `Date: ${new Date(clock.now() + seconds * 1000).toUTCString()}`;

  for (const [seconds, warned] of [
    [0, false],
    [59, false],
    [-61, true],
    [600, true],
  ] as const) {
    test(`that are ${seconds} s apart are ${warned ? '' : 'not '}logged`, () => {
      const { registration, sent, log, clock } = stage({});
      registration.start();
      sent[0]?.answer(challenge(at(clock, seconds)));
      expect(log.entries.map(({ event }) => event)).toEqual(warned ? ['ocs.clock-skew'] : []);
    });
  }

  for (const [seconds, text] of [
    [400, 'The clock of this machine is 400 s behind that of the OCS server; Kerberos admits 300 s.'],
    [-400, 'The clock of this machine is 400 s ahead of that of the OCS server; Kerberos admits 300 s.'],
    [200, 'no ticket'],
  ] as const) {
    test(`that are ${seconds} s apart end a sign-in without ticket with: ${text}`, () => {
      const failed: MechanismStart = { kind: 'failed', error: new BridgeError('OCS_KERBEROS', 'no ticket') };
      const { registration, sent, ended, clock } = stage({ start: () => failed });
      registration.start();
      sent[0]?.answer(challenge(at(clock, seconds)));
      expect(ended).toMatchObject([{ error: { code: 'OCS_KERBEROS', message: text } }]);
    });
  }

  test('far apart are named beside a refused password', () => {
    const { registration, sent, ended, clock } = stage({
      start: () => ({ kind: 'refused', reason: 'the KDC refused' }),
    });
    registration.start();
    sent[0]?.answer(challenge());
    sent[1]?.answer(challenge(at(clock, -1200)));
    expect(ended[0]?.error.message).toBe(
      'The KDC refused; the clocks are 1200 s apart, which alone can be the reason.',
    );
  });
});

describe('a wrong password', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attempts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A process that lives until `stop`: signs in, and again whenever it is time. */
  function bridge(clock: SimulatedClock, secret = 'wrong') {
    const attempts = fileAttempts(folder, { random: seededRandom(5), log: recordingLog() });
    let logons = 0;
    let cancel = (): void => {};
    const connect = (): void => {
      const run = stage({
        clock,
        attempts,
        secret,
        start: () => ({ kind: 'refused', reason: 'the KDC refused' }),
        answer: () => challenge(),
      });
      run.registration.start();
      logons += run.counts.logons;
      const [end] = run.ended;
      if (end === undefined) throw new Error('it did not end');
      const limits = { baseMs: 1000, capMs: 60_000 };
      const { delay } = reconnectAfter(end.error, 0, 0.5, limits, end.retryAfterMs);
      cancel = clock.after(delay ?? HOUR, connect);
    };
    connect();
    return {
      stop: () => cancel(),
      get logons() {
        return logons;
      },
    };
  }

  test('costs two logons and one in half an hour then, over 24 hours with 50 restarts', async () => {
    const clock = new SimulatedClock();
    const random = seededRandom(11);
    const restarts = Array.from({ length: 50 }, () => random.unit() * 24 * HOUR).sort((a, b) => a - b);
    let total = 0;
    let now = 0;
    let running = bridge(clock);
    for (const at of [...restarts, 24 * HOUR]) {
      await clock.advance(at - now);
      now = at;
      running.stop();
      total += running.logons;
      if (at < 24 * HOUR) running = bridge(clock);
    }
    expect(total).toBeLessThanOrEqual(2 + 48);
    expect(total).toBeGreaterThan(20);
  });

  test('is tried once in half an hour without restarts', async () => {
    const clock = new SimulatedClock();
    const running = bridge(clock);
    await clock.advance(24 * HOUR);
    running.stop();
    expect(running.logons).toBe(2 + 48);
  });

  test('that was changed is tried at once, twice', () => {
    const clock = new SimulatedClock();
    bridge(clock).stop();
    expect(bridge(clock).logons).toBe(0);
    expect(bridge(clock, 'changed').logons).toBe(2);
    expect(bridge(clock, 'changed').logons).toBe(0);
  });

  test('waits its half hour anew when the clock was set back by a year', async () => {
    const clock = new SimulatedClock();
    bridge(clock).stop();
    const earlier = new SimulatedClock(clock.now() - 365 * 24 * HOUR);
    const running = bridge(earlier);
    expect(running.logons).toBe(0);
    await earlier.advance(HOUR / 2);
    running.stop();
    expect(running.logons).toBe(1);
  });
});
