import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that is not ours and answers notifications. */
export interface ForeignServer {
  readonly name: string;
  readonly port: number;
  /** CPU microseconds of the program and its children. The system counts in steps of 10 ms. */
  cpu(): number;
  stop(): void;
}

const SETTLE_MS = 2_500;
const TICKS_PER_SECOND = 100;

/** Those that are installed. */
export async function foreignServers(folder: string): Promise<ForeignServer[]> {
  const servers = [await sipp(folder), await kamailio(folder)].filter((server) => server !== undefined);
  if (servers.length > 0) await sleep(SETTLE_MS);
  return servers;
}

async function sipp(folder: string): Promise<ForeignServer | undefined> {
  if (!isInstalled('sipp')) return undefined;
  const port = await freePort();
  const scenario = join(folder, 'uas.xml');
  const answer = ['SIP/2.0 200 OK', '[last_Via:]', '[last_From:]', '[last_To:]', '[last_Call-ID:]', '[last_CSeq:]'];
  writeFileSync(
    scenario,
    `<?xml version="1.0"?>\n<!DOCTYPE scenario SYSTEM "sipp.dtd">\n<scenario name="answer"><recv request="NOTIFY"/><send><![CDATA[\n${answer.join('\n')}\nContent-Length: 0\n\n]]></send></scenario>\n`,
  );
  const options = ['-sf', scenario, '-i', '127.0.0.1', '-p', String(port), '-t', 't1', '-nostdin'];
  const child = spawn('sipp', options, { stdio: 'ignore', cwd: folder, detached: true });
  return serverOf(`sipp UAS ${versionOf('sipp', '-v')}(C++; looks at nothing in the body)`, port, child);
}

async function kamailio(folder: string): Promise<ForeignServer | undefined> {
  if (!isInstalled('kamailio')) return undefined;
  const modules = dirname(
    execFileSync('dpkg', ['-L', 'kamailio'], { encoding: 'latin1' })
      .split('\n')
      .find((line) => line.endsWith('/sl.so')) ?? '/usr/lib/kamailio/modules/sl.so',
  );
  const port = await freePort();
  const configuration = join(folder, 'kamailio.cfg');
  writeFileSync(
    configuration,
    `debug=-1
log_stderror=yes
fork=yes
children=1
tcp_children=1
disable_tcp=no
auto_aliases=no
listen=tcp:127.0.0.1:${port}
tcp_rd_buf_size=262144
tcp_connection_lifetime=3600
mpath="${modules}/"
loadmodule "kex.so"
loadmodule "sl.so"
loadmodule "pv.so"
request_route { sl_send_reply("200", "OK"); exit; }
`,
  );
  const options = ['-f', configuration, '-DD', '-E', '-m', '256', '-M', '16', '-x', 'fm', '-X', 'fm', '-Y', folder];
  const child = spawn('kamailio', options, { stdio: 'ignore', cwd: folder, detached: true });
  return serverOf(
    `Kamailio stateless reply ${versionOf('kamailio', '-v')}(C; looks at nothing in the body)`,
    port,
    child,
  );
}

function serverOf(name: string, port: number, child: ChildProcess): ForeignServer {
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} does not start`);
  return {
    name,
    port,
    cpu: () => cpuOfGroup(pid),
    stop: () => {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    },
  };
}

/** Fields of /proc/<pid>/stat behind the name: group, and time in user and system mode. */
const GROUP = 2;
const USER_TIME = 11;
const SYSTEM_TIME = 12;

function cpuOfGroup(group: number): number {
  let ticks = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[GROUP]) === group) ticks += Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
    } catch {
      // It has ended meanwhile.
    }
  }
  return (ticks * 1e6) / TICKS_PER_SECOND;
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('which', [program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function versionOf(program: string, option: string): string {
  try {
    const text = execFileSync(program, [option], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return `${/\d+\.\d+\.\d+/.exec(text)?.[0] ?? ''} `;
  } catch {
    return '';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
