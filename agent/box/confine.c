// SPDX-License-Identifier: Apache-2.0
#include "box/confine.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A kernel without Landlock is no failure; one that has it must do as it is told. */
static bool restrict_files(const struct box_start *start, uint32_t *measures) {
  const int rules = landlock_make(start->paths, start->path_count, start->network, measures);
  if (rules < 0) return errno == ENOSYS || errno == EOPNOTSUPP;
  const bool done = landlock_obey(rules);
  close(rules);
  return done;
}

static int listener = -1; /* of execve(), when a program is to be executed */

/* Without a step that ends it the kernel takes no filter: an empty one is refused. */
static bool filter_calls(const struct box_start *start) {
  const unsigned short steps = (unsigned short)(start->filter.size / sizeof(struct sock_filter));
  const struct sock_fprog program = {steps, (void *)start->filter.data};
  if (start->command[0] == NULL) {
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
  }
  listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                          &program);
  return listener >= 0;
}

/* Lets one call pass. It ends this thread and closes the listener; the kernel refuses the next. */
static void *let_pass(void *unused) {
  struct seccomp_notif call = {0};
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0) return unused;
  struct seccomp_notif_resp answer = {.id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  return unused;
}

void box_execute(const struct box_start *start) {
  pthread_t thread;
  errno = pthread_create(&thread, NULL, let_pass, NULL);
  if (errno == 0) execv(start->command[0], (char *const *)start->command);
}

bool box_confine(const struct box_start *start, uint32_t *measures, const char **failed) {
  *measures = 0;
  *failed = "give up privileges";
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !keep_file_capabilities()) return false;
  *failed = "confine with Landlock";
  if (!restrict_files(start, measures)) return false;
  *failed = "filter system calls";
  if (!filter_calls(start)) return false;
  *measures |= BOX_HAS_SECCOMP;
  return true;
}
