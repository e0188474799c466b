import { PROFILE_FORM } from '../../notes/fields.js';
import { sampleUnid } from './sample-person.js';

/** Under which id the one profile document of a form stands. */
export function profileId(form: string, key = ''): string {
  return sampleUnid(`profile ${form.toLowerCase()} ${key.toLowerCase()}`);
}

/** Profile documents are made by name, and there is one of each. */
export function isProfile(form: string): boolean {
  return form.toLowerCase() === PROFILE_FORM.toLowerCase();
}
