import { describe, expect, test } from 'vitest';
import { writeBatchSubscribe } from '../../../src/ocs/documents/batch-subscribe.js';
import { sip } from '../../support/people.js';

const people = {
  self: sip('bridge@contoso.example'),
  uris: [sip("o'neil&co@contoso.example"), sip('ana@contoso.example')],
  id: '63792024',
};

describe('the body of a batched subscription', () => {
  test('names the people and the categories to subscribe to', () => {
    const body = writeBatchSubscribe({ ...people, action: 'subscribe', categories: ['state', 'note'] });
    expect(body.toString('utf8')).toBe(
      '<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe" uri="sip:bridge@contoso.example" name="">' +
        '<action name="subscribe" id="63792024"><adhocList><resource uri="sip:o&apos;neil&amp;co@contoso.example"/>' +
        '<resource uri="sip:ana@contoso.example"/></adhocList>' +
        '<categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist"><category name="state"/><category name="note"/>' +
        '</categoryList></action></batchSub>',
    );
  });

  test('has no categories when it unsubscribes', () => {
    const body = writeBatchSubscribe({ ...people, action: 'unsubscribe', categories: ['state'] }).toString('utf8');
    expect(body).toContain('<action name="unsubscribe" id="63792024"><adhocList>');
    expect(body).not.toContain('categoryList');
  });
});
