import type {
  Clock,
  LinkReport,
  Log,
  PresenceSource,
  PresenceSourceListener,
  WatchCounts,
} from '../../bridge/ports.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import type { OcsSourceOptions } from '../options.js';
import { assignPeople, combinedLink } from './account-group.js';
import { AccountSession, type SessionPorts } from './account-session.js';

/** One account of the group. */
export interface RosterAccount {
  readonly options: OcsSourceOptions;
  readonly ports: SessionPorts;
}

interface Member {
  readonly session: AccountSession;
  readonly account: SipUri;
  people: ReadonlySet<SipUri>;
  usable: boolean;
  report: LinkReport | undefined;
  cancelTakeOver: (() => void) | undefined;
}

/** Long enough for a server to restart and for the start delay of its clients. */
const TAKE_OVER_MS = 90_000;

const NOTHING_WATCHED: WatchCounts = { dialogs: 0, subscribed: 0, categorySubscriptions: 0, polled: 0 };
const NO_ROOM = 'no account has room to watch them';

/** One presence source over any number of accounts, each of which watches its part of the roster. */
export class SharedRoster implements PresenceSource {
  readonly #members: readonly Member[];
  readonly #capacity: number;
  readonly #takeOverAfter: number;
  readonly #clock: Clock;
  readonly #log: Log;
  #listener: PresenceSourceListener | undefined;
  #wanted: ReadonlySet<SipUri> = new Set();
  #homeless: ReadonlySet<SipUri> = new Set();
  #reported: LinkReport | undefined;
  #phase: 'new' | 'running' | 'stopped' = 'new';

  constructor(
    accounts: readonly RosterAccount[],
    limits: Pick<OcsSourceOptions, 'maxPeoplePerAccount' | 'takeOverAfter'>,
    ports: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#capacity = limits.maxPeoplePerAccount ?? Number.POSITIVE_INFINITY;
    this.#takeOverAfter = limits.takeOverAfter ?? TAKE_OVER_MS;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#members = accounts.map((account) => this.#memberFor(account));
  }

  start(listener: PresenceSourceListener): void {
    if (this.#phase !== 'new') return;
    this.#phase = 'running';
    this.#listener = listener;
    for (const { session } of this.#members) session.start();
    this.#lose([...this.#homeless], NO_ROOM);
  }

  watch(uris: readonly SipUri[]): void {
    this.#wanted = new Set(uris);
    this.#share();
  }

  /** Of all accounts together. */
  counts(): WatchCounts {
    return this.#members.reduce((sum, { session }) => plus(sum, session.counts()), NOTHING_WATCHED);
  }

  async stop(): Promise<void> {
    if (this.#phase === 'stopped') return;
    this.#phase = 'stopped';
    for (const { cancelTakeOver } of this.#members) cancelTakeOver?.();
    await Promise.all(this.#members.map(({ session }) => session.stop()));
    this.#listener?.onLink({ state: 'stopped', since: this.#clock.now() });
  }

  #memberFor({ options, ports }: RosterAccount): Member {
    const session = new AccountSession(
      options,
      {
        onLink: (report) => this.#onLink(member, report),
        onObservations: (observations, authoritative) => {
          if (this.#phase === 'running') this.#listener?.onObservations(observations, authoritative);
        },
        onLost: (uris, reason) => this.#lose(uris, reason),
      },
      ports,
    );
    const { account } = options;
    const member: Member = {
      session,
      account,
      people: new Set(),
      usable: true,
      report: undefined,
      cancelTakeOver: undefined,
    };
    return member;
  }

  #onLink(member: Member, report: LinkReport): void {
    if (this.#phase !== 'running') return;
    const wasConnected = member.report?.state === 'connected';
    member.report = report;
    if (report.state === 'connected') this.#onReturn(member);
    else this.#onAway(member);
    const othersGoOn = this.#members.some((other) => other.report?.state === 'connected');
    if (wasConnected && report.state !== 'connected' && othersGoOn) {
      this.#lose([...member.people], 'the account that watched them lost its connection', true);
    }
    this.#reportLink();
  }

  #onReturn(member: Member): void {
    member.cancelTakeOver?.();
    member.cancelTakeOver = undefined;
    if (member.usable) return;
    member.usable = true;
    this.#log.info('ocs.account-back', { account: sipKeyOf(member.account) });
    this.#share();
  }

  /** With one account only there is nobody to take over. */
  #onAway(member: Member): void {
    if (!member.usable || member.cancelTakeOver !== undefined || this.#members.length === 1) return;
    member.cancelTakeOver = this.#clock.after(this.#takeOverAfter, () => {
      member.cancelTakeOver = undefined;
      member.usable = false;
      const { size } = member.people;
      this.#log.warn('ocs.account-away', {
        account: sipKeyOf(member.account),
        state: member.report?.state,
        people: size,
      });
      this.#share();
    });
  }

  #share(): void {
    if (this.#phase === 'stopped') return;
    const { shares, homeless } = assignPeople(this.#members, this.#wanted, this.#capacity);
    // First those who give people up, so that nobody is watched twice.
    const changes = this.#members.flatMap((member, index) => {
      const share = shares[index];
      return share === undefined || sameSet(share, member.people) ? [] : [{ member, share }];
    });
    changes.sort((a, b) => a.share.size - a.member.people.size - (b.share.size - b.member.people.size));
    for (const { member, share } of changes) {
      member.people = share;
      member.session.watch(share);
    }
    const fresh = homeless.filter((person) => !this.#homeless.has(person));
    this.#homeless = new Set(homeless);
    if (fresh.length === 0) return;
    this.#log.warn('ocs.no-room', { people: homeless.length, accounts: this.#members.length });
    this.#lose(fresh, NO_ROOM);
  }

  #lose(uris: readonly SipUri[], reason: string, passing = false): void {
    if (this.#phase === 'running' && uris.length > 0) this.#listener?.onLost(uris, reason, passing);
  }

  #reportLink(): void {
    const report = combinedLink(this.#members.flatMap((member) => member.report ?? []));
    if (report === undefined) return;
    const { state, error, retryAt } = this.#reported ?? {};
    const same = report.state === state && report.error === error && report.retryAt === retryAt;
    // Another account that signs in changes nothing.
    if (same) return;
    this.#reported = report;
    this.#listener?.onLink(report);
  }
}

function plus(sum: WatchCounts, more: WatchCounts = NOTHING_WATCHED): WatchCounts {
  return {
    dialogs: sum.dialogs + more.dialogs,
    subscribed: sum.subscribed + more.subscribed,
    categorySubscriptions: sum.categorySubscriptions + more.categorySubscriptions,
    polled: sum.polled + more.polled,
  };
}

function sameSet(a: ReadonlySet<SipUri>, b: ReadonlySet<SipUri>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
