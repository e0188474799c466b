import { BridgeError } from '../../presence/errors.js';
import { readXml } from '../documents/xml.js';
import type { XmlElement, XmlHandler } from '../documents/xml-handler.js';
import { xmlInteger } from '../documents/xml-values.js';
import type { SipMessage } from '../wire/message.js';
import type { OwnPorts } from './own-side.js';
import type { SeenContainer, SeenPublication, SelfReport } from './publisher-words.js';

const SELF_TYPE = 'application/vnd-microsoft-roaming-self+xml';
const FAULT_TYPE = 'application/msrtc-fault+xml';

/** What a message says about our own data (MS-PRES 2.2.2.3); `undefined` when it says nothing readable. */
export function selfReportOf(message: SipMessage, ports: Pick<OwnPorts, 'log' | 'count'>): SelfReport | undefined {
  if (message.body.length === 0 || message.contentType?.type !== SELF_TYPE) return undefined;
  return readBody(message.body, new SelfCollector(), ports);
}

/** The operations of a 409 (MS-PRES 2.2.2.6.2). None when its body cannot be read. */
export function conflictsOf(
  answer: SipMessage,
  ports: Pick<OwnPorts, 'log' | 'count'>,
): readonly { readonly index: number; readonly curVersion: number }[] {
  if (answer.contentType?.type !== FAULT_TYPE) return [];
  return readBody(answer.body, new FaultCollector(), ports) ?? [];
}

function readBody<T>(
  body: Buffer,
  collector: XmlHandler & { result(): T },
  { log, count }: Pick<OwnPorts, 'log' | 'count'>,
): T | undefined {
  try {
    readXml(body, collector);
    return collector.result();
  } catch (thrown) {
    const error = BridgeError.from(thrown);
    count('document', String(error.details['reason'] ?? 'other'));
    log.warn('ocs.document-refused', { error: error.message, ...error.details });
    return undefined;
  }
}

/** Namespaces of roaming-self differ between servers; local names do not. */
class SelfCollector implements XmlHandler {
  readonly #path: string[] = [];
  #publications: SeenPublication[] | undefined;
  #containers: { readonly id: number; readonly version: number; readonly memberTypes: string[] }[] | undefined;

  open(element: XmlElement): boolean {
    this.#path.push(element.local);
    switch (this.#path.join('/')) {
      case 'roamingData/categories':
        this.#publications ??= [];
        break;
      case 'roamingData/categories/category':
        this.#publications?.push({
          category: element.attribute('name') ?? '',
          instance: unsigned(element.attribute('instance')),
          container: unsigned(element.attribute('container')),
          version: unsigned(element.attribute('version')),
          expireType: element.attribute('expireType'),
        });
        break;
      case 'roamingData/containers':
        this.#containers ??= [];
        break;
      case 'roamingData/containers/container': {
        const [id, version] = [unsigned(element.attribute('id')), unsigned(element.attribute('version'))];
        this.#containers?.push({ id: id ?? -1, version: version ?? 0, memberTypes: [] });
        break;
      }
      case 'roamingData/containers/container/member':
        this.#containers?.at(-1)?.memberTypes.push(element.attribute('type') ?? '');
        break;
    }
    return false;
  }

  close(): void {
    this.#path.pop();
  }

  result(): SelfReport {
    const containers: readonly SeenContainer[] | undefined = this.#containers;
    return {
      ...(this.#publications === undefined ? {} : { publications: this.#publications }),
      ...(containers === undefined ? {} : { containers }),
    };
  }
}

class FaultCollector implements XmlHandler {
  readonly #operations: { readonly index: number; readonly curVersion: number }[] = [];

  open(element: XmlElement): boolean {
    if (element.local !== 'operation') return false;
    const [index, curVersion] = [unsigned(element.attribute('index')), unsigned(element.attribute('curVersion'))];
    if (index !== undefined && curVersion !== undefined) this.#operations.push({ index, curVersion });
    return false;
  }

  close(): void {}

  result(): readonly { readonly index: number; readonly curVersion: number }[] {
    return this.#operations;
  }
}

/** Instances take all of 32 bits, more than nine digits. */
function unsigned(text: string | undefined): number | undefined {
  const short = xmlInteger(text);
  if (short !== undefined) return short >= 0 ? short : undefined;
  const trimmed = text?.trim() ?? '';
  return /^\d{10}$/.test(trimmed) ? Number(trimmed) : undefined;
}
