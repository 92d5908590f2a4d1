"""How a peer takes part in `cargo xtask bench`.

It loads and warms up once, says so in a line of JSON, and takes a turn for every line it then
reads: the name of a job. Each answer is a line of JSON: CPU seconds of all its threads, and what
came out. Started by hand, it takes jobs from the keyboard.

Import this first: standard output belongs to the answers, and whatever a library prints there goes
to standard error.
"""

import json
import os
import sys
import time

_answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def timed(job):
    """CPU seconds of a job, and its result."""
    begin = time.process_time()
    result = job()
    return time.process_time() - begin, result


def serve(jobs, **ready):
    """Says `ready` and takes turns until there are no more lines. A job gives its CPU seconds and
    a few words on what came out."""
    _say(ready)
    for line in sys.stdin:
        seconds, said = jobs[line.strip()]()
        _say({"seconds": seconds, "said": said})


def _say(answer):
    print(json.dumps(answer), file=_answers, flush=True)
