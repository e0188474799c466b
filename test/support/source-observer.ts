import type { LinkReport, PresenceSourceListener } from '../../src/bridge/ports.js';
import type { SipUri } from '../../src/presence/ids.js';
import { merge, type Observation, type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';

/** What the bridge would know: snapshots, and how the link stands. */
export class Observer implements PresenceSourceListener {
  readonly links: LinkReport[] = [];
  readonly lost: { readonly uris: readonly SipUri[]; readonly reason: string }[] = [];
  readonly people = new Map<SipUri, Snapshot>();
  authoritative = 0;
  #wake: () => void = () => {};

  onLink(report: LinkReport): void {
    this.links.push(report);
    if (report.state !== 'connected') this.people.clear();
    this.#wake();
  }

  onObservations(observations: readonly Observation[], authoritative: boolean): void {
    if (authoritative) this.authoritative += observations.length;
    for (const one of observations) {
      const before = this.people.get(one.uri) ?? unknownSnapshot(one.uri);
      this.people.set(one.uri, merge(before, one, { now: Date.now(), notes: true, authoritative }));
    }
    this.#wake();
  }

  onLost(uris: readonly SipUri[], reason: string): void {
    this.lost.push({ uris, reason });
    this.#wake();
  }

  status(uri: SipUri): string {
    return this.people.get(uri)?.status ?? 'unknown';
  }

  get state(): string {
    return this.links.at(-1)?.state ?? 'none';
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
