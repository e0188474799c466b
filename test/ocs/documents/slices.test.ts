import { describe, expect, test } from 'vitest';
import { type PresenceReading, readPresence, readPresenceInSlices } from '../../../src/ocs/documents/read-presence.js';
import { atOnce, type Slices } from '../../../src/ocs/documents/slices.js';
import { categoriesDocument, multipart, resourceList, usualDocument } from './samples.js';

const CATEGORIES = 'application/msrtc-event-categories+xml';
const LIST = 'application/rlmi+xml';
const RELATED = 'multipart/related;boundary=b0undary';
const MEGABYTE = 1024 * 1024;

function inSteps(contentType: string, body: string | Buffer): { steps: number; reading: PresenceReading } {
  const slices = readPresenceInSlices(contentType, Buffer.from(body));
  for (let steps = 0; ; steps++) {
    const step = slices.next();
    if (step.done === true) return { steps, reading: step.value };
  }
}

describe('reading in slices', () => {
  test('takes no step for the usual document', () => {
    expect(inSteps(CATEGORIES, usualDocument('sip:ana@contoso.example')).steps).toBe(0);
  });

  test('reads the same as reading at once', () => {
    const body = multipart('b0undary', [
      [
        LIST,
        resourceList('<resource uri="sip:ana@contoso.example"><instance id="0" state="active" cid="x"/></resource>'),
      ],
      [CATEGORIES, usualDocument('sip:ana@contoso.example')],
      [CATEGORIES, '<?xml version="1.0"?><!-- full reader -->'.concat(usualDocument('sip:ben@contoso.example'))],
      [CATEGORIES, '<broken'],
    ]);
    const { reading } = inSteps(RELATED, body);
    expect(reading).toEqual(readPresence(RELATED, Buffer.from(body)));
    expect([reading.observations.length, reading.resources.length, reading.refused.length]).toEqual([2, 1, 1]);
  });

  test('takes a step at least for each part of a multipart body', () => {
    const parts = Array.from({ length: 1000 }, (_, index): [string, string] => [
      CATEGORIES,
      usualDocument(`sip:p${index}@contoso.example`),
    ]);
    const { steps, reading } = inSteps(RELATED, multipart('b0undary', parts));
    expect(reading.observations).toHaveLength(1000);
    expect(steps).toBeGreaterThanOrEqual(1000);
  });

  test('takes a step at least for every eight thousand characters of a large document', () => {
    const large = categoriesDocument('<category name="other"/>'.repeat(4_900));
    const { steps, reading } = inSteps(CATEGORIES, large);
    expect(reading.observations).toHaveLength(1);
    expect(steps).toBeGreaterThanOrEqual(Math.floor(large.length / 8192));
  });

  test('takes steps while it looks for a boundary that does not come', () => {
    expect(inSteps(RELATED, Buffer.alloc(4 * MEGABYTE, '-')).steps).toBeGreaterThanOrEqual(15);
    expect(inSteps(RELATED, `--b0undary\r\n${'\r\n--b0undaryx'.repeat(10_000)}`).steps).toBeGreaterThanOrEqual(9);
  });

  test('may be driven to its end, with its errors', () => {
    function* three(): Slices<number> {
      yield;
      yield;
      return 3;
    }
    function* failing(): Slices<number> {
      yield;
      throw new RangeError('no');
    }
    expect(atOnce(three())).toBe(3);
    expect(() => atOnce(failing())).toThrow(RangeError);
  });
});
