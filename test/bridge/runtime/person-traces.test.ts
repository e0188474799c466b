import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BridgeConfig, NO_DIRECTORY } from '../../../src/bridge/config/config.js';
import type { PersonSubject } from '../../../src/bridge/person-ports.js';
import { liveViews } from '../../../src/bridge/runtime/live-views.js';
import { personTraces, wantedByConfig } from '../../../src/bridge/runtime/person-traces.js';
import type { PersonStatus } from '../../../src/bridge/status.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { ANA as STATUS } from '../../support/http-server.js';
import { notesName, person, sip } from '../../support/people.js';

const ANA = person('sip:ana.reyes@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso');
const subject: PersonSubject = {
  who: 'ana',
  addresses: [ANA.uri],
  keys: [ANA.key],
  names: [notesName('CN=Ana Reyes/OU=Sales/O=Contoso')],
  otherNames: [notesName('CN=Ana Alt/O=Contoso')],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presence-traces-'));
  mkdirSync(join(folder, 'state', 'below'), { recursive: true });
  writeFileSync(join(folder, 'bridge.yaml'), 'people: []');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Site = Parameters<typeof personTraces>[0];
const site = (more: Partial<BridgeConfig> = {}): Site => ({
  file: join(folder, 'bridge.yaml'),
  bridge: { stateFolder: join(folder, 'state') } as BridgeConfig['bridge'],
  domino: { kind: 'embedded', folder: 'data' },
  people: [],
  directory: NO_DIRECTORY,
  ...more,
});
const places = (more?: Partial<BridgeConfig>): readonly string[] =>
  personTraces(site(more), subject)
    .map(({ place }) => place)
    .filter((place) => place.startsWith(folder));

describe('personTraces', () => {
  test.each([
    'x SIP:Ana.Reyes@Contoso.example',
    ANA.key,
    'cn=ana reyes/ou=sales/o=contoso',
    'Ana Reyes/Sales/Contoso',
    'Ana Alt/Contoso',
  ])('finds "%s" in a file of the state folder', (text) => {
    writeFileSync(join(folder, 'state', 'one.json'), 'nothing');
    writeFileSync(join(folder, 'state', 'two.json'), `{ "x": "${text}" }`);
    expect(places()).toEqual([join(folder, 'state', 'two.json')]);
  });

  test.each([
    'mariana.reyes@contoso.example',
    'j-ana.reyes@contoso.example',
    'ana.reyes@contoso.example.org',
    'CN=Mariana Reyes/OU=Sales/O=Contoso',
    'Ana Reyes/Sales/Contoso/DE',
  ])('takes "%s" for somebody else', (text) => {
    writeFileSync(join(folder, 'state', 'two.json'), `{ "x": "${text}" }`);
    expect(places()).toEqual([]);
  });

  test('finds a person behind somebody else whose address ends alike', () => {
    const text = 'mariana.reyes@contoso.example, ana.reyes@contoso.example.';
    writeFileSync(join(folder, 'state', 'two.json'), text);
    expect(places()).toEqual([join(folder, 'state', 'two.json')]);
  });

  test('searches the configuration and its CSV file, and passes over what is not there', () => {
    const csvFile = join(folder, 'people.csv');
    const directory = { ...NO_DIRECTORY, csvFile };
    expect(places({ directory })).toEqual([]);
    writeFileSync(csvFile, 'name,address\nAna,ana.reyes@contoso.example\n');
    writeFileSync(join(folder, 'bridge.yaml'), `people: [${ANA.uri}]`);
    expect(places({ directory })).toEqual([join(folder, 'bridge.yaml'), csvFile]);
  });

  test('tells the journal of an embedded store, and none of a Domino database', () => {
    const told = (more?: Partial<BridgeConfig>) => JSON.stringify(personTraces(site(more), subject));
    expect(told()).toContain('embedded store in data');
    const domino = { kind: 'domino-db', hostName: 'd', port: 1, filePath: 'p.nsf', secure: false } as const;
    expect(told({ domino })).not.toContain('embedded store');
  });

  test('a state folder that is not there holds nothing', () => {
    rmSync(join(folder, 'state'), { recursive: true });
    expect(places()).toEqual([]);
  });
});

test('the configuration wants a person by address or by name', () => {
  const moved = person('sip:ana@new.example', 'CN=ANA REYES/OU=Sales/O=Contoso');
  const ben = person('sip:ben@contoso.example');
  expect(wantedByConfig({ people: [ben] }, subject)).toEqual([]);
  expect(wantedByConfig({ people: [ANA, moved, ben] }, subject)).toHaveLength(2);
});

test('a live view tells confirmed from unconfirmed, written from due, and why a document is refused', () => {
  const [confirmed, lost] = ['sip:a@c.example', 'sip:b@c.example'].map(sip) as [
    PersonStatus['uri'],
    PersonStatus['uri'],
  ];
  const people: readonly PersonStatus[] = [
    { ...STATUS, uri: confirmed, key: sipKeyOf(confirmed), observedAt: 5, written: true },
    { ...STATUS, uri: lost, key: sipKeyOf(lost), status: 'unknown', observedAt: undefined, written: false },
    STATUS,
  ];
  const refused = [{ key: sipKeyOf(lost), code: 'NOTES_FULL' }] as const;
  const views = liveViews([sipKeyOf(confirmed), sipKeyOf(lost)], people, { refused });
  expect(views).toMatchObject([
    { address: confirmed, confirmed: true, observedAt: 5, written: true },
    { address: lost, confirmed: false, written: false, refused: 'NOTES_FULL' },
  ]);
  expect(views[0]).not.toHaveProperty('refused');
});
