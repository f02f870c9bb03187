# What a program tries that a box runs; the wire stands before it in the same file.
import ctypes


def worked(attempt):
    try:
        attempt()
    except OSError:
        return False
    return True


def start_program():
    child = os.fork()
    if child == 0:
        try:
            os.execv("/usr/bin/python3", ["python3", "-c", ""])
        except OSError:
            os._exit(7)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7:
        raise OSError


def answer_calls_itself():
    new_filter, new_listener, seccomp = 1, 8, 317 if os.uname().machine == "x86_64" else 277
    step = b"\x06\x00\x00\x00\x00\x00\xff\x7f"  # allows every call
    steps = ctypes.create_string_buffer(step)
    program = struct.pack("<HxxxxxxQ", 1, ctypes.addressof(steps))
    if ctypes.CDLL(None).syscall(seccomp, new_filter, new_listener, program) < 0:
        raise OSError


def escapes(path):
    own = os.execv
    attempts = {
        "execute": lambda: own("/usr/bin/python3", ["python3", "-c", ""]),
        "execute what it ran": lambda: own(sys.executable, [sys.executable, "-c", ""]),
        "start": start_program,
        "listen": answer_calls_itself,
        "read": lambda: open(path).read(),
        "chmod": lambda: os.chmod(path, 0o600),
        "socket": lambda: socket.socket(socket.AF_UNIX),
        "signal": lambda: os.kill(os.getppid(), 0),
    }
    return [name for name, attempt in attempts.items() if worked(attempt)]


def capabilities():
    header, data = struct.pack("<Ii", 0x20080522, 0), ctypes.create_string_buffer(24)
    if ctypes.CDLL(None).capget(header, data) != 0:
        return -1
    low, _, _, high, _, _ = struct.unpack("<6I", data)
    return high << 32 | low


def log_from_threads(step):
    threads = [threading.Thread(target=step.log, args=(letter * 200_000,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return passed("logged")


def stop_when_asked(step):
    step.log("waiting")
    if not step.sleep(60):
        return failed("not_stopped", "nobody said so")
    step.begin_cleanup()
    return End(CANCELLED, f"reason {step.cancel_reason}")


def sleep_until_the_end(step):
    step.log("waiting")
    step.sleep(60)
    step.begin_cleanup()
    naps = [step.sleep(0.05), step.sleep(0)]
    step.deadline = time.clock_gettime(time.CLOCK_BOOTTIME) + 0.2  # as if it were
    return f"{naps} {step.sleep(60)} {step.sleep(0)}"


def use_services(step):
    step.group("a group", EXPANDED)
    step.progress(0.5, "half", "build", 1)
    step.set_variable("MADE", "here")
    step.output("made", [1, 2])
    try:
        step.set_variable("BUILDKITE_AGENT_ACCESS_TOKEN", "x")
    except CallFailed as refusal:
        return passed(f"{step.get_variable('MADE')} {refusal.status} {step.facts['branch']}")


def say_too_much(step):
    try:
        step.output("made", "x" * (300 << 10))
    except CallFailed as refusal:
        return passed(f"{refusal.status}: {refusal}")


def tell_progress(step):
    step.progress(0.5, "\nhalf of it: first part\nsecond part", "build\r\nand test")
    return passed("told")


def run_or_why_not(step, script):
    try:
        return step.run(["sh", "-c", script], capture=True)
    except CallFailed as failure:
        return failure.status


def use_a_handle(step):
    script = "read a; echo got $a; trap 'exit 6' USR1; echo wrong >&2; sleep 60 & wait"
    with step.start(["sh", "-c", script], open_input=True, read_output=True,
                    read_errors=True) as command:
        runs = command.wait(0.05)
        command.write("one\n")
        said = command.read() + command.read("errors")
        command.signal(10)
        return f"{runs} {said} {command.wait()}"


class Place:
    """As pathlib's, which takes long to import."""

    def __fspath__(self):
        return b"made in \xff"


def say_what_is_asked(step):
    def asked_by(call):
        asked = []
        step.ask = lambda method, *arguments: asked.extend(map(_bytes, arguments)) or "{}"
        try:
            call()
        except (CallFailed, TypeError, ValueError) as fault:
            return f"{type(fault).__name__}: {fault}"
        return f"{asked}"

    return "; ".join(map(asked_by, [
        lambda: step.save_cache(["a", b"b"], ["c", b"\xfe", Place()]),
        lambda: step.restore_cache(("a",), iter([Place()]), 1),
        lambda: step.save_cache(["a"], "target"),
        lambda: step.save_cache("ab", ["target"]),
        lambda: step.save_cache(["a"], ["one\ntwo"]),
        lambda: step.upload_artifact(Place(), b"name"),
        lambda: step.resource(b"words"),
        lambda: step.start_service("web", [Place()], {"A": b"\xfd", "B": 1}),
    ]))


def run_in_a_cancel(step):
    step.log("waiting")
    step.sleep(60)
    refused = run_or_why_not(step, "echo ran")
    step.begin_cleanup()
    return f"{refused} {run_or_why_not(step, 'exit 5')}"


def act(step):
    what, path = step.config("/do"), step.config("/path")
    if what == "escape":
        return passed("worked: " + " ".join(escapes(path)))
    if what == "capabilities":
        return passed(f"above files: {capabilities() >> 5}")
    if what == "scratch":
        open(os.path.join(step.facts["scratch"], "made"), "w").write("x")
        return passed(open(os.path.join(step.facts["scratch"], "made")).read())
    if what == "too much":
        return say_too_much(step)
    if what == "progress":
        return tell_progress(step)
    if what == "throw long":
        raise ValueError("x" * (300 << 10))
    if what == "long":
        return failed("long", "m" * (300 << 10), hint="h" * (300 << 10))
    if what == "throw lines":
        raise ValueError("first part\nsecond part")
    if what == "throw":
        raise ValueError("out of act")
    if what == "exit":
        sys.exit(3)
    if what == "command":
        return passed(f"{run_or_why_not(step, 'echo ran; exit 3')}")
    if what == "handle":
        return passed(use_a_handle(step))
    if what == "paths":
        return passed(say_what_is_asked(step))
    if what == "command in a cancel":
        return passed(run_in_a_cancel(step))
    if what == "threads":
        return log_from_threads(step)
    if what == "stop":
        return stop_when_asked(step)
    if what == "sleep in a cancel":
        return passed(sleep_until_the_end(step))
    return use_services(step)


run("zoo", "1.0.0", act)
