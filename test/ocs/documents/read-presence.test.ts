import { describe, expect, test } from 'vitest';
import { onlyExpected } from '../../../src/ocs/documents/only-expected.js';
import { PRESENCE_LIMITS, readPresence } from '../../../src/ocs/documents/read-presence.js';
import { sip } from '../../support/people.js';
import { categoriesDocument, multipart, pidfDocument, pidfTuple, resourceList, usualDocument } from './samples.js';

const CATEGORIES = 'application/msrtc-event-categories+xml';
const PIDF = 'application/pidf+xml';
const LIST = 'application/rlmi+xml';
const RELATED = `multipart/related;type="${LIST}";start=part0;boundary=b0undary`;

function read(contentType: string, body: string, limits = PRESENCE_LIMITS) {
  const { observations, resources, refused } = readPresence(contentType, Buffer.from(body, 'utf8'), { limits });
  return {
    people: observations.map(({ uri }) => uri),
    resources: resources.map(({ uri, state }) => `${uri} ${state}`),
    refused: refused.map((error) => error.details['reason']),
  };
}

const ana = usualDocument('sip:ana@contoso.example');
const ben = categoriesDocument('<category name="state"/>', 'sip:ben@contoso.example');
const list = resourceList(
  '<resource uri="sip:ana@contoso.example"><instance id="0" state="active" cid="part1"/></resource>' +
    '<resource uri="sip:cleo@contoso.example"><instance id="0" state="resubscribe"/></resource>',
);

describe('a presence body', () => {
  test.each([CATEGORIES, CATEGORIES.toUpperCase(), `${CATEGORIES}; charset="UTF-8"`])(
    'of type %s holds one person',
    (type) => {
      expect(read(type, ana)).toEqual({ people: ['sip:ana@contoso.example'], resources: [], refused: [] });
    },
  );

  test('may be a resource list alone', () => {
    expect(read(LIST, list)).toEqual({
      people: [],
      resources: ['sip:ana@contoso.example active', 'sip:cleo@contoso.example resubscribe'],
      refused: [],
    });
  });

  test('may hold a list and several people', () => {
    expect(
      read(
        RELATED,
        multipart('b0undary', [
          [LIST, list],
          [CATEGORIES, ana],
          [CATEGORIES, ben],
        ]),
      ),
    ).toEqual({
      people: ['sip:ana@contoso.example', 'sip:ben@contoso.example'],
      resources: ['sip:ana@contoso.example active', 'sip:cleo@contoso.example resubscribe'],
      refused: [],
    });
  });

  test('has its boundary in quotation marks or not, in any case and order', () => {
    const body = multipart('b0undary', [[CATEGORIES, ana]]);
    expect(read(`Multipart/Related; Boundary="b0undary"; type="${LIST}"`, body).people).toHaveLength(1);
  });

  test('loses a bad part alone', () => {
    const bad: [string, string][] = [
      [CATEGORIES, `${ana}x`],
      ['text/plain', 'hello'],
      ['application/pidf+xml', '<presence/>'],
      [`${CATEGORIES};charset=iso-8859-1`, ana],
    ];
    expect(read(RELATED, multipart('b0undary', [[LIST, list], ...bad, [CATEGORIES, ben]]))).toMatchObject({
      people: ['sip:ana@contoso.example', 'sip:ben@contoso.example'],
      refused: ['not-well-formed', 'content-type', 'namespace', 'encoding'],
    });
  });

  test('loses a part that is encoded for transfer', () => {
    const body = multipart('b0undary', [[CATEGORIES, ana]]).replace('binary', 'base64');
    expect(read(RELATED, body)).toEqual({ people: [], resources: [], refused: ['transfer-encoding'] });
  });

  test('is refused as a whole when its resource list is bad', () => {
    const body = multipart('b0undary', [
      [CATEGORIES, ana],
      [LIST, `${list}<`],
      [CATEGORIES, ben],
    ]);
    expect(read(RELATED, body)).toEqual({ people: [], resources: [], refused: ['not-well-formed'] });
  });

  test('keeps its other parts when only an address of the list is bad', () => {
    const odd = resourceList('<resource uri="tel:1"/>');
    expect(
      read(
        RELATED,
        multipart('b0undary', [
          [LIST, odd],
          [CATEGORIES, ana],
        ]),
      ),
    ).toEqual({
      people: ['sip:ana@contoso.example'],
      resources: [],
      refused: ['address'],
    });
  });

  test('may be nested, but not without end', () => {
    let [type, body] = [CATEGORIES, ana];
    for (let level = 0; level < 3; level++) {
      body = multipart(`level${level}`, [[type, body]]);
      type = `multipart/related;boundary=level${level}`;
    }
    expect(read(type, body).people).toHaveLength(1);
    expect(read(type, body, { ...PRESENCE_LIMITS, nesting: 2 })).toMatchObject({ people: [], refused: ['nesting'] });
  });

  test.each([
    ['text/plain', ana, 'content-type'],
    ['', ana, 'content-type'],
    [CATEGORIES, '', 'not-well-formed'],
    [`${CATEGORIES};charset=utf-16`, ana, 'encoding'],
    ['multipart/related', multipart('b0undary', []), 'boundary'],
    ['multipart/related;boundary=other', multipart('b0undary', []), 'boundary'],
  ])('of type %j that cannot be read says why', (type, body, reason) => {
    expect(read(type, body)).toEqual({ people: [], resources: [], refused: [reason] });
  });
});

describe('a part of a multipart body', () => {
  const nameless = pidfDocument(pidfTuple('open')).replace(/ entity="[^"]*"/, '');
  const readParts = (...parts: (readonly [string, string])[]) => read(RELATED, multipart('b0undary', parts));

  test('that names nobody is about the person whose resource names its Content-ID', () => {
    expect(readParts([LIST, list], [PIDF, nameless])).toMatchObject({
      people: ['sip:ana@contoso.example'],
      refused: [],
    });
    expect(readParts([PIDF, nameless], [PIDF, nameless])).toMatchObject({
      people: [],
      refused: ['address', 'address'],
    });
  });

  test.each([
    [CATEGORIES, `${ana}x`, 'not-well-formed'],
    [PIDF, '<presence/>', 'namespace'],
    ['application/new+xml', '<new/>', 'content-type'],
  ])('of type %s that is not understood leaves that person without a state', (type, body, reason) => {
    const whole = Buffer.from(
      multipart('b0undary', [
        [LIST, list],
        [type, body],
      ]),
    );
    const { observations, refused } = readPresence(RELATED, whole);
    expect(observations).toEqual([{ uri: 'sip:ana@contoso.example', state: null }]);
    expect(refused.map((error) => error.details['reason'])).toEqual([reason]);
  });

  test('about somebody else than that person is refused', () => {
    expect(readParts([LIST, list], [CATEGORIES, ben])).toMatchObject({ people: [], refused: ['other-person'] });
  });

  test('may be a list of its own, whose parts are about the people it lists', () => {
    const inner = `multipart/related;boundary=inner`;
    const nested = multipart('inner', [
      [LIST, list],
      [PIDF, nameless],
    ]);
    const outer = resourceList(
      '<resource uri="sip:team@contoso.example"><instance id="0" state="active" cid="part1"/></resource>',
    );
    expect(readParts([LIST, outer], [inner, nested])).toMatchObject({
      people: ['sip:ana@contoso.example'],
      refused: [],
    });
  });
});

describe('the person of a subscription to one', () => {
  const options = { expected: sip('ana@contoso.example') };

  test.each([CATEGORIES, PIDF])('is the only one a document of type %s may be about', (type) => {
    const body = (uri: string) => Buffer.from(type === PIDF ? pidfDocument('', uri) : usualDocument(uri));
    expect(readPresence(type, body('sip:ana@contoso.example'), options).observations).toHaveLength(1);
    const { observations, refused } = readPresence(type, body('sip:ben@contoso.example'), options);
    expect([observations, refused.map((error) => error.details['reason'])]).toEqual([[], ['other-person']]);
  });

  test.each([CATEGORIES, PIDF, RELATED, 'text/plain'])(
    'has no state when a body of type %s is not understood',
    (type) => {
      const { observations, refused } = readPresence(type, Buffer.from('<presence/>'), options);
      expect(observations).toEqual([{ uri: 'sip:ana@contoso.example', state: null }]);
      expect(refused).toHaveLength(1);
    },
  );
});

describe('the people of a subscription', () => {
  test('are the only ones whose documents count', () => {
    const body = Buffer.from(
      multipart('b0undary', [
        [CATEGORIES, ana],
        [CATEGORIES, ben],
      ]),
    );
    const reading = onlyExpected(readPresence(RELATED, body), (uri) => uri.startsWith('sip:ben@'));
    expect(reading.observations.map(({ uri }) => uri)).toEqual(['sip:ben@contoso.example']);
    expect(reading.refused.map((error) => error.details['reason'])).toEqual(['other-person']);
  });

  test('cost nothing when all documents are about them', () => {
    const reading = readPresence(CATEGORIES, Buffer.from(ana));
    expect(onlyExpected(reading, () => true)).toBe(reading);
  });
});
