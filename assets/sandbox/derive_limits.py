"""Writes limits.json: what the cognito-idp service model says of the input of each operation the embedded Cognito has.

    python3 assets/sandbox/derive_limits.py path/to/botocore > assets/sandbox/limits.json

Only facts are kept (types, lengths, patterns, enums, required members), one shape a line, in the model's order.
"""

import gzip
import json
import sys

OPERATIONS = """
ListUserPools DescribeUserPool CreateUserPool UpdateUserPool DeleteUserPool
TagResource UntagResource ListTagsForResource ListUserPoolReplicas
CreateResourceServer UpdateResourceServer DescribeResourceServer DeleteResourceServer ListResourceServers
CreateUserPoolClient ListUserPoolClients DescribeUserPoolClient UpdateUserPoolClient DeleteUserPoolClient
AddUserPoolClientSecret ListUserPoolClientSecrets DeleteUserPoolClientSecret
CreateUserPoolDomain DescribeUserPoolDomain UpdateUserPoolDomain DeleteUserPoolDomain
GetClientToken
""".split()

# Where the service takes more than its model says.
MORE = {
    # The flow behind GetClientToken, which the developer guide documents and the model's enum lacks.
    "ExplicitAuthFlowsType": {"also_enum": ["ALLOW_CLIENT_TOKEN_AUTH"]},
    # The model's pattern has no dot, yet custom domains are passed in the same member.
    "DomainType": {"also_pattern": "^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$"},
}


def derive(model):
    shapes = {}

    def visit(name):
        if name in shapes:
            return
        shape = model["shapes"][name]
        facts = {k: shape[k] for k in ("type", "min", "max", "pattern", "enum", "required", "sensitive") if k in shape}
        shapes[name] = facts
        facts.update(MORE.get(name, {}))
        if "members" in shape:
            facts["members"] = {k: v["shape"] for k, v in shape["members"].items()}
            for member in facts["members"].values():
                visit(member)
        for part in ("member", "key", "value"):
            if part in shape:
                facts[part] = shape[part]["shape"]
                visit(facts[part])

    operations = {name: model["operations"][name]["input"]["shape"] for name in OPERATIONS}
    for shape in operations.values():
        visit(shape)
    return operations, shapes


def lines(table):
    return ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in table.items())


def main():
    with gzip.open(f"{sys.argv[1]}/data/cognito-idp/2016-04-18/service-2.json.gz") as file:
        operations, shapes = derive(json.load(file))
    print('{"operations": {\n' + lines(operations) + '\n},\n"shapes": {\n' + lines(shapes) + "\n}}")


main()
