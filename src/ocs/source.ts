import type { Clock, Log, Messenger, OwnPresence, PresenceSource, Random, WatchCounts } from '../bridge/ports.js';
import { OwnAccount } from './account/own-account.js';
import { SharedRoster } from './account/shared-roster.js';
import { ARRIVAL_SLACK, RequestBudget } from './agent/request-budget.js';
import { memoryAttempts } from './auth/attempts.js';
import { dnsLookUp } from './link/discovery/dns-look-up.js';
import { memoryServers } from './link/last-good.js';
import { accountsOf, type OcsSourceOptions, REQUESTS_PER_SECOND } from './options.js';

export type { OcsSourceOptions } from './options.js';

export interface OcsPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Presence of others; and what the first account says of itself and to others, while it is signed in. */
export interface OcsSource extends PresenceSource {
  /**
   * - `publish`: on OCS and Lync a SERVICE with categories (MS-PRES, category publication), whose version conflicts (409)
   *   are resolved; on LCS 2005 SOAP `setPresence` that keeps what others set; on plain SIP a PUBLISH with SIP-If-Match
   *   (RFC 3903 §4.2-4.4) and a PIDF body (RFC 3863, RFC 4480).
   * - `clear`: deletes what `publish` made, and nothing else (`expires="0"`; RFC 3903 §4.5).
   * - `current`: what is wanted, whether or not a server has it.
   */
  readonly own: OwnPresence;
  /**
   * - `send`: INVITE with `m=message` (RFC 3261 §13, MS-SIP) and MESSAGE in its dialog (RFC 3428 §4), which is kept for
   *   further texts; on plain SIP MESSAGE alone.
   * - `typing`: INFO with KeyboardActivity (MS-SIP).
   * - `onMessage`, `onTyping`: what comes in the same ways, and as isComposing (RFC 3994 §3).
   */
  readonly messages: Messenger;
  /** Of all accounts together. */
  counts(): WatchCounts;
}

/**
 * Presence from OCS 2007, OCS 2007 R2, Lync and Skype for Business Server: finds the server (DNS SRV, RFC 2782),
 * connects (TLS 1.2 or newer, RFC 3261 §18 framing, MS-CONMGMT keep-alive), signs in (MS-SIPREGE, MS-SIPAE), watches
 * the roster in batches (MS-PRES, MS-SIP BENOTIFY), and comes back by itself whenever a connection is lost.
 *
 * The source that is returned (see `PresenceSource`):
 *
 * - `start(listener)` begins at once and returns at once. The link is `connected` while at least one account is signed
 *   in (MS-SIPREGE 3.2.4). After a loss the next try comes after a random part of 60 ms for each watched person, at
 *   most a minute; then server after server without pause; then with full jitter. `transient-disconnect` mends itself;
 *   `untrusted-peer` is tried every 15 minutes, `refused` and `bad-credentials` every 30, an endpoint that was one too
 *   many after 10; a `Retry-After` of up to an hour is obeyed (RFC 3261 §20.33), as are redirects within trusted domains (§8.1.3.4) and notices that the account
 *   was moved or signed off (MS-SIPREGE 3.2.5). Errors of a report have the codes `OCS_*` or `CFG_INVALID`.
 * - `watch(uris)` sets the whole roster, shared among the accounts; only differences reach the server (MS-PRES batch
 *   SUBSCRIBE with `action` subscribe and unsubscribe). People whose account is lost while another one is connected,
 *   and people for whom no account has room, go through `onLost`.
 * - `stop()` takes the own status back, signs off (`Expires: 0`, RFC 3261 §10.2.2) and closes, within five seconds;
 *   resolves always.
 *
 * All accounts together send at most `requestsPerSecond` requests. Throws `CFG_INVALID` when `nameServers` holds
 * something that cannot be a name server; everything else that is wrong is reported as a state of the link.
 */
export function createOcsSource(options: OcsSourceOptions, ports: OcsPorts): OcsSource {
  const { clock, random, log } = ports;
  const { openContainers = true, maxPasswordFailures } = options;
  const own = new OwnAccount(openContainers, ports);
  const nameServers = 'host' in options.server ? [] : (options.server.nameServers ?? []);
  const names = dnsLookUp(nameServers, clock);
  const shared = {
    clock,
    random,
    log,
    names,
    servers: options.servers ?? memoryServers(),
    attempts: options.attempts ?? memoryAttempts(),
    budget: new RequestBudget(options.requestsPerSecond ?? REQUESTS_PER_SECOND, clock, ARRIVAL_SLACK),
    ...(maxPasswordFailures === undefined ? {} : { maxPasswordFailures }),
  };
  const roster = new SharedRoster(
    accountsOf(options).map((account, index) => ({
      options: account,
      ports: { ...shared, ...(index === 0 ? { own } : {}) },
    })),
    options,
    ports,
  );
  return {
    own: own.presence,
    messages: own.messages,
    start: (listener) => roster.start(listener),
    watch: (uris) => roster.watch(uris),
    counts: () => roster.counts(),
    async stop() {
      const stopped = roster.stop();
      names.close();
      await stopped;
      own.stop();
    },
  };
}
