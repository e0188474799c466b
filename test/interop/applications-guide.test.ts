import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { freePort } from '../support/free-port.js';
import { commandsOf, readGuidePage } from '../support/guide-page.js';
import { GuideShell, GuideTerminal } from '../support/guide-shell.js';
import { eventually } from '../support/product.js';

/** The ten minutes of the guide for applications as somebody follows them, and its program, in a folder of their own. */
const PAGE = 'docs/guide/applications.md';
const HEADING = 'Ten minutes';
const EXAMPLES = 'docs/examples/README.md';

/** Commands that go on until Ctrl-C, and what they print when they do what the guide says. */
const STAYING: readonly (readonly [command: RegExp, ready: RegExp])[] = [
  [/^npx presence-bridge simulate /, /TLS on \S+:\d+/],
  [/^npx presence-bridge run /, /"bridge\.reconciled"|"store\./],
  [/^curl -sN /, /^event: snapshot$/m],
  [/^npx presence-bridge watch /, /available|busy|away|offline/],
  [/^python3 -m http\.server /, /Serving HTTP/],
  [/^node first\.mjs$/, /^live[\s\S]*^sip:\S+ (?:available|busy|away|offline)/m],
];
const PATIENCE_MS = 60_000;

let world: string;
let shell: GuideShell;
let httpPort: number;
let webPort: number;
const environment: Record<string, string> = {};
const terminals = new Map<string, GuideTerminal>();
const printed = new Map<string, string>();

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'presence-applications-'));
  mkdirSync(join(world, 'bin'));
  // What `npm ci && npm run build` leaves is there already; the guide for administrators runs it.
  const main = resolve('dist/cli/main.js');
  writeFileSync(join(world, 'bin/npm'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(world, 'bin/npx'), `#!/bin/sh\nshift\nexec node '${main}' "$@"\n`, { mode: 0o755 });
  Object.assign(environment, {
    PATH: [join(world, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
    HOME: world,
    LC_ALL: 'C.UTF-8',
    PYTHONUNBUFFERED: '1',
  });
  httpPort = await freePort();
  webPort = await freePort();
  shell = new GuideShell(world, environment);
});

afterAll(async () => {
  for (const terminal of [...terminals.values()].reverse()) await terminal.interrupt();
  shell.close();
  rmSync(world, { recursive: true, force: true });
});

describe('the guide for applications', () => {
  test('its ten minutes lead to people whose statuses move', async () => {
    const { blocks } = readGuidePage(PAGE);
    const commands = blocks
      .filter(({ heading, language }) => heading === HEADING && language === 'console')
      .flatMap(({ lines }) => commandsOf(lines));
    for (const command of commands) await follow(command);
    const [, me = ''] = [...printed].find(([command]) => command.endsWith('/api/v1/me')) ?? [];
    expect(JSON.parse(me)).toMatchObject({ holder: 'first-steps', scopes: ['read', 'stream'] });
    const [, list = ''] = [...printed].find(([command]) => command.endsWith('/lists/everybody')) ?? [];
    expect((JSON.parse(list) as { members: unknown[] }).members.length).toBeGreaterThan(5);
    const [, query = ''] = [...printed].find(([command]) => command.endsWith('/people/query')) ?? [];
    expect(JSON.parse(query)).toMatchObject({ people: [{ found: true }, { found: true }] });
  }, 240_000);

  test('its program runs as it is', async () => {
    const { blocks } = readGuidePage(PAGE);
    const program = blocks.find(({ language }) => language === 'ts')?.lines.join('\n') ?? '';
    writeFileSync(join(world, 'first.mjs'), onOurPorts(program));
    // As `npm install` of a folder leaves it.
    mkdirSync(join(world, 'node_modules'));
    symlinkSync(resolve('.'), join(world, 'node_modules/notes-presence-bridge'));
    await follow('node first.mjs');
  }, 90_000);

  test.skipIf(noBrowser !== '')(
    `its page shows a badge${noBrowser}`,
    async () => {
      const blocks = readGuidePage(EXAMPLES).blocks.filter(({ heading }) => heading === 'Badges on the simulator');
      const added = blocks.find(({ language }) => language === 'yaml')?.lines ?? [];
      const config = readFileSync(join(world, 'try/bridge.yaml'), 'utf8');
      const open = config.replace(/^http:$/m, ['http:', ...added.map(onOurPorts)].join('\n'));
      writeFileSync(join(world, 'try/open.yaml'), open);
      mkdirSync(join(world, 'badges'));
      const html = blocks.find(({ file }) => file === 'badges/index.html')?.lines ?? [];
      writeFileSync(join(world, 'badges/index.html'), onOurPorts(html.join('\n')));
      const runs = 'npx presence-bridge run --config try/bridge.yaml';
      await terminals.get(runs)?.interrupt();
      terminals.delete(runs);
      const commands = blocks
        .filter(({ language }) => language === 'console')
        .flatMap(({ lines }) => commandsOf(lines));
      for (const command of commands) await follow(command);
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage();
        await page.goto(`http://127.0.0.1:${webPort}/`);
        await page.getByText(/^(?:Available|Busy|Do not disturb|Be right back|Away|Offline)/).waitFor();
      } finally {
        await browser.close();
      }
    },
    120_000,
  );
});

function onOurPorts(text: string): string {
  return text
    .replace('simulate --folder try', `simulate --folder try --tls-port 0 --http-port ${httpPort}`)
    .replaceAll('127.0.0.1:8480', `127.0.0.1:${httpPort}`)
    .replaceAll(/(?<=127\.0\.0\.1:|http\.server )8500/g, String(webPort));
}

async function follow(command: string): Promise<void> {
  const here = onOurPorts(command);
  const ready = STAYING.find(([pattern]) => pattern.test(command))?.[1];
  if (ready === undefined) {
    const { code, output } = await shell.run(here);
    if (code !== 0) throw new Error(`${command}\nexit code ${code}\n${output}`);
    printed.set(command, output);
    return;
  }
  // Another terminal of the same reader, with what was exported before.
  const exported = (await shell.run('export -p')).output;
  const terminal = new GuideTerminal(`${exported}\nexec ${here}`, world, environment);
  terminals.set(command, terminal);
  await eventually(`${command}\n`, PATIENCE_MS, () => {
    if (ready.test(terminal.output)) return true;
    if (!terminal.isRunning) throw new Error(`${command} ended: ${terminal.output}`);
    return undefined;
  });
}
