import { describe, expect, test } from 'vitest';
import { readResourceList } from '../../../src/ocs/documents/rlmi.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { resourceList } from './samples.js';

const read = (document: string) => readResourceList(Buffer.from(document, 'utf8'));
const instance = (attributes: string) => `<resource uri="sip:a@b.example"><instance id="0" ${attributes}/></resource>`;
const onlyEntry = (resources: string) => read(resourceList(resources)).resources[0];

describe('a resource list', () => {
  test('gives each resource with state and part', () => {
    const list = read(
      resourceList(
        '<resource uri="sip:Ana@b.example"><name>Ana</name><instance id="0" state="active" cid="ana@b.example"/></resource>' +
          '<resource uri="ben@b.example"><instance id="0" state="resubscribe" cid="x" poolFqdn="pool2.b.example"/></resource>',
        'version="7" fullState="true"',
      ),
    );
    expect(list).toEqual({
      version: 7,
      fullState: true,
      resources: [
        { uri: 'sip:ana@b.example', state: 'active', cid: 'ana@b.example' },
        { uri: 'sip:ben@b.example', state: 'resubscribe', cid: 'x', poolFqdn: 'pool2.b.example' },
      ],
      refused: [],
    });
  });

  test('counts as version 0 without full state when it does not say', () => {
    expect(read('<list xmlns="urn:ietf:params:xml:ns:rlmi"/>')).toMatchObject({ version: 0, fullState: false });
  });

  test.each([
    ['<resource uri="sip:a@b.example"/>', 'pending'],
    [instance('state="pending"'), 'pending'],
    [instance('state="ready"'), 'pending'],
    [instance(''), 'pending'],
    [instance('state="Terminated"'), 'terminated'],
  ])('never makes an active resource of %s', (resources, state) => {
    expect(onlyEntry(resources)?.state).toBe(state);
  });

  test('says why a resource is terminated', () => {
    expect(onlyEntry(instance('state="terminated" reason="rejected" statusCode="403"'))?.reason).toBe('rejected');
    expect(onlyEntry(instance('state="terminated" statusCode="404"'))?.reason).toBe('404');
  });

  test('takes the liveliest of several instances', () => {
    const terminated = '<instance id="1" state="terminated" reason="gone"/>';
    const active = '<instance id="2" state="active" cid="c"/>';
    for (const instances of [terminated + active, active + terminated]) {
      expect(onlyEntry(`<resource uri="sip:a@b.example">${instances}</resource>`)).toMatchObject({
        state: 'active',
        cid: 'c',
      });
    }
  });

  test('keeps the others when one address is unusable', () => {
    const list = read(
      resourceList(`<resource uri="tel:1"><instance state="active"/></resource>${instance('state="active"')}`),
    );
    expect(list.resources).toHaveLength(1);
    expect(list.refused.map((error) => error.details['reason'])).toEqual(['address']);
  });

  test('reads the same when it needs the full XML reader', () => {
    const document = resourceList(instance('state="active" cid="1"'));
    expect(read(`<!-- -->${document}`)).toEqual(read(document));
  });

  test('of another namespace is refused', () => {
    expect(() => read(resourceList('').replace('rlmi', 'rmli'))).toThrow(BridgeError);
  });
});
