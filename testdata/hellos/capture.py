#!/usr/bin/env python3
"""Records the first TLS records that real clients send, one file a client.

    python3 capture.py [NAME ...]      # all clients, or those named

For each client a plain TCP socket listens on 127.0.0.1, port 0; the client is pointed at it; what it sends is kept
until the ClientHello is whole; then the socket is closed, so that the client fails and ends. Nothing leaves the
loopback. A client that is not installed is skipped. Every step has a time limit. Hellos hold fresh random bytes, so a
new run gives new files with the same meaning.

`grease.bin` and `two-records.bin` are not captured but built here, byte for byte the same each time.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 60  # seconds a client may take, its compiler included
NAME = "webhook.example.test"

PYTHON = """
import socket, ssl, sys
context = ssl.create_default_context()
context.set_alpn_protocols(["http/1.1"])
context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1]))), server_hostname="webhook.example.test")
"""

NODE = """
require('tls').connect({host: '127.0.0.1', port: +process.argv[1], servername: 'webhook.example.test'})
  .on('error', () => process.exit(1));
"""

GO = """
package main

import (
	"crypto/tls"
	"os"
)

func main() {
	config := &tls.Config{ServerName: "webhook.example.test", NextProtos: []string{"h2", "http/1.1"}}
	tls.Dial("tcp", "127.0.0.1:"+os.Args[1], config)
}
"""

JAVA = """
import javax.net.ssl.*;

public class Hello {
    public static void main(String[] args) throws Exception {
        SSLSocket s = (SSLSocket) SSLSocketFactory.getDefault().createSocket("127.0.0.1", Integer.parseInt(args[0]));
        SSLParameters p = s.getSSLParameters();
        p.setServerNames(java.util.List.of(new SNIHostName("webhook.example.test")));
        s.setSSLParameters(p);
        s.startHandshake();
    }
}
"""

IMPERSONATE = """
import sys
from curl_cffi import CurlOpt, requests
requests.get(f"https://webhook.example.test:{sys.argv[1]}/", impersonate="chrome124",
             curl_options={CurlOpt.RESOLVE: [f"webhook.example.test:{sys.argv[1]}:127.0.0.1"]}, timeout=10)
"""


def s_client(*more):
    return lambda port, home: ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-servername", NAME, *more]


def script(program, text, suffix, before=()):
    """A command that runs `text` by way of a file in the throw-away directory."""

    def command(port, home):
        path = os.path.join(home, "Hello" + suffix)
        with open(path, "w") as file:
            file.write(textwrap.dedent(text))
        return [program, *before, path, str(port)]

    return command


CLIENTS = {
    "openssl-default": s_client("-alpn", "h2,http/1.1"),
    "openssl-tls12": s_client("-tls1_2"),
    "openssl-tls11": s_client("-cipher", "DEFAULT@SECLEVEL=0", "-tls1_1"),
    "openssl-tls1": s_client("-cipher", "DEFAULT@SECLEVEL=0", "-tls1"),
    "openssl-nosni": lambda port, home: ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-noservername"],
    "curl": lambda port, home: ["curl", "-sS", "-m", "10", "--resolve", f"{NAME}:{port}:127.0.0.1",
                                f"https://{NAME}:{port}/"],
    "node": lambda port, home: ["node", "-e", NODE, str(port)],
    "python": lambda port, home: [sys.executable, "-c", PYTHON, str(port)],
    "java": script("java", JAVA, ".java"),
    "go": script("go", GO, ".go", ["run"]),
    "boringssl": lambda port, home: [os.environ.get("CURL_CFFI_PYTHON", sys.executable), "-c", IMPERSONATE, str(port)],
}


def whole(data):
    """Whether the records in `data` hold one whole handshake message."""
    message, at = b"", 0
    while len(data) >= at + 5:
        length = struct.unpack(">H", data[at + 3:at + 5])[0]
        message += data[at + 5:at + 5 + length]
        at += 5 + length
    return len(message) >= 4 and len(message) >= 4 + int.from_bytes(message[1:4], "big")


def capture(name, make):
    with tempfile.TemporaryDirectory() as home, socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        server.settimeout(LIMIT)
        command = make(server.getsockname()[1], home)
        if shutil.which(command[0]) is None:
            return None
        environment = dict(os.environ, HOME=home, GOCACHE=os.path.join(home, "go"), GO111MODULE="off", no_proxy="*")
        client = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection, _ = server.accept()
            connection.settimeout(LIMIT)
            with connection:
                data = b""
                while not whole(data):
                    more = connection.recv(65536)
                    if not more:
                        return None
                    data += more
            return data
        except TimeoutError:
            return None
        finally:
            try:
                client.wait(5)
            except subprocess.TimeoutExpired:
                client.kill()
                client.wait()


def vector(width, body):
    return len(body).to_bytes(width, "big") + body


def numbers(*values):
    return b"".join(struct.pack(">H", value) for value in values)


def extension(number, body):
    return numbers(number) + vector(2, body)


def grease():
    """A hello in the manner of BoringSSL: GREASE (RFC 8701) wherever a list allows it."""
    extensions = b"".join([
        extension(0x2A2A, b""),
        extension(0x0000, vector(2, b"\x00" + vector(2, NAME.encode()))),
        extension(0x0017, b""),
        extension(0xFF01, b"\x00"),
        extension(0x000A, vector(2, numbers(0x6A6A, 0x001D, 0x0017, 0x0018))),
        extension(0x000B, b"\x01\x00"),
        extension(0x0023, b""),
        extension(0x0010, vector(2, vector(1, b"h2") + vector(1, b"http/1.1"))),
        extension(0x0005, b"\x01\x00\x00\x00\x00"),
        extension(0x000D, vector(2, numbers(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601))),
        extension(0x0012, b""),
        extension(0x0033, vector(2, numbers(0x6A6A) + vector(2, b"\x00") + numbers(0x001D) + vector(2, bytes(range(32))))),
        extension(0x002D, b"\x01\x01"),
        extension(0x002B, vector(1, numbers(0x8A8A, 0x0304, 0x0303))),
        extension(0x001B, b"\x02\x00\x02"),
        extension(0x4469, vector(2, vector(1, b"h2"))),
        extension(0xFAFA, b"\x00"),
        extension(0x0015, bytes(64)),
    ])
    suites = numbers(0x0A0A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014,
                     0x009C, 0x009D, 0x002F, 0x0035)
    body = numbers(0x0303) + bytes(range(32)) + vector(1, bytes(range(32, 64))) + vector(2, suites)
    body += b"\x01\x00" + vector(2, extensions)
    return b"\x01" + vector(3, body)


def record(body):
    return b"\x16\x03\x01" + vector(2, body)


def main():
    wanted = sys.argv[1:]
    built = {"grease": record(grease()), "two-records": record(grease()[:100]) + record(grease()[100:])}
    for name, make in [*CLIENTS.items(), *((name, None) for name in built)]:
        if wanted and name not in wanted:
            continue
        data = built[name] if make is None else capture(name, make)
        if data is None:
            print(f"{name}: skipped", file=sys.stderr)
            continue
        with open(os.path.join(HERE, name + ".bin"), "wb") as file:
            file.write(data)
        print(f"{name}: {len(data)} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
