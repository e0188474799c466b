import { BridgeError } from '../../../presence/errors.js';
import type { Driver, FindRequest, FoundDocument } from '../../driver.js';

/** Finds, after connecting where that has not happened yet or the connection is gone. Throws `BridgeError`. */
export function findOpening(driver: Driver, request: FindRequest): Promise<readonly FoundDocument[]> {
  return opening(driver, () => driver.find(request));
}

/** Calls again after connecting when there was no connection. */
export async function opening<T>(driver: Driver, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (BridgeError.from(thrown).code !== 'NOTES_UNREACHABLE') throw thrown;
    await openOnce(driver);
    return call();
  }
}

/** Several sources of one database find at the same moment that it is not open; one connection is enough for all. */
const underWay = new WeakMap<Driver, Promise<void>>();

function openOnce(driver: Driver): Promise<void> {
  const known = underWay.get(driver);
  if (known !== undefined) return known;
  const opened = driver.open().finally(() => underWay.delete(driver));
  underWay.set(driver, opened);
  return opened;
}
