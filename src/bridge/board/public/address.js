/**
 * What stands behind the `#` of the page's address: what to show, so that it can be kept as a bookmark. Never the token,
 * and never what is searched for, which may be a name.
 *
 * @typedef {object} Wanted
 * @property {string} view id of a view; empty for the first one
 * @property {string} list id of a list; empty for everybody
 * @property {readonly string[]} statuses
 */

/**
 * @param {string} fragment with or without `#`
 * @returns {Wanted & { token: string | undefined }} `token` when one was handed over
 */
export function readFragment(fragment) {
  const values = new URLSearchParams(fragment.replace(/^#/, ''));
  return {
    view: values.get('view') ?? '',
    list: values.get('list') ?? '',
    statuses: (values.get('status') ?? '').split(',').filter((status) => /^[a-z-]{1,32}$/.test(status)),
    token: values.get('token') ?? undefined,
  };
}

/**
 * @param {Wanted} wanted
 * @returns {string} with `#`, or empty when everything is as at the start
 */
export function writeFragment({ view, list, statuses }) {
  const values = new URLSearchParams();
  if (view !== '') values.set('view', view);
  if (list !== '') values.set('list', list);
  if (statuses.length > 0) values.set('status', statuses.join(','));
  const text = values.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
  return text === '' ? '' : `#${text}`;
}
