#!/usr/bin/env python3
"""Presence with the standard library of Python 3.8 or later.

    presence.py query NAME...        statuses of people
    presence.py watch NAME...        the same whenever they change, until Ctrl+C
    presence.py set STATUS [NOTE]    the status of the bridge's own account, for an hour
    presence.py im ADDRESS TEXT      an instant message from that account

PRESENCE_URL is the address of the bridge, PRESENCE_TOKEN_FILE a file that holds a token of the scopes
read, stream, own-status, message; what you do not need, leave out.
"""
import json
import os
import random
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("PRESENCE_URL", "http://127.0.0.1:8480").rstrip("/")
# A stream is never silent for longer than 15 seconds.
SILENCE_SECONDS = 45


def request(path, method="GET", body=None, headers=None, timeout=30):
    """Opens a request with the token. Raises urllib.error.HTTPError, whose body says what is wrong."""
    with open(os.environ["PRESENCE_TOKEN_FILE"], encoding="ascii") as file:
        token = file.read().strip()
    headers = {"Authorization": "Bearer " + token, **(headers or {})}
    data = None
    if body is not None:
        data = json.dumps(body).encode("utf-8")
        headers["Content-Type"] = "application/json"
    question = urllib.request.Request(URL + path, data=data, method=method, headers=headers)
    return urllib.request.urlopen(question, timeout=timeout)


def line_of(person):
    """One person in words; somebody who is not confirmed is unknown, whatever was told before."""
    who = person.get("name") or person.get("displayName") or person.get("address") or person["query"]
    words = [person["status"], person.get("activity"), person.get("reason")]
    if person["outOfOffice"]:
        words.append("out of office")
    return who + ": " + ", ".join(word for word in words if word)


def query(*names):
    """Everybody in one request: up to 1,000 names."""
    with request("/api/v1/people/query", "POST", {"people": names}) as answer:
        for person in json.load(answer)["people"]:
            print(line_of(person))


def events(response):
    """The events of a stream as (id, data), as server-sent events are written."""
    event_id, data = None, []
    for raw in response:
        field, _, value = raw.decode("utf-8").rstrip("\r\n").partition(":")
        value = value[1:] if value.startswith(" ") else value
        if field == "id":
            event_id = value
        elif field == "data":
            data.append(value)
        elif field == "" and value == "" and data:
            yield event_id, json.loads("\n".join(data))
            data = []


def watch(*names):
    """Follows people for ever. The id of the last event brings back what was missed, or everything anew."""
    path = "/api/v1/stream?" + urllib.parse.urlencode([("person", name) for name in names])
    cursor, wait = None, 1.0
    while True:
        try:
            headers = {"Last-Event-ID": cursor} if cursor else {}
            with request(path, headers=headers, timeout=SILENCE_SECONDS) as response:
                for event_id, message in events(response):
                    cursor, wait = event_id or cursor, 1.0
                    # Others tell of the bridge itself; types that are not known yet may come.
                    if message["type"] not in ("snapshot", "changes"):
                        continue
                    for asked in message.get("asked", []):
                        if "reason" in asked:
                            print(asked["query"] + ": " + asked["reason"], flush=True)
                    for person in message["people"]:
                        print(line_of(person), flush=True)
        except urllib.error.HTTPError as error:
            # Asking again does not help against a wrong token or request; a bridge that is busy passes.
            if error.code < 500 and error.code != 429:
                raise
        except OSError:
            pass
        print("the bridge is not heard: nobody's status is known", file=sys.stderr, flush=True)
        # All clients of a bridge that restarts must not come at once.
        time.sleep(wait * random.uniform(0.5, 1))
        wait = min(wait * 2, 30)


def set_status(status, note=""):
    until = int((time.time() + 3600) * 1000)
    with request("/api/v1/self", "PUT", {"status": status, "note": note, "until": until}) as answer:
        print(json.load(answer)["own"]["status"])


def send_message(address, text):
    with request("/api/v1/messages", "POST", {"to": address, "text": text}, timeout=140):
        print("delivered")


def main():
    commands = {"query": query, "watch": watch, "set": set_status, "im": send_message}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    try:
        commands[sys.argv[1]](*sys.argv[2:])
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        sys.exit(problem["code"] + ": " + problem["message"])
    except KeyboardInterrupt:
        pass


main()
