"""Throws damaged requests at a real server from outside, beside the libFuzzer targets:

    python3 Fuzz/throw.py PROGRAM COUNT [SEED]

COUNT requests over HTTP (bodies of speech, timings and uploads) and COUNT streams of Wyoming frames, made of Fuzz/LibFuzzer/corpus by
changing, dropping, doubling and mixing bytes. The server has to answer each, never with a status of 500, and to be alive at the end.
"""

import collections
import http.client
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = ROOT / "Fuzz/LibFuzzer/corpus"
TOKENS = [b'"', b"\\u0000", b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"-1", b"1e999", b"99999999999999999999", b"\r\n", b"--B", b"--B--",
          b'name="recording"', b"\xff\xfe", b"\x00", b"</speak>", b"<speak>", b"RIFF", b"data", b"\xff\xff\xff\xff", b"input", b"voice", b"data_length",
          b"payload_length", b"type", b"synthesize", b"[[", b"]]"]


def damaged(random, seeds):
    data = bytearray(random.choice(seeds))
    for _ in range(random.choice([1, 1, 2, 3, 5, 10])):
        at = random.randrange(len(data) + 1)
        kind = random.randrange(7)
        if kind == 0 and at < len(data):
            data[at] = random.randrange(256)
        elif kind == 1 and at < len(data):
            data[at] ^= 1 << random.randrange(8)
        elif kind == 2:
            del data[at : at + random.randrange(1, 20)]
        elif kind == 3:
            data[at:at] = random.choice(TOKENS)
        elif kind == 4:
            data[at:at] = data[at : at + random.randrange(1, 40)] * random.randrange(1, 4)
        elif kind == 5:
            other = random.choice(seeds)
            data[at:] = other[random.randrange(len(other) + 1) :]
        else:
            data[at : at + 4] = random.choice([b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80", b"\x00\x00\x00\x00"])
    return bytes(data[:8192])


def connected(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(120)
    connection.connect(path)
    return connection


class UnixHTTP(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=120)
        self.path = path

    def connect(self):
        self.sock = connected(self.path)


def throw_http(path, random, seeds, counts):
    data = damaged(random, seeds)
    kind = data[0] % 8 if data else 0
    if kind in (5, 6):
        place, media = "/v1/voices", "multipart/form-data; boundary=B"
    else:
        place, media = ("/v1/speech/timings" if kind == 4 else "/v1/audio/speech"), "application/json"
    connection = UnixHTTP(path)
    try:
        connection.request("POST", place, data[1:], {"Content-Type": media})
        answer = connection.getresponse()
        status = answer.status
        answer.read()
    except http.client.IncompleteRead:
        status = "broken off"
    finally:
        connection.close()
    counts[f"http {status}"] += 1
    if status in (500, "broken off"):
        sys.stderr.write(f"{status}: {data!r}\n")


def throw_wyoming(path, random, seeds, counts):
    data = damaged(random, seeds)
    with connected(path) as connection:
        connection.settimeout(0.5)
        outcome = "closed"
        try:
            connection.sendall(data + b'{"type":"ping","data":{"text":"the end"}}\n')
            answer = b""
            while piece := connection.recv(65536):
                answer = answer[-200:] + piece
                if b"the end" in answer:
                    outcome = "went on"
                    break
        except TimeoutError:
            outcome = "waits for more"
        except ConnectionError:
            pass
    counts[f"wyoming {outcome}"] += 1


def main():
    program, count, seed = sys.argv[1], int(sys.argv[2]), int((sys.argv[3:] or ["1"])[0])
    folder = tempfile.TemporaryDirectory(prefix="starling-throw-")
    run = pathlib.Path(folder.name)
    environment = os.environ | {"STARLING_DATA": str(ROOT / "data"), "XDG_DATA_HOME": str(run / "own")}
    server = subprocess.Popen(
        [program, "serve", "--socket", run / "run/http.sock", "--wyoming-socket", run / "run/wyoming.sock", "--max-text", "24", "--log-level", "error"],
        env=environment)
    paths = {"http": str(run / "run/http.sock"), "wyoming": str(run / "run/wyoming.sock")}
    end = time.monotonic() + 120
    while not all(map(os.path.exists, paths.values())) and time.monotonic() < end:
        time.sleep(0.05)
    counts, left, lock = collections.Counter(), {"http": count, "wyoming": count}, threading.Lock()

    def work(number):
        dice = random.Random(seed * 1000 + number)
        seeds = {name: [p.read_bytes() for p in sorted((CORPUS / name).iterdir())] for name in paths}
        throws = {"http": throw_http, "wyoming": throw_wyoming}
        while True:
            with lock:
                name = max(left, key=left.get)
                if left[name] == 0:
                    return
                left[name] -= 1
            throws[name](paths[name], dice, seeds[name], counts)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        time.sleep(30)
        print(dict(left), flush=True)
    alive = server.poll() is None
    with connected(paths["http"]) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        healthy = b" 200 " in connection.recv(4096)
    server.send_signal(signal.SIGTERM)
    print(f"{2 * count} inputs: {dict(sorted(counts.items()))}; the server is {'alive' if alive and healthy else 'DEAD'}, ended with {server.wait()}")
    sys.exit(0 if alive and healthy and not counts["http 500"] else 1)


main()
