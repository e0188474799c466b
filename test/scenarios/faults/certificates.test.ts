import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { WholeChain } from '../../support/whole-chain.js';

const SECOND = 1_000;
const MINUTE = 60_000;

let chain: WholeChain;
afterEach(() => chain.ends());

describe('a certificate that must not be trusted (rows 4 and 5)', () => {
  for (const [flaw, code, reason] of [
    ['expired', 'OCS_TLS_UNTRUSTED', /^CERT_HAS_EXPIRED$/],
    ['wrong-name', 'OCS_TLS_NAME', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
    ['unknown-authority', 'OCS_TLS_UNTRUSTED', /^(CERT_SIGNATURE_FAILURE|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/],
  ] as const) {
    test(`${flaw}: refused, looked at every 15 minutes and not sooner, taken as soon as it is right`, async () => {
      chain = new WholeChain({ transport: 'tls' });
      await chain.starts();
      const [ana] = chain.people as [Person];
      chain.begin(`certificate=${flaw}`);
      await chain.serverRestarts();
      await chain.until(10 * SECOND, () => chain.link.state === 'untrusted-peer', 1);
      expect(chain.apiShows(ana)).toBe('unknown');
      expect(chain.link.error).toMatchObject({ code, details: { cause: expect.stringMatching(reason) } });
      const logons = chain.simulator.counters.logonsOk;
      const tries = (): number => chain.events('ocs.ended').filter((fields) => fields['code'] === code).length;
      for (const before = tries(); tries() < before + 2; ) {
        const done = tries();
        const { retryAt = 0 } = chain.link;
        expect(retryAt - chain.clock.now()).toBeGreaterThan(15 * MINUTE - SECOND);
        await chain.passes(15 * MINUTE - 2 * SECOND, 2 * SECOND);
        expect(tries()).toBe(done);
        await chain.until(MINUTE, () => tries() > done);
      }
      expect(chain.simulator.counters.logonsOk).toBe(logons);
      chain.simulator.endFaults();
      await chain.serverRestarts();
      await chain.passes(15 * MINUTE - 2 * SECOND, 2 * SECOND);
      await chain.until(MINUTE, () => chain.documentShows(ana) === 'available');
    });
  }
});
