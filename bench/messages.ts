import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export function contactUri(index: number): string {
  return `sip:user${String(index).padStart(7, '0')}@corp.example.com`;
}

const POOL = 512;
/** One message in so many carries a note besides the state. */
const NOTE_EVERY = 8;
const URI_DIGITS = 7;

/**
 * An endless stream of BENOTIFY messages without allocation: a pool in which the person's digits and all publication
 * times are overwritten before each use. Each message is published a millisecond after the one before, so that none
 * is outdated.
 */
export class MessageStream {
  readonly #pool: { readonly bytes: Buffer; readonly digits: number; readonly times: readonly number[] }[] = [];
  #clock = 0;

  constructor(compose: (index: number, kind: 'state' | 'sn') => Buffer) {
    for (let index = 0; index < POOL; index++) {
      const bytes = compose(index, index % NOTE_EVERY === 0 ? 'sn' : 'state');
      const times: number[] = [];
      const mark = 'publishTime="';
      for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) times.push(at + mark.length);
      const digits = bytes.indexOf('user', bytes.indexOf(' uri="sip:')) + 'user'.length;
      this.#pool.push({ bytes, digits, times });
    }
  }

  get averageLength(): number {
    return this.#pool.reduce((sum, { bytes }) => sum + bytes.length, 0) / POOL;
  }

  /** Message `index` of the pool as one about this person. Valid until it is asked for again. */
  about(contact: number, index: number): Buffer {
    const message = this.#pool[index % POOL];
    if (message === undefined) throw new Error('the pool is empty');
    const { bytes, digits, times } = message;
    writeDigits(bytes, digits, URI_DIGITS, contact);
    const clock = this.#clock++;
    for (const at of times) {
      // 2010-01-01T08:55:00.250
      writeDigits(bytes, at + 11, 2, Math.floor(clock / 3_600_000) % 24);
      writeDigits(bytes, at + 14, 2, Math.floor(clock / 60_000) % 60);
      writeDigits(bytes, at + 17, 2, Math.floor(clock / 1000) % 60);
      writeDigits(bytes, at + 20, 3, clock % 1000);
    }
    return bytes;
  }
}

function writeDigits(bytes: Buffer, at: number, count: number, value: number): void {
  let rest = value;
  for (let index = at + count - 1; index >= at; index--) {
    bytes[index] = 0x30 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

/** The shared fixtures, or the own ones where they are absent; `finish` has the last word on each message. */
export async function openMessages(
  peers: string | undefined,
  finish: (message: Buffer, index: number) => Buffer = (message) => message,
): Promise<MessageStream> {
  if (peers === undefined) return new MessageStream((index, kind) => finish(ownMessage(index, kind), index));
  const fixtures = (await import(pathToFileURL(join(peers, 'lib', 'fixtures.js')).href)) as {
    benotify(index: number, kind: string): Buffer;
  };
  return new MessageStream((index, kind) => finish(withSameDate(fixtures.benotify(index, kind)), index));
}

/** The stream counts time within one day. */
function withSameDate(message: Buffer): Buffer {
  const text = message.toString('latin1');
  return Buffer.from(text.replaceAll(/publishTime="[0-9]{4}-[0-9]{2}-[0-9]{2}/g, 'publishTime="2009-01-05'), 'latin1');
}

const AVAILABILITIES = [3500, 5000, 6500, 7500, 9500, 12500, 15500, 18500] as const;

/** A BENOTIFY of an OCS 2007 R2 server in shape and size, composed here. */
export function ownMessage(index: number, kind: 'state' | 'sn'): Buffer {
  const availability = AVAILABILITIES[(index * 7) % AVAILABILITIES.length] ?? 3500;
  const activity =
    availability === 6500
      ? '<activity token="in-a-meeting" minAvailability="6500" maxAvailability="8999"><custom LCID="1033">In a meeting &amp; &quot;busy&quot;' +
        '</custom><custom LCID="1031">In einer Besprechung</custom></activity>'
      : '';
  const time = '2009-01-05T00:00:00.0000000';
  const note =
    kind === 'sn'
      ? `<category name="note" instance="0" publishTime="${time}" container="300" version="${index}" expireType="static"><note xmlns="http://schemas.microsoft.com/2006/09/sip/note"><body type="personal" uri="">In M\u00fcnchen &amp; back at ${index % 24}</body></note></category>`
      : '';
  const body = Buffer.from(
    `<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="${contactUri(index)}">${note}` +
      `<category name="state" instance="1" publishTime="${time}" container="300" version="${index}" expireType="static">` +
      `<state xsi:type="aggregateState" lastActive="${time}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.microsoft.com/2006/09/sip/state">` +
      `<availability>${availability}</availability>${activity}<device>computer</device><endpointLocation>Office ${index}</endpointLocation>` +
      '<timeZoneBias>-60</timeZoneBias><timeZoneName>W. Europe Standard Time</timeZoneName></state></category></categories>',
    'utf8',
  );
  const hex = (salt: number, length: number): string =>
    ((index + 1) * 2_654_435_761 * salt).toString(16).padStart(length, '7').slice(0, length);
  const head = [
    'BENOTIFY sip:192.0.2.44:49231;transport=tls;ms-opaque=6f1d2c3b4a;ms-received-cid=2600;grid SIP/2.0',
    `Via: SIP/2.0/TLS 192.0.2.10:5061;branch=z9hG4bK${hex(3, 8)}.${hex(5, 8)};branched=FALSE`,
    `Authentication-Info: NTLM rspauth="${hex(7, 12)}${hex(11, 12)}64000000", srand="${hex(13, 8)}", snum="${index + 1}", opaque="4A1F0C22", qop="auth", targetname="ocs01.corp.example.com", realm="SIP Communications Service"`,
    'Max-Forwards: 70',
    'To: "Bridge Watcher" <sip:watcher@corp.example.com>;tag=1122334455;epid=5f0c9a1b2d',
    'From: "Bridge Watcher" <sip:watcher@corp.example.com>;tag=ABCD0080',
    'Call-ID: aa11bb22cc33dd44ee55ff6600778899',
    `CSeq: ${index + 2} BENOTIFY`,
    'Contact: <sip:ocs01.corp.example.com@corp.example.com;gruu;opaque=srvr:HomeServer:uXf3bWkq1Ea2>',
    `Record-Route: <sip:pool01.corp.example.com:5061;transport=tls;ms-fe=ocs01.corp.example.com;lr;ms-route-sig=${hex(17, 12)}>`,
    'Event: presence',
    'subscription-state: active;expires=28200',
    'Expires: 28800',
    'Require: eventlist',
    'Supported: ms-benotify, ms-piggyback-first-notify',
    'ms-keep-alive: UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300',
    'ms-asserted-verification-level: 3',
    'Server: RTC/3.5',
    'Content-Type: application/msrtc-event-categories+xml',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
