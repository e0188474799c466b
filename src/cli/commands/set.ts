import { Argument, Command, Option } from '@commander-js/extra-typings';
import { OWN_STATUSES } from '../../bridge/api/self-schemas.js';
import type { BridgeConfig } from '../../bridge/config/config.js';
import { loadConfig, loadPlace } from '../../bridge/config/load.js';
import { ASSERTED_STATUSES } from '../../bridge/engine/asserted-status.js';
import type { LinkReport, OwnStatus } from '../../bridge/ports.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { ACTIVITIES } from '../../presence/availability.js';
import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import { type BridgeOptions, connectToBridge } from '../bridge-client.js';
import { hourOf } from '../hour-of.js';
import type { CliIo } from '../io.js';
import { json, paint } from '../output.js';
import { bridgeRuns, signInAlone } from '../own-sign-in.js';
import { otherStatus, setOther } from '../set-other.js';
import { stayUntilStopped } from '../stay.js';
import { lasting, until } from '../until.js';

const EXAMPLES = `
Examples:
  $ presence-bridge set busy --activity in-a-meeting --note "Room 4" --until 17:30
  $ presence-bridge set away --until 30m
  $ presence-bridge set away --for 30m --url https://bridge.contoso.example --token-file desk.token
  $ presence-bridge set --clear
  $ presence-bridge set busy --activity on-the-phone --for 10m --person "Ana Reyes/Sales/Contoso" \\
      --url https://bridge.contoso.example --token-file telephony.token

Goes through the bridge that runs with this configuration. Without one the
command signs in by itself: the status is shown while it runs, and taken back
when it ends.

With --person it speaks for somebody else: with a token of the scope "others-status",
for people who allowed that to its name in the presence database. It can say
${ASSERTED_STATUSES.join(', ')}, for a day at most. Ends with 77 where the
token or the person does not allow it.
`;

export function setCommand(io: CliIo) {
  return new Command('set')
    .description("Set or clear the status of the bridge's own account.")
    .addArgument(new Argument('[status]', 'what to show').choices(OWN_STATUSES))
    .addOption(new Option('--activity <token>', 'what you are doing').choices(ACTIVITIES))
    .option('--text <words>', 'words of your own for the activity')
    .option('--note <text>', 'personal note')
    .option('--until <time>', 'when it ends: 17:30, 30m, 1h30m', until(systemClock.now))
    .addOption(
      new Option('--for <time>', 'how long it lasts: 30m, 1h30m')
        .argParser(lasting(systemClock.now))
        .conflicts(['until']),
    )
    .addOption(new Option('--clear', 'take the status back').conflicts(['activity', 'text', 'note', 'until', 'for']))
    .addOption(new Option('--person <who>', 'speak for somebody else, by name or address').conflicts(['text', 'note']))
    .option('--config <file>', 'configuration of the bridge', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (word, options) => {
      if ((word === undefined) === (options.clear !== true)) {
        throw new BridgeError('CLI_USAGE', 'Either a status or --clear was expected.');
      }
      const end = options.until ?? options.for;
      if (options.person !== undefined) {
        const said = word === undefined ? undefined : otherStatus(word, options.activity, end);
        await setOther(io, options.person, said, options);
        return;
      }
      const status: OwnStatus | undefined =
        word === undefined
          ? undefined
          : {
              status: word,
              ...(options.activity === undefined ? {} : { activity: options.activity }),
              ...(options.text === undefined ? {} : { activityText: options.text }),
              ...(options.note === undefined ? {} : { note: options.note }),
              ...(end === undefined ? {} : { until: end }),
            };
      if (options.url !== undefined) {
        await throughBridge(status, options, { io, account: undefined, json: options.json === true });
        return;
      }
      const place = loadPlace(options.config);
      const told = { io, account: place.account, json: options.json === true };
      if (bridgeRuns(place)) await throughBridge(status, options, told);
      else if (status === undefined) {
        say(told, undefined, 'nothing');
        if (!told.json) io.out('Nothing to take back: no bridge runs with this configuration.\n');
      } else await alone(status, loadConfig(options.config), told);
    });
}

interface Telling {
  readonly io: CliIo;
  /** Not known of a bridge elsewhere. */
  readonly account: SipUri | undefined;
  readonly json: boolean;
}

async function throughBridge(status: OwnStatus | undefined, place: BridgeOptions, told: Telling): Promise<void> {
  const client = connectToBridge(place);
  const { own } = status === undefined ? await client.clearOwn() : await client.setOwn(status);
  say(told, own, 'bridge');
}

/** Signs in, shows the status, and takes it back at the end. */
async function alone(status: OwnStatus, config: BridgeConfig, told: Telling): Promise<void> {
  const { io } = told;
  const ends: { reject: (error: BridgeError) => void } = { reject: () => {} };
  const failed = new Promise<never>((_, reject) => {
    ends.reject = reject;
  });
  failed.catch(() => undefined);
  const source = await signInAlone(config, 'set', io, (report) => onLink(report, told, ends.reject));
  try {
    const published = source.own.publish(status).then(() => true);
    if (!(await stayUntilStopped(io, published))) return;
    say(told, status, 'alone');
    await stayUntilStopped(io, Promise.race([failed, over(status)]));
  } finally {
    await source.stop();
  }
  if (!told.json) io.err('Signed off; the status is taken back.\n');
}

/** Resolves when the status has ended by itself; never without an end. */
function over({ until }: OwnStatus): Promise<void> {
  return new Promise((resolve) => {
    if (until !== undefined) systemClock.after(until - systemClock.now(), resolve);
  });
}

function onLink({ state, error }: LinkReport, { io }: Telling, fail: (error: BridgeError) => void): void {
  if (state === 'connected') io.err('Connected again; the status is shown.\n');
  else if (error === undefined) return;
  else if (error.retry === 'later') io.err(`${error.message} Trying again.\n`);
  else fail(error);
}

function say(
  { io, account, json: wantsJson }: Telling,
  own: OwnStatus | undefined,
  by: 'bridge' | 'alone' | 'nothing',
): void {
  if (wantsJson) {
    io.out(
      json({
        ok: true,
        ...(account && { account }),
        own: own ?? null,
        through: by === 'bridge' ? 'bridge' : 'own-sign-in',
      }),
    );
    return;
  }
  if (by === 'nothing') return;
  const shown = own === undefined ? 'no status of its own' : describe(io, own);
  io.out(`${account ?? "the bridge's account"}: ${shown}.\n`);
  if (by === 'alone') io.err('Shown while this command runs; Ctrl+C takes it back.\n');
}

function describe(io: CliIo, { status, activity, activityText, note, until }: OwnStatus): string {
  return [
    paint(io, 'bold', status),
    ...(activity === undefined ? [] : [activity]),
    ...(activityText ? [`"${activityText}"`] : []),
    ...(note ? [`note "${note}"`] : []),
    ...(until === undefined ? [] : [`until ${hourOf(until)}`]),
  ].join(', ');
}
