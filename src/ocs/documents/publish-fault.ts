import type { DocumentOptions } from './document-options.js';
import { refusal } from './refusal.js';
import { readDocument } from './xml-document.js';
import type { XmlElement, XmlHandler } from './xml-handler.js';
import { xmlUnsigned } from './xml-values.js';
import { Vocabulary } from './xml-vocabulary.js';

/** One publication of a refused request whose version was not the server's. */
export interface FaultOperation {
  /** Position in the request, from 1. */
  readonly index: number;
  /** The version that was sent. */
  readonly version: number | undefined;
  /** The version the server has, which the next request must name. */
  readonly curVersion: number;
}

/** Why a publication was refused. */
export interface PublishFault {
  /** Word of the server such as `Client.BadCall.WrongDelta`; empty when it is none that may go into a log. */
  readonly code: string;
  readonly operations: readonly FaultOperation[];
}

export const FAULT_TYPE = 'application/msrtc-fault+xml';

/** Faultcode of a publication that named an old version (MS-PRES, publication faults). */
export const WRONG_DELTA = 'Client.BadCall.WrongDelta';

/** Reads an `application/msrtc-fault+xml` document, body of the answer 409 to a publication. Throws `OCS_DOCUMENT`. */
export function readFault(body: Buffer, options: Pick<DocumentOptions, 'limits'> = {}): PublishFault {
  return readDocument(body, FAULT, options);
}

const vocabulary = new Vocabulary(['Fault', 'Faultcode', 'details', 'operation', WRONG_DELTA]);
const FAULT = { vocabulary, collector: () => new FaultCollector() };
const CODE = /^[A-Za-z0-9._:-]{1,100}$/;

/** Local names count: servers write the document with and without a namespace. */
class FaultCollector implements XmlHandler {
  private readonly names: string[] = [];
  private code = '';
  private readonly operations: FaultOperation[] = [];

  open(element: XmlElement): boolean {
    const { local } = element;
    if (this.names.length === 0 && local !== 'Fault') throw refusal('namespace', 'The document is not a fault.');
    this.names.push(local);
    const path = this.names.join('/');
    if (path === 'Fault/details/operation') this.operation(element);
    return path === 'Fault/Faultcode';
  }

  close(text: string): void {
    const code = text.trim();
    if (this.names.pop() === 'Faultcode' && CODE.test(code)) this.code ||= code;
  }

  result(): PublishFault {
    return { code: this.code, operations: this.operations };
  }

  private operation(element: XmlElement): void {
    const index = xmlUnsigned(element.attribute('index'));
    const curVersion = xmlUnsigned(element.attribute('curVersion'));
    if (index === undefined || curVersion === undefined) return;
    this.operations.push({ index, version: xmlUnsigned(element.attribute('version')), curVersion });
  }
}
