import type { ByteStep, FaultBehaviour, LineEnd } from './fault.js';

/** Pieces in which slow octets go out, per second. */
const PIECES_PER_SECOND = 10;
/** Longest piece when the length is left to chance. */
const MAX_RANDOM_PIECE = 64;

/** At most so many octets in a second. */
export function slow(octetsPerSecond: number): FaultBehaviour {
  const size = Math.max(1, Math.ceil(octetsPerSecond / PIECES_PER_SECOND));
  const gapMs = (size * 1000) / octetsPerSecond;
  return { bytes: (bytes) => () => pieces(bytes, () => size, gapMs) };
}

/** Pieces of `size` octets, or of lengths by chance, each a segment or a TLS record of its own. */
export function split(size: number | undefined, unit: () => number): FaultBehaviour {
  const next = size === undefined ? () => 1 + Math.floor(unit() * MAX_RANDOM_PIECE) : () => size;
  return { bytes: (bytes) => () => pieces(bytes, next, 0) };
}

/** Whatever is sent within this time arrives in one piece. */
export function glue(withinMs: number): FaultBehaviour {
  return { bytes: (bytes) => () => [{ kind: 'gather', bytes, withinMs }] };
}

/** Ends the connection once so many octets were sent over it, in the middle of a message if need be. */
export function cut(after: number, how: LineEnd): FaultBehaviour {
  let sent = 0;
  return {
    bytes: (bytes) => {
      const left = after - sent;
      sent += bytes.length;
      if (bytes.length < left || (bytes.length === left && left > 0)) return undefined;
      return () => [...write(bytes.subarray(0, Math.max(0, left))), { kind: 'end', how }];
    },
  };
}

function pieces(bytes: Buffer, size: () => number, gapMs: number): readonly ByteStep[] {
  const steps: ByteStep[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + size());
    steps.push({ kind: 'write', bytes: bytes.subarray(at, end), gapMs, alone: gapMs === 0 });
    at = end;
  }
  return steps;
}

function write(bytes: Buffer): readonly ByteStep[] {
  return bytes.length === 0 ? [] : [{ kind: 'write', bytes, gapMs: 0 }];
}
