#!/usr/bin/env bash
# Presence with nothing but bash and curl (7.76 or later).
#
#   curl.sh query NAME...          statuses of people, as JSON
#   curl.sh watch NAME...          the same whenever they change, until Ctrl+C
#   curl.sh set STATUS [NOTE]      the status of the bridge's own account
#   curl.sh im ADDRESS TEXT        an instant message from that account
#
# PRESENCE_URL is the address of the bridge, PRESENCE_TOKEN_FILE a file that holds a token of the scopes
# read, stream, own-status, message; what you do not need, leave out.
set -euo pipefail

url=${PRESENCE_URL:-http://127.0.0.1:8480}
token_file=${PRESENCE_TOKEN_FILE:?the file with the access token}

# The token comes by a pipe: arguments of programs can be seen by everybody on the machine.
call() {
  curl --silent --show-error --fail-with-body \
    --header @<(printf 'Authorization: Bearer %s\n' "$(<"$token_file")") "$@"
}

# A text as JSON writes it.
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  printf '"%s"' "${text//$'\t'/\\t}"
}

quoted_list() {
  local list='' text
  for text in "$@"; do list+=",$(quoted "$text")"; done
  printf '[%s]' "${list#,}"
}

send() {
  call --request "$1" --header 'Content-Type: application/json' --data-binary "$3" "$url$2"
  echo
}

# Prints each message on a line of its own. Comes back with the id of the last one after a loss, and so misses nothing.
watch() {
  local people=() name line last=''
  for name in "$@"; do people+=(--data-urlencode "person=$name"); done
  while true; do
    while IFS= read -r line || [[ -n $line ]]; do
      line=${line%$'\r'}
      case $line in
        'id: '*) last=${line#id: } ;;
        'data: '*) printf '%s\n' "${line#data: }" ;;
        '{'*) printf '%s\n' "$line" >&2 ;;
      esac
    done < <(call --no-buffer --get "${people[@]}" ${last:+--header "Last-Event-ID: $last"} \
      --speed-limit 1 --speed-time 45 "$url/api/v1/stream")
    # 22: the bridge answered with an error, and would so again.
    wait $! || [[ $? -ne 22 ]] || return 77
    sleep 2
  done
}

command=${1:?query, watch, set or im}
shift
case $command in
  query) send POST /api/v1/people/query "{\"people\":$(quoted_list "$@")}" ;;
  watch) watch "$@" ;;
  set)
    note=${2:+,\"note\":$(quoted "$2")}
    send PUT /api/v1/self "{\"status\":$(quoted "${1:?a status such as busy}")$note}"
    ;;
  im) send POST /api/v1/messages "{\"to\":$(quoted "${1:?an address}"),\"text\":$(quoted "${2:?a text}")}" ;;
  *)
    echo "there is no command $command" >&2
    exit 64
    ;;
esac
