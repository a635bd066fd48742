"""Ask 1EdTech's Open Badges 2.0 validator about badges. Runs in .judges/ob2, talks JSON on standard input and output.

In: {"map": {origin: address of a running server}, "tasks": [{"source", "recipient"}]}, where a source is an address, JSON,
JWS, or the path of a picture as {"picture": path}. Out: a list of {"errors", "warnings", "messages", "requests"}.
The validator itself is unchanged; only the transport under `requests` is: a mapped origin goes to its server, with the
headers a proxy would set, and every other host is as if it were not there.
"""

import io
import json
import logging
import sys
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

JOB = json.load(sys.stdin)
REQUESTS = []


class MappedAdapter(HTTPAdapter):
    """Sends mapped origins to their servers, and answers for the context, which lies in the validator's own package."""

    def send(self, request, **options):
        from openbadges.verifier import openbadges_context

        address = request.url
        if address == openbadges_context.OPENBADGES_CONTEXT_V2_URI:
            return self._context(request, openbadges_context.OPENBADGES_CONTEXT_V2_DICT)
        for origin, server in JOB["map"].items():
            if address.startswith(origin + "/"):
                parts = urlsplit(address)
                request.url = server + address[len(origin) :]
                request.headers["X-Forwarded-Proto"] = parts.scheme
                request.headers["X-Forwarded-Host"] = request.headers["Host"] = parts.netloc
                response = super().send(request, **options)
                response.url = request.url = address
                REQUESTS.append([address, response.status_code, response.headers.get("content-type", "")])
                return response
        REQUESTS.append([address, 0, ""])
        raise requests.ConnectionError("no such host: " + address)

    def _context(self, request, context):
        response = requests.Response()
        response.status_code = 200
        response.headers["content-type"] = "application/ld+json"
        response._content = json.dumps(context).encode()
        response.url, response.request = request.url, request
        return response


requests.sessions.HTTPAdapter = MappedAdapter

from openbadges import verify


def judge(task):
    REQUESTS.clear()
    source = task["source"]
    if isinstance(source, dict):
        source = io.BytesIO(Path(source["picture"]).read_bytes())
    recipient = {"email": task["recipient"]} if task.get("recipient") else None
    answer = verify(source, recipient_profile=recipient, use_cache=False, cache_backend=None)
    report = answer["report"]
    pictures = []
    for node in answer["graph"]:
        image = node.get("image")
        pictures += [item.get("id") if isinstance(item, dict) else item for item in [image] if item]
    return {
        "errors": report["errorCount"],
        "warnings": report["warningCount"],
        "messages": [
            f"{m.get('messageLevel')} {m.get('name')}: {str(m.get('result'))[:300]}" for m in report["messages"]
        ],
        "version": report.get("openBadgesVersion"),
        "requests": list(REQUESTS),
        "pictures": pictures,
    }


json.dump([judge(task) for task in JOB["tasks"]], sys.stdout, default=str)
