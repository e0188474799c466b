/** Flags of the CHALLENGE_MESSAGE that OCS 2007 R2 sends (MS-NLMP 2.2.2.5): datagram, key exchange, 128 bit, NTLMv2. */
const CHALLENGE_FLAGS = 0xe29882f3;

export interface ChallengeNames {
  readonly netbiosDomain: string;
  readonly netbiosComputer: string;
  readonly dnsDomain: string;
  readonly dnsComputer: string;
}

const HEADER_LENGTH = 56;
/** Windows Server 2003, NTLM revision 15: what OCS 2007 R2 says in the Version field. */
const VERSION = Buffer.from('0502ce0e0000000f', 'hex');

/** AV_PAIR ids of MS-NLMP 2.2.2.1. */
const AV = { end: 0, netbiosComputer: 1, netbiosDomain: 2, dnsComputer: 3, dnsDomain: 4, dnsTree: 5 } as const;

/**
 * Builds a CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2) for datagram mode: no target name, five names as target information and
 * no time stamp, so that clients need not add a MIC.
 */
export function buildChallenge(serverChallenge: Buffer, names: ChallengeNames): Buffer {
  const info = Buffer.concat([
    avPair(AV.netbiosDomain, names.netbiosDomain),
    avPair(AV.netbiosComputer, names.netbiosComputer),
    avPair(AV.dnsDomain, names.dnsDomain),
    avPair(AV.dnsComputer, names.dnsComputer),
    avPair(AV.dnsTree, names.dnsDomain),
    avPair(AV.end, ''),
  ]);
  const head = Buffer.alloc(HEADER_LENGTH);
  head.write('NTLMSSP\0', 0, 'latin1');
  head.writeUInt32LE(2, 8);
  head.writeUInt32LE(HEADER_LENGTH, 16);
  head.writeUInt32LE(CHALLENGE_FLAGS, 20);
  serverChallenge.copy(head, 24, 0, 8);
  head.writeUInt16LE(info.length, 40);
  head.writeUInt16LE(info.length, 42);
  head.writeUInt32LE(HEADER_LENGTH, 44);
  VERSION.copy(head, 48);
  return Buffer.concat([head, info]);
}

function avPair(id: number, text: string): Buffer {
  const value = Buffer.from(text, 'utf16le');
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}
