#!/usr/bin/env python3
"""Asks one question of fleet.sql: ask.py NAME part-*.jsonl. Without arguments, lists the questions."""

import re
import sys
from pathlib import Path

import duckdb


def questions():
    """The view, and each question by name with what it asks."""
    text = (Path(__file__).parent / "fleet.sql").read_text()
    view, *rest = re.split(r"^-- name: (\w+)\n", text, flags=re.MULTILINE)
    return view, dict(zip(rest[::2], rest[1::2]))


def ask(name, files):
    """The answer as rows with column names."""
    view, named = questions()
    connection = duckdb.connect()
    connection.execute("SET VARIABLE files = ?", [files])
    connection.execute(view)
    return connection.sql(named[name])


def main(words):
    _, named = questions()
    if len(words) < 2 or words[0] not in named:
        for name, text in named.items():
            print(f"{name:13} {text.splitlines()[0].removeprefix('-- ')}")
        return 2 if words else 0
    answer = ask(words[0], words[1:])
    if answer is not None:
        answer.show(max_rows=1000, max_width=200)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
