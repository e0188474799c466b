import { attributeOf, elementsOf, type XmlElement } from './xml-tree.js';
import { xml } from './xml-write.js';

export const PROVISIONING_TYPE = 'application/vnd-microsoft-roaming-provisioning-v2+xml';

/**
 * Server configuration for clients (MS-SIP, provisioning groups). Only the groups asked for; no web services and no
 * conferencing are offered, so clients look for none.
 */
export function provisioningDocument(request: XmlElement | undefined): string {
  const asked = request ? elementsOf(request, 'provisioningGroup').map((group) => attributeOf(group, 'name')) : [];
  const groups = asked.includes('ServerConfiguration') ? [xml('provisionGroup', { name: 'ServerConfiguration' })] : [];
  const ns = 'http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification';
  return xml('provisionGroupList', { xmlns: ns }, ...groups);
}
