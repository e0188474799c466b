import { BridgeError } from '../../presence/errors.js';
import { FAULT_TYPE, type FaultOperation, readFault, WRONG_DELTA } from '../documents/publish-fault.js';
import { ROAMING_SELF_TYPE, readRoamingSelf } from '../documents/roaming-self.js';
import type { SipMessage } from '../wire/message.js';
import type { OwnPorts } from './own-side.js';
import type { SelfReport } from './publisher-words.js';

type ReportPorts = Pick<OwnPorts, 'log' | 'count'>;

/** What a message says about our own data (MS-PRES 2.2.2.3); `undefined` when it says nothing readable. */
export function selfReportOf(message: SipMessage, ports: ReportPorts): SelfReport | undefined {
  if (message.body.length === 0 || message.contentType?.type !== ROAMING_SELF_TYPE) return undefined;
  const self = readOr(() => readRoamingSelf(message.body), ports);
  if (self === undefined) return undefined;
  const { publications, cleared, containers } = self;
  return {
    publications: [...publications, ...cleared],
    ...(containers && {
      containers: containers.map(({ id, version, members }) => ({
        id,
        version,
        memberTypes: members.map(({ type }) => type),
      })),
    }),
  };
}

/** The operations of a 409 (MS-PRES 2.2.2.6.2); `undefined` when it is about something else than versions. */
export function conflictsOf(answer: SipMessage, ports: ReportPorts): readonly FaultOperation[] | undefined {
  if (answer.contentType?.type !== FAULT_TYPE) return [];
  const fault = readOr(() => readFault(answer.body), ports);
  if (fault === undefined) return [];
  return fault.code === '' || fault.code === WRONG_DELTA ? fault.operations : undefined;
}

function readOr<T>(read: () => T, { log, count }: ReportPorts): T | undefined {
  try {
    return read();
  } catch (thrown) {
    const error = BridgeError.from(thrown);
    count('document', String(error.details['reason'] ?? 'other'));
    log.warn('ocs.document-refused', { error: error.message, ...error.details });
    return undefined;
  }
}
