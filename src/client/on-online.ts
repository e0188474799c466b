interface OnlineTarget {
  addEventListener?(type: 'online', listener: () => void): void;
  removeEventListener?(type: 'online', listener: () => void): void;
}

/** Calls back when the browser says that there is a network again; programs are told nothing. Call the result to end it. */
export function onOnline(listener: () => void, target: OnlineTarget = globalThis as OnlineTarget): () => void {
  target.addEventListener?.('online', listener);
  return () => target.removeEventListener?.('online', listener);
}
