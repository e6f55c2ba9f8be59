"""Prints a Terraform file as JSON, as python-hcl2 reads it, with the string literals' values instead of their spelling."""

import json
import re
import sys

import hcl2

ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\(.)|([$%])\4(?=\{)", re.DOTALL)
SHORT = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def spelt(match):
    four, eight, short, template = match.groups()
    if four or eight:
        return chr(int(four or eight, 16))
    return template or SHORT[short]


def value(node):
    if isinstance(node, dict):
        return {value(key): value(item) for key, item in node.items() if not key.startswith("__")}
    if isinstance(node, list):
        return [value(item) for item in node]
    if isinstance(node, str) and len(node) > 1 and node[0] == node[-1] == '"':
        return ESCAPE.sub(spelt, node[1:-1])
    return node


with open(sys.argv[1], encoding="utf-8", newline="") as file:
    print(json.dumps(value(hcl2.load(file))))
