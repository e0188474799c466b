/** A real sign-in of Office Communicator 2007 R2 (published with the unit tests of pidgin-sipe): facts for the acceptor. */
export const CAPTURED = {
  password: 'Pa$$word',
  serverChallenge: Buffer.from('dd1baaf4e7e218d1', 'hex'),
  names: {
    netbiosDomain: 'COSMO',
    netbiosComputer: 'COSMO-OCS-R2',
    dnsDomain: 'cosmo.local',
    dnsComputer: 'cosmo-ocs-r2.cosmo.local',
  },
  challenge: [
    'TlRMTVNTUAACAAAAAAAAADgAAADzgpji3Ruq9OfiGNEAAAAAAAAAAJYAlgA4AAAABQLODgAAAA8CAAoAQwBPAFMATQBPAAEAGABD',
    'AE8AUwBNAE8ALQBPAEMAUwAtAFIAMgAEABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAMAMABjAG8AcwBtAG8ALQBvAGMAcwAtAHIA',
    'MgAuAGMAbwBzAG0AbwAuAGwAbwBjAGEAbAAFABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAAAAAA=',
  ].join(''),
  authenticate: [
    'TlRMTVNTUAADAAAAGAAYAHIAAADGAMYAigAAAAoACgBIAAAACAAIAFIAAAAYABgAWgAAABAAEABQAQAAVYKYYgUCzg4AAAAPQwBP',
    'AFMATQBPAFUAcwBlAHIAQwBPAFMATQBPAC0ATwBDAFMALQBSADIAoeku/k4Hi/fFwASazGFmwtauh1yw/apBjcDIAK527KYG0rn7',
    '69BHMQEBAAAAAAAAWVGaFye5ygHWrodcsP2qQQAAAAACAAoAQwBPAFMATQBPAAEAGABDAE8AUwBNAE8ALQBPAEMAUwAtAFIAMgAE',
    'ABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAMAMABjAG8AcwBtAG8ALQBvAGMAcwAtAHIAMgAuAGMAbwBzAG0AbwAuAGwAbwBjAGEA',
    'bAAFABYAYwBvAHMAbQBvAC4AbABvAGMAYQBsAAAAAAAAAAAAMctznhyoCkmFkeiueXEV5A==',
  ].join(''),
  exported: '6742fbe37bb1946b49d86a525bd29a9b',
  clientText:
    '<NTLM><13317733><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3>' +
    '<REGISTER><sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><><><><>',
  clientSignature: '0100000029618e9651b65a7764000000',
  serverText:
    '<NTLM><9616454F><1><SIP Communications Service><cosmo-ocs-r2.cosmo.local><4037df9284354df39065195bd57a4b14><3>' +
    '<REGISTER><sip:user@cosmo.local><3e49177a52><sip:user@cosmo.local><5E61CCD925D17E043D9A74835A88F664><><><7200><200>',
  serverSignature: '01000000e615438a917661be64000000',
} as const;
