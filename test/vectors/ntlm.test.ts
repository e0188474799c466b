import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildAuthenticate } from '../../src/ocs/auth/ntlm/authenticate.js';
import { parseChallenge } from '../../src/ocs/auth/ntlm/challenge.js';
import { datagramKey, hmacMd5, ntowfV2, sealKey, signKey } from '../../src/ocs/auth/ntlm/keys.js';
import { md4 } from '../../src/ocs/auth/ntlm/md4.js';
import { rc4 } from '../../src/ocs/auth/ntlm/rc4.js';
import { shared, sharedPath, skippedWithoutShared } from '../support/shared.js';

type Entry = Readonly<Record<string, string>>;
type Digest = { readonly in_utf8?: string; readonly in?: string; readonly key?: string; readonly out?: string };
interface Published {
  readonly primitives: Readonly<Record<'md4' | 'md5' | 'hmac_md5', readonly Digest[]>> & {
    readonly crc32: readonly { readonly in: string; readonly out_le: string; readonly out_uint32_hex: string }[];
  };
  readonly common: Entry;
  readonly ntlmv1: Entry & { readonly gss_wrapex: Entry };
  readonly ntlmv1_extended_session_security: Entry & { readonly gss_wrapex: Entry };
  readonly ntlmv2: Entry & { readonly gss_wrapex: Entry };
  readonly davenport: { readonly ntlm1_mac: Entry; readonly ntlm2_mac: Entry };
  readonly ocs2007r2_capture_ntlmv2_datagram: Entry & {
    readonly datagram_per_message_rc4_key_seq100: Entry;
  };
  readonly derived_flows: Readonly<Record<string, Entry>>;
}

const hex = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'hex');
const utf16 = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'utf16le');
const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};
const SEQUENCE_100 = word(100);

/** One block of DES under a 56-bit key. OpenSSL 3 has only triple DES left; with three equal keys it is the same. */
function des(key: Buffer, block: Buffer): Buffer {
  const bits = [...key].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const spread = Buffer.from((bits.match(/.{7}/g) ?? []).map((seven) => Number.parseInt(`${seven}0`, 2)));
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([spread, spread, spread]), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(block), cipher.final()]);
}

/** DESL of MS-NLMP 6: 8 bytes under three keys cut from 16. */
function desLong(key: Buffer, block: Buffer): Buffer {
  const padded = Buffer.concat([key, Buffer.alloc(5)]);
  return Buffer.concat([0, 7, 14].map((at) => des(padded.subarray(at, at + 7), block)));
}

/** LMOWFv1 of MS-NLMP 3.3.1. */
function lmHash(password: string): Buffer {
  const padded = Buffer.alloc(14);
  padded.write(password.toUpperCase(), 'latin1');
  const magic = Buffer.from('KGS!@#$%', 'latin1');
  return Buffer.concat([des(padded.subarray(0, 7), magic), des(padded.subarray(7), magic)]);
}

describe.skipIf(skippedWithoutShared('published NTLM vectors'))('published NTLM vectors', () => {
  const load = (): Published => JSON.parse(readFileSync(sharedPath('vectors', 'ntlm.json'), 'utf8')) as Published;
  if (shared === undefined) return;
  const vectors = load();
  const { common } = vectors;

  test('digests and checksums are the published ones', () => {
    for (const entry of vectors.primitives.md4)
      expect(md4(Buffer.from(entry.in_utf8 ?? '')).toString('hex')).toBe(entry.out);
    for (const entry of vectors.primitives.md5) {
      expect(
        createHash('md5')
          .update(entry.in_utf8 ?? '')
          .digest('hex'),
      ).toBe(entry.out);
    }
    for (const entry of vectors.primitives.hmac_md5) {
      expect(hmacMd5(hex(entry.key), Buffer.from(entry.in_utf8 ?? '')).toString('hex')).toBe(entry.out);
      expect(
        createHmac('md5', hex(entry.key))
          .update(entry.in_utf8 ?? '')
          .digest('hex'),
      ).toBe(entry.out);
    }
    for (const entry of vectors.primitives.crc32) {
      expect(crc32(hex(entry.in)).toString(16)).toBe(entry.out_uint32_hex);
      expect(word(crc32(hex(entry.in))).toString('hex')).toBe(entry.out_le);
    }
  });

  test('NTLMv1, which the product never answers with, agrees in what it shares: MD4, RC4, CRC32, the challenge', () => {
    const v1 = vectors.ntlmv1;
    expect(md4(utf16(common['password'])).toString('hex')).toBe(v1['ntowf_v1']);
    expect(md4(hex(v1['ntowf_v1'])).toString('hex')).toBe(v1['session_base_key']);
    const key = hex(common['random_session_key']);
    expect(rc4(hex(v1['key_exchange_key']), key).toString('hex')).toBe(v1['encrypted_session_key']);
    expect(rc4(hex(v1['key_exchange_key_if_lm_key_flag']), key).toString('hex')).toBe(
      v1['encrypted_session_key_if_lm_key'],
    );
    const text = hex(common['plaintext_utf16le']);
    const stream = rc4(key, Buffer.concat([text, Buffer.alloc(4), word(crc32(text)), word(0)])).toString('hex');
    const { gss_wrapex: wrap } = v1;
    expect(stream).toBe(`${wrap['sealed_data']}${wrap['rc4_random_pad']}${wrap['rc4_checksum']}${wrap['rc4_zero']}`);
    expect(parseChallenge(hex(v1['challenge_message']))).toMatchObject({
      ok: true,
      value: { flags: Number(v1['negotiate_flags_uint32']), serverChallenge: hex(common['server_challenge']) },
    });
  });

  test('NTLMv1 responses, which the product refuses to make, are the published ones by its MD4, RC4 and HMAC', () => {
    const v1 = vectors.ntlmv1;
    const challenge = hex(common['server_challenge']);
    const lm = lmHash(common['password'] ?? '');
    const lmResponse = desLong(lm, challenge);
    expect(lm.toString('hex')).toBe(v1['lmowf_v1']);
    expect(desLong(hex(v1['ntowf_v1']), challenge).toString('hex')).toBe(v1['nt_challenge_response']);
    expect(lmResponse.toString('hex')).toBe(v1['lm_challenge_response']);
    const half = Buffer.concat([lm.subarray(7, 8), Buffer.alloc(6, 0xbd)]);
    const lmKey = Buffer.concat([lm.subarray(0, 7), half].map((key) => des(key, lmResponse.subarray(0, 8))));
    expect(lmKey.toString('hex')).toBe(v1['key_exchange_key_if_lm_key_flag']);
    const random = hex(common['random_session_key']);
    const withoutNt = Buffer.concat([lm.subarray(0, 8), Buffer.alloc(8)]);
    expect(rc4(withoutNt, random).toString('hex')).toBe(v1['encrypted_session_key_if_non_nt_session_key']);
    for (const name of ['nt_challenge_response', 'lm_challenge_response', 'encrypted_session_key']) {
      expect(v1['authenticate_message']).toContain(v1[name]);
    }

    const extended = vectors.ntlmv1_extended_session_security;
    const client = hex(common['client_challenge']);
    const mixed = createHash('md5').update(challenge).update(client).digest().subarray(0, 8);
    const lmExtended = Buffer.concat([client, Buffer.alloc(16)]);
    expect(lmExtended.toString('hex')).toBe(extended['lm_challenge_response']);
    expect(md4(hex(extended['ntowf_v1'])).toString('hex')).toBe(extended['session_base_key']);
    expect(desLong(hex(extended['ntowf_v1']), mixed).toString('hex')).toBe(extended['nt_challenge_response']);
    const exchange = hmacMd5(hex(extended['session_base_key']), challenge, client);
    expect(exchange.toString('hex')).toBe(extended['key_exchange_key']);
    expect(extended['authenticate_message']).toContain(extended['nt_challenge_response']);
  });

  test('extended session security derives the published 56-bit keys and signature', () => {
    const extended = vectors.ntlmv1_extended_session_security;
    const key = hex(extended['key_exchange_key']);
    const flags = Number(extended['negotiate_flags_uint32']);
    const signing = signKey(key, 'client');
    const sealing = sealKey(key, flags, 'client');
    expect(signing.toString('hex')).toBe(extended['client_sign_key']);
    expect(sealing.toString('hex')).toBe(extended['client_seal_key']);
    expect(key.subarray(0, 7).toString('hex')).toBe(extended['seal_key_input_56bit']);
    const text = hex(common['plaintext_utf16le']);
    const checksum = hmacMd5(signing, word(0), text).subarray(0, 8);
    const { gss_wrapex: wrap } = extended;
    expect(checksum.toString('hex')).toBe(wrap['checksum']);
    expect(`01000000${checksum.toString('hex')}00000000`).toBe(wrap['signature']);
    expect(rc4(sealing, text).toString('hex')).toBe(wrap['sealed_data']);
    expect(parseChallenge(hex(extended['challenge_message'])).ok).toBe(true);
  });

  test('NTLMv2 derives the published hashes, proof, keys and signature', () => {
    const v2 = vectors.ntlmv2;
    const owf = ntowfV2(common['user'] ?? '', common['domain'] ?? '', common['password'] ?? '');
    expect(owf.toString('hex')).toBe(v2['ntowf_v2']);
    const proof = hmacMd5(owf, hex(common['server_challenge']), hex(v2['temp']));
    expect(proof.toString('hex')).toBe(v2['nt_proof_str']);
    const base = hmacMd5(owf, proof);
    expect(base.toString('hex')).toBe(v2['session_base_key']);
    const exported = hex(common['random_session_key']);
    expect(rc4(base, exported).toString('hex')).toBe(v2['encrypted_session_key']);
    const flags = Number(v2['negotiate_flags_uint32']);
    const signing = signKey(exported, 'client');
    const sealing = sealKey(exported, flags, 'client');
    expect(signing.toString('hex')).toBe(v2['client_sign_key']);
    expect(sealing.toString('hex')).toBe(v2['client_seal_key']);

    const text = hex(common['plaintext_utf16le']);
    const checksum = hmacMd5(signing, word(0), text).subarray(0, 8);
    const { gss_wrapex: wrap } = v2;
    expect(checksum.toString('hex')).toBe(wrap['checksum_plain']);
    expect(rc4(sealing, Buffer.concat([text, checksum])).toString('hex')).toBe(
      `${wrap['sealed_data']}${wrap['checksum_rc4']}`,
    );
    expect(`01000000${checksum.toString('hex')}00000000`).toBe(v2['mac_without_key_exchange']);
  });

  test('the published NTLMv2 answer carries exactly the responses that the product makes', () => {
    const v2 = vectors.ntlmv2;
    const challenge = parseChallenge(hex(v2['challenge_message']));
    if (!challenge.ok) throw new Error(challenge.reason);
    expect(challenge.value.targetInfo.toString('hex')).toBe(v2['target_info']);
    const { message } = buildAuthenticate(
      challenge.value,
      { user: 'User', domain: 'Domain', password: 'Password', workstation: 'COMPUTER' },
      {
        clientChallenge: hex(common['client_challenge']),
        sessionKey: hex(common['random_session_key']),
        time: hex(common['time']),
      },
    );
    for (const part of ['nt_challenge_response', 'lm_challenge_response', 'encrypted_session_key']) {
      expect(message.includes(hex(v2[part]))).toBe(true);
      expect(hex(v2['authenticate_message']).includes(hex(v2[part]))).toBe(true);
    }
    const published = hex(v2['authenticate_message']);
    // Same payload in the same order; flags and version of the published example are those of a stream session.
    expect(message.subarray(72).toString('hex')).toBe(published.subarray(72).toString('hex'));
    expect(message.subarray(0, 60).toString('hex')).toBe(published.subarray(0, 60).toString('hex'));
  });

  test('the davenport examples give the same signatures', () => {
    const { ntlm1_mac: first, ntlm2_mac: second } = vectors.davenport;
    const text = Buffer.from(first['message_utf8'] ?? '');
    const stream = rc4(hex(first['key']), Buffer.concat([word(0), word(crc32(text)), word(0)])).subarray(4);
    expect(`01000000${word(Number(first['random_pad_uint32'])).toString('hex')}${stream.toString('hex')}`).toBe(
      first['signature'],
    );
    const signing = signKey(hex(second['master_key']), 'client');
    expect(signing.toString('hex')).toBe(second['client_sign_key']);
    const checksum = hmacMd5(signing, word(0), Buffer.from(second['message_utf8'] ?? '')).subarray(0, 8);
    expect(`01000000${checksum.toString('hex')}00000000`).toBe(second['signature']);
  });

  function answers(entry: Entry): void {
    const challenge = parseChallenge(Buffer.from(entry['type2_base64'] ?? '', 'base64'));
    if (!challenge.ok) throw new Error(challenge.reason);
    const exported = hex(entry['exported_session_key']);
    const { message, flags } = buildAuthenticate(
      challenge.value,
      {
        user: entry['user'] ?? '',
        domain: entry['domain'] ?? '',
        password: entry['password'] ?? '',
        workstation: entry['workstation'] ?? '',
      },
      { clientChallenge: hex(entry['client_challenge']), sessionKey: exported, time: hex(entry['filetime']) },
    );
    expect(message.toString('base64')).toBe(entry['type3_base64']);
    for (const [side, name] of [
      ['client', 'client'],
      ['server', 'server'],
    ] as const) {
      expect(signKey(exported, side).toString('hex')).toBe(entry[`${name}_sign_key`]);
      expect(sealKey(exported, flags, side).toString('hex')).toBe(entry[`${name}_seal_key`]);
    }
    const owf = ntowfV2(entry['user'] ?? '', entry['domain'] ?? '', entry['password'] ?? '');
    expect(owf.toString('hex')).toBe(entry['ntowf_v2']);
  }

  test('the exchange captured with OCS 2007 R2 is answered byte for byte and yields its keys', () => {
    const capture = vectors.ocs2007r2_capture_ntlmv2_datagram;
    answers(capture);
    for (const side of ['client', 'server'] as const) {
      expect(datagramKey(hex(capture[`${side}_seal_key`]), SEQUENCE_100).toString('hex')).toBe(
        capture.datagram_per_message_rc4_key_seq100[side],
      );
    }
  });

  for (const [name, entry] of Object.entries(vectors.derived_flows)) {
    if (typeof entry !== 'object') continue;
    test(`derived exchange "${name.replaceAll('_', ' ')}" is answered byte for byte`, () => answers(entry));
  }
});
