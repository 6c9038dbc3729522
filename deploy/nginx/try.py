"""The client's side of deploy/nginx/try: python3 try.py PID-OF-8881 PID-OF-8882"""

import hashlib
import http.client
import json
import os
import signal
import statistics
import sys
import threading
import time

PROXY, FIRST, SECOND = 8880, 8881, 8882
SHORT = "Good morning to all of you."
LONG = " ".join(f"This is sentence number {n}, and it is not the last one." for n in range(1, 41))


class Broken(Exception):
    """The answer ended before its end."""


def speak(port, text, fmt="pcm", on_chunk=None):
    """Status, seconds to the first byte of sound, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    start = time.monotonic()
    body = json.dumps({"input": text, "response_format": fmt})
    try:
        connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json", "Host": "localhost"})
        answer = connection.getresponse()
        pieces, count, first = [], 0, None
        while piece := answer.read1(65536):
            first = first or time.monotonic() - start
            pieces.append(piece)
            count += len(piece)
            if on_chunk:
                on_chunk(time.monotonic() - start, count)
        return answer.status, first, b"".join(pieces)
    except (http.client.HTTPException, OSError) as error:
        raise Broken(repr(error)) from error
    finally:
        connection.close()


def first_bytes(*ports, count=60):
    """Median and 95th of 100 for each port, in ms; they are asked in turn, so that other work on the machine meets all alike."""
    times = [[1000 * speak(port, SHORT)[1] for port in ports] for _ in range(count)]
    return [(statistics.median(column), sorted(column)[int(0.95 * count)]) for column in zip(*times)]


def check(holds, what):
    print(("ok    " if holds else "FAILED ") + what)
    if not holds:
        sys.exit(1)


# 1. The same bytes, and the name is checked.
direct, proxied = speak(FIRST, SHORT), speak(PROXY, SHORT)
check(direct[0] == proxied[0] == 200 and direct[2] == proxied[2], f"the same {len(direct[2])} bytes with and without nginx")
connection = http.client.HTTPConnection("127.0.0.1", PROXY)
connection.request("GET", "/v1/voices", headers={"Host": "evil.example"})
check(connection.getresponse().status == 421, "another name gets 421")

# 2. First byte.
first_bytes(FIRST, SECOND, PROXY, count=10)
alone, through = first_bytes(FIRST, PROXY)
print(f"      first byte, ms, median and 95th of 60: direct {alone[0]:.1f} {alone[1]:.1f}, through nginx {through[0]:.1f} {through[1]:.1f}")
check(through[0] < alone[0] + 30, "nginx adds less than 30 ms to the first byte")

# 3. Not buffered: of a long text the sound comes piece by piece.
arrivals = []
status, first, sound = speak(PROXY, LONG, on_chunk=lambda t, n: arrivals.append((t, n)))
total = arrivals[-1][0]
half = next(t for t, n in arrivals if n >= len(sound) / 2)
print(f"      {len(sound) / 48000:.0f} s of sound in {total:.2f} s: first byte after {first:.3f} s, half after {half:.2f} s, {len(arrivals)} pieces")
check(first < 0.1 * total < half < 0.9 * total, "the sound comes while it is made")

# 4. A client that goes away ends its synthesis behind nginx too.
def working():
    counts = []
    for port in (FIRST, SECOND):
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/healthz")
        counts.append(json.load(connection.getresponse())["requests"])
        connection.close()
    return sum(counts)

connection = http.client.HTTPConnection("127.0.0.1", PROXY)
connection.request("POST", "/v1/audio/speech", json.dumps({"input": LONG * 20, "response_format": "pcm"}),
                   {"Content-Type": "application/json", "Host": "localhost"})
# Closing the answer is the client's going away, so it is kept until then.
answer = connection.getresponse()
answer.read(1000)
check(working() == 1, "a long request is in work")
answer.close()
connection.close()
end = time.monotonic() + 60
while working() and time.monotonic() < end:
    time.sleep(0.05)
check(working() == 0, "and ends when its client goes away")

# 5. One of two servers is killed under load.
def load(seconds, clients, act):
    """Requests of `clients` at once; `act` happens after a third of the time."""
    expected = {n: hashlib.sha256(speak(PROXY, f"This is request number {n}.")[2]).digest() for n in range(8)}
    results, lock, end = [], threading.Lock(), time.monotonic() + seconds

    def client(number):
        turn = number
        while time.monotonic() < end:
            turn = (turn + 3) % 8
            try:
                status, _, sound = speak(PROXY, f"This is request number {turn}.")
                whole = status == 200 and hashlib.sha256(sound).digest() == expected[turn]
                outcome = "whole" if whole else f"status {status}" if status != 200 else "WRONG"
            except Broken:
                outcome = "broken off"
            with lock:
                results.append((time.monotonic(), outcome))

    threads = [threading.Thread(target=client, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 3)
    acted = time.monotonic()
    act()
    for thread in threads:
        thread.join()
    counts = {}
    for when, outcome in results:
        key = ("before" if when < acted else "after") + " " + outcome
        counts[key] = counts.get(key, 0) + 1
    return counts


counts = load(15, 8, lambda: os.kill(int(sys.argv[1]), signal.SIGKILL))
print(f"      kill -9 of one server, 8 clients: {counts}")
check(not any("WRONG" in key for key in counts), "nothing half is taken for whole")
check(sum(v for k, v in counts.items() if "whole" not in k) <= 8, "at most what was being answered breaks off")
check(counts.get("after whole", 0) > 0, "the rest goes on with the other server")
