"""Prints a CloudFormation template in YAML as JSON."""

import json
import sys

import yaml

yaml.SafeLoader.add_constructor("!Ref", lambda loader, node: {"Ref": node.value})

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    print(json.dumps(yaml.safe_load(file)))
