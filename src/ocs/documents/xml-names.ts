/** Namespaces of the documents we read and write (MS-PRES, MS-SIP, RFC 4662). */
export const NAMESPACES = {
  categories: 'http://schemas.microsoft.com/2006/09/sip/categories',
  state: 'http://schemas.microsoft.com/2006/09/sip/state',
  note: 'http://schemas.microsoft.com/2006/09/sip/note',
  contactCard: 'http://schemas.microsoft.com/2006/09/sip/contactcard',
  categoryList: 'http://schemas.microsoft.com/2006/09/sip/categorylist',
  batchSubscribe: 'http://schemas.microsoft.com/2006/01/sip/batch-subscribe',
  resourceList: 'urn:ietf:params:xml:ns:rlmi',
  schema: 'http://www.w3.org/2001/XMLSchema',
  schemaInstance: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;
