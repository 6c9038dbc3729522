"""Throws damaged requests at a real server from outside, beside the libFuzzer targets:

    python3 Fuzz/throw.py PROGRAM COUNT [SEED] [http] [wyoming] [live]

COUNT each, or of those that are named: requests over HTTP (bodies of speech, timings and uploads), streams of Wyoming frames, and messages
over WebSockets with now and then whatever bytes as frames. They are made of Fuzz/LibFuzzer/corpus by changing, dropping, doubling and mixing
bytes. The server has to answer each, never with a status of 500, and to be alive at the end.
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
          b"payload_length", b"type", b"begin", b"cancel", b"played", b"synthesize", b"[[", b"]]"]


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


def frame(opcode, payload):
    """Masked with zeros."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


class Live:
    """A WebSocket that is opened again whenever the server ends it."""

    UPGRADE = (b"GET /v1/audio/speech/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
               b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")

    def __init__(self, path):
        self.path, self.socket = path, None

    def open(self):
        self.socket, self.rest = connected(self.path), b""
        self.socket.sendall(self.UPGRADE)
        while b"\r\n\r\n" not in self.rest:
            self.fill()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        if b" 101 " not in head:
            raise ConnectionError(head)

    def fill(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("closed")
        self.rest += piece

    def take(self, count):
        while len(self.rest) < count:
            self.fill()
        piece, self.rest = self.rest[:count], self.rest[count:]
        return piece

    def answers(self):
        """Opcodes and payloads."""
        while True:
            opcode, size = self.take(2)
            size &= 127
            if size > 125:
                size = int.from_bytes(self.take(2 if size == 126 else 8), "big")
            yield opcode & 15, self.take(size)

    def throw(self, data):
        """What came of it: an error, other events, or the code of the server's farewell."""
        outcome = "went on"
        try:
            if self.socket is None:
                self.open()
            self.socket.sendall(data + frame(1, b'{"type":"cancel"}') + frame(9, b"the end"))
            for opcode, payload in self.answers():
                if opcode == 10 and payload == b"the end":
                    return outcome
                if opcode == 1 and b'"type":"error"' in payload:
                    outcome = "internal" if b'"internal_error"' in payload else "refused"
                if opcode == 8:
                    outcome = f"closed {int.from_bytes(payload[:2], 'big')}"
        except TimeoutError:
            # It waits for the rest of a frame.
            outcome = "waits for more"
        except ConnectionError:
            pass
        self.socket.close()
        self.socket = None
        return outcome


def throw_live(live, random, seeds, counts):
    data = damaged(random, seeds)
    if not data or data[0] % 16:
        data = b"".join(frame(1, line) for line in data[1:].split(b"\n"))
    elif live.socket:
        live.socket.settimeout(0.5)
    counts[f"live {live.throw(data)}"] += 1
    if live.socket:
        live.socket.settimeout(120)


def main():
    program, count, seed = sys.argv[1], int(sys.argv[2]), int((sys.argv[3:] or ["1"])[0])
    kinds = sys.argv[4:] or ["http", "wyoming", "live"]
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
    counts, left, lock = collections.Counter(), dict.fromkeys(kinds, count), threading.Lock()

    def work(number):
        dice = random.Random(seed * 1000 + number)
        seeds = {name: [p.read_bytes() for p in sorted((CORPUS / name).iterdir())] for name in kinds}
        throws = {"http": throw_http, "wyoming": throw_wyoming, "live": throw_live}
        targets = {**paths, "live": Live(paths["http"])}
        while True:
            with lock:
                name = max(left, key=left.get)
                if left[name] == 0:
                    return
                left[name] -= 1
            throws[name](targets[name], dice, seeds[name], counts)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for thread in threads:
            thread.join(30 / len(threads))
        print(dict(left), flush=True)
    alive = server.poll() is None
    with connected(paths["http"]) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        healthy = b" 200 " in connection.recv(4096)
    server.send_signal(signal.SIGTERM)
    print(f"{len(kinds) * count} inputs: {dict(sorted(counts.items()))}; the server is {'alive' if alive and healthy else 'DEAD'}, ended with {server.wait()}")
    sys.exit(0 if alive and healthy and not counts["http 500"] and not counts["live internal"] else 1)


main()
