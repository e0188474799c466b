import { describe, expect, test } from 'vitest';
import { readRoamingSelf } from '../../../src/ocs/documents/roaming-self.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { sip } from '../../support/people.js';
import { noteContent, stateContent } from './samples.js';

const SELF = 'http://schemas.microsoft.com/2006/09/sip/roaming-self';
const CATEGORIES = 'http://schemas.microsoft.com/2006/09/sip/categories';

function roamingData(categories: string, rest = '', uri = 'sip:bridge@contoso.example'): string {
  return `<roamingData xmlns="${SELF}"><categories xmlns="${CATEGORIES}" uri="${uri}">${categories}</categories>${rest}</roamingData>`;
}

const read = (document: string) => readRoamingSelf(Buffer.from(document, 'utf8'));

const STATE =
  '<category name="state" instance="904972705" publishTime="2010-01-01T09:11:00.000" container="2" version="1"' +
  ` expireType="endpoint">${stateContent('3500', '<activity token="in-a-meeting"/>', 'machineState')}</category>`;

describe('the data of the own account', () => {
  test('names each publication with what the next one needs', () => {
    expect(read(roamingData(STATE)).publications).toEqual([
      {
        category: 'state',
        instance: 904972705,
        container: 2,
        version: 1,
        expireType: 'endpoint',
        publishedAt: Date.UTC(2010, 0, 1, 9, 11),
        kind: 'machineState',
        availability: 3500,
        activity: 'in-a-meeting',
      },
    ]);
  });

  test.each(['userState', 'machineState', 'calendarState', 'phoneState', 'aggregateState', 'aggregateMachineState'])(
    'tells a publication of the kind %s',
    (kind) => {
      const [publication] = read(roamingData(STATE.replace('machineState', kind))).publications;
      expect(publication?.kind).toBe(kind);
    },
  );

  test('keeps the type of a note', () => {
    const note = `<category name="note" instance="0" container="200" version="4" expireType="static">${noteContent('x')}</category>`;
    expect(read(roamingData(note)).publications[0]).toMatchObject({ category: 'note', instance: 0, kind: 'personal' });
  });

  test('holds instances of 32 bits', () => {
    const phone = STATE.replace('904972705', '2147483649');
    expect(read(roamingData(phone)).publications[0]?.instance).toBe(0x8000_0001);
    expect(read(roamingData(STATE.replace('904972705', '4294967296'))).publications).toEqual([]);
  });

  test('says which categories and containers are empty', () => {
    const empty = '<category name="note" container="200"/><category name="calendarData"/><category/>';
    expect(read(roamingData(empty)).cleared).toEqual([
      { category: 'note', container: 200 },
      { category: 'calendarData', container: undefined },
    ]);
  });

  test('does not take a publication with an unreadable instance for a cleared category', () => {
    const { publications, cleared } = read(roamingData('<category name="state" instance="-1" container="2"/>'));
    expect([...publications, ...cleared]).toEqual([]);
  });

  test('names containers with their members, whatever the namespace', () => {
    const containers =
      '<containers xmlns="urn:any"><container id="200" version="1"><member type="sameEnterprise"/>' +
      '<member type="domain" value="fabrikam.example"/></container><container version="1"/></containers>';
    expect(read(roamingData('', containers)).containers).toEqual([
      {
        id: 200,
        version: 1,
        members: [
          { type: 'sameEnterprise', value: '' },
          { type: 'domain', value: 'fabrikam.example' },
        ],
      },
    ]);
  });

  test('names those who watch and are not acknowledged yet', () => {
    const subscribers =
      '<subscribers><subscriber user="Ben.Okoro@contoso.example" displayName="Ben&#10;Okoro" acknowledged="False"' +
      ' type="sameEnterprise"/><subscriber user="tel:1"/></subscribers>';
    expect(read(roamingData('', subscribers)).subscribers).toEqual([
      {
        uri: sip('ben.okoro@contoso.example'),
        displayName: 'Ben Okoro',
        acknowledged: false,
        type: 'sameEnterprise',
      },
    ]);
  });

  test('leaves out parts that are not mentioned', () => {
    expect(read(`<roamingData xmlns="${SELF}"/>`)).toEqual({
      uri: undefined,
      publications: [],
      cleared: [],
      containers: undefined,
      subscribers: undefined,
    });
  });

  test('of somebody else is refused', () => {
    const document = Buffer.from(roamingData(STATE));
    expect(() => readRoamingSelf(document, { expected: sip('ana@contoso.example') })).toThrow(BridgeError);
  });

  test('of another namespace is refused', () => {
    expect(() => read('<roamingData/>')).toThrow(BridgeError);
  });
});
