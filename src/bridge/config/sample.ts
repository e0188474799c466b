/** Values that `init` puts into a new configuration. */
export interface SampleValues {
  readonly account: string;
  readonly user: string;
  readonly host: string;
}

export const SAMPLE_VALUES: SampleValues = {
  account: 'sip:presence.bridge@contoso.example',
  user: 'CONTOSO\\presence.bridge',
  host: 'ocs01.contoso.example',
};

/** A commented configuration that is valid once the password file exists. Paths are relative to the file's folder. */
export function sampleConfig(values: SampleValues = SAMPLE_VALUES): string {
  return `# Notes Presence Bridge. Check it with:  presence-bridge check --config bridge.yaml
# Times are written like 250ms, 20s, 5m, 1h. Paths are relative to this file.

bridge:
  name: bridge            # stands in every document this bridge writes
  stateFolder: state      # access token and other small state of the bridge itself
  language: en            # of the views on the board: en or de
  window: 250ms           # changes are gathered this long, then written in one go
  grace: 20s              # after the loss of OCS documents keep their last status this long
  heartbeat: 30s          # how often the bridge tells Domino that it is alive
  batchSize: 100          # documents in one write
  sweepPerSecond: 50      # documents a second that then turn to unknown, at most
  reconcileAt: "02:30"    # when all documents are compared with what they should say
  lease: 90s              # of two bridges with one name the second takes over after this long; with a pair: 15s

ocs:
  account: ${values.account}      # the SIP address of the service account
  user: '${values.user.replaceAll("'", "''")}'             # login, DOMAIN\\user or user@domain
  passwordFile: ocs-password      # a file only the service may read; "credential:NAME" for systemd's LoadCredential
  server:                         # leave the section out to have the server found through DNS
    host: ${values.host}
    port: 5061
    transport: tls
    # serverName: pool01.contoso.example   # when the certificate names another host
  # alternates:                   # servers to try while that one is down
  #   - host: ocs02.contoso.example
  # discovery:                    # instead of "server": the domain's SRV records, then well-known host names
  #   domain: contoso.example     # default: that of the account
  #   transports: tls             # tls, tcp or any
  # trustedDomains: [corp.example]   # where DNS or a redirect may lead besides the account's own domain
  # tls:
  #   caFile: contoso-ca.pem      # trust this authority instead of the system's
  #   certificateFile: bridge.pem # shown to a server that knows this machine as a trusted host
  #   keyFile: bridge-key.pem
  #   exceptions:                 # single servers too old for TLS 1.2; each start logs them
  #     - host: ocs01.contoso.example
  #       minVersion: TLSv1
  #       securityLevel: 0
  # kerberos:                     # instead of NTLM, strongest first
  #   principal: presence.bridge@CONTOSO.EXAMPLE
  #   keytabFile: bridge.keytab   # instead of the password
  # authentication: [kerberos, ntlm]
  # moreAccounts:                 # further watchers, where one account may not watch everybody
  #   - account: sip:presence.bridge2@contoso.example
  #     user: 'CONTOSO\\presence.bridge2'
  #     passwordFile: ocs-password-2
  # maxPeoplePerAccount: 1000
  # dialect: ocs                  # "sip" for a plain RFC 3856 presence server
  # userAgent: UCCAPI/3.5.6907.0 OC/3.5.6907.0   # where a client version filter asks for one
  batchSize: 100                  # people in one subscription
  requestsPerSecond: 10           # most that the server is asked for, on average
  # allowNtlmWithoutTls: false    # true permits "transport: tcp"; anybody on the way can then attack the password
  # allowDigestWithoutTls: false  # the same for "dialect: sip"
  # openContainers: false         # "set" lets nobody see the account whom the server does not let see it already

domino:
  driver: embedded                # a store of our own; "domino-rest" or "domino-db" for a Domino server
  folder: data
  # driver: domino-rest           # HCL Domino REST API
  # url: https://domino01.contoso.example:8880
  # scope: presence
  # user: Presence Bridge/Contoso
  # passwordFile: domino-password # or "tokenFile": a file with a token that somebody else renews
  # caFile: domino-ca.pem         # trust this authority instead of the system's
  # parallel: 4                   # requests under way at once
  # driver: domino-db             # HCL Domino AppDev Pack (Proton)
  # host: domino01.contoso.example
  # port: 3002
  # database: presence.nsf
  # secure: true
  # caFile: domino-ca.pem
  # certificateFile: bridge-certificate.pem
  # keyFile: bridge-key.pem

# directory:                      # who is watched, besides the people listed below
#   database: names.nsf           # Domino Directory; with "domino-rest" its "scope" instead
#   sipItems: [SIPAddress]        # items of Person documents that hold the SIP address
#   csvFile: people.csv           # columns: name, address, displayName
#   rules: [mapping, people, csv, sip-item, internet-address]   # the first that finds an address decides
#   domains: [contoso.example]    # internet addresses in these count as SIP addresses; default: the account's domain
#   groups: [Sales, Support]      # only their members are watched; default: everybody with an address
#   optOut:                       # who is never shown, besides documents of the form "Opt-out"
#     people: [CN=Cem Aydin/O=Contoso]
#     groups: [Works Council]
#   administrators: [CN=Hanna Koch/O=Contoso]   # when users may opt out by themselves: whose mappings and opt-outs count
#                                 # for others; name the bridge's own identity too. Default: whoever can write
#   refresh: 15m                  # how often the Domino Directory is read; opt-outs count within a minute

# lists:                          # people who can be asked for and followed together, besides the watched groups
#   - id: help-desk               # small letters, digits, "-"
#     title: Help desk
#     members: [Ana Reyes/Sales/Contoso, ben.okoro@contoso.example, '*/Support/Contoso', '*@support.example', 'group:Support']
#     entry:                      # shown as one person, in Notes too
#       name: CN=Help Desk/O=Contoso
#       address: sip:help-desk@contoso.example   # default: the id at "lists.invalid"; nobody else's
#       rule: best                # of its members' statuses; or first-reachable, in the order of the list

privacy:
  notes: false                    # personal notes are personal data; leave them off unless they are agreed on

http:
  host: 127.0.0.1                 # board, health, metrics; stays on this machine
  port: 8480
  # allowedOrigins: [https://intranet.contoso.example]   # pages, and names of a proxy, that may use it
  # tls:                          # for other machines; renewed files are taken without a restart
  #   certificateFile: http-certificate.pem   # with the authorities between, PEM
  #   keyFile: http-key.pem
  # presenceWithoutToken: []      # [read] or [read, stream] shows everybody's status to everybody who reaches the port

log:
  level: info

# Whose presence is wanted. "name" is the Notes name that stands in your documents; people without one get a
# "displayName".
people:
  - address: sip:ana.reyes@contoso.example
    name: CN=Ana Reyes/OU=Sales/O=Contoso
  - address: sip:ben.okoro@contoso.example
    name: CN=Ben Okoro/OU=Support/O=Contoso
`;
}
