// SPDX-License-Identifier: Apache-2.0
/* What the host says first. */
#ifndef OSTLER_BOX_START_H
#define OSTLER_BOX_START_H

#include "box/wire.h"
#include "process/landlock.h"

enum { BOX_MOST_PATHS = 256, BOX_MOST_SERVICES = 64, BOX_MOST_WORDS = 64 };

struct box_start {
  bool network;
  const char *library; /* the name by which people know the shared object; ended by NUL */
  struct landlock_path paths[BOX_MOST_PATHS];
  size_t path_count;
  ostler_text_t services[BOX_MOST_SERVICES];
  size_t service_count;
  ostler_job_facts_t facts;
  const char *command[BOX_MOST_WORDS + 1]; /* to be executed instead of mapping; ends with NULL */
  ostler_text_t filter; /* a program for seccomp; it lies where words of 4 bytes may */
};

/* Receives the frame Start. What it points to stays for the life of the process. */
bool box_receive_start(struct box_start *start);

#endif
