"""What the benchmarks have in common: the binary, an embedded Cognito for it, and a table of what was measured."""

import contextlib
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


def release():
    """Where cargo leaves what it builds."""
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"


def build():
    """Builds the release binary."""
    subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)


def environment(folder):
    """All that a program finds around it: nothing of the user's own, and no way to AWS."""
    return {
        "HOME": str(folder),
        "PATH": "/usr/bin:/bin",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextlib.contextmanager
def sandbox(binary, environment, *options):
    """The embedded Cognito in a process of its own; its URL."""
    process = subprocess.Popen(
        [binary, "sandbox", "--port", "0", *options],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.kill()
        process.wait()


def sample_state(binary, folder, environment):
    """The sandbox's own sample, as it writes it when it ends."""
    path = folder / "sample.json"
    process = subprocess.Popen(
        [binary, "sandbox", "--port", "0", "--state", path],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    for line in process.stdout:
        if line.startswith("Ctrl-C"):
            break
    process.terminate()
    process.wait()
    sample = json.loads(path.read_text())
    # The copies below are kept in other files, which the key of this one does not open.
    for pool in sample["pools"].values():
        for secret in (secret for client in pool["clients"] for secret in client["secrets"]):
            secret["value"] = "a-secret-for-nobody-but-this-benchmark"
    return sample


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = info.split("model name")[1].split(":")[1].splitlines()[0].strip()
    return f"{model}, {os.cpu_count()} cores"


def milliseconds(seconds):
    return f"{seconds * 1000:.2f} ms"


def head():
    print("| what | measured | target |\n|---|---|---|")


def row(what, measured, target=""):
    print(f"| {what} | {measured} | {target} |", flush=True)
