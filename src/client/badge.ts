import { PresenceBadge, setHome } from './badge/element.js';

/**
 * `<script type="module" src="https://bridge/client/badge.js"></script>` makes `<presence-badge>` known to a page.
 * Importing it does the same.
 */
export { PresenceBadge, type PresenceChangeDetail } from './badge/element.js';

setHome(new URL('../', import.meta.url).href);
// Two pages' parts may each bring the script.
if (customElements.get('presence-badge') === undefined) customElements.define('presence-badge', PresenceBadge);
