import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PersonFinding, PersonStatus } from '../../src/bridge/status.js';
import { runCli } from '../../src/cli/cli.js';
import { stoppableCommand } from '../support/command-line.js';
import { ANA, type TestServer, TOKEN, testServer } from '../support/http-server.js';

let folder: string;
let server: TestServer;
let asked: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-query-'));
  writeFileSync(join(folder, 'token'), TOKEN);
  server = await testServer({ query: { find, freshMs: 90_000 } });
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function find(text: string): PersonFinding {
  asked.push(text);
  const now = server.clock.now();
  const known: Readonly<Record<string, Partial<PersonStatus>>> = {
    Ana: { status: 'busy', activity: 'in-a-meeting', since: now - 720_000, observedAt: now - 5_000 },
    Ben: { status: 'away', outOfOffice: true, since: now - 60_000, observedAt: now },
    Cem: { status: 'busy', observedAt: undefined },
  };
  if (text === 'Kim') return { outcome: 'ambiguous' };
  const person = known[text];
  return person === undefined ? { outcome: 'not-found' } : { outcome: 'found', person: { ...ANA, ...person } };
}

const run = (args: readonly string[], input = '') =>
  stoppableCommand(['query', ...args, '--url', server.url, '--token-file', join(folder, 'token')], input).result;
const query = (...args: readonly string[]) => run(args);

/** Standard output at a terminal. */
async function atTerminal(columns: number, ...args: readonly string[]): Promise<string> {
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  const all = ['query', ...args, '--url', server.url, '--token-file', join(folder, 'token')];
  const io = { out: write, err: write, rows: 24, input: async () => '', stop: new AbortController().signal };
  await runCli(all, { ...io, terminal: true, columns });
  return text;
}

describe('query', () => {
  test('shows one line for each who was asked for, in their order', async () => {
    const { code, out } = await query('Ben', 'Ana');
    expect([code, out.split('\n').map((line) => line.trimEnd())]).toEqual([
      0,
      [
        'asked  status  activity       since    as of   reason',
        '-----  ------  -------------  -------  ------  ------',
        'Ben    away    out of office  1m ago   0s ago',
        'Ana    busy    in-a-meeting   12m ago  5s ago',
        '',
      ],
    ]);
  });

  test('ends with 65 when somebody was not found, and still shows the others', async () => {
    const { code, out, err } = await query('Ana', 'Nobody', 'Kim');
    expect([code, err]).toEqual([65, '']);
    expect(out).toMatch(/^Ana +busy/m);
    expect(out).toMatch(/^Nobody +unknown +not-found$/m);
    expect(out).toMatch(/^Kim +unknown +ambiguous$/m);
  });

  test('ends with 0 for somebody who is found and not confirmed, and says why there is no status', async () => {
    const { code, out } = await query('Cem');
    expect([code, out]).toEqual([0, expect.stringMatching(/^Cem +unknown .*(not-confirmed|bridge-disconnected)$/m)]);
  });

  test('shows the words of other programs that are asked for', async () => {
    const { out } = await query('Ana', '--words', 'graph,mistatus,lync,rpid');
    expect(out).toMatch(/reason +mistatus +lync +graph +rpid$/m);
    expect(out).toMatch(
      /^Ana .* MISTATUS_IN_A_MEETING \(82\) +Busy \(6500\) in-a-meeting +Busy\/InAMeeting +open meeting$/m,
    );
  });

  test('gives the whole answer of the bridge as JSON', async () => {
    const { code, out } = await query('Ben', 'Nobody', '--words', 'mistatus', '--json');
    expect([code, JSON.parse(out)]).toEqual([
      65,
      {
        ok: true,
        at: server.clock.now(),
        people: [
          expect.objectContaining({
            query: 'Ben',
            confirmed: true,
            words: { mistatus: { value: 98, name: 'MISTATUS_OUT_OF_OFFICE' } },
          }),
          expect.objectContaining({ query: 'Nobody', found: false, reason: 'not-found' }),
        ],
      },
    ]);
  });

  test('has colour at terminals only', async () => {
    vi.stubEnv('NO_COLOR', '');
    const coloured = await atTerminal(200, 'Ana');
    vi.unstubAllEnvs();
    expect(coloured).toContain('\u001b[31mbusy\u001b[39m');
    expect((await query('Ana')).out).not.toContain('\u001b');
  });

  test('keeps a person on one line of a narrow terminal', async () => {
    const lines = (await atTerminal(30, 'Ana', 'Ben')).split('\n');
    expect([lines.length, Math.max(...lines.map((line) => line.length))]).toEqual([5, 30]);
  });

  test('shows nothing of a name that a terminal would obey', async () => {
    expect((await query('A\u001b[2Jna\u202e')).out).toMatch(/^A \[2Jna +unknown/m);
  });
});

describe('who is asked for', () => {
  const file = (text: string): string => {
    const name = join(folder, 'names.txt');
    writeFileSync(name, text);
    return name;
  };

  test('stands in a file, one on each line, after those of the command line', async () => {
    await query('Ben', '--file', file('\ufeffAna\r\n\r\n  Cem \n'));
    expect(asked).toEqual(['Ben', 'Ana', 'Cem']);
  });

  test.each([[['Ben', '-']], [['Ben', '--file', '-']]])('comes from standard input: %j', async (args) => {
    await run(args, 'Ana\nCem\n');
    expect(asked).toEqual(['Ben', 'Ana', 'Cem']);
  });

  test('may be a thousand people', async () => {
    expect((await query('--file', file('Ana\n'.repeat(1_000)))).code).toBe(0);
    const { code, err } = await query('--file', file('Ana\n'.repeat(1_001)));
    expect([code, err]).toEqual([64, expect.stringContaining('1001 people are named; at most 1000 may be.')]);
  });

  test.each([
    [[], 'Nobody is named'],
    [['-', '--file', '-'], 'only once'],
    [['--file', '/nowhere/names.txt'], '/nowhere/names.txt cannot be read: ENOENT'],
    [['Ana', '--words', 'graph,sip'], '"sip" is none of mistatus, lync, graph, rpid'],
  ])('is refused as %j', async (args, said) => {
    const { code, err } = await query(...args);
    expect([code, err, asked]).toEqual([64, expect.stringContaining(said), []]);
  });

  test('is refused in a file of more octets than a question may have', async () => {
    const { code, err } = await query('--file', file(' '.repeat(4 * 1024 * 1024 + 1)));
    expect([code, err]).toEqual([64, expect.stringContaining('names.txt has more than 4194304 octets')]);
  });
});
