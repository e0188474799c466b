import { storedItems } from '../../src/notes/drivers/embedded/stored-document.js';
import type { SiteDatabases, SiteDocument } from './domino-site.js';
import type { ProtonStandIn } from './domino-site-module.js';
import type { RestServer } from './rest-server.js';

/** Databases of the stand-in of the REST API, which listens at `url`: by the names of their scopes, and not by way of it. */
export function restDatabases(server: RestServer, url: string): SiteDatabases {
  const { databases } = server;
  const engineOf = (database: string) => {
    const found = databases.get(database)?.engine;
    if (found === undefined) throw new Error(`there is no database ${database}`);
    return found;
  };
  return {
    find: (database, form) => Promise.resolve(engineOf(database).find(`Form = '${form}'`)),
    async create(database, documents) {
      await engineOf(database).create(documents.map(storedItems));
    },
    async change(database, unid, items) {
      const changed = storedItems(items);
      await engineOf(database).edit([{ unid, next: (before) => ({ ...before, ...changed }) }]);
    },
    async remove(database, unid) {
      await engineOf(database).edit([{ unid, next: () => 'deleted' }]);
    },
    async optOut(name) {
      const response = await fetch(`${url}/api/v1/bulk/create?dataSource=presence`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${server.issue()}` },
        body: JSON.stringify({ documents: [{ Form: 'PresenceOptOut', PersonName: [name], SipAddress: [] }] }),
      });
      const [created] = (await response.json()) as readonly { readonly PersonName?: readonly string[] }[];
      if (created?.PersonName?.[0] !== name) throw new Error(`the opt-out was refused: ${response.status}`);
    },
  };
}

const FILES = { presence: 'presence.nsf', directory: 'names.nsf' } as const;
/** Items that tests look at. */
const ITEM_NAMES = ['Form', 'SipAddress', 'PersonName', 'OtherNames', 'Status', 'Note', 'FullName', 'Holder'];

/** The same of the stand-in of Proton. */
export function protonDatabases(proton: ProtonStandIn): SiteDatabases {
  return {
    async find(database, form) {
      const opened = await proton.database(FILES[database]);
      const { documents } = await opened.bulkReadDocuments({
        query: `Form = '${form}'`,
        itemNames: ITEM_NAMES,
        count: 200,
      });
      return documents.map((document): SiteDocument => {
        const items = Object.entries(document).map(([name, value]) => [name.toLowerCase(), value] as const);
        return { unid: document['@unid'] ?? '', items: Object.fromEntries(items) };
      });
    },
    async create(database, documents) {
      await (await proton.database(FILES[database])).bulkCreateDocuments({ documents });
    },
    async change(database, unid, items) {
      const opened = await proton.database(FILES[database]);
      await opened.bulkReplaceItemsByUnid({ replaceItemsByUnid: [{ '@unid': unid, ...items }] });
    },
    async remove(database, unid) {
      await (await proton.database(FILES[database])).bulkDeleteDocumentsByUnid({ unids: [unid] });
    },
    async optOut(name) {
      const document = {
        Form: 'PresenceOptOut',
        PersonName: { type: 'text', data: [name], names: true },
        SipAddress: '',
      };
      await (await proton.database(FILES.presence)).bulkCreateDocuments({ documents: [document] });
    },
  };
}
