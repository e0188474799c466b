import { PIDF_TYPE, writePidf } from '../documents/pidf-write.js';
import type { OwnTerms } from './own-side.js';
import type { SimplePublishDialect } from './simple-publisher.js';
import { wireUri } from './wire-uri.js';

/** Entity-tags are tokens (RFC 3903 §11.3.1). */
const ETAG = /^[A-Za-z0-9\-.!%*_+`'~]{1,200}$/;

/** PUBLISH of presence (RFC 3903, event package of RFC 3856). */
export function publishDialect({ account, epid, ports }: OwnTerms): SimplePublishDialect {
  const callId = ports.random.bytes(16).toString('hex');
  const fromTag = ports.random.bytes(5).toString('hex');
  let sequence = 0;
  return {
    publish({ status, etag, expires }, exchange, onAnswer) {
      const headers = ['Event: presence', `Expires: ${expires}`];
      if (etag !== undefined) headers.push(`SIP-If-Match: ${etag}`);
      const target = wireUri(account);
      const { activity, activityText = '', note = '' } = status ?? {};
      exchange(
        {
          method: 'PUBLISH',
          requestUri: target,
          to: target,
          toTag: undefined,
          fromTag,
          callId,
          cseq: ++sequence,
          routes: [],
          supported: [],
          headers,
          ...(status && {
            body: {
              contentType: PIDF_TYPE,
              content: writePidf({ entity: account, id: epid, status: status.status, activity, activityText, note }),
            },
          }),
        },
        onAnswer,
      );
    },
    accepted(answer) {
      const etag = answer.header('SIP-ETag')?.trim() ?? '';
      return {
        type: 'accepted',
        etag: ETAG.test(etag) ? etag : undefined,
        expires: answer.expires ?? 3_600,
      };
    },
  };
}
