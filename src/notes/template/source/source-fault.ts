import { BridgeError } from '../../../presence/errors.js';

/** A mistake in a file of a template's sources: `TEMPLATE_INVALID` with the file, and the line where it is known. */
export function sourceFault(file: string, reason: string, at: { line?: number; cause?: unknown } = {}): BridgeError {
  const { line, cause } = at;
  const place = line === undefined ? file : `${file}:${line}`;
  const details = line === undefined ? { file } : { file, line };
  return new BridgeError('TEMPLATE_INVALID', `${place}: ${reason}`, { details, cause });
}

/** What a JSON file of the sources holds. Throws as `sourceFault` says. */
export function jsonOf({ path, text }: { readonly path: string; readonly text: string }): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw sourceFault(path, `it is not JSON (${cause instanceof Error ? cause.message : 'unreadable'})`, { cause });
  }
}
