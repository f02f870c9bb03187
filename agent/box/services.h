// SPDX-License-Identifier: Apache-2.0
/* The tables of functions that a plugin gets. */
#ifndef OSTLER_BOX_SERVICES_H
#define OSTLER_BOX_SERVICES_H

#include "box/start.h"

/* The host as the plugin sees it. `start` stays for the life of the process. */
const ostler_host_t *box_host(const struct box_start *start);

#endif
