#!/usr/bin/env python3
"""Cuts a listing of googleapis' webhook messages down to what a webhook request and answer reach.

usage: webhook_schema.py LISTING.json > src/dialogflow/schema.json

LISTING.json has, for each API, every message's fields (JSON name, type, repeated, one-of) and every enum's values, as they stand in
googleapis/googleapis at f8291d2b (2026-08-22), google/cloud/dialogflow. A field becomes [name, type] or [name, type, one-of]; a
type is a scalar's name, `struct`, `value`, `map`, `message X` or `enum X`, with `*` in front when it is repeated.
"""

import json
import sys

PLAIN = {"google.protobuf.Struct": "struct", "google.protobuf.Value": "value"}


def kind(field):
    if field.get("map"):
        return "map"
    if field.get("kind") in ("message", "enum"):
        name = f"{field['kind']} {field['resolved']}"
    elif field.get("kind") == "external":
        name = PLAIN[field["resolved"]]
    else:
        name = field["type"]
    return ("*" if field["repeated"] else "") + name


def reduced(api):
    messages, enums, todo = {}, {}, ["WebhookResponse", "WebhookRequest"]
    while todo:
        name = todo.pop()
        if name in messages:
            continue
        messages[name] = []
        for field in api["messages"][name]:
            one_of = [field["oneof"]] if field.get("oneof") else []
            messages[name].append([field["json"], kind(field), *one_of])
            if field.get("kind") == "message":
                todo.append(field["resolved"])
            if field.get("kind") == "enum":
                enums[field["resolved"]] = api["enums"][field["resolved"]]
    return {"messages": dict(sorted(messages.items())), "enums": dict(sorted(enums.items()))}


def main():
    with open(sys.argv[1]) as listing:
        apis = json.load(listing)
    out = {name: reduced(apis[name]) for name in ("es_v2", "es_v2beta1", "cx_v3")}
    for index, (name, api) in enumerate(out.items()):
        print("{" if index == 0 else ",", json.dumps(name), ": {")
        for part in ("messages", "enums"):
            rows = [f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in api[part].items()]
            print(f'  "{part}": {{\n' + ",\n".join(rows) + "\n  }" + ("," if part == "messages" else ""))
        print("}", end="")
    print("}")


main()
