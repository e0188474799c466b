import { describe, expect, test } from 'vitest';
import type { Gssapi } from '../../../../src/ocs/auth/gssapi/binding.js';
import { KdcGate } from '../../../../src/ocs/auth/gssapi/kdc-gate.js';
import { type KerberosIdentity, KerberosMechanism } from '../../../../src/ocs/auth/gssapi/mechanism.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import { FakeGssapi, type FakeTurns } from '../../../support/fake-gssapi.js';
import { SimulatedClock, seededRandom, settle } from '../../../support/simulated-clock.js';

const PRINCIPAL = 'bridge@CONTOSO.EXAMPLE';
const SERVICE = 'sip/ocs01.contoso.example';
const BASE = -1_765_328_384;
const failure = (code: number) => ({ major: 0xd0000, minor: BASE + code, text: `code ${code}` });

function stage(turns: FakeTurns = {}, identity: Partial<KerberosIdentity> = {}) {
  const gss = new FakeGssapi(turns);
  const clock = new SimulatedClock();
  const gate = new KdcGate(2);
  const ports = { clock, random: seededRandom(), gssapi: (): Promise<Gssapi> => Promise.resolve(gss) };
  const make = () => new KerberosMechanism({ principal: PRINCIPAL, password: 'Winter', ...identity }, ports, { gate });
  return { gss, clock, make, mechanism: make() };
}

describe('Kerberos mechanism', () => {
  test('gets a ticket for the service with the password, and keeps the context only', async () => {
    const { gss, mechanism } = stage();
    expect(await mechanism.start(SERVICE)).toEqual({ kind: 'token', token: Buffer.from('ticket') });
    expect(gss.calls).toEqual([`import ${PRINCIPAL}`, `import ${SERVICE}@`, 'acquire with password', 'init']);
    expect([...gss.owned.values()]).toEqual(['context']);
    expect(mechanism.signer?.lifetimeMs).toBe(36_000_000);
  });

  test('wipes its copy of the password', async () => {
    const { gss, mechanism } = stage();
    await mechanism.start(SERVICE);
    expect(gss.passwords[0]?.text).toBe('Winter');
    expect(gss.passwords[0]?.bytes.every((octet) => octet === 0)).toBe(true);
  });

  test('takes a keytab before a password, and wipes the tickets from memory', async () => {
    const { gss, mechanism } = stage({}, { keytab: '/etc/bridge.keytab' });
    await mechanism.start(SERVICE);
    expect(gss.calls.slice(2)).toEqual([
      'acquire from FILE:/etc/bridge.keytab into MEMORY:presence-bridge-*',
      'init',
      'destroy MEMORY:presence-bridge-*',
    ]);
    expect([...gss.owned.values()]).toEqual(['context']);
  });

  for (const code of [1, 6, 12, 18, 23, 24, 31]) {
    test(`counts error ${code} of a KDC as refused credentials`, async () => {
      const { gss, mechanism } = stage({ acquire: async () => failure(code) });
      const reason = `the KDC refused ${PRINCIPAL}: code ${code}`;
      expect(await mechanism.start(SERVICE)).toEqual({ kind: 'refused', reason });
      expect(gss.owned.size).toBe(0);
    });
  }

  for (const [what, turns] of [
    ['a KDC that cannot be reached', { acquire: async () => failure(156) }],
    ['a service that the KDC does not know', { init: async () => failure(7) }],
    ['clocks that differ', { init: async () => failure(37) }],
    ['a principal that cannot be read', { principal: failure(148) }],
  ] satisfies [string, FakeTurns][]) {
    test(`fails for the moment with ${what}, and gives everything back`, async () => {
      const { gss, mechanism } = stage(turns, { keytab: '/etc/bridge.keytab' });
      expect(await mechanism.start(SERVICE)).toMatchObject({ kind: 'failed', error: { code: 'OCS_KERBEROS' } });
      expect(gss.owned.size).toBe(0);
      expect(mechanism.signer).toBeUndefined();
    });
  }

  test('does not take a second round', async () => {
    const { gss, mechanism } = stage({ complete: false });
    expect(await mechanism.start(SERVICE)).toMatchObject({ kind: 'failed' });
    expect(gss.owned.size).toBe(0);
    expect(mechanism.step().ok).toBe(false);
  });

  test('gives up on a KDC that keeps silent, and releases what comes too late', async () => {
    let arrive = (): void => {};
    const init = () =>
      new Promise<undefined>((resolve) => {
        arrive = () => resolve(undefined);
      });
    const { gss, clock, mechanism } = stage({ init });
    const start = mechanism.start(SERVICE);
    await clock.advance(15_000);
    expect(await start).toMatchObject({ kind: 'failed', error: { message: 'Kerberos: no KDC answered in time.' } });
    arrive();
    await settle();
    expect(gss.owned.size).toBe(0);
    expect(mechanism.signer).toBeUndefined();
  });

  test('asks no further KDC while two calls hang', async () => {
    const { gss, clock, make } = stage({ init: () => new Promise(() => {}) });
    const starts = [make(), make(), make()].map((mechanism) => mechanism.start(SERVICE));
    await clock.advance(60_000);
    expect((await Promise.all(starts)).map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed']);
    expect(gss.calls.filter((call) => call === 'init')).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  test('fails with what the loader says when there is no library', async () => {
    const missing = new BridgeError('OCS_KERBEROS_UNAVAILABLE', 'no koffi');
    const ports = { clock: new SimulatedClock(), random: seededRandom(), gssapi: () => Promise.reject(missing) };
    const mechanism = new KerberosMechanism({ principal: PRINCIPAL, password: 'x' }, ports);
    expect(await mechanism.start(SERVICE)).toEqual({ kind: 'failed', error: missing });
  });
});

describe('Kerberos signer', () => {
  test('signs and verifies until it is released, which may happen twice', async () => {
    const { gss, mechanism } = stage();
    await mechanism.start(SERVICE);
    const { signer } = mechanism;
    const text = Buffer.from('<Kerberos><1>');
    const signature = signer?.sign(text) ?? '';
    expect(signature).toMatch(/^[0-9a-f]{40}$/);
    expect(signer?.verify(text, signature.toUpperCase())).toBe(true);
    for (const wrong of ['', 'zz', signature.slice(1), `${signature.slice(0, -1)}g`, '00'.repeat(5000)]) {
      expect(signer?.verify(text, wrong)).toBe(false);
    }
    signer?.release?.();
    signer?.release?.();
    expect(gss.owned.size).toBe(0);
    expect(signer?.verify(text, signature)).toBe(false);
    expect(() => signer?.sign(text)).toThrow(/has ended/);
  });
});

describe('gate to the KDC', () => {
  const later = <T>() => {
    let resolve: (value: T) => void = () => {};
    const promise = new Promise<T>((done) => {
      resolve = done;
    });
    return { promise, resolve };
  };

  test('lets calls in one after the other, in order', async () => {
    const clock = new SimulatedClock();
    const gate = new KdcGate(1);
    const calls = [later<string>(), later<string>()];
    const begun: number[] = [];
    const results = calls.map((call, index) =>
      gate.run(
        clock,
        1000,
        () => {
          begun.push(index);
          return call.promise;
        },
        () => {},
      ),
    );
    expect(begun).toEqual([0]);
    calls[0]?.resolve('first');
    calls[1]?.resolve('second');
    expect(await Promise.all(results)).toEqual([
      { done: true, value: 'first' },
      { done: true, value: 'second' },
    ]);
    expect(begun).toEqual([0, 1]);
  });

  test('hands on the place of a call that failed', async () => {
    const clock = new SimulatedClock();
    const gate = new KdcGate(1);
    const fail = gate.run(
      clock,
      1000,
      () => Promise.reject(new Error('broken')),
      () => {},
    );
    await expect(fail).rejects.toThrow('broken');
    const next = gate.run(
      clock,
      1000,
      () => Promise.resolve(1),
      () => {},
    );
    expect(await next).toEqual({ done: true, value: 1 });
  });
});
