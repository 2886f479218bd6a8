#!/usr/bin/env python3
"""Abuses a running `mtls listen` on loopback and measures what that costs it.

    scripts/abuse.py target/release/mtls             # all parts, some minutes
    scripts/abuse.py target/release/mtls --short     # the same in half a minute, as CI runs it
    scripts/abuse.py MTLS --only idle soak           # some of them
    scripts/abuse.py MTLS --tlsfuzzer DIR            # also its client-certificate scripts (needs tlslite-ng)

It prints a line a figure, with the bound it is held to, and exits 1 when one is missed:

    soak     every connection has its record and no more; a good client is answered all the while; memory stays flat
    silent   connections that send nothing do not keep a good client out
    bodies   packed bodies cost neither memory nor disk
    nagle    a caller with Nagle's algorithm is answered at once, in TLS 1.2 and 1.3
    cpu      a good call costs less processor time than nginx's
    idle     what an idle connection costs, and that memory goes back

Needs Linux, Python 3.8 and the program under test, which makes its own certificates. Everything stays on 127.0.0.1 and in a folder
that is removed; only processes started here are ended.
"""

import argparse
import glob
import gzip
import json
import os
import random
import resource
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time

BODY = b'{"responseId":"1","queryResult":{"queryText":"Hi"},"session":"s"}'
REQUEST = (
    b"POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
) + BODY


class Figures:
    """What was measured, and whether it is within its bound."""

    def __init__(self):
        self.missed = 0

    def say(self, what, value, unit="", most=None, least=None):
        good = (most is None or value <= most) and (least is None or value >= least)
        self.missed += not good
        shown = f"{value:.2f}" if isinstance(value, float) else str(value)
        bounds = [f"at most {most}"] * (most is not None and most != least)
        bounds += [f"at least {least}"] * (least is not None and most != least)
        bounds += [f"exactly {most}"] * (most is not None and most == least)
        mark = "MISSED" if not good else "ok" if bounds else ""
        print(f"  {mark:<7}{what}: {shown} {unit}".rstrip() + (f" ({', '.join(bounds)})" if bounds else ""), flush=True)


class Listen:
    """`mtls listen` as a child; its records go to a file."""

    def __init__(self, program, pki, *flags):
        self.pki = pki
        self.folder = tempfile.TemporaryDirectory(prefix="mtls-abuse-")
        self.path = os.path.join(self.folder.name, "records.jsonl")
        self.made = 0
        self.lock = threading.Lock()
        command = [program, "listen", "--no-config", "--format", "jsonl", "--listen", "127.0.0.1:0"]
        command += ["--cert", f"{pki}/server/fullchain.pem", "--key", f"{pki}/server/key.pem"]
        command += ["--client-ca", f"{pki}/client-ca.pem", *flags]
        with open(self.path, "wb") as out:
            self.child = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
        self.said = []
        for line in self.child.stderr:
            if line.startswith("listening on "):
                self.port = int(line.rsplit(":", 1)[1])
                break
            self.said.append(line)
        else:
            sys.exit(f"mtls listen did not start: {''.join(self.said)}")
        threading.Thread(target=lambda: self.said.extend(self.child.stderr), daemon=True).start()

    def connect(self, timeout=10):
        """A TCP connection, counted once it stands."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=timeout)
        with self.lock:
            self.made += 1
        return plain

    def context(self, fault="valid", version=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        if fault:
            folder = f"{self.pki}/clients/{fault}"
            context.load_cert_chain(f"{folder}/fullchain.pem", f"{folder}/key.pem")
        if version:
            context.minimum_version = context.maximum_version = version
        return context

    def call(self, context, request=REQUEST):
        """One good call: how long it took, or None when it was not answered with 200."""
        started = time.perf_counter()
        try:
            with context.wrap_socket(self.connect()) as stream:
                stream.sendall(request)
                answer = stream.recv(4096)
        except OSError:
            return None
        return time.perf_counter() - started if answer.startswith(b"HTTP/1.1 200") else None

    def memory(self, field="VmRSS"):
        """KiB."""
        with open(f"/proc/{self.child.pid}/status", encoding="utf-8") as status:
            for line in status:
                if line.startswith(field + ":"):
                    return int(line.split()[1])
        return 0

    def files(self):
        return len(os.listdir(f"/proc/{self.child.pid}/fd"))

    def records(self):
        """Lines so far, whole ones."""
        with open(self.path, "rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))

    def finish(self, figures):
        """Ends it and holds its records to the connections that were made."""
        self.child.terminate()
        try:
            self.child.wait(30)
        except subprocess.TimeoutExpired:
            figures.say("seconds until it ended", 30, most=29)
            self.child.kill()
            self.child.wait()
        connections, torn = 0, 0
        with open(self.path, "rb") as file:
            for line in file:
                try:
                    connections += json.loads(line)["kind"] == "connection"
                except (ValueError, KeyError):
                    torn += 1
        figures.say("connections recorded", connections, most=self.made, least=self.made)
        figures.say("lines that are no JSON", torn, most=0)
        figures.say("panics", sum("panicked" in line for line in self.said), most=0)
        size = os.path.getsize(self.path)
        self.folder.cleanup()
        return size


def hello():
    """A ClientHello as Python's own library sends it."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        context.wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def bad_clients(listen):
    """Ways to be no good client, each a function that makes one connection."""
    greeting = hello()
    contexts = {fault: listen.context(fault) for fault in (None, "valid", "client-expired", "client-self-signed")}
    bomb = gzip.compress(b"\xff" * (1 << 20), 9)

    def raw(data, linger=False):
        with listen.connect() as plain:
            if data:
                plain.sendall(data)
            if linger:
                # A reset in the place of a close.
                plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            else:
                plain.settimeout(0.2)
                plain.recv(4096)

    def tls(fault, data):
        with contexts[fault].wrap_socket(listen.connect()) as stream:
            stream.settimeout(0.5)
            if data:
                stream.sendall(data)
                stream.recv(4096)

    def broken():
        at = random.randrange(len(greeting))
        raw(greeting[:at] + bytes([greeting[at] ^ (1 << random.randrange(8))]) + greeting[at + 1:])

    chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    packed = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    return [
        lambda: raw(b""),
        lambda: raw(b"", linger=True),
        lambda: raw(os.urandom(random.randrange(1, 2000))),
        lambda: raw(greeting),
        lambda: raw(greeting, linger=True),
        lambda: raw(greeting[: random.randrange(1, len(greeting))]),
        broken,
        lambda: raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        lambda: raw(b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" * 3),
        lambda: raw(b"SSH-2.0-x\r\n"),
        lambda: tls(None, REQUEST),
        lambda: tls("client-expired", REQUEST),
        lambda: tls("client-self-signed", REQUEST),
        lambda: tls("valid", b""),
        lambda: tls("valid", b"\0" * 100),
        lambda: tls("valid", b"GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
        lambda: tls("valid", chunked + b"zz\r\n"),
        lambda: tls("valid", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 30),
        lambda: tls("valid", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + os.urandom(200)),
        lambda: tls("valid", packed + bomb),
        lambda: tls("valid", b"GET / HTTP/1.1\r\nX: " + b"h" * 70000 + b"\r\n\r\n"),
    ]


def soak(program, pki, figures, short):
    listen = Listen(program, pki, "--handshake-timeout", "3s", "--request-timeout", "3s")
    seconds = 12 if short else 120
    ways = bad_clients(listen)
    over = threading.Event()
    surprises = []

    def abuse(seed):
        order = random.Random(seed)
        while not over.is_set():
            try:
                order.choice(ways)()
            except OSError:
                # To be refused is what they are there for.
                pass
            except Exception as error:  # pylint: disable=broad-except
                surprises.append(error)

    threads = [threading.Thread(target=abuse, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    context, took, failed, early = listen.context(), [], 0, 0
    started = time.time()
    while time.time() - started < seconds:
        one = listen.call(context)
        took.append(one if one is not None else 9.9)
        failed += one is None
        if not early and time.time() - started > seconds / 3:
            early = listen.memory()
        time.sleep(0.05)
    over.set()
    for thread in threads:
        thread.join()
    late = listen.memory()
    time.sleep(4)
    took.sort()
    figures.say("connections made", listen.made)
    figures.say("good calls that failed", failed, most=0)
    figures.say("good call, median", took[len(took) // 2] * 1e3, "ms")
    figures.say("good call, 99 of 100", took[len(took) * 99 // 100] * 1e3, "ms", most=100.0 * SLACK)
    figures.say("memory after a third", early // 1024, "MiB")
    figures.say("memory at the end", late // 1024, "MiB", most=early // 1024 + 16)
    figures.say("open files afterwards", listen.files(), most=24)
    figures.say("faults of this script", len(surprises), most=0)
    listen.finish(figures)


def silent(program, pki, figures, short):
    places = 200 if short else 1000
    listen = Listen(program, pki, "--max-connections", str(places), "--handshake-timeout", "60s")
    context = listen.context()
    held = [listen.connect() for _ in range(places)]
    # Beyond the limit one does not know at once: the listener takes them up in their order.
    held += [listen.connect() for _ in range(places // 10)]
    took = [listen.call(context) for _ in range(5)]
    good = [one for one in took if one is not None]
    figures.say("silent connections", len(held))
    figures.say("good calls answered", len(good), most=5, least=5)
    figures.say("good call, longest", max(good, default=9.9) * 1e3, "ms", most=100.0 * SLACK)
    for plain in held:
        plain.close()
    time.sleep(1)
    listen.finish(figures)


def bodies(program, pki, figures, short):
    listen = Listen(program, pki)
    bomb = gzip.compress(b"\xff" * (4 << 20), 9)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    context = listen.context()
    sent, before = [], listen.memory()

    def one():
        with context.wrap_socket(listen.connect()) as stream:
            for _ in range(20 if short else 60):
                stream.sendall(head + bomb)
                sent.append(len(head) + len(bomb))
                stream.recv(65536)

    threads = [threading.Thread(target=one) for _ in range(2 if short else 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(2)
    figures.say("sent", sum(sent) // 1024, "KiB")
    figures.say("memory before", before // 1024, "MiB")
    figures.say("memory at its peak", listen.memory("VmHWM") // 1024, "MiB", most=before // 1024 + 200)
    size = listen.finish(figures)
    figures.say("records", size // (1 << 20), "MiB", most=72)


def nginx(pki, folder):
    """nginx with the same certificates; None where there is none."""
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not program:
        return None, 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    with open(f"{folder}/nginx.conf", "w", encoding="utf-8") as file:
        file.write(
            f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 256; }}
http {{ access_log off; {temporary}
  server {{ listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate {pki}/server/fullchain.pem; ssl_certificate_key {pki}/server/key.pem;
    ssl_client_certificate {pki}/client-ca.pem; ssl_verify_client on; ssl_verify_depth 5;
    location / {{ return 200 '{{}}'; }} }} }}"""
        )
    child = subprocess.Popen([program, "-p", folder, "-e", f"{folder}/log", "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    return child, port


def nagle(program, pki, figures, short):
    listen = Listen(program, pki)

    def first(context, connect):
        """Until the first answer: since the request, and since the connection began."""
        began = time.perf_counter()
        with context.wrap_socket(connect()) as stream:
            asked = time.perf_counter()
            stream.sendall(REQUEST)
            stream.recv(100)
            answered = time.perf_counter()
        return answered - asked, answered - began

    with tempfile.TemporaryDirectory(prefix="mtls-abuse-") as folder:
        other, port = nginx(pki, folder)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = listen.context(version=version)
            ours, theirs = [], []
            for _ in range(20 if short else 100):
                ours.append(first(context, listen.connect))
                if other:
                    theirs.append(first(context, lambda: socket.create_connection(("127.0.0.1", port), timeout=10)))
            for index, since in enumerate(("the request", "the connection began")):
                middle = lambda all_of_them: statistics.median(one[index] for one in all_of_them) * 1e3
                what = f"first answer since {since}, {version.name}, median"
                # The kernel's wait for an acknowledgement is 40 ms, each time.
                figures.say(what, middle(ours), "ms", most=20.0 * SLACK)
                if theirs:
                    figures.say(f"{what}, of nginx", middle(theirs), "ms")
        if other:
            other.terminate()
            other.wait()
    listen.finish(figures)


def cpu_seconds(pid):
    """What a process and its children have used, user and system."""
    used = 0
    for folder in glob.glob("/proc/[0-9]*"):
        try:
            with open(f"{folder}/stat", encoding="utf-8", errors="replace") as file:
                # The name in brackets may hold anything: count from its end (proc(5)).
                fields = file.read().rsplit(") ", 1)[1].split(" ")
        except (OSError, IndexError):
            continue
        if os.path.basename(folder) == str(pid) or fields[1] == str(pid):
            used += int(fields[11]) + int(fields[12])
    return used / os.sysconf("SC_CLK_TCK")


def cpu(program, pki, figures, short):
    listen = Listen(program, pki)
    context = listen.context()
    count = 50 if short else 400

    def calls(connect):
        for _ in range(count):
            with context.wrap_socket(connect()) as stream:
                stream.sendall(REQUEST)
                while stream.recv(4096):
                    pass

    with tempfile.TemporaryDirectory(prefix="mtls-abuse-") as folder:
        other, port = nginx(pki, folder)
        theirs = lambda: socket.create_connection(("127.0.0.1", port), timeout=10)
        servers = [("mtls", listen.child.pid, listen.connect)] + ([("nginx", other.pid, theirs)] if other else [])
        calls(listen.connect)  # the first call reads what later ones find at hand
        used = {name: 0.0 for name, _, _ in servers}
        for _ in range(1 if short else 4):  # in turns, so that a busy machine is busy for both
            for name, pid, connect in servers:
                before = cpu_seconds(pid)
                calls(connect)
                time.sleep(0.1)
                used[name] += cpu_seconds(pid) - before
        for name, seconds in used.items():
            figures.say(f"processor time of a call, {name}", seconds / count / (1 if short else 4) * 1e6, "us")
        if used.get("nginx"):
            figures.say("of nginx's", used["mtls"] / used["nginx"], most=0.9 * SLACK)
        if other:
            other.terminate()
            other.wait()
    listen.finish(figures)


def idle(program, pki, figures, short):
    count = 1000 if short else 10000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 200
    if hard != resource.RLIM_INFINITY and hard < wanted:
        count = hard - 200
        print(f"  only {hard} files may be open: {count} connections in the place of {wanted - 200}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 200), hard))
    listen = Listen(program, pki, "--max-connections", str(count + 100), "--request-timeout", "900s")
    context = listen.context()
    warm = [listen.call(context) for _ in range(20)]
    before, held = listen.memory(), []
    for _ in range(count):
        # Only the descriptor is kept: this side's library would need more than the other's program.
        stream = context.wrap_socket(listen.connect())
        held.append(stream.detach())
    time.sleep(1)
    during = listen.memory()
    figures.say("idle connections", len(held))
    figures.say("memory before", before // 1024, "MiB")
    figures.say("memory of them all", during / 1024, "MiB", most=230.0 if not short else None)
    figures.say("each", (during - before) / count, "KiB", most=22.0 if SLACK == 1 else 26.0)
    took = listen.call(context)
    figures.say("good call meanwhile", (took or 9.9) * 1e3, "ms", most=100.0 * SLACK)
    for descriptor in held:
        os.close(descriptor)
    until = time.time() + 120
    while listen.records() < listen.made - 1 and time.time() < until:
        time.sleep(0.5)
    if not short:
        time.sleep(25)
        after = listen.memory()
        # A third of what they may take may stay.
        figures.say("memory afterwards", after / 1024, "MiB", most=before / 1024 + (230 - before / 1024) / 3)
    figures.say("open files afterwards", listen.files(), most=24)
    figures.say("good calls before", sum(one is not None for one in warm), most=20, least=20)
    listen.finish(figures)


def tlsfuzzer(program, pki, figures, folder):
    """Its client-certificate scripts: what they expect is another server's business; that each connection is recorded is ours."""
    listen = Listen(program, pki, "--handshake-timeout", "5s")
    relay = socket.create_server(("127.0.0.1", 0))

    def forward(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, target):
                end.close()

    def accept():
        while True:
            near, _ = relay.accept()
            far = listen.connect()
            far.settimeout(None)
            for pair in ((near, far), (far, near)):
                threading.Thread(target=forward, args=pair, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    port = str(relay.getsockname()[1])
    client = f"{pki}/clients/valid"
    scripts = sorted(glob.glob(f"{folder}/scripts/test-*certificate*.py"))
    context, worst = listen.context(), 0.0
    for script in scripts:
        command = [sys.executable, script, "-h", "localhost", "-p", port, "-k", f"{client}/key.pem", "-c", f"{client}/fullchain.pem"]
        environment = dict(os.environ, PYTHONPATH=folder)
        try:
            subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            pass
        worst = max(worst, listen.call(context) or 9.9)
    time.sleep(7)
    figures.say("scripts", len(scripts), least=1)
    figures.say("good call after each, longest", worst * 1e3, "ms", most=100.0 * SLACK)
    listen.finish(figures)


PARTS = {"soak": soak, "silent": silent, "bodies": bodies, "nagle": nagle, "cpu": cpu, "idle": idle}
SLACK = 1


def main():
    global SLACK  # pylint: disable=global-statement
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the mtls to abuse")
    parser.add_argument("--short", action="store_true", help="half a minute in all")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts")
    parser.add_argument("--slack", type=int, default=1, help="times as long as a good call may take: for a debug build or a busy machine")
    parser.add_argument("--tlsfuzzer", metavar="DIR", help="a checkout of tlsfuzzer")
    arguments = parser.parse_args()
    SLACK = arguments.slack
    program = os.path.abspath(arguments.program)
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="mtls-abuse-") as folder:
        pki = os.path.join(folder, "pki")
        subprocess.run([program, "pki", pki], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for part in arguments.only:
            print(part, flush=True)
            PARTS[part](program, pki, figures, arguments.short)
        if arguments.tlsfuzzer:
            print("tlsfuzzer", flush=True)
            tlsfuzzer(program, pki, figures, os.path.abspath(arguments.tlsfuzzer))
    print("all within their bounds" if not figures.missed else f"{figures.missed} bounds missed")
    return 1 if figures.missed else 0


if __name__ == "__main__":
    sys.exit(main())
