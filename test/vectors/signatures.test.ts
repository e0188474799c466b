import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SecurityAssociation } from '../../src/ocs/auth/association.js';
import { buildAuthenticate } from '../../src/ocs/auth/ntlm/authenticate.js';
import { parseChallenge } from '../../src/ocs/auth/ntlm/challenge.js';
import { ntowfV2, sealKey, signKey } from '../../src/ocs/auth/ntlm/keys.js';
import { ntlmSession } from '../../src/ocs/auth/ntlm/session.js';
import { type ProtocolVersion, signatureBuffer } from '../../src/ocs/auth/signature-buffer.js';
import { signedFieldsOf } from '../../src/ocs/auth/signed-fields.js';
import { parseAuthHeader } from '../../src/ocs/wire/headers/auth-params.js';
import { shared, sharedPath, skippedWithoutShared } from '../support/shared.js';
import { signable } from '../support/signable.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

/** Buffer and signature of a raw message, made from nothing but the message itself. */
function contextOf(raw: string) {
  const message = signable(raw);
  const fields = signedFieldsOf(message);
  const client = parseAuthHeader(message.header('Authorization') ?? '');
  const server = parseAuthHeader(message.header('Authentication-Info') ?? '');
  const header = server ?? client;
  if (header === undefined) return undefined;
  const value = (name: string): string => header.params.get(name) ?? '';
  return {
    message,
    fields,
    header,
    signature: value(server ? 'rspauth' : 'response'),
    context: {
      scheme: header.scheme,
      rand: value(server ? 'srand' : 'crand'),
      num: value(server ? 'snum' : 'cnum'),
      realm: value('realm'),
      targetName: value('targetname'),
    },
  };
}

interface Fields {
  readonly [name: string]: string;
}
interface Signed {
  readonly version: ProtocolVersion;
  readonly buffer: string;
  readonly signature: string;
  readonly keys: { readonly exported_session_key: string; readonly flags: string };
  readonly fields: Fields;
  readonly authentication_info: string;
  readonly headers: Fields;
  readonly status: number;
  readonly message: string;
  readonly key: string;
}
interface Derived {
  readonly keys: Fields;
  readonly flags: string;
  readonly cases: readonly {
    readonly name: string;
    readonly signer: 'client' | 'server';
    readonly version: ProtocolVersion;
    readonly fields: Fields;
    readonly status: number | null;
    readonly buffer: string;
    readonly signature: string;
  }[];
}
interface SignatureVectors {
  readonly v2_ntlm_without_ess_server_response: Signed;
  readonly v4_ntlmv2_ocs2007r2_client_register: Signed;
  readonly v4_ntlmv2_ocs2007r2_server_200: Signed;
  readonly v4_buffer_only_180_with_pai: Signed;
  readonly v4_buffer_only_addr_spec_without_brackets: Signed;
  readonly v4_p_asserted_identity_parsing: {
    readonly cases: readonly { readonly header: string; readonly sip: string; readonly tel: string }[];
  };
  readonly v2_buffer_only_ms_sip_subscribe: Signed;
  readonly derived_ntlmv2: Derived;
  readonly derived_transcript: {
    readonly messages: readonly {
      readonly direction: string;
      readonly note: string;
      readonly raw: string;
      readonly buffer?: string;
      readonly signature?: string;
    }[];
  };
}

const raw = (start: string, headers: Fields): string =>
  `${start}\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\r\n')}\r\n\r\n`;

describe.skipIf(skippedWithoutShared('published signature vectors'))('published signature vectors', () => {
  if (shared === undefined) return;
  const vectors = JSON.parse(readFileSync(sharedPath('vectors', 'sipae-signature.json'), 'utf8')) as SignatureVectors;

  test('a signature of an OCS 2007 server without extended security verifies', () => {
    const entry = vectors.v2_ntlm_without_ess_server_response;
    const read = contextOf(entry.message);
    if (read === undefined) throw new Error('no signature');
    const buffer = signatureBuffer(2, read.context, read.fields);
    expect(buffer.toString()).toBe(entry.buffer);
    expect(ntlmSession(hex(entry.key), 0, 'client').verify(buffer, read.signature)).toBe(true);
    expect(read.signature.toLowerCase()).toBe(entry.signature);
  });

  test('both signatures captured with OCS 2007 R2 come out of the captured fields', () => {
    const register = vectors.v4_ntlmv2_ocs2007r2_client_register;
    const { fields, keys } = register;
    const text = raw('REGISTER sip:cosmo.local SIP/2.0', {
      From: `<${fields['from_uri']}>;tag=${fields['from_tag']};epid=1`,
      To: `<${fields['to_uri']}>`,
      'Call-ID': fields['call_id'] ?? '',
      CSeq: `${fields['cseq']} ${fields['method']}`,
      Authorization: `NTLM qop="auth", realm="${fields['realm']}", targetname="${fields['targetname']}", crand="${fields['crand']}", cnum="${fields['cnum']}"`,
    });
    const sent = contextOf(text);
    if (sent === undefined) throw new Error('no signature');
    const buffer = signatureBuffer(register.version, sent.context, sent.fields);
    expect(buffer.toString()).toBe(register.buffer);
    const session = ntlmSession(hex(keys.exported_session_key), Number(keys.flags), 'client');
    expect(session.sign(buffer)).toBe(register.signature);

    const answer = vectors.v4_ntlmv2_ocs2007r2_server_200;
    const received = contextOf(
      raw('SIP/2.0 200 OK', {
        From: `<${fields['from_uri']}>;tag=${fields['from_tag']};epid=1`,
        To: `<${fields['to_uri']}>;tag=5E61CCD925D17E043D9A74835A88F664`,
        'Call-ID': fields['call_id'] ?? '',
        CSeq: '3 REGISTER',
        Expires: '7200',
        'Authentication-Info': answer.authentication_info,
      }),
    );
    if (received === undefined) throw new Error('no signature');
    const answered = signatureBuffer(answer.version, received.context, received.fields);
    expect(answered.toString()).toBe(answer.buffer);
    expect(session.verify(answered, received.signature)).toBe(true);
  });

  test('a signed 180 with an asserted identity gives the published buffer', () => {
    const entry = vectors.v4_buffer_only_180_with_pai;
    const read = contextOf(raw('SIP/2.0 180 Ringing', entry.headers));
    if (read === undefined) throw new Error('no signature');
    expect(signatureBuffer(4, read.context, read.fields).toString()).toBe(entry.buffer);
  });

  test('addresses without brackets give the published buffer', () => {
    const entry = vectors.v4_buffer_only_addr_spec_without_brackets;
    const fields = signedFieldsOf(signable(raw('SIP/2.0 180 Ringing', entry.headers)));
    const context = { scheme: 'NTLM', rand: '1B6D47A1', num: '11', realm: 'foo', targetName: 'bar' };
    expect(signatureBuffer(4, context, fields).toString()).toBe(entry.buffer);
  });

  test('asserted identities are found as published', () => {
    for (const { header, sip, tel } of vectors.v4_p_asserted_identity_parsing.cases) {
      const fields = signedFieldsOf(signable(raw('SIP/2.0 200 OK', { 'P-Asserted-Identity': header })));
      expect({ sip: fields.assertedSip, tel: fields.assertedTel }).toEqual({ sip, tel });
      const preferred = signedFieldsOf(signable(raw('SIP/2.0 200 OK', { 'P-Preferred-Identity': header })));
      expect(preferred.assertedSip).toBe(sip);
    }
  });

  test('the SUBSCRIBE of MS-SIP 3.1.4.2 gives the published buffer', () => {
    const { buffer } = vectors.v2_buffer_only_ms_sip_subscribe;
    const [
      ,
      rand = '',
      num = '',
      realm = '',
      targetName = '',
      callId = '',
      cseq = '',
      method = '',
      uri = '',
      tag = '',
    ] = buffer.slice(1, -1).split('><');
    const fields = signedFieldsOf(
      signable(
        raw(`SUBSCRIBE ${uri} SIP/2.0`, {
          From: `"x" <${uri}>;tag=${tag};epid=a`,
          To: `<${uri}>`,
          'Call-ID': callId,
          CSeq: `${cseq} ${method}`,
        }),
      ),
    );
    expect(signatureBuffer(2, { scheme: 'NTLM', rand, num, realm, targetName }, fields).toString()).toBe(buffer);
  });

  const { derived_ntlmv2: derived } = vectors;
  for (const entry of derived.cases) {
    test(`derived signature "${entry.name.replaceAll('_', ' ')}"`, () => {
      const { fields } = entry;
      const own = ntlmSession(hex(derived.keys['exported_session_key'] ?? ''), Number(derived.flags), entry.signer);
      const text = raw(entry.status === null ? `${fields['method']} x SIP/2.0` : `SIP/2.0 ${entry.status} OK`, {
        From: `<${fields['from_uri']}>;tag=${fields['from_tag']}`,
        To: fields['to_tag'] ? `<${fields['to_uri']}>;tag=${fields['to_tag']}` : `<${fields['to_uri']}>`,
        'Call-ID': fields['call_id'] ?? '',
        CSeq: `${fields['cseq']} ${fields['method']}`,
        ...(fields['expires'] ? { Expires: fields['expires'] } : {}),
        ...(fields['pai_sip'] ? { 'P-Asserted-Identity': `"Ana"<${fields['pai_sip']}>, <${fields['pai_tel']}>` } : {}),
      });
      const buffer = signatureBuffer(
        entry.version,
        {
          scheme: fields['protocol'] ?? '',
          rand: fields['rand'] ?? '',
          num: fields['num'] ?? '',
          realm: fields['realm'] ?? '',
          targetName: fields['target'] ?? '',
        },
        signedFieldsOf(signable(text)),
      );
      expect(buffer.toString()).toBe(entry.buffer);
      expect(own.sign(buffer)).toBe(entry.signature);
    });
  }

  test('every signed message of the transcript verifies, and the client signs the same', () => {
    const key = hex(derived.keys['exported_session_key'] ?? '');
    const terms = {
      scheme: 'NTLM',
      version: 4,
      realm: 'SIP Communications Service',
      targetName: 'ocs01.contoso.example',
      opaque: '4A1F0C22',
      header: 'Authorization',
    } as const;
    const signer = ntlmSession(key, Number(derived.flags), 'client');
    let crand = '';
    const association = new SecurityAssociation(terms, signer, { bytes: () => hex(crand) });
    let signed = 0;
    for (const { raw: text, buffer, direction } of vectors.derived_transcript.messages) {
      const read = contextOf(text);
      if (buffer === undefined || read === undefined) continue;
      signed++;
      expect(signatureBuffer(4, read.context, read.fields).toString()).toBe(buffer);
      if (direction === 'server->client') {
        expect(association.matches(read.header.scheme, read.header.params)).toBe(true);
        expect(association.verify(read.message, read.header.params)).toBe('valid');
        expect(association.verify(read.message, read.header.params)).toBe('replayed');
      } else {
        crand = read.context.rand;
        const token = read.header.params.get('gssapi-data');
        expect(association.authorize(read.message, token)).toBe(read.message.header('Authorization'));
      }
    }
    expect(signed).toBe(20);
  });
});

interface Capture {
  readonly version: number;
  readonly user: string;
  readonly domain: string;
  readonly workstation: string;
  readonly password: string;
  readonly negotiated_flags: string;
  readonly challenge_message: string;
  readonly authenticate_message: string;
  readonly exported_session_key: string;
  readonly client_sign_key: string;
  readonly client_seal_key: string;
  readonly server_sign_key: string;
  readonly server_seal_key: string;
  readonly signatures: readonly {
    readonly direction: 'client' | 'server';
    readonly message: string;
    readonly buffer: string;
    readonly signature: string;
  }[];
}

describe.skipIf(skippedWithoutShared('captures of a foreign client'))('captures of a foreign client', () => {
  if (shared === undefined) return;
  for (const name of ['v4', 'v3', 'noversion']) {
    const file = sharedPath('peers', 'sipe-peer', 'captures', `ntlm-vectors-${name}.json`);
    const capture = JSON.parse(readFileSync(file, 'utf8')) as Capture;

    test(`${name}: keys and all ${capture.signatures.length} signatures agree`, () => {
      const key = hex(capture.exported_session_key);
      const flags = Number(capture.negotiated_flags);
      for (const side of ['client', 'server'] as const) {
        expect(signKey(key, side).toString('hex')).toBe(capture[`${side}_sign_key`]);
        expect(sealKey(key, flags, side).toString('hex')).toBe(capture[`${side}_seal_key`]);
      }
      const sessions = { client: ntlmSession(key, flags, 'client'), server: ntlmSession(key, flags, 'server') };
      for (const { direction, buffer, signature } of capture.signatures) {
        expect(sessions[direction].sign(Buffer.from(buffer))).toBe(signature.toLowerCase());
        const other = direction === 'client' ? 'server' : 'client';
        expect(sessions[other].verify(Buffer.from(buffer), signature)).toBe(true);
      }
    });

    test(`${name}: the product answers that challenge with the same responses`, () => {
      const challenge = parseChallenge(hex(capture.challenge_message));
      if (!challenge.ok) throw new Error(challenge.reason);
      const sent = hex(capture.authenticate_message);
      const field = (at: number): Buffer =>
        sent.subarray(sent.readUInt32LE(at + 4), sent.readUInt32LE(at + 4) + sent.readUInt16LE(at));
      const nt = field(20);
      const { message, flags } = buildAuthenticate(challenge.value, capture, {
        time: nt.subarray(24, 32),
        clientChallenge: nt.subarray(32, 40),
        sessionKey: hex(capture.exported_session_key),
      });
      expect(flags).toBe(Number(capture.negotiated_flags));
      expect(ntowfV2(capture.user, capture.domain, capture.password)).toHaveLength(16);
      for (const at of [12, 20, 52]) expect(message.includes(field(at))).toBe(true);
    });

    test(`${name}: each buffer is rebuilt from its fields by the rules of its version`, () => {
      for (const { buffer } of capture.signatures) {
        const parts = buffer.slice(1, -1).split('><');
        const [scheme = '', rand = '', num = '', realm = '', targetName = '', callId = '', cseq = '', method = ''] =
          parts;
        const version: ProtocolVersion = capture.version === 0 ? 2 : capture.version === 3 ? 3 : 4;
        const long = version > 2;
        const rebuilt = signatureBuffer(
          version,
          { scheme, rand, num, realm, targetName },
          {
            callId,
            cseq,
            method,
            fromUri: parts[8] ?? '',
            fromTag: parts[9] ?? '',
            toUri: long ? (parts[10] ?? '') : '',
            toTag: parts[long ? 11 : 10] ?? '',
            assertedSip: long ? (parts[12] ?? '') : '',
            assertedTel: long ? (parts[13] ?? '') : '',
            expires: parts[long ? 14 : 11] ?? '',
            status: parts[long ? 15 : 12] ?? '',
          },
        );
        expect(rebuilt.toString()).toBe(buffer);
      }
    });
  }
});
