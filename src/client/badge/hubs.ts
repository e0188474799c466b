import { createPresenceClient } from '../client.js';
import { BadgeHub } from './hub.js';
import { pageTicket } from './page-ticket.js';

const hubs = new Map<string, BadgeHub>();

/**
 * The one hub of this page for a bridge. `ticketUrl` is empty where the bridge lets everybody in. Throws `CLIENT_USAGE`
 * for an address that is none.
 */
export function hubFor(bridge: string, ticketUrl: string): BadgeHub {
  const url = new URL(bridge, document.baseURI).href;
  const key = JSON.stringify([url, ticketUrl]);
  const known = hubs.get(key);
  if (known !== undefined) return known;
  const hub = new BadgeHub(
    createPresenceClient({ url, ...(ticketUrl === '' ? {} : { ticket: () => pageTicket(ticketUrl) }) }),
  );
  hubs.set(key, hub);
  return hub;
}
