// Presence with the client package, Node 20 or later: npm install <folder of the program>
//
//   node node.mjs query NAME...        statuses of people
//   node node.mjs watch NAME...        the same whenever they change, until Ctrl+C
//   node node.mjs set STATUS [NOTE]    the status of the bridge's own account
//   node node.mjs im ADDRESS TEXT      an instant message from that account
//
// PRESENCE_URL is the address of the bridge, PRESENCE_TOKEN_FILE a file that holds a token of the scopes
// read, stream, own-status, message; what you do not need, leave out.
import { readFileSync } from 'node:fs';
import { createPresenceClient } from 'notes-presence-bridge/client';

const presence = createPresenceClient({
  url: process.env.PRESENCE_URL ?? 'http://127.0.0.1:8480',
  token: readFileSync(process.env.PRESENCE_TOKEN_FILE, 'utf8').trim(),
});

const say = (line) => process.stdout.write(`${line}\n`);

function lineOf({ name, displayName, address, query, status, activity, reason, outOfOffice }) {
  const words = [status, activity, reason, outOfOffice ? 'out of office' : undefined];
  return `${name ?? displayName ?? address ?? query}: ${words.filter(Boolean).join(', ')}`;
}

const commands = {
  async query(...names) {
    const { people } = await presence.query(names);
    for (const person of people) say(lineOf(person));
  },

  /** Reconnects, resumes and forgets what is old by itself; ends when the bridge refuses the token. */
  async watch(...names) {
    const listener = {
      onPeople({ changed, removed }) {
        for (const person of changed) say(lineOf(person));
        for (const address of removed) say(`${address}: not there any more`);
      },
      onState(state, { error }) {
        process.stderr.write(`${state} ${error?.message ?? ''}\n`);
        if (state === 'refused') process.exitCode = 77;
      },
    };
    presence.follow({ people: names }, listener);
  },

  async set(status, note) {
    const own = await presence.setOwn({ status, ...(note === undefined ? {} : { note }) });
    say(own.status);
  },

  async im(address, text) {
    await presence.sendMessage(address, text);
    say('delivered');
  },
};

const [command, ...words] = process.argv.slice(2);
if (commands[command] === undefined) throw new Error('query, watch, set or im was expected');
try {
  await commands[command](...words);
} catch (error) {
  process.stderr.write(`${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
