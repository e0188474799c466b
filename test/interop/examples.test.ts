import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SipUri } from '../../src/presence/ids.js';
import { ApplicationSite } from '../support/application-site.js';

/** The examples as a reader of the documentation starts them, before a bridge that watches a simulated server. */
const PROGRAMS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['bash', 'docs/examples/curl.sh'],
  ['python3', 'docs/examples/presence.py'],
  ['java', 'docs/examples/Presence.java'],
  ['node', 'docs/examples/node.mjs'],
];
const isThere = (program: string): boolean =>
  spawnSync(program, [program === 'java' ? '-version' : '--version'], { stdio: 'ignore' }).status === 0;
const usable = PROGRAMS.filter(([program]) => isThere(program));
for (const [program] of PROGRAMS) {
  if (!isThere(program)) process.stdout.write(`skipped: the example for ${program} (it is not installed)\n`);
}

let site: ApplicationSite;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  const tokens = [
    ['all', ['read', 'stream', 'own-status', 'message']],
    ['none', ['own-status']],
  ] as const;
  site = await ApplicationSite.start({ people: 3, tokens });
  for (const [name] of tokens) writeFileSync(join(site.folder.path, `${name}.token`), `${site.tokenOf(name)}\n`);
}, 60_000);
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => site?.ends());

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

function start([program, ...before]: readonly string[], args: readonly string[], token = 'all'): Run {
  const env = {
    ...process.env,
    PRESENCE_URL: site.url,
    PRESENCE_TOKEN_FILE: join(site.folder.path, `${token}.token`),
    PYTHONIOENCODING: 'utf-8',
  };
  const child = spawn(program ?? '', [...before, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return { child, output: () => output, ended };
}

const run = async (
  program: readonly string[],
  ...args: readonly string[]
): Promise<readonly [number | null, string]> => {
  const { ended, output } = start(program, args);
  return [await ended, output()];
};

function member(at: number): { readonly uri: SipUri; readonly notesName: string } {
  const person = site.site.cast[at];
  if (person === undefined) throw new Error('the cast is smaller');
  return person;
}

describe.each(usable.map((program) => [program.at(-1) ?? '', program] as const))('%s', (_, program) => {
  test('asks for statuses, of names that are not plain as well', async () => {
    const [code, text] = await run(program, 'query', member(0).uri, 'No "body" \\ at ü\tall');
    expect([code, text]).toEqual([0, expect.stringMatching(/\bavailable\b[\s\S]*\bunknown\b[\s\S]*not-found/)]);
  }, 30_000);

  test('tells of changes as they come', async () => {
    const { uri } = member(1);
    site.becomes(uri, 'available');
    const watching = start(program, ['watch', uri]);
    await site.until(() => watching.output().includes('available'));
    site.becomes(uri, 'do-not-disturb');
    await site.until(() => watching.output().includes('do-not-disturb'));
    watching.child.kill('SIGTERM');
    await watching.ended;
    site.becomes(uri, 'available');
  }, 60_000);

  test("sets the status of the bridge's own account", async () => {
    const [code, text] = await run(program, 'set', 'busy', 'Room "4" \\ ü');
    expect([code, text]).toEqual([0, expect.stringContaining('busy')]);
    expect(await site.ask('all', 'GET', '/api/v1/self')).toMatchObject({
      body: { own: { status: 'busy', note: 'Room "4" \\ ü' } },
    });
  }, 30_000);

  test('ends with the reason when it may not ask', async () => {
    const { ended, output } = start(program, ['query', member(0).uri], 'none');
    expect(await ended).not.toBe(0);
    expect(output()).toMatch(/API_FORBIDDEN/);
  }, 30_000);

  test('follows nobody with a token that may not, and says so', async () => {
    const { ended, output, child } = start(program, ['watch', member(0).uri], 'none');
    await site.until(() => /API_FORBIDDEN|lacks the scope/.test(output()));
    child.kill('SIGTERM');
    await ended;
  }, 30_000);
});

test.each(usable.map((program) => [program.at(-1) ?? '', program] as const))(
  '%s sends an instant message',
  async (name, program) => {
    const guest = await site.guest('robert');
    const text = `grüße "<${name}>" & \\`;
    const [code, said] = await run(program, 'im', guest.uri, text);
    expect([code, said]).toEqual([0, expect.stringContaining('delivered')]);
    await site.until(() => guest.heard.some((message) => message.text === text));
  },
  60_000,
);
