import { BridgeError } from '../../../presence/errors.js';
import type { SipKey } from '../../../presence/ids.js';
import type { Clock, Log, LogFields } from '../../ports.js';
import { SparingLog } from '../../runtime/sparing-log.js';
import type { Grant } from './grant.js';

/**
 * Who did what through the API: lines whose event begins with `audit.`, with the name of the token and people by key
 * only, never a status, a text or a token. What is only read leaves no line. Work is handed through; its line follows
 * when it is over, with `outcome` "done" or the code of its error.
 */
export interface AuditLog {
  /** Somebody known asked for what the token does not allow. `action` is a method and the route's pattern. */
  refused(grant: Grant, action: string): void;
  /** A route of the scope `operate`; `peopleOf` tells whom it was about. */
  operated<T>(grant: Grant, action: string, work: Promise<T>, peopleOf?: (result: T) => readonly SipKey[]): Promise<T>;
  /** `person`: whose status it is; absent for the bridge's own account. */
  statusSet<T>(grant: Grant, action: 'set' | 'clear', work: Promise<T>, person?: SipKey): Promise<T>;
  messageSent<T>(grant: Grant, to: SipKey, work: Promise<T>): Promise<T>;
}

export function auditLog(ports: { readonly clock: Clock; readonly log: Log }): AuditLog {
  const { log } = ports;
  // Whoever tries again and again must not fill the disk.
  const refusals = new SparingLog('audit.refused', ports);
  const notAllowed = new SparingLog('audit.status-set', ports);
  const followed = async <T>(
    event: string,
    fields: LogFields,
    work: Promise<T>,
    facts: (result: T) => LogFields = () => ({}),
  ): Promise<T> => {
    try {
      const result = await work;
      log.info(event, { ...fields, ...facts(result), outcome: 'done' });
      return result;
    } catch (thrown) {
      const told = { ...fields, outcome: BridgeError.from(thrown).code };
      if (told.outcome === 'PERSON_NOT_ALLOWED') notAllowed.warn(told);
      else log.info(event, told);
      throw thrown;
    }
  };
  return {
    refused: ({ holder }, action) => refusals.warn({ holder, action }),
    operated: ({ holder }, action, work, peopleOf) =>
      followed('audit.operated', { holder, action }, work, (result) =>
        peopleOf === undefined ? {} : { people: peopleOf(result) },
      ),
    statusSet: ({ holder }, action, work, person) => followed('audit.status-set', { holder, action, person }, work),
    messageSent: ({ holder }, to, work) => followed('audit.message-sent', { holder, to }, work),
  };
}
