"""Every request schemathesis draws says who asks and wants JSON, whatever else it says."""

import os

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    query = dict(case.query or {})
    # Credentials that were drawn would contradict the key.
    for name in ("u", "p", "t", "s", "callback"):
        query.pop(name, None)
    query.update(apiKey=os.environ["TRIAD_KEY"], f="json", c="schemathesis", v="1.16.1")
    case.query = query
