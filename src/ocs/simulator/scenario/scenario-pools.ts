import type { SimulatorListen, SimulatorOptions, SimulatorPool } from '../options.js';
import type { Scenario } from './step.js';

/** The pools of a scenario for a simulator; the first has the ports that are given, the others free ones. */
export function poolsOf(
  { pools }: Pick<Scenario, 'pools'>,
  domain: string,
  listen: SimulatorListen,
): Pick<SimulatorOptions, 'pools'> {
  if (pools.length === 0) return {};
  const free = { host: listen.host, tlsPort: 0, ...(listen.tcpPort === undefined ? {} : { tcpPort: 0 }) };
  return {
    pools: pools.map(({ name, ...rest }, at): SimulatorPool => {
      // No DNS knows these pools: redirects lead to this machine.
      return {
        ...rest,
        hostName: hostNameOf(name, domain),
        contactHost: 'localhost',
        listen: at === 0 ? listen : free,
      };
    }),
  };
}

export function hostNameOf(pool: string, domain: string): string {
  return `${pool}.${domain}`;
}
