"""A step plugin of Ostler in Python: the wire of agent/docs/box-protocol.md, version 0.2, on
descriptor 3. The standard library is all it needs. Every method may be called from any thread."""

import json
import os
import socket
import struct
import sys
import threading
import time
import traceback
from random import uniform

DEBUG, INFO, WARNING, ERROR = range(4)  # severities of log()
COLLAPSED, EXPANDED, MUTED = range(3)  # styles of group()
PASSED, FAILED, SKIPPED, ERROR_OF_STEP, CANCELLED = range(5)  # outcomes

_GO, _CANCEL, _ANSWER = 65, 66, 67
_MAPPED, _LOG, _GROUP, _PROGRESS, _ASK, _RESULT, _CLEANUP, _ENDED = 81, 82, 83, 84, 85, 86, 87, 88
_PIECE = 64 << 10  # of a message
_LONGEST = 256 << 10  # of a frame's payload
_STATUS_CANCELLED, _STATUS_TIMEOUT, _STATUS_NOT_FOUND = 1, 2, 3
_STATUS_DENIED, _STATUS_CONFLICT, _STATUS_UNAVAILABLE = 4, 5, 6
_STATUS_INVALID, _STATUS_FAILED = 7, 8
_REPEATABLE = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")
_OVERLOADED = (429, 502, 503, 504)
_LONGEST_WAIT = 600  # s; a server that asks for more is not waited for


class CallFailed(Exception):
    """What the host answers when a call does not work. `status` is one of ostler/abi.h."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


class End:
    """How a step ended; see ostler_result in ostler/abi.h. `message` and `hint` are lines for
    people: what is longer than 4 KiB is cut to that, and stands in the log up to 64 KiB. `detail`
    is anything for json.dumps."""

    def __init__(self, outcome, message, reason="", hint="", detail=None, exit_status=0,
                 retryable=False):
        self.outcome, self.message, self.reason, self.hint = outcome, message, reason, hint
        self.detail = "" if detail is None else json.dumps(detail)
        self.exit_status, self.retryable = exit_status, int(retryable)


def passed(message):
    return End(PASSED, message)


def failed(reason, message, **more):
    """The step did its work, and the answer is no. `reason` is for programs: [a-z0-9_]*."""
    return End(FAILED, message, reason, **more)


def skipped(message):
    """There was nothing to do; counts as passed."""
    return End(SKIPPED, message)


def error(reason, message, **more):
    """The step could not do its work."""
    return End(ERROR_OF_STEP, message, reason, **more)


def _bytes(text):
    text = os.fspath(text) if isinstance(text, os.PathLike) else text
    return text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogateescape")


def _text(text):
    encoded = _bytes(text)
    return struct.pack("<I", len(encoded)) + encoded


class HttpAnswer:
    """Its body is read while it comes. Use it as a context: it is closed then."""

    def __init__(self, step, head):
        first, *lines = head.splitlines()
        status, self._name = first.split(" ")
        self._step, self.status = step, int(status)
        self.headers = {name.lower(): value.strip()
                        for name, _, value in (line.partition(":") for line in lines)}

    def _retry_after(self):
        """Seconds, of at most nine digits; 0: it does not say."""
        digits = self.headers.get("retry-after", "")
        return int(digits[:9]) if digits.isascii() and digits.isdecimal() else 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._step.ask("ostler.http/1/close", self._name)
        except CallFailed:
            pass  # a cancel has closed it

    def __iter__(self):
        """Pieces of bytes, each as soon as it is there."""
        while piece := _bytes(self._step.ask("ostler.http/1/read", self._name)):
            yield piece

    def read(self):
        return b"".join(self)


def _status_of(end):
    exit_status, signal, *_ = map(int, end.split())
    return -signal if signal else exit_status


class Command:
    """A program that was started. Use it as a context: one that still runs is killed then."""

    def __init__(self, step, name):
        self._step, self._name = step, name

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ask("close")

    def write(self, data):
        """Gives it bytes to read; started with `open_input`."""
        data = _bytes(data)
        for at in range(0, len(data), _PIECE):
            self._ask("write", data[at:at + _PIECE])

    def close_input(self):
        self._ask("close-input")

    def read(self, stream="output"):
        """The next bytes of "output" or "errors", as soon as some are there; none at the end."""
        return _bytes(self._ask("read", stream))

    def signal(self, number):
        """To its process group."""
        self._ask("signal", int(number))

    def wait(self, limit=0):
        """Exit status (minus the signal when one ended it), or None when it runs longer than
        `limit` seconds (0: any time)."""
        try:
            return _status_of(self._ask("wait", max(round(limit * 1000), 1) if limit else 0))
        except CallFailed as failure:
            if failure.status != _STATUS_TIMEOUT:
                raise
            return None

    def _ask(self, method, *arguments):
        return self._step.ask("ostler.command/1/" + method, self._name, *arguments)


def _lines(texts):
    """One a line."""
    if isinstance(texts, (str, bytes, os.PathLike)):
        raise TypeError(f"a list, please: [{texts!r}]")
    lines = [_bytes(text) for text in texts]
    for line in lines:
        if b"\n" in line:
            raise ValueError(f"a text of one line, please: {line!r}")
    return b"\n".join(lines)


def _list(texts):
    return struct.pack("<H", len(texts)) + b"".join(_text(text) + _text("") for text in texts)


class Lock:
    """A lock of the cluster, held while this is a context. `fence` grows with each holder."""

    def __init__(self, step, name, wait):
        self._step, self._name, self._wait, self.fence = step, name, wait, 0

    def __enter__(self):
        longest = -1 if self._wait is None else round(self._wait * 1000)
        self.fence = int(self._step.ask("ostler.lock/1/acquire", self._name, longest))
        return self

    def __exit__(self, *_):
        try:
            self._step.ask("ostler.lock/1/release", self._name)
        except CallFailed:
            pass  # the end of the job frees it


class _Reader:
    """Fields of a payload, one after the other."""

    def __init__(self, payload):
        self._payload, self._at = payload, 0

    def number(self, kind):
        (value,) = struct.unpack_from("<" + kind, self._payload, self._at)
        self._at += struct.calcsize("<" + kind)
        return value

    def text(self):
        size = self.number("I")
        self._at += size
        return self._payload[self._at - size:self._at].decode("utf-8", "surrogateescape")

    def pairs(self):
        return {self.text(): self.text() for _ in range(self.number("H"))}


class _Clock:
    """Real time."""

    def now(self):
        return time.time()

    def ticks(self):
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def move(self, seconds):
        """Whether a sleep is over."""
        return False

    def spread(self, delay):
        """Many jobs do not come back at once."""
        return delay * uniform(0.75, 1.25)


class _VirtualClock:
    """Time of a test. After a day of it sleeps are real, so that who waits for ever does."""

    _BEGIN, _DAY = 1767225600, 86400 * 10**9  # 2026-01-01T00:00:00Z; in ns, which add up exactly

    def __init__(self):
        self._moving, self._ticks = threading.Lock(), 0

    def now(self):
        return self._BEGIN + self.ticks()

    def ticks(self):
        return self._ticks / 10**9

    def move(self, seconds):
        duration = max(round(seconds * 10**9), 0)
        with self._moving:
            fits = duration <= self._DAY - self._ticks
            self._ticks += duration if fits else 0
            return fits

    def spread(self, delay):
        return delay  # the same each time


class Step:
    """What the host gives. `facts` has those of the job ("branch", "workspace" ...)."""

    def __init__(self, wire):
        self._wire = wire
        self._sending, self._logging = threading.Lock(), threading.Lock()
        self._waiting, self._answered, self._last = {}, threading.Condition(), 0
        self._cancelled = threading.Event()
        self.cancel_reason, self.deadline, self._cleans_up = 0, None, False
        self.facts, self.attempt, self._clock = {}, 1, _Clock()

    def log(self, text, severity=INFO):
        """Lines for the log of the job."""
        rest = _bytes(text)
        with self._logging:
            while True:
                piece, rest = rest[:_PIECE], rest[_PIECE:]
                self._say(_LOG, struct.pack("<iB", severity, not rest) + _text(piece))
                if not rest:
                    return

    def group(self, title, style=COLLAPSED):
        """Begins a group of lines."""
        with self._logging:
            self._say(_GROUP, struct.pack("<i", style) + _text(title))

    def progress(self, share, message="", phase="", attempt=0):
        """How far the step is: `share` goes from 0 to 1."""
        done = round(10000 * share)
        self._say(_PROGRESS, struct.pack("<ii", done, attempt) + _text(phase) + _text(message))

    def config(self, pointer=""):
        """The configuration, or the part of it at a JSON pointer."""
        return json.loads(self.ask("ostler.config/1/json", pointer))

    def resource(self, name):
        """Path of a file that the plugin has beside its library (RESOURCES of
        ostler_program_plugin), to be read only."""
        if not self.facts.get("resources"):
            raise CallFailed(_STATUS_NOT_FOUND, f"there is no resource {os.fsdecode(name)}")
        return os.path.join(self.facts["resources"], os.fsdecode(name))

    def host_directory(self):
        """A directory that stays on this host for later runs of the plugin in this pipeline.
        plugin.json must say "permissions": {"host_directory": "write"}."""
        if not self.facts.get("host_directory"):
            raise CallFailed(_STATUS_DENIED, "nothing of this run stays on the host; ask for it in "
                             'plugin.json: "permissions": {"host_directory": "write"}')
        return self.facts["host_directory"]

    def get_variable(self, name):
        """Of the job's environment; raises CallFailed when it is not set."""
        return self.ask("ostler.environment/1/get", name)

    def set_variable(self, name, value):
        self.ask("ostler.environment/1/set", name, value)

    def output(self, name, value):
        """Leaves a value for others, as JSON."""
        self.ask("ostler.output/1/set", name, json.dumps(value))

    def get_output(self, step, name):
        """What a step of the build has left, by its key; None when it has not, or is not over.
        "result" is how its plugin ended."""
        try:
            return json.loads(self.ask("ostler.output/1/get", step, name))
        except CallFailed as failure:
            if failure.status != _STATUS_NOT_FOUND:
                raise
            return None

    def outcome(self, step):
        """What has become of a step of the build, by its key or id: "passed", "soft_failed",
        "hard_failed" or "errored", else its state, such as "running"."""
        return self.ask("ostler.job/1/outcome", step)

    def run(self, arguments, input=b"", capture=False, time_limit=0, confined=False):
        """Runs a program outside the box, `time_limit` seconds at most (0: any time): exit status
        (minus the signal when one ended it) and what was captured. plugin.json must say
        "permissions": {"commands": "workspace"}, or "host"; `confined` asks for the first where
        the second is allowed."""
        how = "o" * capture + "w" * confined
        answer = self.ask("ostler.command/1/run", how, round(time_limit * 1000), input, *arguments)
        end, _, output = answer.partition("\n")
        return _status_of(end), output

    def start(self, arguments, input=b"", time_limit=0, open_input=False, read_output=False,
              read_errors=False, confined=False):
        """Starts a program outside the box: a Command. What of its streams is not read goes to the
        log of the job."""
        how = "i" * open_input + "o" * read_output + "e" * read_errors + "w" * confined
        return Command(self, self.ask("ostler.command/1/start", how, round(time_limit * 1000),
                                      input, *arguments))

    def get_meta_data(self, key):
        """Of the build; None when there is no such key. plugin.json must say
        "permissions": {"services": ["meta-data"]}."""
        try:
            return self.ask("ostler.meta-data/1/get", key)
        except CallFailed as failure:
            if failure.status != _STATUS_NOT_FOUND:
                raise
            return None

    def set_meta_data(self, key, value):
        self.ask("ostler.meta-data/1/set", key, value)

    def has_meta_data(self, key):
        return self.ask("ostler.meta-data/1/exists", key) == "1"

    def meta_data_keys(self):
        return json.loads(self.ask("ostler.meta-data/1/keys"))

    def annotate(self, context, body, style="info", priority=3, append=False, scope="build"):
        """Markdown beside the build, or the job: one text for each context. plugin.json must say
        "permissions": {"services": ["annotation"]}."""
        self.ask("ostler.annotation/1/put", context, style, scope, priority, int(append), body)

    def remove_annotation(self, context, scope="build"):
        self.ask("ostler.annotation/1/remove", context, scope)

    def upload_artifact(self, path, name, media_type=""):
        """A file of the workspace or the scratch directory. plugin.json must say
        "permissions": {"services": ["artifact"]}."""
        self.ask("ostler.artifact/1/upload", path, name, media_type)

    def find_artifacts(self, glob, step="", build="", with_retried=False):
        """Those whose paths match, as dictionaries: path, size, sha1, sha256, id, job_id,
        media_type. `step` is a key or label, or the id of a job, `build` an id; without them all of
        this build."""
        return json.loads(self.ask("ostler.artifact/1/search", glob, step, build,
                                   int(with_retried)))

    def download_artifacts(self, glob, directory, step="", build="", with_retried=False):
        """Into a directory that is there; how many came. CallFailed when none matches."""
        return int(self.ask("ostler.artifact/1/download", glob, directory, step, build,
                            int(with_retried)))

    def restore_cache(self, key, paths, common=0):
        """Files of the workspace that an earlier job has saved: `key` is a list of texts, from the
        general to the special; where no entry of that key is there, one that has the first
        `common` of them stands in (0: none does). A dictionary: hit is "exact", "fallback" or
        "none". plugin.json must say "permissions": {"services": ["cache"], "workspace": "write"}."""
        return json.loads(self.ask("ostler.cache/1/restore", _lines(key), common, _lines(paths)))

    def save_cache(self, key, paths):
        """For later jobs. A dictionary: saved is False when that key is there already."""
        return json.loads(self.ask("ostler.cache/1/save", _lines(key), _lines(paths)))

    def upload_steps(self, steps, replace=False):
        """YAML or JSON, behind this step. plugin.json must say
        "permissions": {"services": ["pipeline"]}."""
        self.ask("ostler.pipeline/1/upload", steps, int(replace))

    def get_state(self, key, scope="pipeline"):
        """A value that the plugin keeps for later runs, and its revision; (None, 0): there is none.
        `scope`: "pipeline", "host" or "everywhere". plugin.json must say
        "permissions": {"services": ["state"]}."""
        try:
            revision, _, value = self.ask("ostler.state/1/get", scope, key).partition("\n")
        except CallFailed as failure:
            if failure.status != _STATUS_NOT_FOUND:
                raise
            return None, 0
        return value, int(revision)

    def set_state(self, key, value, expected="any", scope="pipeline"):
        """The new revision; None when that of the key is not `expected` (0: it is to be new)."""
        try:
            return int(self.ask("ostler.state/1/set", scope, key, value, expected))
        except CallFailed as failure:
            if failure.status != _STATUS_CONFLICT or expected == "any":
                raise
            return None

    def delete_state(self, key, expected="any", scope="pipeline"):
        """False when its revision is not `expected`."""
        try:
            self.ask("ostler.state/1/delete", scope, key, expected)
        except CallFailed as failure:
            if failure.status != _STATUS_CONFLICT:
                raise
            return False
        return True

    def state_keys(self, begin="", scope="pipeline"):
        return json.loads(self.ask("ostler.state/1/keys", scope, begin))

    def count(self, name, number):
        """A figure about the run, which a hub of Ostler keeps with the job. plugin.json must say
        "permissions": {"services": ["metric"]}."""
        self.ask("ostler.metric/1/count", name, number)

    def duration(self, name, seconds):
        self.ask("ostler.metric/1/duration", name, round(seconds * 1000))

    def cost(self, name, amount, currency):
        """`amount` is a decimal number in a text: "0.25"."""
        self.ask("ostler.metric/1/cost", name, amount, currency)

    def junit(self, name, path):
        """Hands in what tests have found, a file of the workspace or the scratch directory; the
        summary that a hub of Ostler keeps with the job, as a dictionary: ostler/report.h has its
        keys. plugin.json must say "permissions": {"services": ["report"]}."""
        return json.loads(self.ask("ostler.report/1/junit", name, path))

    def coverage(self, name, path):
        """Cobertura's XML, or what lcov writes."""
        return json.loads(self.ask("ostler.report/1/coverage", name, path))

    def sarif(self, name, path):
        return json.loads(self.ask("ostler.report/1/sarif", name, path))

    def table(self, name, columns, rows):
        self.ask("ostler.report/1/table", name, json.dumps({"columns": columns, "rows": rows}))

    def lock(self, name, wait=None):
        """`with step.lock("deploy-prod") as lock:` waits for it, `wait` seconds at most; CallFailed
        of status 2 when another job holds it still. plugin.json must say
        "permissions": {"services": ["lock"]}."""
        return Lock(self, name, wait)

    def secret(self, name):
        """Which the log hides from then on. plugin.json must say
        "permissions": {"secrets": ["NAME"]}."""
        return self.ask("ostler.secret/1/get", name)

    def protect(self, text):
        """Has the log hide a text from now on."""
        self.ask("ostler.secret/1/protect", text)

    def put_secret(self, name, value):
        """Sets a secret of the hub for later jobs; the log hides the value from then on.
        plugin.json must say "permissions": {"secrets_put": ["NAME"]}, and the agent's
        plugin-secrets-put name the plugin."""
        self.ask("ostler.secret/1/put", name, value)

    def http(self, url, method="GET", headers=None, body=b"", total=60, idle=30, attempts=1,
             repeats_all=False, body_file=""):
        """Has the host ask a server; `total` and `idle` are seconds, 0: no limit. "{secret:NAME}"
        in the value of a header stands for that secret; keep it out of text that is not yours.
        `body_file`, the path of a file of the workspace or the scratch directory, is sent in the
        place of `body`, read from the disk meanwhile: at most 5 GiB.
        With `attempts` it is asked again where it is away or overloaded (429, 502, 503, 504), after
        a second, twice as long each further time up to a minute, or when Retry-After says, within
        `total`; a POST or PATCH only with `repeats_all`, "hub:" never. The answer whose Retry-After
        is too late for that, or more than ten minutes, is the last. plugin.json must say
        "permissions": {"http": ["HOST"]}."""
        lines = b""
        for name, value in (headers or {}).items():
            line = _bytes(name) + b": " + _bytes(value)
            if b"\r" in line or b"\n" in line:
                raise ValueError(f"a header of one line, please: {name!r}")
            lines += line + b"\n"
        file = [body_file] if body_file else []
        is_repeated = (repeats_all or method in _REPEATABLE) and not url.startswith("hub:")
        most, begin = attempts if is_repeated else 1, self.ticks()
        for number in range(1, max(most, 1) + 1):
            left = max(begin + total - self.ticks(), 0.001) if total else 0
            answer, asked, why = None, 0, None
            try:
                answer = HttpAnswer(self, self.ask("ostler.http/1/send", method, url, lines, body,
                                                   round(left * 1000), round(idle * 1000), *file))
                if answer.status not in _OVERLOADED:
                    return answer
                asked = answer._retry_after()
            except CallFailed as failure:
                if failure.status not in (_STATUS_UNAVAILABLE, _STATUS_TIMEOUT):
                    raise
                why = failure
            # Many jobs come back by and by, also when the server has told all of them the same.
            delay = min(2 ** (number - 1), 60)
            wait = max(delay * 0.75, asked) + begin % (delay / 2)
            is_late = asked > _LONGEST_WAIT or total and self.ticks() + wait >= begin + total
            if number >= most or is_late:
                if answer is None:
                    raise why
                return answer
            if answer is not None:
                answer.__exit__()
            if self.sleep(wait):
                raise CallFailed(_STATUS_CANCELLED, "the job was cancelled between two attempts")

    def listen(self, name, port=0):
        """The address of a socket that listens on this machine, for commands and services.
        plugin.json must say "permissions": {"services": ["listener"]}."""
        return self.ask("ostler.listener/1/open", name, port)

    def close_listener(self, name):
        self.ask("ostler.listener/1/close", name)

    def start_service(self, name, arguments, environment=None, listener="", address="", probe="",
                      interval=1, threshold=3, restart="on-failure"):
        """Starts a program that goes on after the job, beside the one of that name: its id,
        address and directory. `probe` is "tcp", where there is no listener, or "/path", `restart`
        "never", "on-failure" or "always". plugin.json must say "permissions": {"services": ["service"]}."""
        given = [_bytes(key) + b"=" + _bytes(value) for key, value in (environment or {}).items()]
        return self.ask("ostler.service/1/start", name, listener, address, probe,
                        round(interval * 1000), threshold, restart, len(given), *given,
                        *arguments).split("\n")

    def promote_service(self, target):
        """An id or a name: it is the one of its name, the one before is stopped."""
        self.ask("ostler.service/1/promote", target)

    def stop_service(self, target):
        self.ask("ostler.service/1/stop", target)

    def services(self, target=""):
        """A dictionary for each of an id, a name, or the pipeline, the oldest first."""
        return json.loads(self.ask("ostler.service/1/status", target))

    def service_log(self, target, size=16384):
        return self.ask("ostler.service/1/log", target, size)

    def service_directory(self, name):
        """Where services of the name run; for commands to put files into, which stay."""
        return self.ask("ostler.service/1/place", name)

    @property
    def is_cancelled(self):
        return self._cancelled.is_set()

    def now(self):
        """Seconds since 1970, UTC. In a case of "plugin test" the clock is virtual: it begins in
        2026, and sleep() alone moves it on, at once."""
        return self._clock.now()

    def ticks(self):
        """Seconds that only grow."""
        return self._clock.ticks()

    def sleep(self, seconds):
        """True when the job was cancelled meanwhile: clean up, and return until `deadline`, in
        seconds of time.clock_gettime(time.CLOCK_BOOTTIME). After begin_cleanup() it waits again:
        True then says that the deadline came."""
        if not self.is_cancelled:
            return not self._clock.move(seconds) and self._cancelled.wait(seconds)
        left = self.deadline - time.clock_gettime(time.CLOCK_BOOTTIME)
        if not self._cleans_up or left <= 0:
            return True
        if self._clock.move(seconds):
            return False
        time.sleep(max(min(seconds, left), 0))
        return seconds > left

    def retry(self, attempt, most_attempts=5, first_delay=1, most_delay=60):
        """What `attempt` returns, called with numbers from 1. While it fails as what was out of
        reach or too slow it is called again, after delays in seconds that double."""
        for number in range(1, most_attempts):
            try:
                return attempt(number)
            except CallFailed as failure:
                if failure.status not in (_STATUS_UNAVAILABLE, _STATUS_TIMEOUT):
                    raise
            delay = self._clock.spread(min(first_delay * 2 ** (number - 1), most_delay))
            if self.sleep(delay):
                raise CallFailed(_STATUS_CANCELLED, "the job was cancelled between two attempts")
        return attempt(most_attempts)

    def begin_cleanup(self):
        """The cancel was seen: calls work again, until `deadline`. Does nothing before a cancel."""
        if self.is_cancelled:
            self._say(_CLEANUP, b"")
            self._cleans_up = True

    def ask(self, method, *arguments):
        """Any method of the wire."""
        return self._request(_ASK, _text(method) + _list(arguments))

    def _say(self, kind, payload):
        if len(payload) > _LONGEST:
            raise CallFailed(_STATUS_INVALID, "more than 256 KiB in one call")
        with self._sending:
            self._wire.sendall(struct.pack("<IHH", len(payload), kind, 0) + payload)

    def _request(self, kind, payload):
        with self._answered:
            self._last += 1
            number = self._last
            self._waiting[number] = None
        try:
            self._say(kind, struct.pack("<I", number) + payload)
        except CallFailed:
            del self._waiting[number]
            raise
        with self._answered:
            self._answered.wait_for(lambda: self._waiting[number] is not None)
            status, text = self._waiting.pop(number)
        if status != 0:
            raise CallFailed(status, text)
        return text

    def _tell_end(self, end):
        numbers = struct.pack("<iii", end.outcome, end.exit_status, end.retryable)
        # Long ones must not cost the result.
        message, hint = _bytes(end.message)[:_PIECE], _bytes(end.hint)[:_PIECE]
        texts = map(_text, (end.reason, message, hint, end.detail))
        self._request(_RESULT, numbers + b"".join(texts))

    def _receive(self):
        header = self._receive_bytes(8)
        size, kind, _ = struct.unpack("<IHH", header)
        return kind, _Reader(self._receive_bytes(size))

    def _receive_bytes(self, size):
        got = b""
        while len(got) < size:
            more = self._wire.recv(size - len(got))
            if not more:
                os._exit(1)  # the host is gone, or only wanted to know who this is
            got += more
        return got

    def _await_go(self):
        kind, fields = self._receive()
        if kind != _GO:
            os._exit(1)
        fields.number("H"), fields.number("H")
        self.attempt = fields.number("i")
        if "ostler.virtual-clock/1" in fields.pairs():
            self._clock = _VirtualClock()
        self.facts = fields.pairs()

    def _listen(self):
        while True:
            kind, fields = self._receive()
            if kind == _ANSWER:
                with self._answered:
                    number = fields.number("I")
                    if number in self._waiting:
                        self._waiting[number] = (fields.number("i"), fields.text())
                    self._answered.notify_all()
            elif kind == _CANCEL:
                reason, deadline = fields.number("B"), fields.number("q") / 1e9
                self.deadline = min(self.deadline or deadline, deadline)
                self.cancel_reason = self.cancel_reason or reason
                self._cancelled.set()


def _run(step, function):
    """Status and reason of Ended."""
    try:
        end = function(step)
        if not isinstance(end, End):
            return _STATUS_FAILED, (f"{function.__name__}() returned {type(end).__name__}: return "
                                    "passed(), failed(), skipped() or error()")
        step._tell_end(end)
        return 0, ""
    except Exception as failure:
        traceback.print_exc()
        status = _STATUS_CANCELLED if step.is_cancelled else _STATUS_FAILED
        return status, f"{type(failure).__name__}: {failure}"


def run(plugin_id, version, function):
    """Runs a plugin: `function` takes a Step and returns an End. Does not return."""
    step = Step(socket.socket(fileno=3))
    step._say(_MAPPED, _text(plugin_id) + _text(version) + _text(""))
    step._await_go()
    threading.Thread(target=step._listen, daemon=True).start()
    status, reason = _run(step, function)
    sys.stdout.flush()
    sys.stderr.flush()
    step._say(_ENDED, struct.pack("<i", status) + _text(_bytes(reason)[:_PIECE]))
    os._exit(0)  # threads that were forgotten do not hold it up
