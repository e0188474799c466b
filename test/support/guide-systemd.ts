/**
 * `systemctl` of a guide's machine: does with the unit's own settings what systemd would do, as the account of the test. Needs
 * in the environment GUIDE_ROOT (where the machine's /etc, /opt, /run and /var lie).
 */
export const SYSTEMCTL = `#!/bin/bash
set -euo pipefail
unit=$GUIDE_ROOT/etc/systemd/system/presence-bridge.service
pid=$GUIDE_ROOT/run/presence-bridge.pid
state=$GUIDE_ROOT/var/lib/presence-bridge
on_this_machine() { sed -E "s#(^|[ :=])/(opt|etc|var|run)/#\\\\1$GUIDE_ROOT/\\\\2/#g"; }
setting() { cat "$unit" $(ls "$unit".d/*.conf 2>/dev/null) | sed -n "s#^$1=##p"; }
stop() {
  [ -e "$pid" ] || return 0
  kill -TERM "$(cat "$pid")" 2>/dev/null || true
  tail --pid="$(cat "$pid")" -f /dev/null
  rm "$pid"
}
start() {
  [ -e "$pid" ] && kill -0 "$(cat "$pid")" 2>/dev/null && return 0
  local given=$GUIDE_ROOT/run/credentials/presence-bridge.service
  rm -rf "$given" && mkdir -p "$given" "$state"
  setting LoadCredential | on_this_machine | while IFS=: read -r name file; do install -m 440 "$file" "$given/$name"; done
  local command
  command=$(setting ExecStart | on_this_machine)
  CREDENTIALS_DIRECTORY=$given STATE_DIRECTORY=$state setsid $command >>"$GUIDE_ROOT/journal" 2>&1 </dev/null &
  echo $! >"$pid"
}
case "$1 \${2:-}" in
  'daemon-reload ') if [ -e "$unit" ] && command -v systemd-analyze >/dev/null; then systemd-analyze verify --man=no "$unit"; fi ;;
  'enable --now' | 'start presence-bridge') start ;;
  'disable --now' | 'stop presence-bridge') stop ;;
  'restart presence-bridge') stop && start ;;
  'clean --what=state') [ ! -e "$pid" ] && rm -rf "$state" ;;
  *) echo "nobody said what this does here: systemctl $*" >&2; exit 64 ;;
esac
`;

export const JOURNALCTL = `#!/bin/bash
[ "$1 $2 $3" = '-u presence-bridge -n' ] && tail -n "$4" "$GUIDE_ROOT/journal"
`;

/** `npm`, which here asks no registry: the packages of this project are given to `npm ci`. */
export const NPM = `#!/bin/bash
if [ "$1" = ci ]; then rm -rf node_modules && exec cp -al "$GUIDE_PACKAGES" node_modules; fi
exec "$GUIDE_NPM" "$@"
`;
