import { cpus, totalmem, type } from 'node:os';
import type { Workspace } from './workspace.js';

export function machine(): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  const memory = (totalmem() / 2 ** 30).toFixed(1);
  return `${processors.length} x ${model}, ${memory} GiB, ${type()}, Node.js ${process.versions.node} (V8 ${process.versions.v8}).`;
}

export function peersLine({ withoutPeers, versions }: Workspace): string {
  if (withoutPeers !== undefined) {
    return `Without peers, against the project's own bound and messages: ${withoutPeers}.`;
  }
  const listed = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Peers: ${listed.join(', ')}.`;
}
