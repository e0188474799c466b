import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BridgeReader, storedDocuments } from '../support/bridge-reader.js';
import { eventually, Product } from '../support/product.js';
import { buildSipePeer, SipePeer } from '../support/sipe-peer.js';

const build = buildSipePeer();
if ('skip' in build) process.stderr.write(`sipe-peer suites skipped: ${build.skip}\n`);

interface Ready {
  readonly tlsPort: number;
  readonly config: string;
  readonly passwordFile: string;
}

const ALICE = 'sip:alice@contoso.example';
const ROBERT = 'sip:robert@contoso.example';

/** [command for the peer, status word, icon in the view] */
const CHANGES = [
  ['status busy In a workshop', 'busy', 'presence-busy.gif'],
  ['status dnd', 'do-not-disturb', 'presence-do-not-disturb.gif'],
  ['status brb', 'be-right-back', 'presence-be-right-back.gif'],
  ['status away', 'away', 'presence-away.gif'],
  ['status invisible', 'offline', 'presence-offline.gif'],
  ['status available', 'available', 'presence-available.gif'],
] as const;

/** The peer sends a change 1 to 2 s after the command; the product has 2 s from the SERVICE request on. */
const PEER_MS = 6_000;
const PRODUCT_MS = 2_000;

describe.skipIf('skip' in build)('a foreign OCS client, simulator and bridge as three processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'presence-interop-'));
  let simulator: Product;
  let ready: Ready;
  let bridge: Product;
  let reader: BridgeReader;
  let alice: SipePeer;

  const peer = (user: string): SipePeer =>
    new SipePeer({
      binary: 'binary' in build ? build.binary : '',
      user,
      login: `CONTOSO\\${user.slice(4, user.indexOf('@'))}`,
      password: readFileSync(ready.passwordFile, 'utf8').trim(),
      server: `127.0.0.1:${ready.tlsPort}`,
      transport: 'tls',
      timeout: 120,
    });

  const aliceIs = async (): Promise<{ api: string; document: string; icon: string }> => {
    const person = (await reader.people()).find(({ uri }) => uri === ALICE);
    const document = storedDocuments(join(folder, 'data'), 'Presence').find((items) => items['sipaddress'] === ALICE);
    const cell = view.rows.get(person?.key ?? '')?.cells[0];
    return {
      api: person?.status ?? '',
      document: String(document?.['status'] ?? ''),
      icon: cell?.kind === 'icon' ? cell.image : '',
    };
  };
  let view: Awaited<ReturnType<BridgeReader['follow']>>;

  beforeAll(async () => {
    simulator = new Product([
      'simulate',
      '--folder',
      folder,
      '--tls-port',
      '0',
      '--http-port',
      '0',
      '--people',
      '5',
      '--verbose',
      '--json',
    ]);
    ready = await simulator.ready<Ready>();
    bridge = new Product(['run', '--config', ready.config, '--json']);
    await bridge.ready();
    reader = new BridgeReader(ready.config);
    await eventually('the bridge is connected', 10_000, async () =>
      (await reader.status()).ocs.state === 'connected' ? true : undefined,
    );
    view = await reader.follow('People');
    alice = peer(ALICE);
    await eventually('alice is available by signing in', PEER_MS + PRODUCT_MS, async () =>
      (await aliceIs()).icon === 'presence-available.gif' ? true : undefined,
    );
  });

  afterAll(async () => {
    view?.close();
    await alice?.quit();
    await bridge?.end();
    await simulator?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  /** When the simulator took each SERVICE request of Alice, milliseconds since 1970, from its log. */
  const publishes = (): number[] =>
    simulator.stderr
      .split('\n')
      .filter((line) => line.includes('"simulator.published"') && line.includes(ALICE))
      .map((line) => Date.parse((JSON.parse(line) as { time: string }).time));

  test.each(CHANGES)('"%s" is %s in document, API and view, with the icon %s', async (command, status, icon) => {
    const before = publishes().length;
    alice.send(command);
    const arrived = await eventually(`${command} reaches everything`, PEER_MS + PRODUCT_MS, async () => {
      const now = await aliceIs();
      return now.api === status && now.document === status && now.icon === icon ? Date.now() : undefined;
    });
    const published = publishes()[before] ?? Number.NaN;
    expect(arrived - published).toBeLessThan(PRODUCT_MS);
  });

  test('the command "status" shows it', async () => {
    const { code, stdout } = await Product.run(['status', '--config', ready.config, '--people']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/available +Alice \(guest\) +sip:alice@contoso\.example/);
  });

  test('a personal note is stored nowhere while notes are off', () => {
    const data = join(folder, 'data', 'presence.nsf');
    const documents = storedDocuments(dirname(data), 'Presence');
    expect(documents.length).toBe(7);
    expect(JSON.stringify(documents)).not.toContain('workshop');
    expect(bridge.stderr).not.toContain('workshop');
  });

  test('a second foreign client sees the first one change, and they exchange messages', async () => {
    const robert = peer(ROBERT);
    try {
      await robert.waitFor(({ event }) => event === 'connected');
      // A contact added before the client has read its contact list would be thrown out when the list arrives.
      await eventually('robert has published', 10_000, async () =>
        (await reader.people()).some(({ uri, status }) => uri === ROBERT && status === 'available') ? true : undefined,
      );
      robert.send(`add ${ALICE}`);
      await robert.waitFor((event) => event.event === 'presence' && event['who'] === ALICE);
      const since = robert.events.length;
      alice.send('status busy');
      await robert.waitFor((event) => event.event === 'presence' && event['status'] === 'busy', 10_000, since);
      robert.send(`im ${ALICE} Lunch at noon?`);
      await alice.waitFor((event) => event.event === 'im' && event['text'] === 'Lunch at noon?');
      alice.send(`im ${ROBERT} Gladly`);
      await robert.waitFor((event) => event.event === 'im' && event['text'] === 'Gladly');
    } finally {
      await robert.quit();
    }
  });
});
