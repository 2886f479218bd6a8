#!/usr/bin/env python3
"""Records what `openssl s_server` says about hellos, beside the hellos themselves: one JSON object a line on stdout.

    python3 s_server.py > s_server.jsonl

A relay on 127.0.0.1 stands between client and server and keeps the client's first records. The server has a throw-away
key and OpenSSL's defaults otherwise. Everything is bound to the loopback, ports are free ones, every step has a limit.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

import capture

WANTED = ("Shared ciphers", "Signature Algorithms", "Shared Signature Algorithms",
          "Supported Elliptic Curve Point Formats", "Supported groups", "Shared groups", "CIPHER is")
LEVEL0 = "@SECLEVEL=0"
EVERYTHING = "ALL:COMPLEMENTOFALL:" + LEVEL0

# name, server's arguments, client
CASES = [
    ("default", [], capture.s_client()),
    ("tls12-client", [], capture.s_client("-tls1_2")),
    ("tls12-server", ["-tls1_2"], capture.s_client()),
    ("tls11", ["-cipher", "DEFAULT:" + LEVEL0], capture.s_client("-tls1_1", "-cipher", "DEFAULT:" + LEVEL0)),
    ("every-cipher", [], capture.s_client("-cipher", EVERYTHING)),
    ("every-cipher-tls12", [], capture.s_client("-tls1_2", "-cipher", EVERYTHING)),
    ("few-ciphers", [], capture.s_client("-cipher", "AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-CCM",
                                         "-ciphersuites", "TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256")),
    ("groups", [], capture.s_client("-groups", "P-256:brainpoolP256r1:X25519:secp256k1:P-384:ffdhe3072")),
    ("groups-tls12", ["-tls1_2"], capture.s_client("-groups", "P-521:sect571r1:P-224:X448:ffdhe2048:P-256")),
    ("sigalgs", [], capture.s_client("-cipher", "DEFAULT:" + LEVEL0, "-sigalgs",
                                     "RSA+SHA1:ECDSA+SHA1:DSA+SHA1:DSA+SHA256:RSA+SHA224:RSA-PSS+SHA256:ECDSA+SHA256:"
                                     "ed25519:rsa_pss_pss_sha512:ECDSA+SHA224")),
    ("sigalgs-tls12", ["-tls1_2"], capture.s_client("-cipher", "DEFAULT:" + LEVEL0, "-sigalgs",
                                                    "DSA+SHA512:DSA+SHA1:ECDSA+SHA256:RSA+SHA1:ed448:RSA-PSS+SHA384")),
    ("curl", [], lambda port, home: ["curl", "-sSk", "-m", "2", "--resolve", f"{capture.NAME}:{port}:127.0.0.1",
                                     f"https://{capture.NAME}:{port}/"]),
    ("node", [], lambda port, home: ["node", "-e", capture.NODE.replace("servername", "rejectUnauthorized: false, servername"),
                                     str(port)]),
    ("boringssl", [], None),
    ("boringssl-tls12", ["-tls1_2"], None),
    ("safari", [], None),
]


def impersonate(browser):
    code = capture.IMPERSONATE.replace("chrome124", browser).replace("timeout=10", "timeout=2, verify=False")
    python = os.environ.get("CURL_CFFI_PYTHON", sys.executable)
    return lambda port, home: [python, "-c", code, str(port)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pump(source, sink, kept):
    try:
        while data := source.recv(65536):
            if kept is not None and not capture.whole(bytes(kept)):
                kept += data
            sink.sendall(data)
    except OSError:
        pass
    finally:
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def record(name, server_arguments, client, home):
    port = free_port()
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-naccept", "1", "-cert", f"{home}/cert.pem", "-key",
         f"{home}/key.pem", *server_arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    hello = bytearray()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(15)
        time.sleep(0.3)
        peer = subprocess.Popen(client(listener.getsockname()[1], home), stdin=subprocess.PIPE,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port), 5)
            for pair in ((near, far, hello), (far, near, None)):
                threading.Thread(target=pump, args=pair, daemon=True).start()
            time.sleep(1)
            peer.stdin.close()
            peer.wait(5)
            near.close()
            far.close()
            text = server.communicate(timeout=5)[0].decode(errors="replace")
        finally:
            for process in (peer, server):
                if process.poll() is None:
                    process.kill()
                    process.wait()
    lines = {}
    for line in text.splitlines():
        if match := re.match(r"(.*?)(?:: ?|(?<=is) )(.*)", line):
            if match[1] in WANTED:
                lines[match[1]] = match[2]
    return {"name": name, "server": " ".join(server_arguments), "hello": hello.hex(), "lines": lines}


def main():
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", f"{home}/key.pem", "-out", f"{home}/cert.pem", "-subj", f"/CN={capture.NAME}"],
                       check=True, stderr=subprocess.DEVNULL, timeout=30)
        for name, server_arguments, client in CASES:
            client = client or impersonate("safari17_0" if name == "safari" else "chrome124")
            print(json.dumps(record(name, server_arguments, client, home)), flush=True)


if __name__ == "__main__":
    main()
