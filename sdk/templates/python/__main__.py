"""The step is in greet(). What it may use stands in ostler_step.py."""

import ostler_step


def greet(step):
    step.log(f"Hello, {step.config('/name')}!")
    return ostler_step.passed("greeted one")


ostler_step.run("@NAME@", "1.0.0", greet)  # as in plugin.json
