import type { OwnStatus } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import {
  chosenState,
  type LcsUserInfo,
  readUserInfo,
  SOAP_TYPE,
  writeGetPresence,
  writeSetPresence,
} from '../documents/lcs-publish.js';
import type { Answer } from './core.js';
import { serviceToSelf } from './own-request.js';
import type { OwnTerms } from './own-side.js';
import type { SimplePublishDialect } from './simple-publisher.js';

/**
 * `setPresence` of LCS 2005 (MS-SIP 3.1). What all clients keep in `userInfo` is replaced whole, so it is asked for first
 * and comes back but for what is ours; when it cannot be read, it is left as it is.
 */
export function lcsPublishDialect(terms: OwnTerms): SimplePublishDialect {
  const { epid, account, ports } = terms;
  /** The note that is ours. */
  let ourNote = '';
  return {
    publish({ status }, exchange, onAnswer) {
      exchange(serviceToSelf(terms, SOAP_TYPE, writeGetPresence(account)), (answer) => {
        const since = `${new Date(ports.clock.now()).toISOString().slice(0, 19)}Z`;
        const found = userInfoOf(answer, terms);
        const userInfo = found && merged(found, status, { epid, since, ourNote });
        ourNote = status?.note ?? '';
        const body = writeSetPresence({
          uri: account,
          deviceId: epid,
          status: status?.status,
          onThePhone: status?.activity === 'on-the-phone',
          since,
          userInfo,
        });
        exchange(serviceToSelf(terms, SOAP_TYPE, body), onAnswer);
      });
    },
    // It ends with the registration: nothing has to be refreshed.
    accepted: () => ({ type: 'accepted', etag: undefined, expires: undefined }),
  };
}

function merged(
  found: LcsUserInfo,
  status: OwnStatus | undefined,
  { epid, since, ourNote }: { readonly epid: string; readonly since: string; readonly ourNote: string },
): LcsUserInfo {
  const own = status && chosenState(status.status, epid, since);
  // There is one choice of the user for all clients: a newer one takes its place, a withdrawal takes back only ours.
  const kept = found.states.filter(({ type, deviceId }) =>
    type === 'userState' ? status === undefined && deviceId !== epid : true,
  );
  const foreignNote = found.note === ourNote ? '' : found.note;
  return {
    note: status?.note || foreignNote,
    outOfOffice: found.outOfOffice,
    states: own === undefined ? kept : [own, ...kept],
  };
}

function userInfoOf(answer: Answer, { ports }: OwnTerms): LcsUserInfo | undefined {
  if (answer === 'timeout' || answer === 'unsent' || answer.status >= 300) return undefined;
  try {
    return readUserInfo(answer.body);
  } catch (thrown) {
    const error = BridgeError.from(thrown);
    ports.count('document', String(error.details['reason'] ?? 'other'));
    ports.log.warn('ocs.document-refused', { error: error.message, ...error.details });
    return undefined;
  }
}
