import type { Frame } from './frame.js';

/** Close codes of RFC 6455 §7.4 and its registry; server-sent events have none and just end. */
export const CLOSE = { goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

export interface WireEvents {
  /** A message; the empty text for one that is no text. */
  onText(text: string): void;
  /** A sign of life that nobody asked for. */
  onSign(): void;
  /** The answer to `ping`. */
  onAnswer(): void;
  /** All that was handed over has left. */
  onDrain(): void;
  onClose(): void;
}

/** One open stream as its technique has it. Decides nothing. */
export interface Wire {
  /** Octets handed over that the operating system has not taken yet. */
  readonly buffered: number;
  /** True when the other side answers pings. */
  readonly answers: boolean;
  /** To be called once. */
  listen(events: WireEvents): void;
  /** With one write. */
  send(frames: readonly Frame[]): void;
  ping(): void;
  close(code: CloseCode, reason: string): void;
  /** Without a farewell, which somebody who does not answer cannot take part in. */
  terminate(): void;
}
