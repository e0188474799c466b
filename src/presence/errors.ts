/** Whether and when trying again makes sense. */
export type Retry = 'never' | 'later' | 'after-login' | 'after-config';

interface CodeEntry {
  readonly retry: Retry;
  /** Exit code of a one-shot command that ends with this error (sysexits). */
  readonly exit: number;
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What the reader can do next, one sentence. */
  readonly next: string;
}

/**
 * All error codes. They are a stable interface: command line, logs, health page and documents show them.
 * `docs/reference/errors.md` is generated from this table.
 */
export const ERROR_CODES = {
  CFG_NOT_FOUND: {
    retry: 'after-config',
    exit: 78,
    meaning: 'The configuration file cannot be read.',
    next: 'Create one with "presence-bridge init", name it with --config, or give this account the right to read it.',
  },
  CFG_INVALID: {
    retry: 'after-config',
    exit: 78,
    meaning: 'The configuration is not valid; nothing was contacted.',
    next: 'Correct the line that the message names.',
  },
  CFG_SECRET: {
    retry: 'after-config',
    exit: 78,
    meaning: 'A file that holds a secret is missing, empty or readable by others.',
    next: 'Write the secret into that file and set its mode to 0600.',
  },
  BRIDGE_RUNNING: {
    retry: 'after-config',
    exit: 73,
    meaning: 'A bridge already runs with this state folder.',
    next: 'Stop it, or give this one another "stateFolder".',
  },
  OCS_UNREACHABLE: {
    retry: 'later',
    exit: 69,
    meaning: 'No connection to the OCS server.',
    next: 'Check host, port and firewall; the bridge keeps trying by itself.',
  },
  OCS_CONNECTION_LOST: {
    retry: 'later',
    exit: 69,
    meaning: 'The connection to the OCS server ended.',
    next: 'Nothing: the bridge reconnects by itself.',
  },
  OCS_TIMEOUT: {
    retry: 'later',
    exit: 75,
    meaning: 'The OCS server did not answer, or did not complete a message, in time.',
    next: 'Check the load of the server and the network; the bridge keeps trying by itself.',
  },
  OCS_TLS_UNTRUSTED: {
    retry: 'later',
    exit: 77,
    meaning: 'The certificate of the OCS server is not trusted.',
    next: 'Give the certificate authority with "caFile", or renew the certificate.',
  },
  OCS_TLS_NAME: {
    retry: 'later',
    exit: 77,
    meaning: 'The certificate of the OCS server was issued for another name.',
    next: 'Have the certificate issued for this name, or set "server" with a "host" or "serverName" that is in it.',
  },
  OCS_TLS_PROTOCOL: {
    retry: 'later',
    exit: 69,
    meaning: 'No TLS with the OCS server: its port is one without, or there is no common version or cipher.',
    next: 'Check that the port is one for TLS (usually 5061). A server that cannot speak TLS 1.2 needs an entry under "tls.exceptions".',
  },
  OCS_BAD_CREDENTIALS: {
    retry: 'after-login',
    exit: 77,
    meaning: 'The OCS server refused the user name or the password.',
    next: 'Correct user or password; so that the account is not locked, the bridge tries only every half hour.',
  },
  OCS_FORBIDDEN: {
    retry: 'after-config',
    exit: 77,
    meaning: 'The OCS server does not let this account sign in.',
    next: 'Ask the OCS administrator; the reason is in the details.',
  },
  OCS_ACCOUNT_UNKNOWN: {
    retry: 'after-config',
    exit: 77,
    meaning: 'The account is not enabled for OCS.',
    next: 'Enable the account on the OCS server, or correct its SIP address.',
  },
  OCS_AUTH_UNSUPPORTED: {
    retry: 'after-config',
    exit: 77,
    meaning: 'The OCS server offers no sign-in method that the configuration allows.',
    next: 'Allow NTLM or Kerberos on the OCS server, and name the scheme under "authentication".',
  },
  OCS_NOT_FOUND: {
    retry: 'later',
    exit: 69,
    meaning: 'DNS names no usable OCS server for the domain.',
    next: 'Check the name servers, publish the SRV record, add the domain of its servers to "trustedDomains", or set "server" by hand; "presence-bridge check" shows each look-up.',
  },
  OCS_REDIRECT: {
    retry: 'later',
    exit: 69,
    meaning: 'The OCS server sent this account to a server that must not be followed.',
    next: 'If the server is yours, add its domain to "trustedDomains"; if it is a loop, ask the OCS administrator.',
  },
  OCS_KERBEROS_UNAVAILABLE: {
    retry: 'after-config',
    exit: 78,
    meaning: 'Kerberos cannot be used on this machine.',
    next: 'Install the optional package koffi (npm install) and the GSSAPI library (Debian: libgssapi-krb5-2).',
  },
  OCS_KERBEROS: {
    retry: 'later',
    exit: 75,
    meaning: 'No Kerberos ticket for the OCS server could be got.',
    next: 'Check principal, keytab or password, clock and KDC; the message names what Kerberos said.',
  },
  OCS_PUBLISH: {
    retry: 'later',
    exit: 69,
    meaning: 'The OCS server did not take the own status.',
    next: 'See status and diagnostics in the details.',
  },
  OCS_MESSAGE: {
    retry: 'later',
    exit: 69,
    meaning: 'An instant message was not delivered.',
    next: 'The message says why; somebody who is offline or does not want to be disturbed gets none.',
  },
  OCS_SIGNATURE: {
    retry: 'later',
    exit: 77,
    meaning: 'A message of the OCS server carried a wrong signature; the connection was dropped.',
    next: 'If it happens again, look for a device that changes SIP traffic between bridge and server.',
  },
  OCS_DEREGISTERED: {
    retry: 'after-login',
    exit: 77,
    meaning: 'The OCS server signed this account off.',
    next: 'See the reason in the details; the account may be disabled or signed in at too many places.',
  },
  OCS_REJECTED: {
    retry: 'later',
    exit: 69,
    meaning: 'The OCS server refused a request.',
    next: 'See status and diagnostics in the details.',
  },
  OCS_PROTOCOL: {
    retry: 'later',
    exit: 69,
    meaning: 'The server sent something that is not SIP; the connection was dropped.',
    next: 'Check that host and port lead to an OCS server.',
  },
  OCS_LIMIT: {
    retry: 'later',
    exit: 69,
    meaning: 'A message of the server was larger than a limit allows.',
    next: 'If it is genuine, raise the limit or make the subscription batch smaller.',
  },
  OCS_DOCUMENT: {
    retry: 'never',
    exit: 65,
    meaning: 'A presence document was refused; the last state was kept.',
    next: 'Nothing, if it stays a single case; the log names the reason.',
  },
  NOTES_DRIVER_MISSING: {
    retry: 'after-config',
    exit: 78,
    meaning: "HCL's module domino-db is not installed.",
    next: 'Run: npm install --no-save ./domino-domino-db-<version>.tgz',
  },
  NOTES_UNREACHABLE: {
    retry: 'later',
    exit: 69,
    meaning: 'No connection to the Domino server.',
    next: 'Check that Proton or the REST API is running; the bridge keeps the newest states and tries again by itself.',
  },
  NOTES_TIMEOUT: {
    retry: 'later',
    exit: 75,
    meaning: 'Domino did not answer in time; whether the write took effect is unknown.',
    next: 'Nothing while a bridge runs: it reads back and repeats by itself. Otherwise try again.',
  },
  NOTES_FORBIDDEN: {
    retry: 'after-config',
    exit: 77,
    meaning: "The bridge's identity has no sufficient right in the database.",
    next: 'Give it Editor access with "Delete documents" in the ACL; with domino-db, check that its certificate is in a Person document.',
  },
  NOTES_NOT_FOUND: {
    retry: 'after-config',
    exit: 78,
    meaning: 'The database or a document was not found.',
    next: 'Check the file path or the scope of the database.',
  },
  NOTES_BAD_REQUEST: {
    retry: 'never',
    exit: 65,
    meaning: 'Domino refused a document.',
    next: 'See the details; the other documents were written.',
  },
  NOTES_INTERNAL: {
    retry: 'later',
    exit: 69,
    meaning: 'Domino reported an internal error.',
    next: 'See the Domino log; the bridge tries again by itself.',
  },
  NOTES_STORAGE: {
    retry: 'later',
    exit: 74,
    meaning: 'The embedded store cannot write its files.',
    next: 'Check free space and rights of the folder.',
  },
  NOTES_IN_USE: {
    retry: 'later',
    exit: 75,
    meaning: 'Another process uses the folder of the embedded store.',
    next: 'Stop the other process, or give this bridge a folder of its own.',
  },
  NOTES_CHANGED: {
    retry: 'later',
    exit: 75,
    meaning: 'Somebody else changed the document meanwhile.',
    next: 'Nothing: it is read again before the next attempt.',
  },
  NOTES_FULL: {
    retry: 'later',
    exit: 74,
    meaning: 'The database is full, or its quota is reached.',
    next: 'Free space or raise the quota; the bridge keeps the newest states and goes on by itself.',
  },
  NOTES_READ_ONLY: {
    retry: 'later',
    exit: 75,
    meaning: 'The database takes no changes at the moment.',
    next: 'See whether it is being compacted or copied, or is open read-only; the bridge goes on by itself.',
  },
  NOTES_BUSY: {
    retry: 'later',
    exit: 75,
    meaning: 'Domino has no capacity for the request.',
    next: 'Nothing, if it passes; otherwise lower "domino.parallel" or raise the worker threads of the server.',
  },
  NOTES_CREDENTIALS: {
    retry: 'after-config',
    exit: 77,
    meaning: "Domino refuses the bridge's login.",
    next: 'Correct user and password file, or the token; the bridge tries again only rarely, so that nobody is locked out.',
  },
  NOTES_CERTIFICATE: {
    retry: 'after-config',
    exit: 78,
    meaning: "The bridge's certificate for Domino cannot be used.",
    next: 'Renew certificate and key, and import the certificate into the Person document of the bridge.',
  },
  NOTES_UNTRUSTED: {
    retry: 'after-config',
    exit: 77,
    meaning: 'The certificate of the Domino server is not trusted.',
    next: 'Name the authority that signed it in "domino.caFile", and the server as its certificate does.',
  },
  NOTES_SCOPE: {
    retry: 'after-config',
    exit: 78,
    meaning: 'The Domino REST API does not publish the database as the bridge needs it.',
    next: 'Import the schema and create the scope as the guide for administrators says.',
  },
  NOTES_SCHEMA: {
    retry: 'after-config',
    exit: 78,
    meaning: 'The documents were written by a newer bridge.',
    next: 'Run that newer version, or start with an empty database.',
  },
  DIRECTORY_SOURCE: {
    retry: 'later',
    exit: 69,
    meaning: 'A source of the directory cannot be read.',
    next: 'See the details; what was read before still counts, and the bridge tries again by itself.',
  },
  DIRECTORY_CSV: {
    retry: 'after-config',
    exit: 65,
    meaning: 'The CSV file of the directory has a mistake.',
    next: 'Correct the line that the message names; what was read before still counts.',
  },
  DIRECTORY_NOBODY: {
    retry: 'never',
    exit: 65,
    meaning: 'Nobody is known under this name or address.',
    next: 'See how names are found with "presence-bridge directory report".',
  },
  PERSON_NOT_ALLOWED: {
    retry: 'after-config',
    exit: 77,
    meaning: 'The person did not allow this application to set the status.',
    next: 'Ask the person to allow it in the presence database, naming the application as its token is named.',
  },
  BRIDGE_STANDBY: {
    retry: 'later',
    exit: 75,
    meaning: 'This bridge does not write at the moment.',
    next: 'See "presence-bridge status": while another bridge of the name writes, this one takes over when that ends.',
  },
  TEMPLATE_INVALID: {
    retry: 'never',
    exit: 65,
    meaning: 'The Notes template has a mistake.',
    next: 'Correct the element and line that the message names.',
  },
  API_UNAUTHORIZED: {
    retry: 'after-login',
    exit: 77,
    meaning: 'The access token is missing or wrong.',
    next: 'Use the token from the file "access-token" in the state folder, or one of "presence-bridge token create".',
  },
  API_FORBIDDEN: {
    retry: 'after-config',
    exit: 77,
    meaning: 'The token does not allow this, or a page of another origin or under another host name asked.',
    next: 'Create a token with the scope that the message names; an origin of yours belongs to "allowedOrigins" under "http".',
  },
  API_BAD_REQUEST: {
    retry: 'never',
    exit: 65,
    meaning: 'The request is not one the API understands.',
    next: 'Correct the request; the message names the part.',
  },
  API_NOT_FOUND: {
    retry: 'never',
    exit: 65,
    meaning: 'The API has nothing at this address.',
    next: 'Check the path and the method.',
  },
  API_BUSY: {
    retry: 'later',
    exit: 75,
    meaning: 'Too many requests, wrong tokens or open streams.',
    next: 'Wait as long as the answer says, then try again.',
  },
  API_UNREACHABLE: {
    retry: 'later',
    exit: 69,
    meaning: 'No bridge answers at this address.',
    next: 'Start it with "presence-bridge run"; status and reconcile also take its address with --url.',
  },
  API_PORT: {
    retry: 'after-config',
    exit: 73,
    meaning: 'The HTTP port cannot be opened.',
    next: 'Choose another port: "http" in the configuration, or --http-port.',
  },
  SIM_PORT: {
    retry: 'after-config',
    exit: 73,
    meaning: 'The simulated OCS server cannot open its port.',
    next: 'Choose another port with --tls-port; 0 takes a free one.',
  },
  SIM_ADDRESS: {
    retry: 'after-config',
    exit: 73,
    meaning: 'The simulated OCS server cannot listen on this address.',
    next: 'Give an address of this machine with --host; 127.0.0.1 always is one.',
  },
  SIM_SCENARIO: {
    retry: 'never',
    exit: 65,
    meaning: 'A scenario of the simulator has a mistake, or did not go as it says.',
    next: 'See the line that the message names; "presence-bridge simulate --help" lists the words.',
  },
  CLI_OUTPUT: {
    retry: 'after-config',
    exit: 73,
    meaning: 'A file cannot be written.',
    next: 'Choose another place, or correct the rights of the folder.',
  },
  CLI_USAGE: {
    retry: 'never',
    exit: 64,
    meaning: 'The command was called wrongly.',
    next: 'See --help.',
  },
  INTERNAL: {
    retry: 'later',
    exit: 70,
    meaning: 'A mistake in the program itself.',
    next: 'Report it with the log.',
  },
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Plain facts for logs and machine-readable output. Never secrets. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** The only error class that crosses a room's border. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /** `message` says what happened in this case; the table adds what it means in general and what to do next. */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
  }

  get retry(): Retry {
    return ERROR_CODES[this.code].retry;
  }

  get exitCode(): number {
    return ERROR_CODES[this.code].exit;
  }

  /** What the reader can do next. */
  get next(): string {
    return ERROR_CODES[this.code].next;
  }

  toJSON(): Record<string, unknown> {
    return { code: this.code, message: this.message, retry: this.retry, next: this.next, details: this.details };
  }

  /** Any thrown value as a `BridgeError`; an unknown one becomes `INTERNAL`. */
  static from(thrown: unknown): BridgeError {
    if (thrown instanceof BridgeError) return thrown;
    return new BridgeError('INTERNAL', thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}
