import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApplicationSite } from '../support/application-site.js';

const TOOLS = resolve('test', 'interop', 'openapi');
const DOCUMENT = resolve('docs', 'reference', 'openapi.json');
const installed = existsSync(join(TOOLS, 'node_modules', '@hey-api', 'openapi-ts'));
const skipped = installed
  ? ''
  : ' (skipped: openapi-ts is not installed: npm ci --prefix test/interop/openapi --ignore-scripts)';

interface Step {
  readonly step: string;
  readonly status: number;
  readonly [field: string]: unknown;
}

/** Makes the client from the document in the repository, and compiles the application against it. Gives its file. */
function compileApplication(folder: string): string {
  execFileSync(process.execPath, [join(TOOLS, 'generate.mjs'), DOCUMENT, join(folder, 'generated')], { stdio: 'pipe' });
  for (const file of ['application.ts', 'tsconfig.json']) copyFileSync(join(TOOLS, file), join(folder, file));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  // The made client checks answers with zod, and is compiled with the types of Node.js.
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'dir');
  const compiler = resolve('node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout);
  return join(folder, 'out', 'application.js');
}

/** Runs a program to its end; gives what it printed. */
function run(file: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((done, failed) => {
    execFile(process.execPath, [file], { env: { ...process.env, ...env }, timeout: 60_000 }, (error, out, err) => {
      if (error === null) done(out);
      else failed(new Error(`${error.message}\n${err}\n${out}`));
    });
  });
}

describe.skipIf(!installed)(`a client made from the OpenAPI document${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-openapi-'));
  let site: ApplicationSite;
  let heard: { readonly text: string }[];
  const steps = new Map<string, Step>();

  beforeAll(async () => {
    const application = compileApplication(folder);
    site = await ApplicationSite.start({
      people: 3,
      config: { lists: [{ id: 'first-two', members: ['Ana Reyes/Sales/Contoso', 'Ben Okoro/IT/Contoso'] }] },
      tokens: [
        ['right', ['read', 'stream', 'own-status', 'others-status', 'message', 'operate']],
        ['read', ['read']],
        ['narrow', ['read', 'own-status'], ['*/Sales/Contoso']],
      ],
    });
    const alice = await site.guest('alice');
    heard = alice.heard;
    const printed = await run(application, {
      BRIDGE_URL: site.url,
      RIGHT_TOKEN: site.tokenOf('right'),
      NARROW_TOKEN: site.tokenOf('narrow'),
      READ_TOKEN: site.tokenOf('read'),
      MESSAGE_TO: alice.uri,
    });
    for (const line of printed.split('\n').filter((text) => text !== '')) {
      const step = JSON.parse(line) as Step;
      steps.set(step.step, step);
    }
  });
  afterAll(async () => {
    await site?.ends();
    rmSync(folder, { recursive: true, force: true });
  });

  test('asks for one person and for many, in the words of other programs', () => {
    expect(steps.get('one')).toMatchObject({
      status: 200,
      person: 'available',
      words: { mistatus: expect.anything() },
    });
    expect(steps.get('one')).toMatchObject({ fresh: expect.any(Number), at: expect.any(Number) });
    const words = { mistatus: expect.anything(), lync: expect.anything(), graph: expect.anything() };
    expect(steps.get('many')).toMatchObject({
      status: 200,
      people: [
        { found: true, status: 'available', words },
        { query: 'nobody@contoso.example', found: false, status: 'unknown', reason: 'not-found' },
        { found: true, status: 'available', words },
      ],
    });
  });

  test('asks for the state of the bridge', () => {
    expect(steps.get('bridge')).toMatchObject({ status: 200, ocs: 'connected', people: 5 });
  });

  test('asks who it is, whom a name means, and why a status is as it is', () => {
    const scopes = ['read', 'own-status'];
    expect(steps.get('me')).toEqual({ step: 'me', status: 200, holder: 'narrow', scopes, people: ['*/Sales/Contoso'] });
    const address = 'sip:ana.reyes@contoso.example';
    expect(steps.get('resolve')).toEqual({ step: 'resolve', status: 200, address, by: 'notes-name' });
    expect(steps.get('why')).toMatchObject({ status: 200, rule: 'ocs-says-so', says: expect.any(String) });
  });

  test('asks for lists and for the people of one', () => {
    expect(steps.get('lists')).toMatchObject({
      status: 200,
      lists: [
        ['everybody', 'everybody', 5],
        ['first-two', 'list', 2],
      ],
    });
    expect(steps.get('list')).toMatchObject({ status: 200, members: ['available', 'available'] });
  });

  test('follows people by server-sent events', () => {
    expect(steps.get('follow')).toMatchObject({ people: ['available'] });
  });

  test('sets and clears the status of the account', () => {
    const own = { status: 'busy', activity: 'in-a-meeting', note: 'Room 4' };
    expect(steps.get('set')).toMatchObject({ status: 200, own });
    expect(steps.get('clear')).toMatchObject({ status: 200, own: null });
  });

  test('sends a message, which arrives', () => {
    expect(steps.get('send')).toMatchObject({ status: 200, delivered: true });
    expect(heard.map(({ text }) => text)).toEqual(['made of a document']);
  });

  test.each([
    ['nobody', 404, 'DIRECTORY_NOBODY'],
    ['hidden', 404, 'DIRECTORY_NOBODY'],
    ['forbidden', 403, 'API_FORBIDDEN'],
    ['unauthorized', 401, 'API_UNAUTHORIZED'],
    ['malformed', 400, 'API_BAD_REQUEST'],
    ['narrow', 403, 'API_FORBIDDEN'],
    ['not-allowed', 403, 'PERSON_NOT_ALLOWED'],
    ['no-list', 404, 'DIRECTORY_NOBODY'],
  ])('gets the error of its type when it is refused: %s', (step, status, code) => {
    expect(steps.get(step)).toEqual({ step, status, code });
  });
});
