"""Writes limits.json: what the cognito-idp service model says of the input of each operation the embedded Cognito has. With
`secretsmanager` behind the path, the same of the embedded Secrets Manager.

    python3 assets/sandbox/derive_limits.py path/to/botocore > assets/sandbox/limits.json
    python3 assets/sandbox/derive_limits.py path/to/botocore secretsmanager > assets/sandbox/secrets_manager.json

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
GetUserPoolMfaConfig SetUserPoolMfaConfig
GetClientToken GetDerivedToken
""".split()

SECRETS_MANAGER = """
CreateSecret PutSecretValue GetSecretValue DescribeSecret ListSecrets
RotateSecret CancelRotateSecret DeleteSecret RestoreSecret
""".split()

# Where the service does not do what its model says.
MORE = {
    # The flow behind GetClientToken, which the developer guide documents and the model's enum lacks.
    "ExplicitAuthFlowsType": {"also_enum": ["ALLOW_CLIENT_TOKEN_AUTH"]},
    # The model's pattern has no dot, yet custom domains are passed in the same member. The service checks it later, and says it in
    # words of its own.
    "DomainType": {"pattern": None},
}


def derive(model, names):
    shapes = {}

    def visit(name):
        if name in shapes:
            return
        shape = model["shapes"][name]
        facts = {k: shape[k] for k in ("type", "min", "max", "pattern", "enum", "required", "sensitive") if k in shape}
        if facts["type"] == "long":
            facts["type"] = "integer"
        if facts["type"] == "blob":
            # Its size is that of the bytes, not of the text that they are sent as.
            facts = {"type": "string", "sensitive": True}
        facts.update(MORE.get(name, {}))
        facts = {fact: value for fact, value in facts.items() if value is not None}
        shapes[name] = facts
        if "members" in shape:
            facts["members"] = {k: v["shape"] for k, v in shape["members"].items()}
            for member in facts["members"].values():
                visit(member)
        for part in ("member", "key", "value"):
            if part in shape:
                facts[part] = shape[part]["shape"]
                visit(facts[part])

    operations = {name: model["operations"][name]["input"]["shape"] for name in names}
    for shape in operations.values():
        visit(shape)
    return operations, shapes


def lines(table):
    return ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in table.items())


def main():
    path, names = "cognito-idp/2016-04-18", OPERATIONS
    if sys.argv[2:] == ["secretsmanager"]:
        path, names = "secretsmanager/2017-10-17", SECRETS_MANAGER
    with gzip.open(f"{sys.argv[1]}/data/{path}/service-2.json.gz") as file:
        operations, shapes = derive(json.load(file), names)
    print('{"operations": {\n' + lines(operations) + '\n},\n"shapes": {\n' + lines(shapes) + "\n}}")


main()
