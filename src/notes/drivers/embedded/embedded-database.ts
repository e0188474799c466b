import type {
  BulkOptions,
  BulkResponse,
  DocumentOutput,
  DominoDatabase,
  PageOptions,
  QueryOptions,
} from '../domino-db/domino-db-surface.js';
import { badRequest, documentNotFound } from './domino-db-error.js';
import { failedEntry, readAnswer, required, withoutItems, writeAnswer } from './embedded-answers.js';
import { embeddedDocument } from './embedded-document.js';
import type { DocumentEngine, Edit, OnError } from './engine.js';
import { type StoredDocument, storedItems } from './stored-document.js';

/** Where HCL's server differs between releases, or nobody outside knows. The defaults are the stricter choice. */
export interface EmbeddedBehaviour {
  /** What happens to a page of more than 200 documents. */
  readonly largePage: 'reject' | 'clamp' | 'allow';
  /** What `@all` does on a database without documents. */
  readonly emptyDatabase: 'reject' | 'find-none';
}

const MAX_PAGE = 200;
const DEFAULT_PAGE = 100;

/** One database with the surface of domino-db. `engine` is asked at each call, since storage opens at the first. */
export function embeddedDatabase(engine: () => Promise<DocumentEngine>, behaviour: EmbeddedBehaviour): DominoDatabase {
  const page = async (options: QueryOptions & PageOptions): Promise<Page> => pageOf(await engine(), options, behaviour);

  const editPage = async (
    options: QueryOptions & PageOptions & BulkOptions,
    next: Edit['next'],
  ): Promise<BulkResponse> => {
    const { documents, range } = await page(options);
    const edits = documents.map(({ unid }) => ({ unid, next }));
    return { ...writeAnswer(await (await engine()).edit(edits, onErrorOf(options))), documentRange: range };
  };

  const editUnids = async (edits: readonly Edit[], options: BulkOptions): Promise<BulkResponse> => {
    const outcomes = await (await engine()).edit(edits, onErrorOf(options));
    return { ...writeAnswer(outcomes), documentRange: { total: edits.length, start: 0, count: outcomes.length } };
  };

  const database: DominoDatabase = {
    async createDocument({ document }) {
      const [outcome] = await (await engine()).create([storedItems(document)]);
      if (outcome === undefined || outcome.error !== undefined) throw outcome?.error;
      return outcome.unid;
    },
    async useDocument({ unid }) {
      return embeddedDocument(required(unid, 'unid'), engine);
    },
    async bulkCreateDocuments(options) {
      const documents = required(options.documents, 'documents').map(storedItems);
      return writeAnswer(await (await engine()).create(documents, onErrorOf(options)));
    },
    async bulkReadDocuments(options) {
      const { documents, range } = await page(options);
      return { documents: documents.map((one) => readAnswer(one, options)), errors: 0, documentRange: range };
    },
    async bulkReadDocumentsByUnid(options) {
      const from = await engine();
      const documents = required(options.unids, 'unids').map((unid): DocumentOutput => {
        const document = from.get(unid);
        return document === undefined
          ? failedEntry({ unid, error: documentNotFound(unid) })
          : readAnswer(document, options);
      });
      const errors = documents.filter((one) => one['@error'] !== undefined).length;
      return { documents, errors, documentRange: { total: documents.length, start: 0, count: documents.length } };
    },
    async bulkReplaceItems(options) {
      const items = storedItems(required(options.replaceItems, 'replaceItems'));
      return editPage(options, (before) => ({ ...before, ...items }));
    },
    async bulkReplaceItemsByUnid(options) {
      const common = storedItems(options.replaceItems ?? {});
      const edits = required(options.replaceItemsByUnid, 'replaceItemsByUnid').map((one): Edit => {
        const items = storedItems(one);
        return { unid: unidOf(one), next: (before) => ({ ...before, ...common, ...items }) };
      });
      return editUnids(edits, options);
    },
    async bulkReplaceDocumentsByUnid(options) {
      const edits = required(options.documents, 'documents').map((one): Edit => {
        const items = storedItems(one);
        return { unid: unidOf(one), next: () => items };
      });
      return editUnids(edits, options);
    },
    async bulkDeleteDocuments(options) {
      return editPage(options, () => 'deleted');
    },
    async bulkDeleteDocumentsByUnid(options) {
      return editUnids(
        required(options.unids, 'unids').map((unid): Edit => ({ unid, next: () => 'deleted' })),
        options,
      );
    },
    async bulkDeleteItems(options) {
      return editPage(options, withoutItems(options.itemNames));
    },
    async bulkDeleteItemsByUnid(options) {
      const next = withoutItems(options.itemNames);
      return editUnids(
        required(options.unids, 'unids').map((unid) => ({ unid, next })),
        options,
      );
    },
  };
  return Object.freeze(database);
}

interface Page {
  readonly documents: readonly StoredDocument[];
  readonly range: { readonly total: number; readonly start: number; readonly count: number };
}

function pageOf(engine: DocumentEngine, options: QueryOptions & PageOptions, behaviour: EmbeddedBehaviour): Page {
  const query = required(options.query, 'query');
  const { start = 0, count = DEFAULT_PAGE, queryArgs = [] } = options;
  if (!Array.isArray(queryArgs)) throw badRequest('queryArgs must be an array');
  if (!isCount(start) || !isCount(count)) throw badRequest('start and count must be whole numbers from 0');
  if (count > MAX_PAGE && behaviour.largePage === 'reject') throw badRequest(`count must not exceed ${MAX_PAGE}`);
  if (engine.size === 0 && behaviour.emptyDatabase === 'reject' && query.trim().toLowerCase() === '@all') {
    throw badRequest('No documents have been modified since the beginning');
  }
  const found = engine.find(query, queryArgs);
  const size = behaviour.largePage === 'clamp' ? Math.min(count, MAX_PAGE) : count;
  const documents = found.slice(start, start + size);
  return { documents, range: { total: found.length, start, count: documents.length } };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function onErrorOf(options: BulkOptions): OnError {
  return options.onErrorOptions === 'ON_ERROR_CONTINUE' ? 'continue' : 'abort-remaining';
}

function unidOf(input: Readonly<Record<string, unknown>>): string {
  const unid = input['@unid'];
  if (typeof unid !== 'string') throw badRequest('@unid is missing');
  return unid;
}
