import type { Person } from '../../../src/bridge/ports.js';
import { parseNotesName, parseSipUri, sipKeyOf } from '../../../src/presence/ids.js';

/** People with Notes names, as long as real ones. */
export function peopleOf(count: number): readonly Person[] {
  return Array.from({ length: count }, (_, index): Person => {
    const number = String(index).padStart(6, '0');
    const uri = parseSipUri(`sip:ana.reyes.${number}@contoso.example`);
    const name = parseNotesName(`CN=Ana Reyes ${number}/OU=Sales/O=Contoso`);
    if (!uri.ok || !name.ok) throw new Error('not a person');
    return { uri: uri.value, key: sipKeyOf(uri.value), name: name.value, displayName: '' };
  });
}
