import type { XmlElement, XmlHandler } from '../../../src/ocs/documents/xml-handler.js';
import { NAMESPACES } from '../../../src/ocs/documents/xml-names.js';
import { Vocabulary } from '../../../src/ocs/documents/xml-vocabulary.js';

/** Names the recorder asks for; a reader may report others without their name. */
const ASKED = ['a', 'body', 'category', 'state', 'availability', 'displayName', 'note'] as const;
const ATTRIBUTES = ['uri', 'type', 'name', 'publishTime'] as const;
export const vocabulary = new Vocabulary([
  ...ASKED,
  ...ATTRIBUTES,
  'xsi:type',
  NAMESPACES.categories,
  NAMESPACES.state,
]);
const WANT_TEXT = new Set(['body', 'availability', 'displayName']);

/** Keeps every event as a line, so that two readers can be compared. */
export class EventRecorder implements XmlHandler {
  readonly events: string[] = [];

  open(element: XmlElement): boolean {
    const local = ASKED.find((name) => name === element.local) ?? '';
    const attributes = [
      ...ATTRIBUTES.map((name) => [name, element.attribute(name)]),
      ['xsi:type', element.attribute('type', NAMESPACES.schemaInstance)],
    ].filter(([, value]) => value !== undefined);
    this.events.push(['open', `{${element.namespace}}${local}`, ...attributes.map((pair) => pair.join('='))].join(' '));
    return WANT_TEXT.has(local);
  }

  close(text: string): void {
    this.events.push(`close ${text}`);
  }
}
