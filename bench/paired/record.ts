/** What is taken from a categories document. */
export interface PresenceRecord {
  readonly uri: string;
  readonly availability: number;
  readonly activity: string;
  readonly note: string;
}

/** Throws when two readers see different things. */
export function sameRecord(read: PresenceRecord | undefined, expected: PresenceRecord | undefined): void {
  const [a, b] = [read, expected].map(
    (record) => record && JSON.stringify([record.uri, record.availability, record.activity, record.note]),
  );
  if (a !== b) throw new Error(`reads ${a} instead of ${b}`);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code: string | undefined, name: string) =>
    code === undefined ? (ENTITIES[name] ?? whole) : String.fromCodePoint(Number(code)),
  );
}

/** The bound where the shared one is absent: values by `indexOf`, nothing checked. */
export function ownScan(encoding: 'latin1' | 'utf8'): (body: Buffer) => PresenceRecord {
  return (body) => {
    const text = body.toString(encoding);
    const between = (before: string, after: string, from: number): string => {
      const found = from < 0 ? -1 : text.indexOf(before, from);
      const start = found + before.length;
      return found < 0 ? '' : text.slice(start, text.indexOf(after, start));
    };
    const state = text.indexOf('<category name="state"');
    const note = text.indexOf('<category name="note"');
    const bodyStart = note < 0 ? -1 : text.indexOf('<body', note);
    const raw = bodyStart < 0 ? '' : between('>', '<', bodyStart);
    const kept = encoding === 'latin1' ? Buffer.from(raw, 'latin1').toString('utf8') : raw;
    return {
      uri: between(' uri="', '"', 0),
      availability: Number(between('<availability>', '<', state)),
      activity: between('<activity token="', '"', state),
      note: unescaped(kept),
    };
  };
}
