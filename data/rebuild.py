#!/usr/bin/env python3
"""Rebuild events.txt: what the AWS API models say about event sources, event names and members.

    python3 data/rebuild.py [WHEELS]

downloads the wheels of the botocore releases named below from PyPI (into WHEELS, or into a temporary folder),
takes the union of their service models and writes events.txt beside this script. After that

    TRAILQL_BLESS=1 cargo test --test schema_table

writes events.bin, which the crate embeds, from events.txt and overrides.tsv.

events.txt has a section a service and a line an operation, both in alphabetical order:

    @SERVICE PROTOCOL SOURCE[,SOURCE...]
    OPERATION|REQUEST,MEMBERS|RESPONSE,MEMBERS

A source is without `.amazonaws.com`. A member is spelt as CloudTrail is likeliest to spell it.
"""

import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

# Newest first. The older ones know services that AWS has retired since, and old logs still hold their events.
RELEASES = ["1.44.5", "1.34.162", "1.29.165", "1.20.112"]

MODEL = re.compile(r"botocore/data/([^/]+)/([^/]+)/service-2\.json(\.gz)?$")
# CloudTrail appends this to some Lambda operations, and the models append it to some of CloudFront's.
SUFFIX = {
    "lambda": re.compile(r"\d{8}(v\d+)?$"),
    "cloudfront": re.compile(r"\d{4}_\d{2}_\d{2}$"),
}


class Service:
    def __init__(self):
        self.protocol = None
        self.sources = set()
        self.operations = defaultdict(lambda: (set(), set()))

    def add(self, model):
        metadata = model["metadata"]
        self.protocol = self.protocol or metadata["protocol"]
        self.sources.add(metadata["endpointPrefix"])
        if metadata.get("signingName"):
            self.sources.add(metadata["signingName"])
        members = MEMBERS_OF_SOURCE.get(metadata["endpointPrefix"]) or MEMBERS_OF_PROTOCOL.get(
            metadata["protocol"], plain_members
        )
        for name, operation in model["operations"].items():
            request, response = self.operations[name]
            for end, keys, is_response in (("input", request, False), ("output", response, True)):
                shape = model["shapes"][operation[end]["shape"]] if end in operation else {}
                keys |= members(model, shape, is_response)


def lower_first(name):
    return name[:1].lower() + name[1:]


def plain_members(model, shape, is_response):
    """The members' names or those they have on the wire, the first letter lowered."""
    members = shape.get("members", {}).items()
    return {lower_first(spelling) for name, member in members for spelling in (name, member.get("locationName", name))}


def query_members(model, shape, is_response):
    """As for any service; a lone structure in a response may be logged without its wrapper, so its members count too."""
    keys = plain_members(model, shape, is_response)
    members = shape.get("members", {})
    if is_response and len(members) == 1:
        (only,) = members.values()
        keys |= plain_members(model, model["shapes"][only["shape"]], is_response)
    return keys


def s3_members(model, shape, is_response):
    """S3 names members as they are on the wire: headers, query parameters, elements of the body."""
    keys = set()
    for name, member in shape.get("members", {}).items():
        if name == "Bucket":
            keys.add("bucketName")
        elif name == "Key":
            keys.add("key")
        else:
            keys.add(member.get("locationName", name))
    return keys


def s3_control_members(model, shape, is_response):
    """S3 Control is logged under S3's source; whether by S3's spelling or by the usual one is not on record."""
    wire = {member.get("locationName", name) for name, member in shape.get("members", {}).items()}
    return s3_members(model, shape, is_response) | {lower_first(name) for name in wire}


def ec2_members(model, shape, is_response):
    """EC2 lowers the first letter of the name on the wire; a list of the request becomes `…Set`, without a rule for
    what comes before it: CloudTrail has resourcesSet, routeTableIdSet, snapshotSet and instancesSet."""
    keys = set()
    for name, member in shape.get("members", {}).items():
        wire = lower_first(member.get("locationName", name))
        keys.add(wire)
        if not is_response and model["shapes"][member["shape"]]["type"] == "list":
            stems = {wire, wire.removesuffix("Id"), lower_first(name), re.sub("Ids$", "s", lower_first(name))}
            keys |= {stem + "Set" for stem in stems}
    if is_response:
        keys |= {"_return", "requestId"}
    return keys


MEMBERS_OF_SOURCE = {"s3": s3_members, "s3-control": s3_control_members}
MEMBERS_OF_PROTOCOL = {"ec2": ec2_members, "query": query_members}


def read_release(wheel, services):
    """Add every model of one botocore wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for entry in sorted(archive.namelist(), reverse=True):
            found = MODEL.match(entry)
            if not found:
                continue
            text = archive.read(entry)
            services[found[1]].add(json.loads(gzip.decompress(text) if found[3] else text))


def download(release, folder):
    wheels = list(folder.glob(f"botocore-{release}-*.whl"))
    if not wheels:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        subprocess.run([*command, f"botocore=={release}"], check=True)
        wheels = list(folder.glob(f"botocore-{release}-*.whl"))
    return wheels[0]


def render(services):
    lines = []
    for name, service in sorted(services.items()):
        lines.append(f"@{name} {service.protocol} {','.join(sorted(service.sources))}")
        suffix = SUFFIX.get(name)
        operations = defaultdict(lambda: (set(), set()))
        for operation, (request, response) in service.operations.items():
            bare = suffix.sub("", operation) if suffix else operation
            operations[bare][0].update(request)
            operations[bare][1].update(response)
        for operation, (request, response) in sorted(operations.items()):
            lines.append(f"{operation}|{','.join(sorted(request))}|{','.join(sorted(response))}")
    return "\n".join(lines) + "\n"


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        services = defaultdict(Service)
        for release in RELEASES:
            read_release(download(release, folder), services)
    Path(__file__).with_name("events.txt").write_text(render(services))


if __name__ == "__main__":
    main()
