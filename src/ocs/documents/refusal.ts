import { BridgeError } from '../../presence/errors.js';

/** Why a body was refused: a stable word, the label of the counter of refused bodies. */
export type RefusalReason =
  | 'bytes'
  | 'encoding'
  | 'doctype'
  | 'depth'
  | 'elements'
  | 'attributes'
  | 'text'
  | 'not-well-formed'
  | 'namespace'
  | 'address'
  | 'content-type'
  | 'transfer-encoding'
  | 'boundary'
  | 'parts'
  | 'part-header'
  | 'nesting'
  | 'other-person'
  | 'must-understand';

/** The document is good, but about somebody who was not asked for. */
export const OTHER_PERSON = 'other-person' satisfies RefusalReason;

/**
 * The error of a refused body: `OCS_DOCUMENT`, the word in `details.reason`. The message never quotes the body: that is
 * text of strangers, and logs shall not carry it.
 */
export function refusal(reason: RefusalReason, message: string, cause?: unknown): BridgeError {
  return new BridgeError('OCS_DOCUMENT', message, { cause, details: { reason } });
}
