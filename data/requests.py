#!/usr/bin/env python3
"""Rebuild requests.tsv: what the AWS API models demand of the requests that provisioning makes.

    python3 data/requests.py [WHEELS]

downloads the wheel of the botocore release named below from PyPI (into WHEELS, or into a temporary folder), reads which
operations there are from src/provision/call.rs, and writes requests.tsv beside this script:

    =pattern NAME TEXT                        a pattern, under the first shape that has it
    =enum NAME VALUE|VALUE...                 a set of values
    @SERVICE:OPERATION                        what follows are the members of its request
    PATH TYPE[!] [MIN..MAX] [PATTERN] [ENUM]  a member; `!` is a required one

between tabs. A path is as in metricTransformations[].dimensions{key}. A union is a structure with exactly one member.
Members without a path of their own (a structure in a list) have one that ends in [] or {value}.
"""

import gzip
import json
import re
import sys
import tempfile
import zipfile
from pathlib import Path

sys.dont_write_bytecode = True
from rebuild import download  # noqa: E402

RELEASE = "1.44.5"
OPERATION = re.compile(r'^    \w+ = (\w+) "(\w+)" \w+ "', re.MULTILINE)
PREFIX = re.compile(r'Service::(\w+) => "([a-z0-9]+)"')


def operations(source):
    """(service, operation) in the order of the enumeration; the service is named as in its actions."""
    listed = OPERATION.findall(source)
    prefixes = dict(PREFIX.findall(source))
    return [(prefixes[service], operation) for service, operation in listed]


def read_model(archive, service):
    entries = re.compile(rf"botocore/data/{service}/[^/]+/service-2\.json(\.gz)?$")
    newest = max(entry for entry in archive.namelist() if entries.match(entry))
    text = archive.read(newest)
    return json.loads(gzip.decompress(text) if newest.endswith(".gz") else text)


class Table:
    def __init__(self):
        self.names = {"pattern": {}, "enum": {}}
        self.lines = []

    def name(self, kind, text, service, shape):
        """The name under which a text is kept, so that it is written once."""
        return self.names[kind].setdefault(text, f"{service}.{shape}")

    def add(self, model, service, operation):
        self.lines.append(f"@{service}:{operation}")
        shape = model["operations"][operation].get("input")
        if shape:
            self.members(model, service, shape["shape"], "")

    def members(self, model, service, name, path):
        shape = model["shapes"][name]
        for member, reference in shape["members"].items():
            below = f"{path}.{member}" if path else member
            self.member(model, service, reference["shape"], below, member in shape.get("required", []))

    def member(self, model, service, name, path, required):
        shape = model["shapes"][name]
        kind = "union" if shape.get("union") else shape["type"]
        bounds = f"{shape.get('min', '')}..{shape.get('max', '')}"
        columns = [
            path,
            kind + ("!" if required else ""),
            "" if bounds == ".." else bounds,
            self.name("pattern", shape["pattern"], service, name) if "pattern" in shape else "",
            self.name("enum", "|".join(shape["enum"]), service, name) if "enum" in shape else "",
        ]
        self.lines.append("\t".join(columns).rstrip("\t"))
        if shape["type"] == "structure":
            self.members(model, service, name, path)
        elif shape["type"] == "list":
            self.member(model, service, shape["member"]["shape"], path + "[]", False)
        elif shape["type"] == "map":
            self.member(model, service, shape["key"]["shape"], path + "{key}", False)
            self.member(model, service, shape["value"]["shape"], path + "{value}", False)

    def render(self):
        texts = [
            f"={kind}\t{name}\t{text}" for kind, names in self.names.items() for text, name in names.items()
        ]
        return "\n".join(texts + self.lines) + "\n"


def main():
    here = Path(__file__).parent
    source = (here.parent / "src/provision/call.rs").read_text()
    table = Table()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        with zipfile.ZipFile(download(RELEASE, folder)) as archive:
            models = {}
            for service, operation in operations(source):
                if service not in models:
                    models[service] = read_model(archive, service)
                table.add(models[service], service, operation)
    (here / "requests.tsv").write_text(table.render())


if __name__ == "__main__":
    main()
