"""What schemathesis draws for our own API is asked of things that are there, and not of who asks."""

import re

import schemathesis

# ann is the first user, and hers the first key: to take them away would end the run.
OURS = {
    ("DELETE", "/api/v1/users/{id}"),
    ("PATCH", "/api/v1/users/{id}"),
    ("DELETE", "/api/v1/keys/{id}"),
}
ID = re.compile(r"(tr|al|ar|fo|pl)-(\d+)")


@schemathesis.hook
def filter_case(context, case):
    is_first = str((case.path_parameters or {}).get("id")) == "1"
    return not (is_first and (case.method.upper(), case.path) in OURS)


def there(value):
    """An id of one of the first three of a kind, which are there, in place of any other."""
    if isinstance(value, str) and (id := ID.fullmatch(value)):
        return f"{id[1]}-{int(id[2]) % 3 + 1}"
    if isinstance(value, list):
        return [there(item) for item in value]
    if isinstance(value, dict):
        return {name: there(item) for name, item in value.items()}
    return value


@schemathesis.hook
def before_call(context, case, kwargs):
    case.path_parameters = there(case.path_parameters)
    case.query = there(case.query)
    case.body = there(case.body)
