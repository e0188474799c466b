import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layDominoDbPackage } from '../support/domino-db-package.js';
import { freePort } from '../support/free-port.js';
import { GuideDomino } from '../support/guide-domino.js';
import { GuideMachine, packFolder, type Replacements, secondMachine, unpackProgram } from '../support/guide-machine.js';
import { commandsOf, type GuideBlock, readGuidePage } from '../support/guide-page.js';
import { eventually } from '../support/product.js';
import { REST_PASSWORD, REST_USER } from '../support/rest-server.js';

/**
 * The administrator's guide as somebody follows it: every command, in this order, on a machine in a temporary folder. What
 * differs from a real machine stands in the tables below, and nowhere else but in the support file of `systemctl`.
 */
const ADMIN = 'docs/guide/admin.md';
const DOMINO = 'docs/guide/domino.md';
const TEMPLATE = 'docs/guide/template.md';
const REST = 'nsf-templates/rest-api/README.md';

/** Parts in the order in which they are followed. Those that both ways into Domino need come twice. */
const ROAD: readonly (readonly [title: string, page: string, headings: readonly string[]])[] = [
  ['a trial with the simulator', ADMIN, ['Try it first']],
  ['program and configuration', ADMIN, ['1. Install', '2. Configure']],
  ['a service with the embedded store', ADMIN, ['7. Run']],
  ['the template', ADMIN, ['3. Template']],
  ['the template, by its own page', TEMPLATE, ['What it is', 'Import', 'Settings', 'A new version']],
  ['the way over the Domino REST API', DOMINO, ['The Domino side', '3. Schemas and scopes']],
  ['schemas and scopes by commands', REST, ['3a. The same by commands', '4. Configure and check the bridge']],
  ['configuration for the Domino REST API', DOMINO, ['4. Configuration', '5. Check']],
  ['people, check and service over the Domino REST API', ADMIN, ['5. Who is watched', '6. Check', '7. Run']],
  ['what a trial left', DOMINO, ['From the embedded store to Domino']],
  ['two bridges', ADMIN, ['8. A second bridge']],
  ['every day', ADMIN, ['Watch', 'People and privacy', 'Backup']],
  ['an upgrade', ADMIN, ['Upgrade']],
  ['the way over domino-db', DOMINO, ['2. Certificates', '3. Domino', '4. The bridge', '5. Check']],
  ['check, service and watching over domino-db', ADMIN, ['6. Check', '7. Run', 'Watch']],
  ['a new certificate', DOMINO, ['Renew the certificate']],
  ['removal', ADMIN, ['Remove']],
];

/** Commands that keep their terminal, and what they print when they are ready. */
const STAYING: readonly (readonly [command: RegExp, ready: RegExp])[] = [
  [/^npx presence-bridge simulate /, /TLS on \S+:\d+/],
  [/^npx presence-bridge run /, /"bridge\.reconciled"|"store\./],
];

/** What is typed when a command asks. */
const TYPED: readonly (readonly [command: RegExp, text: () => string])[] = [
  [/^read .*OCS account/, () => `${ocsPassword()}\n`],
  [/^read .*Internet password/, () => `${REST_PASSWORD}\n`],
  [/^read .*'Name: '/, () => `${REST_USER}\n${REST_PASSWORD}\n`],
];

/** What a reader repeats until it is there: services need a moment. */
const REPEATED = /^presence-bridge (status|reconcile)|^curl .*healthz|^presence-bridge check && systemctl/;
const PATIENCE_MS = 90_000;

/** Lines for Domino's console, and what stands for them. */
const CONSOLE: Readonly<Record<string, () => Promise<void>>> = {
  'load updall presence.nsf -e': async () => {},
  'load updall presence.nsf -T "People" -inline on': async () => {},
  'load design -f presence.nsf': async () => {},
  'load proton': async () => {
    protonPort = await domino.startProton(first.path('root/presence-ca'));
  },
  'tell proton quit': async () => {},
};

/** Commands that stand in the text only, and where they are executed. */
const IN_WORDS: readonly (readonly [command: string, where: string])[] = [
  ['node /opt/presence-bridge/dist/cli/main.js run --config bridge.yaml', 'what the unit starts'],
  ['presence-bridge person why <who>', 'in the block of "People and privacy"'],
  ['show tasks', 'console of Domino'],
];

/** The file that HCL delivers, as the guide names it. */
const DOMINO_DB = 'domino-domino-db-1.11.7.tgz';

let world: string;
let first: GuideMachine;
let second: GuideMachine | undefined;
let domino: GuideDomino;
let protonPort = 0;
const httpPorts: number[] = [];
let journalAtTheEnd = '';
const executed: string[] = [];
const output: string[] = [];

const ocsPort = (): string => /TLS on \S+:(\d+)/.exec(first.terminals[0]?.output ?? '')?.[1] ?? '5061';
const ocsPassword = (): string => readFileSync(first.path('opt/presence-bridge/try/ocs-password'), 'utf8').trim();

/** Names and ports of the guide, and what they are here. */
const replacements =
  (machine: number): Replacements =>
  () => [
    [/simulate --folder try(?! --)/g, `simulate --folder try --tls-port 0 --http-port ${httpPorts[machine]}`],
    ['https://domino01.contoso.example:8880', domino.url],
    [/(ocs01|domino01)\.contoso\.example/g, 'localhost'],
    ['port: 5061', `port: ${ocsPort()}`],
    ['port: 3002', `port: ${protonPort}`],
    ['127.0.0.1:8480', `127.0.0.1:${httpPorts[machine]}`],
  ];

/** What somebody does by hand between two commands: before the command that begins so. */
const BY_HAND: Readonly<Record<string, () => Promise<void>>> = {
  // The port of the board, and the authority of the servers.
  "read -r -s -p 'Password of the OCS account": async () => {
    first.configure('bridge.yaml', `http: { host: 127.0.0.1, port: ${httpPorts[0]} }`);
    const authorities = [first.path('opt/presence-bridge/try/ca.pem'), join(world, 'rest.pem')];
    first.write(
      first.path('etc/presence-bridge/contoso-ca.pem'),
      authorities.map((file) => readFileSync(file, 'utf8')).join('\n'),
    );
  },
  // The content of the folder is replaced, but for what the trial left there.
  'npm ci && npm run build && npm install --global .': async () => {
    const program = first.path('opt/presence-bridge');
    for (const name of readdirSync(program)) if (name !== 'try') rmSync(join(program, name), { recursive: true });
    unpackProgram(program);
  },
  'systemctl disable --now': async () => {
    journalAtTheEnd = readFileSync(first.path('journal'), 'utf8');
  },
  'npm install --no-save': async () => {
    cpSync(join(world, DOMINO_DB), first.path('opt/presence-bridge', DOMINO_DB));
  },
};

const missing = ['openssl', 'curl', 'jq', 'bash', 'npm', 'setsid'].filter(
  (name) => spawnSync('bash', ['-c', `command -v ${name}`]).status !== 0,
);
const reason = process.platform === 'linux' ? missing.map((name) => `no ${name}`).join(', ') : 'not Linux';
if (reason !== '') process.stdout.write(`skipped: the administrator's guide (${reason})\n`);

const pages = [ADMIN, DOMINO, TEMPLATE, REST].map(readGuidePage);

describe.skipIf(reason !== '')('the administrator’s guide', { timeout: 600_000 }, () => {
  beforeAll(async () => {
    world = mkdtempSync(join(tmpdir(), 'presence-guide-'));
    packFolder(join(world, 'packages'));
    domino = new GuideDomino();
    await domino.start(world);
    httpPorts.push(await freePort(), await freePort());
    first = new GuideMachine(join(world, 'first'), join(world, 'packages'), replacements(0));
    unpackProgram(first.path('opt/presence-bridge'));
    packDominoDb(await layDominoDbPackage(join(world, 'hcl')));
    await first.run('cd /opt/presence-bridge');
  }, 120_000);

  afterAll(async () => {
    await second?.close();
    await first.close();
    await domino.stop();
    // All that the reader saw, for whoever changes the guide.
    mkdirSync('build', { recursive: true });
    writeFileSync('build/admin-guide.log', output.join('\n'));
    rmSync(world, { recursive: true, force: true });
  }, 60_000);

  for (const [title, page, headings] of ROAD) {
    test(`${title}: ${page}`, async () => {
      for (const heading of headings) await follow(blocksOf(page, heading));
    });
  }

  test('the running service took the new certificate, as the guide says', () => {
    expect(journalAtTheEnd).toContain('"event":"notes.certificate-renewed"');
  });

  test('every block with commands was executed', () => {
    const walked = new Set(ROAD.flatMap(([, page, headings]) => headings.map((heading) => `${page}#${heading}`)));
    const left = pages.flatMap(({ blocks }) => blocks).filter(({ page, heading }) => !walked.has(`${page}#${heading}`));
    expect(left.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });

  test('commands that stand in the text only were executed elsewhere', () => {
    const said = pages
      .flatMap(({ inline }) => inline)
      .filter((code) => /^(presence-bridge|npm|npx|node|systemctl|openssl|curl|journalctl) /.test(code));
    const known = [...executed, ...IN_WORDS.map(([command]) => command)];
    expect(said.filter((code) => !known.some((command) => command.includes(code)))).toEqual([]);
  });

  test('the setup API was asked for what the published document has', () => {
    expect(domino.setupCalls.map(({ request }) => request)).toEqual([
      'POST /api/setup-v1/schema?nsfPath=presence.nsf&configName=presence',
      'POST /api/setup-v1/admin/scope',
      'POST /api/setup-v1/schema?nsfPath=names.nsf&configName=directory',
      'POST /api/setup-v1/admin/scope',
    ]);
    const files = ['presence-schema', 'presence-scope', 'directory-schema', 'directory-scope'];
    const shipped = files.map((name) => JSON.parse(readFileSync(`nsf-templates/rest-api/${name}.json`, 'utf8')));
    expect(domino.setupCalls.map(({ body }) => body)).toEqual(shipped);
    expect(domino.violations?.filter((text) => !text.startsWith('Violation: response')) ?? []).toEqual([]);
  });

  test('the table of "check" names what it prints', () => {
    const table = blockless(ADMIN, '6. Check').flatMap((line) =>
      line.startsWith('| `') ? [line.split('|')[1] ?? ''] : [],
    );
    const named = table.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    const printed = new Set(
      output
        .join('\n')
        .match(/^(?:pass|note|WARN|FAIL) {2}(\S.*?)(?= {2}|$)/gm)
        ?.map((line) => line.slice(6).trim()),
    );
    const absent = named.filter((name) => ![...printed].some((line) => line.startsWith(name)));
    // They are printed where DNS is used and after a failed run.
    expect(absent).toEqual(['Last run', 'OCS discovery']);
    expect([...printed].filter((line) => !named.some((name) => line.startsWith(name)))).toEqual([]);
  });
});

function blocksOf(file: string, heading: string): readonly GuideBlock[] {
  const blocks = pages.find((page) => page.file === file)?.blocks.filter((block) => block.heading === heading) ?? [];
  if (blocks.length === 0) throw new Error(`${file} has no block below "${heading}"`);
  return blocks;
}

/** Lines of a part. */
function blockless(file: string, heading: string): readonly string[] {
  const lines = pages.find((page) => page.file === file)?.text.split('\n') ?? [];
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.endsWith(` ${heading}`));
  const end = lines.findIndex((line, index) => index > start && /^#+ /.test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end);
}

async function follow(blocks: readonly GuideBlock[]): Promise<void> {
  for (const [index, block] of blocks.entries()) {
    const next = blocks[index + 1];
    switch (block.language) {
      case 'sh':
        await execute(block, next?.language === 'text' ? next.lines : []);
        break;
      case 'yaml':
        first.configure(block.file, block.lines.join('\n'));
        break;
      case 'csv':
        first.write(first.path('etc/presence-bridge', block.file), `${block.lines.join('\n')}\n`);
        break;
      case 'ini':
        first.write(first.path(block.file), `${block.lines.join('\n')}\n`);
        break;
      case 'domino':
        for (const line of block.lines) await (CONSOLE[line] ?? unknown(line))();
        break;
      case 'text':
        break;
      case 'powershell':
        // Windows with a Notes client: nothing of that is here.
        break;
      default:
        unknown(`${block.page}:${block.line}`);
    }
  }
  for (const { isRunning, interrupt } of terminalsOfTrial()) if (isRunning) await interrupt();
  if (second !== undefined) await leaveSecond(second);
}

function unknown(what: string): never {
  throw new Error(`nobody said what this does here: ${what}`);
}

/** `shown`: beginnings of lines that the last asking command of the block must print. */
async function execute({ page, line, lines }: GuideBlock, shown: readonly string[]): Promise<void> {
  let machine = first;
  const commands = commandsOf(lines);
  const asking = commands.findLastIndex((command) => REPEATED.test(command));
  for (const [index, command] of commands.entries()) {
    if (/^# on the (first|second) machine$/.test(command)) {
      machine = command.includes('first') ? first : await theSecond();
      continue;
    }
    const place = `${page}:${line}: ${command}`;
    const byHand = Object.entries(BY_HAND).find(([start]) => command.startsWith(start));
    if (byHand !== undefined) await byHand[1]();
    executed.push(command);
    const staying = STAYING.find(([pattern]) => pattern.test(command));
    if (staying !== undefined) {
      const terminal = await machine.open(command.replace(/ +#.*$/, ''));
      await eventually(
        `${place}\n`,
        PATIENCE_MS,
        () => staying[1].test(terminal.output) || (terminal.isRunning ? undefined : unknown(terminal.output)),
      );
      continue;
    }
    const typed = TYPED.find(([pattern]) => pattern.test(command))?.[1]() ?? '';
    const wanted = index === asking ? shown : [];
    const fits = ({ code, output: text }: { code: number; output: string }): boolean =>
      code === 0 && wanted.every((start) => text.split('\n').some((printed) => printed.startsWith(start)));
    const end = performance.now() + (REPEATED.test(command) ? PATIENCE_MS : 0);
    let result = await machine.run(command, typed);
    while (!fits(result) && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      result = await machine.run(command, typed);
    }
    output.push(`$ ${command}\n${result.output}`);
    if (!fits(result)) throw new Error(`${place}\nexit code ${result.code}\n${result.output}`);
  }
}

/** The bridge of the trial; the simulator goes on as the OCS server of all that follows. */
function terminalsOfTrial() {
  return first.terminals.slice(1).map((terminal) => ({
    isRunning: terminal.isRunning,
    interrupt: () => terminal.interrupt(),
  }));
}

async function theSecond(): Promise<GuideMachine> {
  if (second === undefined) {
    const packages = join(world, 'packages');
    second = secondMachine(first, join(world, 'second'), packages, replacements(1));
    const file = second.path('etc/presence-bridge/bridge.yaml');
    const text = readFileSync(file, 'utf8').replaceAll(first.root, second.root);
    writeFileSync(file, text);
    second.configure('bridge.yaml', `http: { host: 127.0.0.1, port: ${httpPorts[1]} }`);
    await second.run('cd /etc/presence-bridge');
  }
  return second;
}

/** The part about two bridges is over: the first goes on alone. */
async function leaveSecond(machine: GuideMachine): Promise<void> {
  await machine.close();
  second = undefined;
  await eventually('the first bridge takes over', PATIENCE_MS, async () => {
    const { output: text } = await first.run('presence-bridge status');
    return /^Role +active/m.test(text) ? true : undefined;
  });
}

/** The file that HCL delivers, with a stand-in inside. */
function packDominoDb(modules: string): void {
  const home = join(modules, '@domino', 'domino-db');
  const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', world], { cwd: home });
  if (packed.status !== 0) throw new Error(packed.stderr.toString());
}
