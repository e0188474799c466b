import { describe, expect, test } from 'vitest';
import type { DocumentOptions } from '../../../src/ocs/documents/document-options.js';
import { readPidf } from '../../../src/ocs/documents/pidf.js';
import { sip } from '../../support/people.js';
import { refusalReason } from './refusal-reason.js';
import { ANA, pidfDocument, pidfTuple, rpidPerson } from './samples.js';

const NOW = Date.UTC(2026, 0, 5, 9);

const read = (document: string, options: DocumentOptions = {}) => readPidf(Buffer.from(document, 'utf8'), options);

const reasonOf = (document: string, options: DocumentOptions = {}) => refusalReason(() => read(document, options));

const numberIn = (document: string, options: DocumentOptions = {}) => read(document, options).state?.availability;

describe('the person of a PIDF document', () => {
  test.each(['sip:Ana.Reyes@Contoso.example', 'pres:ana.reyes@contoso.example', 'im:ana.reyes@contoso.example'])(
    'may be written %s',
    (entity) => {
      expect(read(pidfDocument('', entity)).uri).toBe(ANA);
    },
  );

  test('may be written without scheme', () => {
    expect(read(pidfDocument('', 'ana.reyes@contoso.example'), { expected: ANA }).uri).toBe(ANA);
  });

  test('is that of the subscription when none is named', () => {
    const nameless = pidfDocument('').replace(/ entity="[^"]*"/, '');
    expect(read(nameless, { expected: ANA }).uri).toBe(ANA);
    expect(reasonOf(nameless)).toBe('address');
  });

  test('must be that of the subscription', () => {
    expect(reasonOf(pidfDocument(''), { expected: sip('ben@contoso.example') })).toBe('other-person');
    expect(reasonOf(pidfDocument('', 'tel:+15550100'), { expected: ANA })).toBe('address');
  });

  test('has the display name of its card', () => {
    const card = rpidPerson([], '<c:display-name> Ana\u202e Reyes </c:display-name>');
    expect(read(pidfDocument(card)).displayName).toBe('Ana Reyes');
  });
});

describe('of several services in a PIDF document', () => {
  test('an open one counts before a closed one of higher priority', () => {
    expect(numberIn(pidfDocument(pidfTuple('closed', '', '1.0') + pidfTuple('open', '', '0.1')))).toBe(3500);
  });

  test('the open one of the highest priority counts', () => {
    const busy = pidfTuple('open', '<rpid:activities><rpid:busy/></rpid:activities>', '0.8');
    const free = pidfTuple('open', '', '0.2');
    expect(numberIn(pidfDocument(busy + free))).toBe(6500);
    expect(numberIn(pidfDocument(free + busy))).toBe(6500);
  });

  test('of equal priority the most reachable counts', () => {
    const busy = pidfTuple('open', '<rpid:activities><rpid:busy/></rpid:activities>');
    expect(numberIn(pidfDocument(busy + pidfTuple('open')))).toBe(3500);
  });

  test('a priority that is no number is the lowest, and a comma is read as a point', () => {
    const busy = (priority: string) => pidfTuple('open', '<rpid:activities><rpid:busy/></rpid:activities>', priority);
    expect(numberIn(pidfDocument(busy('99') + pidfTuple('open', '', '0.1')))).toBe(3500);
    expect(numberIn(pidfDocument(busy('0,8') + pidfTuple('open', '', '0.1')))).toBe(6500);
  });

  test('those of other people do not count', () => {
    const assistant = '<rpid:relationship><rpid:assistant/></rpid:relationship>';
    const self = '<rpid:relationship><rpid:self/></rpid:relationship>';
    expect(numberIn(pidfDocument(pidfTuple('closed', self) + pidfTuple('open', assistant)))).toBe(18500);
    expect(read(pidfDocument(pidfTuple('open', assistant))).state).toBeNull();
  });

  test.each(['<x:butler xmlns:x="urn:any"/>', '<x:self xmlns:x="urn:any"/>', '<rpid:unknown/>'])(
    'those in a relation that is not the person do not count: %s',
    (relation) => {
      const other = pidfTuple('open', `<rpid:relationship>${relation}</rpid:relationship>`);
      expect(numberIn(pidfDocument(other))).toBeUndefined();
    },
  );

  test('those of the person may have a note on that', () => {
    const noted = '<rpid:relationship><rpid:note>me</rpid:note><rpid:self/></rpid:relationship>';
    expect(numberIn(pidfDocument(pidfTuple('open', noted)))).toBe(3500);
  });

  test.each([
    ['closed', 'open'],
    ['maybe', 'open'],
    ['open', 'closed'],
    ['open', ''],
  ])('those that contradict themselves do not count: %s and %s', (first, second) => {
    const twice = `<tuple id="t"><status><basic>${first}</basic><basic>${second}</basic></status></tuple>`;
    expect(numberIn(pidfDocument(twice))).toBeUndefined();
  });

  test('those that say the same twice count', () => {
    const twice = '<tuple id="t"><status><basic>open</basic></status><status><basic>open</basic></status></tuple>';
    expect(numberIn(pidfDocument(twice))).toBe(3500);
  });

  test('those that say nothing do not count', () => {
    const other = '<tuple id="x"><status><d:presence xmlns:d="urn:any" type="unavailable"/></status></tuple>';
    expect(numberIn(pidfDocument(pidfTuple('closed') + other))).toBe(18500);
  });
});

describe('the state of a PIDF document', () => {
  test('is no data when the document says nothing', () => {
    expect(read(pidfDocument(''))).toEqual({ uri: ANA, state: null, note: null });
    expect(read(pidfDocument(rpidPerson([]))).state).toBeNull();
  });

  test('is not idle while another device is in use', () => {
    const device = (input: string) => `<dm:device id="d"><rpid:user-input>${input}</rpid:user-input></dm:device>`;
    expect(numberIn(pidfDocument(pidfTuple('open') + device('idle')))).toBe(5000);
    expect(numberIn(pidfDocument(pidfTuple('open') + device('idle') + device('active')))).toBe(3500);
  });

  test('counts activities only in their time', () => {
    const meeting = (times: string) =>
      pidfDocument(
        `${pidfTuple('open')}<dm:person id="p"><rpid:activities ${times}><rpid:meeting/></rpid:activities></dm:person>`,
      );
    expect(numberIn(meeting('from="2026-01-05T10:00:00Z"'), { now: NOW })).toBe(3500);
    expect(numberIn(meeting('until="2026-01-05T09:00:00Z"'), { now: NOW })).toBe(3500);
    expect(numberIn(meeting('from="2026-01-05T08:00:00Z" until="2026-01-05T10:00:00Z"'), { now: NOW })).toBe(6500);
    expect(numberIn(meeting('until="2026-01-05T09:00:00Z"'))).toBe(6500);
    expect(numberIn(meeting('until="sometime"'), { now: NOW })).toBe(6500);
  });

  test('began when its service, or the person who decides, changed', () => {
    const tuple = pidfTuple('open', '<timestamp>2026-01-05T08:00:00Z</timestamp>');
    const person = (activity: string) => rpidPerson([activity], '<dm:timestamp>2026-01-05T08:30:00Z</dm:timestamp>');
    expect(read(pidfDocument(tuple)).state?.since).toBe(NOW - 3_600_000);
    expect(read(pidfDocument(tuple + person('away'))).state?.since).toBe(NOW - 1_800_000);
    expect(read(pidfDocument(tuple + person('working'))).state?.since).toBe(NOW - 3_600_000);
    expect(read(pidfDocument(tuple)).state?.publishedAt).toBeUndefined();
  });

  test('has the words that go with its activities', () => {
    const doing = (content: string) =>
      `<dm:person id="p"><rpid:activities>${content}<rpid:away/></rpid:activities></dm:person>`;
    const text = (content: string) => read(pidfDocument(pidfTuple('open') + doing(content))).state?.activityText;
    expect(text('<rpid:note>Far away</rpid:note>')).toBe('Far away');
    expect(text('<rpid:other>Fishing</rpid:other>')).toBe('Fishing');
    expect(text('')).toBeUndefined();
  });

  test('COMPAT(asterisk): is read from the names of a draft and with its encoding', () => {
    const document =
      '<?xml version="1.0" encoding="ISO-8859-1"?><presence xmlns="urn:ietf:params:xml:ns:pidf"' +
      ' xmlns:pp="urn:ietf:params:xml:ns:pidf:person" xmlns:es="urn:ietf:params:xml:ns:pidf:rpid:status:rpid-status"' +
      ` xmlns:ep="urn:ietf:params:xml:ns:pidf:rpid:rpid-person" entity="${ANA}"><pp:person><status><ep:activities>` +
      '<ep:busy/></ep:activities></status></pp:person><note>On the phone</note><tuple id="1"><contact priority="1">' +
      'sip:1@192.0.2.1</contact><status><basic>open</basic></status></tuple></presence>';
    expect(read(document)).toEqual({
      uri: ANA,
      state: { availability: 6500, activity: '' },
      note: { text: 'On the phone', outOfOffice: false },
    });
    expect(reasonOf(document.replace('On the phone', 'Am Apparat, Jörg'))).toBe('encoding');
  });

  test('COMPAT(ocs2007): is read from an activity that is a word', () => {
    const status = '<status><basic>open</basic><activities><activity>busy</activity></activities></status>';
    expect(numberIn(pidfDocument(`<tuple id="0">${status}</tuple>`))).toBe(6500);
  });

  const IM = 'xmlns:im="urn:ietf:params:xml:ns:pidf:im"';

  test.each([
    ['<activity>away</activity>', 15500],
    [`<im:im ${IM}>Busy</im:im>`, 6500],
    [`<im:im ${IM}>open</im:im>`, 3500],
    ['<activity>something-new</activity>', 0],
    [`<im:im ${IM}>something-new</im:im>`, 0],
    ['<activities><activity>something-new</activity></activities>', 0],
    ['<activity>something-new</activity><activity>away</activity>', 15500],
  ])('is unknown when a word beside "open" is not understood: %s', (word, number) => {
    const tuple = `<tuple id="0"><status><basic>open</basic>${word}</status></tuple>`;
    expect(numberIn(pidfDocument(tuple))).toBe(number);
    expect(numberIn(pidfDocument(tuple.replace('open</basic>', 'closed</basic>')))).toBe(18500);
  });
});

describe('the note of a PIDF document', () => {
  const notes = {
    person: '<dm:person id="p"><dm:note>of the person</dm:note></dm:person>',
    document: '<note>of all</note>',
    tuple: pidfTuple('open', '<note>of the service</note>'),
  };

  test('is that of the person, else of the document, else of the service that decides', () => {
    const noteIn = (...parts: string[]) => read(pidfDocument(parts.join(''))).note?.text;
    expect(noteIn(notes.tuple, notes.document, notes.person)).toBe('of the person');
    expect(noteIn(notes.tuple, notes.document)).toBe('of all');
    expect(noteIn(notes.tuple)).toBe('of the service');
    expect(noteIn(pidfTuple('closed', '<note>of none</note>'), notes.tuple)).toBe('of the service');
  });

  test('is the one in the language asked for', () => {
    const document = pidfDocument(
      '<note xml:lang="fr">Ne dérangez pas</note><note xml:lang="en-GB">Do not disturb</note><note>?</note>',
    );
    expect(read(document).note?.text).toBe('Do not disturb');
    expect(read(document, { languages: ['de', 'FR'] }).note?.text).toBe('Ne dérangez pas');
    expect(read(document, { languages: ['de'] }).note?.text).toBe('?');
  });

  test('is not that of a device or of an activity', () => {
    const device = '<dm:device id="d"><dm:note>PC</dm:note></dm:device>';
    expect(read(pidfDocument(device)).note).toBeNull();
  });
});

describe('an extension of a PIDF document that must be understood', () => {
  const extended = (attributes: string) =>
    pidfDocument(
      pidfTuple('open', `<x:a xmlns:x="urn:any" xmlns:p="urn:ietf:params:xml:ns:pidf"><x:b ${attributes}/></x:a>`),
    );

  test.each(['p:mustUnderstand="1"', 'p:mustUnderstand="true"', 'mustUnderstand="true"'])(
    'makes it unreadable: %s',
    (attribute) => {
      expect(reasonOf(extended(attribute))).toBe('must-understand');
    },
  );

  test('is passed over when it need not be understood', () => {
    expect(numberIn(extended('p:mustUnderstand="0"'))).toBe(3500);
    expect(numberIn(extended(''))).toBe(3500);
  });

  test('makes it unreadable in a namespace that is understood, too', () => {
    const mood = '<rpid:mood xmlns:p="urn:ietf:params:xml:ns:pidf" p:mustUnderstand="true"/>';
    expect(reasonOf(pidfDocument(pidfTuple('open', mood)))).toBe('must-understand');
  });

  test('may be one that is understood', () => {
    const person = `<dm:person id="p" mustUnderstand="true"><rpid:activities><rpid:away/></rpid:activities></dm:person>`;
    expect(numberIn(pidfDocument(pidfTuple('open') + person))).toBe(15500);
  });
});

describe('other XML than PIDF', () => {
  test('is refused', () => {
    expect(reasonOf('<presence entity="sip:a@b.example"/>')).toBe('namespace');
    expect(reasonOf('<tuple xmlns="urn:ietf:params:xml:ns:pidf"/>')).toBe('namespace');
    expect(reasonOf('<x:presence xmlns:x="urn:any" x:mustUnderstand="1"/>')).toBe('namespace');
  });
});
