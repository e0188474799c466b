import { onlyExpected } from '../../src/ocs/documents/only-expected.js';
import { readFault } from '../../src/ocs/documents/publish-fault.js';
import { type PresenceReading, readPresence } from '../../src/ocs/documents/read-presence.js';
import { readRoamingSelf } from '../../src/ocs/documents/roaming-self.js';
import { sip } from './people.js';

/** A kind of document that the samples of hostile XML, which are PIDF, are dressed up as. */
export interface AttackForm {
  readonly name: string;
  /** True when a document of the kind names the person it is about. */
  readonly isPersonal: boolean;
  dress(pidf: Buffer): Buffer;
  /** Whether the document was read; throws what the reader throws. */
  read(body: Buffer): boolean;
}

export const MALLORY = sip('sip:mallory@example.test');

const PIDF = 'urn:ietf:params:xml:ns:pidf';
const OPEN = '<status><basic>open</basic></status>';

/** Only octets of ASCII are replaced, so that the bad ones of a sample stay as they are. */
function dressed(change: (text: string) => string): (pidf: Buffer) => Buffer {
  return (pidf) => Buffer.from(change(pidf.toString('latin1')), 'latin1');
}

function renamed(text: string, root: string, namespace: string): string {
  return text.replaceAll(/(<\/?)presence\b/g, `$1${root}`).replaceAll(PIDF, namespace);
}

function readsAsPresence(contentType: string): (body: Buffer) => boolean {
  return (body) => {
    const reading = readPresence(contentType, body, { expected: MALLORY });
    return isUsable(onlyExpected(reading, (uri) => uri === MALLORY));
  };
}

function isUsable(reading: PresenceReading): boolean {
  const [error] = reading.refused;
  if (error !== undefined) throw error;
  return reading.observations.length + reading.resources.length > 0;
}

export const ATTACK_FORMS: readonly AttackForm[] = [
  { name: 'PIDF', isPersonal: true, dress: (pidf) => pidf, read: readsAsPresence('application/pidf+xml') },
  {
    name: 'categories',
    isPersonal: true,
    dress: dressed((text) =>
      renamed(text, 'categories', 'http://schemas.microsoft.com/2006/09/sip/categories')
        .replace('entity=', 'uri=')
        .replaceAll(OPEN, '')
        .replaceAll(/(<\/?)note\b/g, '$1body')
        .replaceAll(
          /<tuple id="t[0-9]+">/g,
          '<category name="note"><note xmlns="http://schemas.microsoft.com/2006/09/sip/note">',
        )
        .replaceAll('</tuple>', '</note></category>'),
    ),
    read: readsAsPresence('application/msrtc-event-categories+xml'),
  },
  {
    name: 'XPIDF',
    isPersonal: true,
    dress: dressed((text) => {
      const person = /entity="([^"]*)"/.exec(text)?.[1] ?? '';
      return text
        .replaceAll(` xmlns="${PIDF}"`, '')
        .replaceAll(OPEN, '<address uri="sip:x@y.example"><status status="open"/></address>')
        .replaceAll(/<(\/?)note\b/g, '<$1address')
        .replaceAll('<tuple id=', '<atom id=')
        .replaceAll('</tuple>', '</atom>')
        .replace('<atom', `<presentity uri="${person}"/><atom`);
    }),
    read: readsAsPresence('application/xpidf+xml'),
  },
  {
    name: 'LCS 2005 presence',
    isPersonal: true,
    dress: dressed((text) =>
      renamed(text, 'presentity', 'http://schemas.microsoft.com/2002/09/sip/presence')
        .replace('entity=', 'uri=')
        .replaceAll(OPEN, '')
        .replaceAll(/<tuple id="t[0-9]+">/g, '<userInfo>')
        .replaceAll('</tuple>', '</userInfo>'),
    ),
    read: readsAsPresence('text/xml+msrtc.pidf'),
  },
  {
    name: 'resource list',
    isPersonal: false,
    dress: dressed((text) =>
      renamed(text, 'list', 'urn:ietf:params:xml:ns:rlmi')
        .replaceAll(OPEN, '<instance id="1" state="active"/>')
        .replaceAll(/<tuple id=/g, `<resource uri="${MALLORY}" id=`)
        .replaceAll('</tuple>', '</resource>'),
    ),
    read: readsAsPresence('application/rlmi+xml'),
  },
  {
    name: 'own account',
    isPersonal: true,
    dress: dressed((text) => {
      const person = /entity="([^"]*)"/.exec(text)?.[1] ?? '';
      return renamed(text, 'roamingData', 'http://schemas.microsoft.com/2006/09/sip/roaming-self')
        .replaceAll(OPEN, '')
        .replaceAll(/<tuple id="t[0-9]+">/g, `<categories uri="${person}"><category name="note" instance="0">`)
        .replaceAll('</tuple>', '</category></categories>');
    }),
    read: (body) => readRoamingSelf(body, { expected: MALLORY }).uri !== undefined,
  },
  {
    name: 'fault',
    isPersonal: false,
    dress: dressed((text) => renamed(text, 'Fault', 'urn:any')),
    read: (body) => readFault(body).operations.length === 0,
  },
];
