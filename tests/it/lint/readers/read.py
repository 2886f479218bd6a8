"""Prints for each file how many certificates OpenSSL takes from it as a chain, or 1 for a key."""

import ssl
import sys


def context(side):
    made = ssl.SSLContext(side)
    if side == ssl.PROTOCOL_TLS_CLIENT:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made


def presented(server):
    """The chain, as a client sees it."""
    there, here = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        context(ssl.PROTOCOL_TLS_CLIENT).wrap_bio(here, there),
        server.wrap_bio(there, here, server_side=True),
    ]
    for _ in range(4):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
    return len(ends[0]._sslobj.get_unverified_chain() or [])


def count(role, other, path):
    server = context(ssl.PROTOCOL_TLS_SERVER)
    try:
        if role == "anchors":
            server.load_verify_locations(path)
            return server.cert_store_stats()["x509"]
        if role == "key":
            server.load_cert_chain(other, path)
            return 1
        server.load_cert_chain(path, other)
    except ssl.SSLError:
        return 0
    return presented(server)


role, other, *paths = sys.argv[1:]
for path in paths:
    print(path, count(role, other, path))
