"""Conversations over WebSockets, for script/load-test --websocket. Needs the package websockets (14 or newer)."""

import contextlib
import hashlib
import json
import random
import threading
import time

import websockets
from websockets.sync.client import unix_connect

from server_memory import MemoryWatch


class Turn:
    """A text to say over a WebSocket, and the digest of its sound when nothing else is said."""

    def __init__(self, text, voice):
        self.text, self.voice = text, voice
        self.digest, self.seconds = None, 0.0


class Conversation:
    """One connection, kept for turn after turn."""

    def __init__(self, path):
        self.stack = contextlib.ExitStack()
        self.socket = self.stack.enter_context(
            unix_connect(path, "ws://localhost/v1/audio/speech/stream", max_size=1 << 24, ping_interval=None))

    def say(self, turn, numbers, cancels=False):
        """Digest of the sound, its seconds, seconds to the first sound, and whether it was cut off."""
        send = lambda **message: self.socket.send(json.dumps(message))
        send(type="begin", voice=turn.voice, words=True)
        start, rest = time.monotonic(), turn.text
        while rest:
            size = numbers.randint(1, 40)
            send(type="text", text=rest[:size])
            rest = rest[size:]
        send(type="end")
        digest, size, first = hashlib.sha256(), 0, None
        for message in self.socket:
            if isinstance(message, bytes):
                first = first or time.monotonic() - start
                digest.update(message)
                size += len(message)
                if cancels:
                    cancels = False
                    send(type="cancel")
                continue
            event = json.loads(message)
            if event["type"] == "error":
                raise RuntimeError(event["error"]["message"])
            if event["type"] == "done":
                return digest.hexdigest(), size / 48_000, first, event["cancelled"]
        raise RuntimeError("the connection ended before the utterance")

    def close(self):
        self.stack.close()


def alone(path, turns):
    conversation = Conversation(path)
    for turn in turns:
        turn.digest, turn.seconds, _, _ = conversation.say(turn, random.Random(0))
    conversation.close()
    print(f"alone: {len(turns)} utterances, {sum(t.seconds for t in turns):.0f} s of speech", flush=True)


def endure(server, turns, options):
    """Conversations without a pause; of eight utterances one is cancelled, and of forty one client disappears in the middle."""
    lock, stop = threading.Lock(), threading.Event()
    counts = {"whole": 0, "cancelled": 0, "disappeared": 0}
    firsts, failures, audio = [], [], [0.0]

    def run(seed):
        numbers, conversation = random.Random(seed), None
        while not stop.is_set():
            try:
                conversation = conversation or Conversation(server.path)
                turn, fate = numbers.choice(turns), numbers.random()
                if fate < 1 / 40:
                    conversation.socket.send(json.dumps({"type": "begin"}))
                    conversation.socket.send(json.dumps({"type": "text", "text": turn.text}))
                    # Without a farewell, as when the network goes.
                    conversation.socket.socket.close()
                    conversation, kind, seconds, first = None, "disappeared", 0.0, None
                else:
                    digest, seconds, first, cancelled = conversation.say(turn, numbers, cancels=fate > 7 / 8)
                    kind = "cancelled" if cancelled else "whole"
                    if not cancelled and digest != turn.digest:
                        raise RuntimeError(f"other sound than alone: {turn.text[:40]}")
                with lock:
                    counts[kind] += 1
                    audio[0] += seconds
                    if first is not None:
                        firsts.append(first)
            except (RuntimeError, OSError, websockets.WebSocketException) as error:
                conversation = None
                with lock:
                    failures.append(f"{type(error).__name__}: {error}")
        if conversation:
            conversation.close()

    threads = [threading.Thread(target=run, args=(f"{options.seed} {i}",)) for i in range(options.clients)]
    memory, used = MemoryWatch(server, options.minutes * 60, work=4 * options.clients), server.seconds()
    for thread in threads:
        thread.start()
    if not memory.watch(lambda: counts["whole"]):
        failures.append("the server died")
    stop.set()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - memory.start
    line, wrong = memory.report()
    firsts.sort()
    print(
        f"conversations: {options.clients} for {seconds:.0f} s, {counts['whole']} utterances equal to those alone, "
        f"{counts['cancelled']} cancelled, {counts['disappeared']} clients disappeared, {len(failures)} wrong\n"
        f"  {audio[0]:.0f} s of speech, {audio[0] / seconds:.1f} s per second; server {(server.seconds() - used) / seconds:.2f} cores\n"
        f"  first sound: median {firsts[len(firsts) // 2] * 1000:.0f} ms, 99th percentile {firsts[len(firsts) * 99 // 100] * 1000:.0f} ms\n"
        f"  {line}", flush=True)
    if options.trace:
        memory.write(options.trace)
    return failures + wrong


def latency(path, options):
    """How long after its first clause a text is heard that comes at so many tokens a second, and whether it ever waits."""
    text = (
        "I can help you with that, but first tell me where you live and what you would like to do there in the summer. "
        "Most people begin with the harbour, which is open all day, and then walk along the wall to the old town. "
        "There are two places to eat, and both are good."
    )
    clause = text.index(",") + 1
    waits, gaps = [], []
    conversation = Conversation(path)
    for turn in range(options.rounds):
        conversation.socket.send(json.dumps({"type": "begin", "words": True}))
        marks = {}

        def write():
            start, at = time.monotonic(), 0
            for number, token in enumerate(text.split(" ")):
                piece = token if at == 0 else " " + token
                time.sleep(max(0.0, start + number / options.tokens - time.monotonic()))
                conversation.socket.send(json.dumps({"type": "text", "text": piece}))
                at += len(piece)
                if at >= clause and "clause" not in marks:
                    marks["clause"] = time.monotonic()
            conversation.socket.send(json.dumps({"type": "end"}))

        writer = threading.Thread(target=write)
        writer.start()
        heard, begun, sentences, late = 0.0, None, 0, 0.0
        for message in conversation.socket:
            if isinstance(message, bytes):
                now = time.monotonic()
                begun = begun or now
                # What was heard by now has to be there, or a listener waits.
                late = max(late, now - begun - heard)
                heard += len(message) / 48_000
            elif json.loads(message)["type"] == "done":
                break
        writer.join()
        waits.append(begun - marks["clause"])
        gaps.append(late)
    conversation.close()
    waits.sort()
    print(
        f"at {options.tokens} tokens a second, {options.rounds} rounds: first sound {waits[len(waits) // 2] * 1000:.0f} ms (median), "
        f"{waits[0] * 1000:.0f} to {waits[-1] * 1000:.0f} ms after the first clause; a listener waits {max(gaps) * 1000:.0f} ms at most in between",
        flush=True)
    return []
