/** A message from its lines, start line first. Content-Length is added, except where a line states one. */
export function sipBytes(lines: readonly string[], body: string | Buffer = ''): Buffer {
  const octets = Buffer.from(body);
  const stated = lines.some((line) => /^(content-length|l)\s*:/i.test(line));
  const all = stated ? lines : [...lines, `Content-Length: ${octets.length}`];
  return Buffer.concat([Buffer.from(`${all.join('\r\n')}\r\n\r\n`, 'utf8'), octets]);
}

const IDENTITY = {
  via: 'Via: SIP/2.0/TLS 192.0.2.10:5061;branch=z9hG4bKa1',
  from: 'From: <sip:ana.reyes@contoso.example>;tag=f1;epid=0a1b2c3d4e',
  to: 'To: "Bridge" <sip:bridge@contoso.example>;tag=t1',
  callId: 'Call-ID: c4f1a0b2d3e44f5a',
};

/** A well-formed request; `lines` come after its mandatory headers, `replaced` ones instead of them. */
export function sipRequest(
  method: string,
  lines: readonly string[] = [],
  options: { uri?: string; body?: string | Buffer; replaced?: Partial<typeof IDENTITY & { cseq: string }> } = {},
): Buffer {
  const { via, from, to, callId, cseq } = { ...IDENTITY, cseq: `CSeq: 1 ${method}`, ...options.replaced };
  const start = `${method} ${options.uri ?? 'sip:192.0.2.44:49231;transport=tls'} SIP/2.0`;
  return sipBytes(
    [start, via, from, to, callId, cseq, ...lines].filter((line) => line !== ''),
    options.body,
  );
}

export function sipResponse(status: string, method: string, lines: readonly string[] = [], body?: string): Buffer {
  const { via, from, to, callId } = IDENTITY;
  return sipBytes([`SIP/2.0 ${status}`, via, from, to, callId, `CSeq: 1 ${method}`, ...lines], body);
}
