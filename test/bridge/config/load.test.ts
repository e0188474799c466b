import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BridgeConfig } from '../../../src/bridge/config/config.js';
import { loadConfig, loadPlace } from '../../../src/bridge/config/load.js';
import { nearest } from '../../../src/bridge/config/nearest.js';
import { sampleConfig } from '../../../src/bridge/config/sample.js';
import { BridgeError } from '../../../src/presence/errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-config-'));
  writeFileSync(join(folder, 'ocs-password'), 'correct horse\n', { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (): string => join(folder, 'bridge.yaml');

function load(text: string | Buffer): BridgeConfig {
  writeFileSync(file(), text);
  return loadConfig(file());
}

function failure(text: string | Buffer): BridgeError {
  try {
    load(text);
  } catch (error) {
    if (error instanceof BridgeError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** The sample with one line replaced. */
function broken(search: string, replacement: string): string {
  const text = sampleConfig();
  if (!text.includes(search)) throw new Error(`the sample has no "${search}"`);
  return text.replace(search, replacement);
}

function lineOf(needle: string, text: string): number {
  return text.slice(0, text.indexOf(needle)).split('\n').length;
}

test('the sample is valid once the password file exists', () => {
  const config = load(sampleConfig());
  expect(config.ocs).toMatchObject({ domain: 'CONTOSO', user: 'presence.bridge', password: 'correct horse' });
  expect(config.bridge).toMatchObject({ window: 250, grace: 20_000, stateFolder: join(folder, 'state') });
  expect(config.people.map(({ name }) => name)).toEqual([
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'CN=Ben Okoro/OU=Support/O=Contoso',
  ]);
});

test('the files of TLS are found from the folder of the configuration; nothing is shown without a token', () => {
  for (const name of ['a.pem', 'k.pem']) writeFileSync(join(folder, name), 'x');
  const { http } = load(broken('  port: 8480', '  port: 8480\n  tls: { certificateFile: a.pem, keyFile: k.pem }'));
  expect(http).toMatchObject({
    tls: { certificateFile: join(folder, 'a.pem'), keyFile: join(folder, 'k.pem') },
    presenceWithoutToken: [],
  });
});

test('a byte order mark before the text does no harm', () => {
  expect(load(`\ufeff${sampleConfig()}`).people).toHaveLength(2);
});

test('only account, login, server and people must be given', () => {
  const config = load(`ocs:
  account: bridge@contoso.example
  user: bridge@contoso.example
  passwordFile: ocs-password
  server: { host: ocs01.contoso.example }
people: [{ address: ana@contoso.example }]
`);
  expect(config.ocs).toMatchObject({
    domain: '',
    user: 'bridge@contoso.example',
    server: { port: 5061, transport: 'tls' },
  });
  expect(config.domino).toEqual({ kind: 'embedded', folder: join(folder, 'data') });
  expect(config.notes).toBe(false);
});

/** [what is wrong, text, word in the line that must be named, part of the message] */
const BROKEN: readonly (readonly [string, string, string, string])[] = [
  ['a quote that is not closed', broken("'CONTOSO\\presence.bridge'", "'CONTOSO"), 'user:', ''],
  ['a key given twice', broken('  port: 8480', '  port: 8480\n  port: 8481'), 'port: 8481', 'unique'],
  ['wrong indentation', broken('  stateFolder: state', ' stateFolder: state'), ' stateFolder', ''],
  ['an unknown section', broken('privacy:', 'privat:'), 'privat:', 'did you mean "privacy"?'],
  ['a misspelt key', broken('  window: 250ms', '  windw: 250ms'), 'windw', 'did you mean "window"?'],
  [
    'a misspelt key two levels down',
    broken('    transport: tls', '    transprot: tls'),
    'transprot',
    'did you mean "transport"?',
  ],
  [
    'one value where a list belongs',
    broken('  requestsPerSecond: 10', '  trustedDomains: corp.example'),
    'trustedDomains: corp',
    'a list was expected',
  ],
  [
    'a key of another driver',
    broken('  folder: data', '  folder: data\n  scope: presence'),
    'scope: presence',
    'unknown key "scope"; valid keys are driver, folder',
  ],
  [
    'a token in the text',
    broken(
      'driver: embedded',
      'driver: domino-rest\n  url: https://domino01.contoso.example\n  scope: presence\n  token: geheim',
    ),
    'token: geheim',
    'name a file with "tokenFile"',
  ],
  [
    'a store without its driver',
    broken('  driver: embedded', '  # none'),
    'domino:',
    '"driver" is missing: "embedded"',
  ],
  [
    'a fragment in the address of the REST API',
    broken('driver: embedded', 'driver: domino-rest\n  url: https://domino01.contoso.example/#top\n  scope: presence'),
    'url: https://domino01',
    'without query and fragment',
  ],
  ['a key that has no likeness', broken('  level: info', '  colour: blue'), 'colour', 'valid keys are level'],
  [
    'a password in the text',
    broken('  passwordFile: ocs-password', '  passwordFile: ocs-password\n  password: x'),
    'password: x',
    'secrets are not written',
  ],
  ['a missing account', broken('  account: sip:presence.bridge@contoso.example', ''), 'ocs:', '"account" is missing'],
  [
    'a server set by hand that is to be found as well',
    broken('  # discovery: ', '  discovery: {}'),
    'discovery:',
    'either "server" or "discovery"',
  ],
  [
    'an account that is no SIP address',
    broken('account: sip:presence.bridge@contoso.example', 'account: presence.bridge'),
    'account:',
    'is not a SIP address',
  ],
  ['a port out of range', broken('    port: 5061', '    port: 70000'), 'port: 70000', 'between 1 and 65535'],
  ['a port that is a text', broken('    port: 5061', '    port: "sip"'), 'port: "sip"', 'a port number'],
  [
    'a host that is an address of a page',
    broken('host: ocs01.contoso.example', 'host: https://ocs01.contoso.example'),
    'host: https',
    'without scheme',
  ],
  ['an unknown transport', broken('transport: tls', 'transport: udp'), 'transport: udp', '"tls" or "tcp"'],
  [
    'TCP without the switch that allows it',
    broken('transport: tls', 'transport: tcp'),
    'transport: tcp',
    'allowNtlmWithoutTls',
  ],
  ['a time without a unit', broken('window: 250ms', 'window: 250'), 'window:', 'a time such as'],
  ['a time out of range', broken('heartbeat: 30s', 'heartbeat: 1s'), 'heartbeat:', 'must lie between'],
  ['an unknown driver', broken('driver: embedded', 'driver: oracle'), 'driver: oracle', '"domino-db" or "domino-rest"'],
  [
    'a password in an address',
    broken(
      'driver: embedded',
      'driver: domino-rest\n  url: https://bridge:geheim@domino01.contoso.example\n  scope: presence',
    ),
    'url: https://bridge',
    'do not stand in the address',
  ],
  ['a driver without its keys', broken('driver: embedded', 'driver: domino-db'), 'domino:', '"host" is missing'],
  [
    'a Notes name without organisation',
    broken('name: CN=Ana Reyes/OU=Sales/O=Contoso', 'name: Ana Reyes'),
    'name: Ana Reyes',
    'is not a Notes name',
  ],
  [
    'a person listed twice',
    broken('sip:ben.okoro@contoso.example', 'SIP:Ana.Reyes@contoso.example'),
    'SIP:Ana',
    'twice',
  ],
  [
    'an empty list of people',
    sampleConfig().replace(/people:\n[\s\S]*$/, 'people: []\n'),
    'people: []',
    'nobody would be watched',
  ],
  ['a list where a section belongs', broken('  level: info', '  - info'), 'log:', 'a section with keys'],
  ['a text where a switch belongs', broken('notes: false', 'notes: sometimes'), 'notes: sometimes', 'true or false'],
  [
    'an origin with a path, which would never match',
    broken('  port: 8480', '  port: 8480\n  allowedOrigins: ["https://intranet.contoso.example/"]'),
    'allowedOrigins',
    'without a path',
  ],
  [
    'an origin that is no page',
    broken('  port: 8480', '  port: 8480\n  allowedOrigins: ["javascript:alert(1)"]'),
    'allowedOrigins',
    'an origin such as',
  ],
  [
    'more for everybody than presence',
    broken('  port: 8480', '  port: 8480\n  presenceWithoutToken: [operate]'),
    'presenceWithoutToken',
    '"read" or "stream" was expected',
  ],
  [
    'TLS without its key',
    broken('  port: 8480', '  port: 8480\n  tls: { certificateFile: a.pem }'),
    'tls: { certificateFile',
    '"keyFile" is missing',
  ],
  [
    'a certificate that is not there',
    broken('  port: 8480', '  port: 8480\n  tls:\n    certificateFile: a.pem\n    keyFile: k.pem'),
    'certificateFile: a.pem',
    'cannot be read: ENOENT',
  ],
  [
    'a path with a control character',
    broken('stateFolder: state', 'stateFolder: "a\\0b"'),
    'stateFolder',
    'control characters',
  ],
  [
    'a key that would change objects',
    broken('log:\n', '__proto__:\n  polluted: 1\nlog:\n'),
    '__proto__',
    'unknown key',
  ],
  ['a merge key', broken('log:\n', 'log:\n  <<: { level: debug }\n'), '<<', 'unknown key "<<"'],
  ['a number beyond all bounds', broken('  port: 8480', '  port: 1e999'), 'port: 1e999', 'a port number'],
  ['a second document', `${sampleConfig()}---\nlog: {}\n`, '---', 'multiple documents'],
  [
    'a mistake behind line ends of Windows',
    `${sampleConfig()}nope: 1\n`.replaceAll('\n', '\r\n'),
    'nope',
    'unknown key',
  ],
  ['an unknown log level', broken('level: info', 'level: loud'), 'level: loud', '"debug"'],
  [
    'a CA file that does not exist',
    broken('  # tls:\n  #   caFile: contoso-ca.pem ', '  tls:\n    caFile: nowhere.pem '),
    'caFile: nowhere',
    'cannot be read',
  ],
  [
    'a CA file without a certificate',
    broken('  # tls:\n  #   caFile: contoso-ca.pem ', '  tls:\n    caFile: ocs-password '),
    'caFile: ocs-password',
    'no certificate',
  ],
  [
    'a password file that does not exist',
    broken('passwordFile: ocs-password', 'passwordFile: nowhere'),
    'passwordFile:',
    'does not exist',
  ],
  [
    'a credential that systemd did not give',
    broken('passwordFile: ocs-password', 'passwordFile: credential:ocs'),
    'passwordFile:',
    'systemd gave no credentials',
  ],
];

test('a credential of systemd may show the mask of its ACL, but not be open to everybody', () => {
  vi.stubEnv('CREDENTIALS_DIRECTORY', folder);
  try {
    const text = broken('passwordFile: ocs-password', 'passwordFile: credential:ocs-password');
    chmodSync(join(folder, 'ocs-password'), 0o440);
    expect(load(text).ocs.password).toBe('correct horse');
    chmodSync(join(folder, 'ocs-password'), 0o444);
    expect(failure(text).message).toContain('can be read by others');
  } finally {
    vi.unstubAllEnvs();
  }
});

describe('a broken configuration', () => {
  test.each(BROKEN)('%s is reported with its line and ends with exit code 78', (_name, text, word, message) => {
    const error = failure(text);
    expect(error.message).toContain(`bridge.yaml:${lineOf(word, text)}:`);
    expect(error.message).toContain(message);
    expect(error.exitCode).toBe(78);
  });

  test('that is empty names what is missing', () => {
    expect(failure('').message).toMatch(/^bridge\.yaml:1:1: /);
  });

  test('with several mistakes reports all of them', () => {
    const error = failure(broken('  window: 250ms', '  windw: 250ms').replace('level: info', 'level: loud'));
    expect(error.message.split('\n')).toHaveLength(2);
    expect(error.details).toMatchObject({ mistakes: 2 });
  });

  test('counts mistakes only where there are several', () => {
    expect(failure(broken('  window: 250ms', '  windw: 250ms')).details).not.toHaveProperty('mistakes');
  });

  test('that is not text is refused', () => {
    expect(failure(Buffer.from([0x61, 0xff, 0xfe])).message).toContain('not UTF-8');
  });

  test('with references that multiply is refused', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`)}]\n`)
      .join('')}`;
    expect(failure(bomb).code).toBe('CFG_INVALID');
  });

  test('that the system does not let it read says so', () => {
    const loop = join(folder, 'loop.yaml');
    symlinkSync(loop, loop);
    expect(() => loadConfig(loop)).toThrow(
      expect.objectContaining({ code: 'CFG_NOT_FOUND', message: `${loop} cannot be read: ELOOP` }),
    );
  });

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'that this account may not read says so',
    () => {
      writeFileSync(file(), sampleConfig(), { mode: 0 });
      expect(() => loadConfig(file())).toThrow(
        expect.objectContaining({ code: 'CFG_NOT_FOUND', message: `${file()} cannot be read: EACCES` }),
      );
    },
  );

  test('that does not exist has a code of its own', () => {
    expect(() => loadConfig(join(folder, 'nowhere.yaml'))).toThrow(expect.objectContaining({ code: 'CFG_NOT_FOUND' }));
  });

  test('with a password file that others can read is refused with the command that mends it', () => {
    chmodSync(join(folder, 'ocs-password'), 0o644);
    const error = failure(sampleConfig());
    expect([error.code, error.exitCode]).toEqual(['CFG_SECRET', 78]);
    expect(error.message).toContain('chmod 600');
  });

  test('with an empty password file is refused, and no message ever holds the secret', () => {
    writeFileSync(join(folder, 'ocs-password'), '\ncanary');
    expect(failure(sampleConfig()).message).toContain('is empty');
    expect(failure(sampleConfig()).message).not.toContain('canary');
  });
});

test('the nearest key is found for a slip of the finger, and none for another word', () => {
  expect([nearest('passwordfile', ['passwordFile', 'user']), nearest('zebra', ['host', 'port'])]).toEqual([
    'passwordFile',
    undefined,
  ]);
});

test('a command that only asks a running bridge needs no file that the configuration names', () => {
  const file = join(folder, 'place.yaml');
  writeFileSync(file, sampleConfig().replace('ocs-password', 'no-such-secret'));
  expect(loadPlace(file)).toEqual({
    stateFolder: join(folder, 'state'),
    account: 'sip:presence.bridge@contoso.example',
  });
  expect(() => loadConfig(file)).toThrow('no-such-secret does not exist');
});
