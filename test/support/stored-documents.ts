import type { Items } from '../../src/notes/item-value.js';

/** A person's document as a bridge leaves it. */
export function storedPerson(address: string, name?: string, more: Items = {}): Items {
  return {
    Form: 'Presence',
    SipAddress: address,
    PersonName: { type: 'text', data: name ?? '', names: true },
    DisplayName: '',
    Status: 'available',
    StatusRank: 1,
    StatusSince: { type: 'datetime', data: '2026-01-05T07:58:12Z' },
    ObservedAt: { type: 'datetime', data: '2026-01-05T08:00:00Z' },
    Bridge: 'bridge',
    Epoch: 7,
    Seq: 42,
    SchemaVersion: 1,
    ...more,
  };
}

export function storedBridge(bridge: string, more: Items = {}): Items {
  return {
    Form: 'PresenceBridge',
    Bridge: bridge,
    Epoch: 7,
    Connected: '1',
    WrittenAt: { type: 'datetime', data: '2026-01-05T08:00:00Z' },
    IntervalSeconds: 30,
    FreshUntil: { type: 'datetime', data: '2026-01-05T08:01:30Z' },
    OcsState: 'connected',
    NotesState: 'connected',
    People: 1,
    Version: '0.1.0',
    SchemaVersion: 1,
    ...more,
  };
}

export function storedMapping(name: string, address: string, more: Items = {}): Items {
  return {
    Form: 'PresenceMapping',
    PersonName: { type: 'text', data: name, names: true },
    SipAddress: address,
    DisplayName: '',
    ...more,
  };
}

export function storedConsent(names: readonly string[], applications: readonly string[]): Items {
  return {
    Form: 'PresenceConsent',
    PersonName: { type: 'text', data: names, names: true },
    Applications: applications,
  };
}

export function storedOptOut(names: readonly string[], addresses: readonly string[]): Items {
  return {
    Form: 'PresenceOptOut',
    PersonName: { type: 'text', data: names.length === 1 ? (names[0] ?? '') : names.length ? names : '', names: true },
    SipAddress: addresses.length === 1 ? (addresses[0] ?? '') : addresses.length ? addresses : '',
  };
}
