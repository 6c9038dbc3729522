"""HTTP to a server on this machine, over a Unix socket or a port."""

import http.client
import socket


class Connection(http.client.HTTPConnection):
    """To the path of a Unix socket, or to a port."""

    def __init__(self, place, timeout):
        super().__init__("localhost", timeout=timeout)
        self.place = place

    def connect(self):
        is_path = isinstance(self.place, str)
        self.sock = socket.socket(socket.AF_UNIX if is_path else socket.AF_INET, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.place if is_path else ("127.0.0.1", self.place))
