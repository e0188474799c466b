/** One way from the octets of a message to a stored record that was compared with the one before. */
export interface Pipeline {
  /** Takes one whole BENOTIFY. Throws when it cannot read it. */
  take(message: Buffer): void;
  /** Availability number stored for a person, or our status word. */
  stored(uri: string): number | string | undefined;
  /** Number of people stored. */
  count(): number;
}

export type Role =
  /** Least work that still yields the answer: a limit, not a parser to ship. The ratios refer to it. */
  | 'bound'
  | 'other bound'
  | 'product'
  /** SIP parser, XML parser and cache, all from the package registry. */
  | 'complete peer stack'
  /** SIP parser and XML parser from the package registry; the store is a bare Map. */
  | 'peer parsers';

export interface PipelineEntry {
  readonly name: string;
  readonly role: Role;
  /** Above this number of people it is not run, because it would take too long. */
  readonly maxContacts: number;
  /** Messages before and during the measurement: slow pipelines get fewer. */
  readonly warmUp: number;
  readonly updates: number;
  create(folders: Folders, contacts: number): Promise<Pipeline>;
}

/** Where the parts stand that are not imported by name. */
export interface Folders {
  /** The product, compiled as it is shipped. */
  readonly product: string;
  /** Bounds, fixtures and the installed peers; `undefined` when only the product and the own bound can run. */
  readonly peers: string | undefined;
}

const QUICK = { maxContacts: 1_000_000, warmUp: 100_000, updates: 100_000 } as const;
const SLOW = { maxContacts: 10_000, warmUp: 12_000, updates: 8_000 } as const;

export const PIPELINES: readonly PipelineEntry[] = [
  {
    name: 'bound: needed fields + indexOf scan, Map uri->slot + columns',
    role: 'bound',
    ...QUICK,
    create: async (folders, contacts) => (await import('./bound.js')).createBound(folders, contacts, 'utf8'),
  },
  {
    name: 'bound: needed fields + latin1 scan, Map uri->slot + columns',
    role: 'other bound',
    ...QUICK,
    create: async (folders, contacts) => (await import('./bound.js')).createBound(folders, contacts, 'latin1'),
  },
  {
    name: 'Notes Presence Bridge: decode, documents, merge, engine, write batch',
    role: 'product',
    ...QUICK,
    create: async (folders, contacts) => (await import('./product.js')).createProduct(folders, contacts),
  },
  {
    name: 'drachtio-srf lazy parse + saxes + Map of objects',
    role: 'peer parsers',
    ...QUICK,
    maxContacts: 100_000,
    create: async (folders) => (await import('./peers.js')).drachtioWithSaxes(folders),
  },
  {
    name: 'sip (npm) parse + fast-xml-parser + node-cache, no clones',
    role: 'complete peer stack',
    ...SLOW,
    create: async (folders) => (await import('./peers.js')).sipWithFastXml(folders, 'references'),
  },
  {
    name: 'sip (npm) parse + fast-xml-parser + node-cache, default clones',
    role: 'complete peer stack',
    ...SLOW,
    create: async (folders) => (await import('./peers.js')).sipWithFastXml(folders, 'clones'),
  },
  {
    name: 'sip.js parse + fast-xml-parser + node-cache, default clones',
    role: 'complete peer stack',
    maxContacts: 1_000,
    warmUp: 1_000,
    updates: 1_000,
    create: async (folders) => (await import('./peers.js')).sipJsWithFastXml(folders),
  },
];

/** Which of them can run without the peers. */
export function runsAlone({ role }: PipelineEntry): boolean {
  return role === 'bound' || role === 'product';
}
