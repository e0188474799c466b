import type { OwnStatusWord } from '../../bridge/ports.js';
import { type Activity, availabilityOf } from '../../presence/availability.js';
import type { SipUri } from '../../presence/ids.js';
import { NAMESPACES } from './xml-names.js';
import { type XmlFragment, xml } from './xml-write.js';

export const PUBLISH_TYPE = 'application/msrtc-category-publish+xml';

/** Where a publication stands: all three together are its key (MS-PRES 2.2.2.6). */
export interface PublicationSlot {
  readonly category: 'state' | 'note';
  readonly instance: number;
  readonly container: number;
}

/** What a publication says. */
export type PublishedContent =
  | { readonly kind: 'machineState' }
  | {
      readonly kind: 'userState';
      readonly status: OwnStatusWord;
      readonly activity: Activity | undefined;
      readonly activityText: string;
    }
  | { readonly kind: 'note'; readonly text: string };

export interface PublicationWrite extends PublicationSlot {
  /** The version that was last seen, 0 when there was none: the server takes the publication only if that is right. */
  readonly version: number;
  /** `undefined` deletes. */
  readonly content: PublishedContent | undefined;
}

/**
 * Body of a SERVICE that publishes (MS-PRES 2.2.2.6.1). All publications are of type `endpoint`: the server drops them
 * together with our registration, however that ends.
 */
export function writePublish(self: SipUri, publications: readonly PublicationWrite[]): Buffer {
  const entries = publications.map(({ category, instance, container, version, content }) =>
    xml(
      'publication',
      {
        categoryName: category,
        instance,
        container,
        version,
        expireType: 'endpoint',
        expires: content === undefined ? 0 : undefined,
      },
      content === undefined ? [] : [contentOf(content)],
    ),
  );
  const document = xml('publish', { xmlns: 'http://schemas.microsoft.com/2006/09/sip/rich-presence' }, [
    xml('publications', { uri: self }, entries),
  ]);
  return Buffer.from(document.text, 'utf8');
}

function contentOf(content: PublishedContent): XmlFragment {
  switch (content.kind) {
    case 'note':
      return xml('note', { xmlns: NAMESPACES.note }, [xml('body', { type: 'personal', uri: '' }, [content.text])]);
    case 'machineState':
      return state('machineState', false, [
        xml('availability', {}, [String(availabilityOf('available'))]),
        xml('endpointLocation'),
      ]);
    case 'userState':
      return state('userState', true, [
        xml('availability', {}, [String(availabilityOf(content.status))]),
        ...activity(content.status, content.activity, content.activityText),
      ]);
  }
}

function state(type: string, manual: boolean, children: readonly XmlFragment[]): XmlFragment {
  return xml(
    'state',
    { xmlns: NAMESPACES.state, manual: String(manual), 'xmlns:xsi': NAMESPACES.schemaInstance, 'xsi:type': type },
    children,
  );
}

/** Highest number for which an activity holds: that of the status, idle included. */
const HIGHEST: Readonly<Record<OwnStatusWord, number | undefined>> = {
  available: 5999,
  busy: 8999,
  'do-not-disturb': 11_999,
  'be-right-back': 14_999,
  away: 17_999,
  offline: undefined,
};

/** English of the United States; readers take the first text there is when theirs is missing. */
const LCID = 1033;

function activity(status: OwnStatusWord, activity: Activity | undefined, text: string): readonly XmlFragment[] {
  if (activity === undefined && text === '') return [];
  // COMPAT(lync2010): the desktop clients know this activity under another word than the web API.
  const token = activity === 'presenting' ? 'in-presentation' : activity;
  const range = { minAvailability: availabilityOf(status), maxAvailability: HIGHEST[status] };
  return [xml('activity', { token, ...range }, text === '' ? [] : [xml('custom', { LCID }, [text])])];
}
