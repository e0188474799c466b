import type { DominoDocument } from '../domino-db/domino-db-surface.js';
import { documentNotFound } from './domino-db-error.js';
import { readAnswer, required, withoutItems } from './embedded-answers.js';
import type { DocumentEngine, Edit } from './engine.js';
import { storedItems } from './stored-document.js';

/** A handle on one document; whether the document exists shows at the first call. */
export function embeddedDocument(unid: string, engine: () => Promise<DocumentEngine>): DominoDocument {
  const edit = async (next: Edit['next']): Promise<void> => {
    const [outcome] = await (await engine()).edit([{ unid, next }]);
    if (outcome?.error !== undefined) throw outcome.error;
  };
  return Object.freeze<DominoDocument>({
    getUnid: () => unid,
    async read(options = {}) {
      const found = (await engine()).get(unid);
      if (found === undefined) throw documentNotFound(unid);
      return readAnswer(found, options);
    },
    async replace(options) {
      const items = storedItems(required(options.document, 'document'));
      await edit(() => items);
    },
    async replaceItems(options) {
      const items = storedItems(required(options.replaceItems, 'replaceItems'));
      await edit((before) => ({ ...before, ...items }));
    },
    async deleteItems(options) {
      await edit(withoutItems(options.itemNames));
    },
    delete: () => edit(() => 'deleted'),
  });
}
