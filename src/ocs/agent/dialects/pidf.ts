import type { SubscriptionDialect } from './dialect.js';

/** RFC 3856: one subscription for each person, PIDF documents, nothing of Microsoft's. */
export const pidfDialect: SubscriptionDialect = {
  name: 'pidf',
  kind: 'single',
  // RFC 3856 §6.4.
  askedExpires: 3600,
  categoriesPerPerson: () => 0,
  words: () => ({ supported: [], headers: ['Accept: application/pidf+xml, application/xpidf+xml'] }),
};
