// SPDX-License-Identifier: Apache-2.0
/* Evidence of a crash: where, in which build. The wait status decides, this only adds to it. */
#ifndef OSTLER_BOX_CRASH_H
#define OSTLER_BOX_CRASH_H

#include "box/start.h"

/* From where the plugin is mapped, and from the next ones libraries of its bundle. */
enum { BOX_FILE = 4 };
#define BOX_FILE_PATH "/proc/self/fd/"

/* Watches the signals of a crash from before the first of these is mapped; `start` names them for
 * people and stays for the life of the process. Call it on the main thread. */
void box_watch_crashes(const struct box_start *start);

/* Notes where modules lie. Call it once the plugin is mapped. */
void box_note_modules(void);

/* The build-id of the plugin in hex, empty when it has none. Valid for the life of the process. */
const char *box_build_id(void);

#endif
