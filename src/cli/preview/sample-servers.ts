/** Where the databases of the preview are said to be. */
export const PRESENCE_DATABASE = {
  server: 'CN=Domino1/O=Contoso',
  file: 'presence.nsf',
  replicaId: 'C1257A0B00123456',
} as const;

/** An application that adopted presence; its presence database is on another server. */
export const APPLICATION_DATABASE = {
  server: 'CN=Domino2/O=Contoso',
  file: 'apps\\contacts.nsf',
  replicaId: 'C1257A0B00654321',
} as const;
