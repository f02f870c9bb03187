// SPDX-License-Identifier: Apache-2.0
/* Evidence of a crash: where, in which build. The wait status decides, this only adds to it. */
#ifndef OSTLER_BOX_CRASH_H
#define OSTLER_BOX_CRASH_H

#include <ostler/abi.h>

/* Notes where modules lie and watches the signals of a crash. `entry` lies in the plugin, which
 * people know as `name`. Call it on the main thread once the plugin is mapped. */
void box_watch_crashes(const void *entry, const char *name);

/* The build-id of the plugin in hex, empty when it has none. Valid for the life of the process. */
const char *box_build_id(void);

#endif
