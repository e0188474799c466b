import { categoriesDialect } from './categories.js';
import type { SubscriptionDialect } from './dialect.js';
import { lcsDialect } from './lcs.js';
import { pidfDialect } from './pidf.js';

/**
 * The dialect of a server. `asked` is the operator's word; for `ocs` the option tags decide that the server left out
 * when it accepted the REGISTER (MS-SIPREGE 3.2.4), never its name or version.
 */
export function chooseDialect(asked: 'ocs' | 'sip', missing: readonly string[]): SubscriptionDialect {
  if (asked === 'sip') return pidfDialect;
  const kind = missing.includes('adhoclist') ? 'single' : 'batch';
  return missing.includes('msrtc-event-categories') ? lcsDialect(kind) : categoriesDialect(kind);
}
