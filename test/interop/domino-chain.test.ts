import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as passes } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReconcileFacts } from '../../src/bridge/engine/reconcile-facts.js';
import type { Erasure } from '../../src/bridge/person-ports.js';
import type { BridgeStatus, PersonStatus } from '../../src/bridge/status.js';
import type { DirectorySummary } from '../../src/cli/directory-table.js';
import type { ExportedDocument } from '../../src/notes/desk/export.js';
import type { CastMember } from '../../src/ocs/simulator/cast.js';
import type { DirectoryRow } from '../../src/presence/directory.js';
import { DominoSite, type SiteDatabases, shown } from '../support/domino-site.js';
import { protonDatabases, restDatabases } from '../support/domino-site-databases.js';
import { ProtonStandIn } from '../support/domino-site-module.js';
import { eventually, Product } from '../support/product.js';
import { REST_PASSWORD, REST_USER, RestServer } from '../support/rest-server.js';
import { shippedSchema } from '../support/rest-server-schema.js';
import { StoreSite } from '../support/store-site.js';
import { storedPerson } from '../support/stored-documents.js';

const CONVERGE_MS = 30_000;
/** Opt-out documents count within a minute. */
const OPT_OUT_MS = 60_000;
/** The directory is read again after the shortest interval that may be configured, give or take a tenth. */
const RENAMED_MS = 66_000 + 10_000;
/** So that tokens run out in the middle of everything. */
const TOKEN_MS = 5_000;

interface Findings {
  readonly findings: readonly { readonly name: string; readonly outcome: string; readonly detail: string }[];
}

const outcomes = ({ findings }: Findings) => [...new Set(findings.map(({ outcome }) => outcome))].sort();

const warnings = ({ findings }: Findings) =>
  findings.filter(({ outcome }) => outcome === 'warn').map(({ name }) => name);

function castOf(site: DominoSite, count: number): readonly CastMember[] {
  if (site.site.cast.length < count) throw new Error('there are not enough people');
  return site.site.cast.slice(0, count);
}

afterAll(() => Product.endAll());

describe('the whole product over the Domino REST API, with people of a Domino Directory', () => {
  const SIZE = 12;
  let domino: RestServer;
  let databases: SiteDatabases;
  let site: DominoSite;
  let others: readonly CastMember[];

  beforeAll(async () => {
    domino = new RestServer({
      scopes: { presence: shippedSchema('presence'), directory: shippedSchema('directory') },
      tokenMs: TOKEN_MS,
    });
    const url = await domino.start();
    databases = restDatabases(domino, url);
    site = await DominoSite.start(SIZE, databases, (folder) => {
      writeFileSync(join(folder, 'domino-password'), REST_PASSWORD, { mode: 0o600 });
      return {
        domino: {
          driver: 'domino-rest',
          url,
          allowHttp: true,
          scope: 'presence',
          user: REST_USER,
          passwordFile: 'domino-password',
        },
        directory: { scope: 'directory' },
      };
    });
    await site.hires();
    others = site.site.cast;
  });

  afterAll(async () => {
    await site.end();
    await domino.stop();
  });

  test('check passes before anything was written, and proves the rights with --write', async () => {
    const read = await site.command<Findings>('check');
    expect(outcomes(read)).not.toContain('fail');
    expect(domino.documents.engine.find("Form = 'PresenceBridge'")).toEqual([]);
    const write = await site.command<Findings>('check', '--write');
    expect(write.ok).toBe(true);
    // Without TLS, and with somebody who has no address.
    expect(warnings(write)).toEqual(['Domino REST API server', 'People']);
    expect(outcomes(write)).toEqual(['pass', 'warn']);
    const text = await site.says('check');
    expect(text).toMatch(/^pass {2}Configuration .*bridge\.yaml, people of the directory$/m);
    expect(text).toMatch(/ watched groups: 1 entry$/m);
    expect(text).toMatch(/^Ready\. /m);
    expect(await site.people()).toEqual([]);
  });

  test('directory report tells who will be watched, and why the others will not', async () => {
    const report = await site.command<{ summary: DirectorySummary; rows: readonly DirectoryRow[] }>(
      'directory',
      'report',
    );
    expect(report.summary).toMatchObject({ people: SIZE + 1, watched: SIZE, counts: { mapped: SIZE, unmapped: 1 } });
    const rules = report.rows.map(({ rule }) => rule);
    expect(new Set(rules)).toEqual(new Set(['sip-item', 'internet-address', undefined]));
  });

  test('people of the watched group get documents, and nobody else', async () => {
    site.changes();
    await site.bridgeStarts();
    await eventually('everything is right', CONVERGE_MS, () => site.isRight());
    const { status, people } = await site.command<{ status: BridgeStatus; people: readonly PersonStatus[] }>('status');
    expect(status).toMatchObject({ people: SIZE, failedDocuments: 0, role: { state: 'active' } });
    expect(people.every(({ note, written }) => note === '' && written)).toBe(true);
    const { documents } = await site.command<{ documents: readonly ExportedDocument[] }>('documents');
    const forms = documents.map(({ form }) => form);
    expect(forms.filter((form) => form === 'Presence')).toHaveLength(SIZE);
    expect(forms.filter((form) => form !== 'Presence').sort()).toEqual(['PresenceBridge', 'PresenceLease']);
    expect(JSON.stringify([status, people, documents])).not.toContain('nobody shall read that');
  });

  test('with a running bridge check passes too', async () => {
    const findings = await site.command<Findings>('check', '--write');
    expect(outcomes(findings)).toEqual(['note', 'pass', 'warn']);
    expect(warnings(findings)).toEqual(['Domino REST API server', 'People']);
    expect(await site.says('check')).toMatch(/^Ready, and running: /m);
  });

  test('tokens that run out every five seconds, and a restart that voids them all, cost a few logins and no change', async () => {
    const since = performance.now();
    const logins = domino.count('/auth');
    for (let round = 0; round < 8; round++) {
      site.changes();
      if (round === 4) domino.tokens.clear();
      await passes(2_000);
      await eventually('every change arrives', 5_000, () => site.isRight());
    }
    // One connection for documents, one for the lease, one for the directory.
    const most = 3 * (Math.ceil((performance.now() - since) / (TOKEN_MS / 2)) + 1);
    expect(domino.count('/auth') - logins).toBeGreaterThan(3);
    expect(domino.count('/auth') - logins).toBeLessThanOrEqual(most);
    const { status } = await site.command<{ status: BridgeStatus }>('status');
    expect(status.notes.state).toBe('connected');
  });

  test('person why names rule and document', async () => {
    const [ana] = castOf(site, 1) as [CastMember];
    const why = await site.command<{ shown: string; reasons: readonly { about: string; says: string }[] }>(
      'person',
      'why',
      ana.notesName,
    );
    expect(why.shown).toBe(shown((await site.documentOf(ana))?.items['status']));
    expect(why.reasons.find(({ about }) => about === 'directory')?.says).toMatch(/sip-item|SIPAddress|item/i);
    const show = await site.command<{ documents: readonly unknown[] }>('person', 'show', ana.uri);
    expect(show.documents).toHaveLength(1);
  });

  test('reconcile brings back what somebody deleted, and undoes what somebody edited', async () => {
    const [ana, ben] = castOf(site, 2) as [CastMember, CastMember];
    await databases.remove('presence', (await site.documentOf(ana))?.unid ?? '');
    await databases.change('presence', (await site.documentOf(ben))?.unid ?? '', { Status: 'available', Seq: 0 });
    const facts = await site.command<ReconcileFacts>('reconcile');
    expect(facts).toMatchObject({ cause: 'demand', documents: SIZE - 1, missing: 1 });
    await eventually('all is right again', CONVERGE_MS, () => site.isRight());
    expect(await site.says('reconcile')).toMatch(/^12 documents compared in \ds: nothing to set right\.$/m);
  });

  test('an opt-out document removes the person within a minute, and a rename in the directory is followed', {
    timeout: 150_000,
  }, async ({ annotate }) => {
    const [shy, bride] = castOf(site, 2) as [CastMember, CastMember];
    others = site.site.cast.filter((member) => member !== shy);
    const before = await site.documentOf(bride);
    const name = bride.notesName.replace(/^CN=[^/]+/, 'CN=Maria Newname');
    const since = performance.now();
    await site.optsOut(shy);
    await site.renames(bride, name);
    await eventually('the document goes', OPT_OUT_MS, async () => !(await site.documentOf(shy)) || undefined);
    const gone = Math.round(performance.now() - since);
    await eventually('the new name', RENAMED_MS, async () => {
      return shown((await site.documentOf(bride))?.items['personname']) === name ? true : undefined;
    });
    const renamed = Math.round(performance.now() - since);
    const after = await site.documentOf(bride);
    expect(after?.unid).toBe(before?.unid);
    expect(JSON.stringify(after?.items['othernames'])).toContain(bride.notesName);
    site.changes();
    await eventually('everybody else is right', CONVERGE_MS, () => site.isRight(others));
    expect((await site.command<{ shown: string | null }>('person', 'why', shy.notesName)).shown).toBeNull();
    expect(await site.says('person', 'why', shy.notesName)).toMatch(/ is opted out, and not watched\.$/m);
    await annotate(`milliseconds: opted out ${gone}, renamed ${renamed}`);
  });

  test('person erase --opt-out removes somebody at once, and for good', async () => {
    const gone = others.at(-1) as CastMember;
    const erasure = await site.command<Erasure>('person', 'erase', gone.notesName, '--opt-out', '--yes');
    expect(erasure).toMatchObject({ ok: true, optOut: 'written', comesBack: [], refused: [] });
    expect(await site.documentOf(gone)).toBeUndefined();
    others = others.filter((member) => member !== gone);
    site.changes();
    await eventually('everybody else is right', CONVERGE_MS, () => site.isRight(others));
    await site.command('reconcile');
    await passes(1_000);
    expect(await site.isRight(others)).toBe(true);
  });

  test('after a clean stop nobody is shown as reachable, and copy --to adds what another store holds', async () => {
    expect(await site.bridge.end()).toBe(0);
    const statuses = (await site.people()).map(({ items }) => shown(items['status']));
    expect(new Set(statuses)).toEqual(new Set(['unknown']));
    const from = new StoreSite();
    try {
      const shy = castOf(site, 1)[0] as CastMember;
      await from.holds(
        storedPerson('sip:zoe.elsewhere@contoso.example', 'CN=Zoe Elsewhere/O=Contoso', { SipKey: 'a'.repeat(32) }),
        storedPerson(shy.uri, shy.notesName),
      );
      const copy = async (...more: readonly string[]) => {
        const args = ['copy', '--json', '--from', from.config, '--to', site.config, ...more];
        const { code, stdout, stderr } = await Product.run(args);
        if (code !== 0) throw new Error(`${code}: ${stdout}${stderr}`);
        return JSON.parse(stdout) as { forms: { Presence: Record<string, number> } };
      };
      const before = (await site.people()).length;
      expect((await copy('--dry-run')).forms.Presence).toMatchObject({ found: 2, planned: 1, leftOut: 1 });
      expect(await site.people()).toHaveLength(before);
      expect((await copy()).forms.Presence).toMatchObject({ written: 1, leftOut: 1 });
      expect((await copy()).forms.Presence).toMatchObject({ written: 0, unchanged: 1 });
      expect(await site.people()).toHaveLength(before + 1);
    } finally {
      from.remove();
    }
  });
});

describe("the whole product over domino-db, with a stand-in module that is loaded as HCL's is", () => {
  const SIZE = 6;
  const path = process.env['NODE_PATH'];
  let proton: ProtonStandIn;
  /** Answers on Proton's port, which is tried before the module is. */
  let port: Server;
  let databases: SiteDatabases;
  let site: DominoSite;

  beforeAll(async () => {
    proton = new ProtonStandIn();
    await proton.start();
    port = createServer((socket) => socket.on('error', () => socket.destroy()));
    await new Promise<void>((resolve) => port.listen(0, '127.0.0.1', resolve));
    const address = port.address();
    databases = protonDatabases(proton);
    site = await DominoSite.start(SIZE, databases, (folder) => {
      process.env['NODE_PATH'] = proton.layModule(folder);
      return {
        domino: {
          driver: 'domino-db',
          host: 'localhost',
          port: typeof address === 'object' ? (address?.port ?? 0) : 0,
          database: 'presence.nsf',
          secure: false,
        },
        directory: { database: 'names.nsf' },
      };
    });
    await site.hires();
  });

  afterAll(async () => {
    if (path === undefined) delete process.env['NODE_PATH'];
    else process.env['NODE_PATH'] = path;
    await site.end();
    await proton.stop();
    await new Promise((resolve) => port.close(resolve));
  });

  test('check, start, documents, status and reports', async () => {
    const findings = await site.command<Findings>('check', '--write');
    expect(outcomes(findings)).not.toContain('fail');
    site.changes();
    await site.bridgeStarts();
    await eventually('everything is right', CONVERGE_MS, () => site.isRight());
    const { status } = await site.command<{ status: BridgeStatus }>('status');
    expect(status).toMatchObject({ people: SIZE, failedDocuments: 0, role: { state: 'active' } });
    const { documents } = await site.command<{ documents: readonly ExportedDocument[] }>('documents');
    expect(documents.filter(({ form }) => form === 'Presence')).toHaveLength(SIZE);
    const { summary } = await site.command<{ summary: DirectorySummary }>('directory', 'report');
    expect(summary).toMatchObject({ people: SIZE + 1, watched: SIZE });
  });

  test('reconcile, why and erase', async () => {
    const [ana, gone] = castOf(site, 2) as [CastMember, CastMember];
    await databases.remove('presence', (await site.documentOf(ana))?.unid ?? '');
    expect(await site.command<ReconcileFacts>('reconcile')).toMatchObject({ missing: 1 });
    await eventually('all is right again', CONVERGE_MS, () => site.isRight());
    const { shown: sees } = await site.command<{ shown: string }>('person', 'why', ana.uri);
    expect(sees).toBe(shown((await site.documentOf(ana))?.items['status']));
    const erasure = await site.command<Erasure>('person', 'erase', gone.notesName, '--opt-out', '--yes');
    expect(erasure).toMatchObject({ ok: true, optOut: 'written', comesBack: [] });
    site.changes();
    const left = site.site.cast.filter((member) => member !== gone);
    await eventually('everybody else is right', CONVERGE_MS, () => site.isRight(left));
  });

  test('a second bridge of that name waits, and takes over when the first one ends', async () => {
    const second = site.another();
    await second.bridgeStarts();
    const roleOf = async () => (await second.command<{ status: BridgeStatus }>('status')).status.role.state;
    await eventually('standby', CONVERGE_MS, async () => (await roleOf()) === 'standby' || undefined);
    const before = await site.people();
    expect(await site.bridge.end()).toBe(0);
    await eventually('takeover', CONVERGE_MS, async () => (await roleOf()) === 'active' || undefined);
    const left = site.site.cast.slice(0, 1).concat(site.site.cast.slice(2));
    await eventually('all is right', CONVERGE_MS, () => site.isRight(left));
    expect((await site.people()).map(({ unid }) => unid).sort()).toEqual(before.map(({ unid }) => unid).sort());
    expect(await databases.find('presence', 'PresenceLease')).toHaveLength(1);
    expect(await second.bridge.end()).toBe(0);
    expect(shown((await databases.find('presence', 'PresenceLease'))[0]?.items['holder'])).toBe('');
    expect((await site.people()).every(({ items }) => shown(items['status']) === 'unknown')).toBe(true);
  });
});
