// SPDX-License-Identifier: Apache-2.0
/* What the host says first. */
#ifndef OSTLER_BOX_START_H
#define OSTLER_BOX_START_H

#include "box/wire.h"
#include "process/landlock.h"

enum { BOX_MOST_PATHS = 256, BOX_MOST_SERVICES = 64, BOX_MOST_WORDS = 64, BOX_MOST_FILES = 17 };

struct box_start {
  bool network;
  /* Names by which people know what is mapped, from descriptor BOX_FILE on: the plugin, then
   * libraries that it needs, each before those that it needs itself. */
  const char *files[BOX_MOST_FILES];
  size_t file_count;
  struct landlock_path paths[BOX_MOST_PATHS];
  size_t path_count;
  const char *services[BOX_MOST_SERVICES + 1]; /* ends with NULL */
  ostler_job_facts_t facts;
  const char *command[BOX_MOST_WORDS + 1]; /* to be executed instead of mapping; ends with NULL */
  ostler_text_t filter; /* a program for seccomp; it lies where words of 4 bytes may */
};

/* Receives the frame Start. What it points to stays for the life of the process. */
bool box_receive_start(struct box_start *start);

#endif
