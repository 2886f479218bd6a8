"""pyca's x509.verification over a list of cases.

verify.py FOLDER < LIST: each line "name role host moment crls"; a letter and a reason come back. It has no revocation lists: `-` then.
"""

import datetime
import ipaddress
import pathlib
import sys

from cryptography import x509
from cryptography.x509 import verification


def judge(folder, role, host, moment):
    def read(part):
        octets = (folder / (part + ".pem")).read_bytes()
        # The library takes an empty file for a malformed one.
        return x509.load_pem_x509_certificates(octets) if octets else []

    leaf, sent, anchors = read("leaf"), read("sent"), read("anchors")
    at = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).replace(tzinfo=None)
    builder = verification.PolicyBuilder().store(verification.Store(anchors)).time(at)
    if role == "client":
        builder.build_client_verifier().verify(leaf[0], sent)
        return
    try:
        name = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        name = x509.DNSName(host)
    builder.build_server_verifier(name).verify(leaf[0], sent)


for line in sys.stdin:
    name, role, host, moment, crls = line.split()
    letter, why = "A", ""
    if crls == "1":
        letter = "-"
    else:
        try:
            judge(pathlib.Path(sys.argv[1]) / name, role, host, int(moment))
        except BaseException as problem:  # a panic of its Rust part is a BaseException
            letter, why = "R", repr(problem).replace("\n", " ")
    print(name, letter, why)
