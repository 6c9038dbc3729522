"""A server under test, as a child process on sockets in a folder of its own."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds=20, what="condition"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.01)
    raise TimeoutError(what)


def answers(path):
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
            return True
        except OSError:
            return False


class Server:
    """`starling serve` with HTTP and Wyoming on Unix sockets and TCP."""

    def __init__(self, program, *arguments, folder=None, tcp=True, environment=None):
        self.program = str(pathlib.Path(program).resolve())
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="starling-clients-")
        self.folder = pathlib.Path(folder or self._temporary.name)
        self.port, self.wyoming_port = free_port(), free_port()
        self.environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "share"),
            "STARLING_DATA": str(REPOSITORY / "data"),
            **(environment or {}),
        }
        self.socket = self.folder / "starling" / "starling.sock"
        self.wyoming = self.folder / "starling" / "wyoming.sock"
        places = ["--wyoming"]
        if tcp:
            places += ["--tcp", str(self.port), "--wyoming-tcp", str(self.wyoming_port)]
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [self.program, "serve", "--log-level", "warning", *places, *arguments],
            env=self.environment, stderr=self.log,
        )
        try:
            wait_until(lambda: self.process.poll() is not None or answers(self.socket), what="server")
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
        except BaseException:
            self.stop()
            raise

    def stop(self, number=signal.SIGTERM):
        """Ends the server; returns its exit status. What is in work takes its time on a busy machine."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        status = self.process.wait(600)
        self.log.close()
        if self._temporary:
            self._temporary.cleanup()
        return status

    def curl(self, *arguments, url="http://localhost", input=None):
        """Standard output of curl over the Unix socket."""
        path = arguments[0]
        return subprocess.run(
            ["curl", "--silent", "--show-error", "--unix-socket", str(self.socket), url + path, *arguments[1:]],
            input=input, capture_output=True, check=True,
        ).stdout

    def metric(self, name):
        for line in self.curl("/metrics").decode().splitlines():
            if line.startswith(name + " "):
                return float(line.split()[-1])
        raise KeyError(name)


@contextlib.contextmanager
def serving(program, *arguments, **options):
    server = Server(program, *arguments, **options)
    try:
        yield server
    finally:
        server.stop()
