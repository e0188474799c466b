/** Bounds of the preview's server. Times in milliseconds, sizes in octets. */
export const PREVIEW_LIMITS = {
  body: 64 * 1024,
  connectionTimeout: 30_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connections: 200,
  /** Browser tabs that are told of changes. */
  listeners: 50,
  /** Octets that wait for such a tab. */
  unsent: 1024 * 1024,
  /** Lines of a view in one answer. */
  lines: 500,
  /** Headings that a reader opened or closed. */
  exceptions: 500,
  searchLength: 100,
  /** Documents of the sample, made ones included. */
  documents: 5_000,
  /** Ids in one message to a browser; beyond that it fetches without marking. */
  changedIds: 500,
} as const;
