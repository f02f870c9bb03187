// SPDX-License-Identifier: Apache-2.0
#include "box/threads.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static _Thread_local int sinks;      /* of the plugin that run on this thread, in each other */
static _Thread_local bool in_cancel; /* the plugin's cancel() runs on it */

static atomic_bool watching;
static atomic_bool may_call;
static const char *end;

void box_allow_calls(bool watch) {
  may_call = true;
  watching = watch;
}
void box_end_calls(const char *when) {
  end = when;
  may_call = false;
}

void box_enter_sink(void) { ++sinks; }
void box_leave_sink(void) { --sinks; }
void box_enter_cancel(void) { in_cancel = true; }
void box_leave_cancel(void) { in_cancel = false; }

static _Noreturn void breach(ostler_text_t function, const char *what) {
  const char *thread = in_cancel              ? "the cancel-thread"
                       : gettid() == getpid() ? "the main-thread"
                                              : "a thread of its own";
  char text[512];
  snprintf(text, sizeof text, "%s: %.*s was called by %s %s", BOX_THREAD_CHECK_ID,
           function.size < 128 ? (int)function.size : 128, function.data, thread, what);
  box_say(BOX_FAULT, "t", box_text(text));
  _exit(1);
}

static void hold(ostler_text_t function, bool is_light) {
  if (!watching) return;
  if (!may_call) {
    char when[128];
    snprintf(when, sizeof when, "%s [any-thread & initialised, running]", end);
    breach(function, when);
  }
  if (is_light) return;
  if (sinks > 0) breach(function, "inside a sink, which may call log, progress and cancel only");
  if (in_cancel) breach(function, "inside cancel(), which may call log, progress and cancel only");
}

void box_light_call(const char *function) { hold(box_text(function), true); }
void box_call(ostler_text_t function) { hold(function, false); }

void box_unfinished_call(ostler_text_t function) {
  if (watching) breach(function, "that had not joined");
}
