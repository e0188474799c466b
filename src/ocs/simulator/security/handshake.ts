import type { Random } from '../../../bridge/ports.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import type { SimulatorAccount } from '../options.js';
import type { Accounts } from './accounts.js';
import { Association } from './association.js';
import { readAuthenticate } from './ntlm-authenticate.js';
import { buildChallenge, type ChallengeNames } from './ntlm-challenge.js';
import { ntlmSealer, sessionKeys } from './ntlm-keys.js';
import { type SentChallenge, verifyAuthenticate } from './ntlm-verify.js';
import type { SignatureContext } from './signature-buffer.js';

export interface SignIn {
  readonly account: SimulatorAccount;
  readonly association: Association;
}

/** One NTLM handshake under way: holds the challenge until the client answers it. */
export class Handshake {
  /** Names the association to be, for the client to repeat. */
  readonly opaque: string;
  readonly #challenge: SentChallenge;
  readonly #context: SignatureContext;
  readonly #random: Random;

  constructor(context: SignatureContext, names: ChallengeNames, random: Random) {
    const serverChallenge = random.bytes(8);
    this.opaque = random.bytes(4).toString('hex').toUpperCase();
    this.#challenge = { message: buildChallenge(serverChallenge, names), serverChallenge };
    this.#context = context;
    this.#random = random;
  }

  /** The CHALLENGE_MESSAGE as `gssapi-data`. */
  get token(): string {
    return this.#challenge.message.toString('base64');
  }

  /** Checks the client's AUTHENTICATE_MESSAGE (`gssapi-data`). The reason of a refusal is for the log only. */
  complete(token: string, accounts: Accounts): Result<SignIn> {
    const message = readAuthenticate(Buffer.from(token, 'base64'));
    if (!message.ok) return message;
    const account = accounts.byLogin(message.value.user, message.value.domain);
    if (!account) return bad('there is no such account');
    const exported = verifyAuthenticate(message.value, this.#challenge, account.password);
    if (!exported) return bad('the password is wrong');
    const sealer = ntlmSealer(sessionKeys(exported, message.value.flags));
    return ok({ account, association: new Association(this.opaque, this.#context, sealer, this.#random) });
  }
}
