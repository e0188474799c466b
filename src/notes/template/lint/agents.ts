import { childrenOf } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, subjectsOf } from './model.js';

/** Agents are shipped disabled and with the least rights, and run as whoever signs them at the site. */
export function lintAgents(model: LintModel): Finding[] {
  return subjectsOf(model, 'agent').flatMap(lintAgent);
}

function lintAgent(subject: LintSubject): Finding[] {
  const { element } = subject;
  const at = (name: string): string => element.attributes.get(name) ?? '';
  const findings: Finding[] = [];
  const report = (message: string, line = element.line): void => {
    findings.push(finding(subject, line, 'agent', message));
  };
  const [trigger] = childrenOf(element, 'trigger');
  const [schedule] = trigger ? childrenOf(trigger, 'schedule') : [];
  const runsByItself = /^(scheduled|beforenewmail|afternewmail|docupdate|docpaste|serverstart)$/.test(
    trigger?.attributes.get('type') ?? '',
  );
  if (!trigger) report('the trigger is missing');
  if (runsByItself && at('enabled') !== 'false')
    report('it runs by itself, so it must be shipped with enabled="false"');
  if (trigger?.attributes.get('type') === 'scheduled' && !schedule) report('the schedule is missing', trigger.line);
  if (at('restrictions') !== 'restricted') report('restrictions must be "restricted": nothing here needs more');
  if (at('runonbehalfof') !== '') report('runonbehalfof names somebody of one site');
  if (schedule && (schedule.attributes.get('runserver') ?? '') !== '') {
    report('runserver names a server of one site; runlocation="choose" lets the administrator say', schedule.line);
  }
  if (schedule && schedule.attributes.get('runlocation') !== 'choose') {
    report('runlocation must be "choose": the administrator says where it runs', schedule.line);
  }
  if (at('alias') === '') report('an agent needs an alias: its name is translated');
  return findings;
}
