// SPDX-License-Identifier: Apache-2.0
/* The tables of functions that a plugin gets. */
#ifndef OSTLER_BOX_SERVICES_H
#define OSTLER_BOX_SERVICES_H

#include "box/start.h"

/* A service that is an order: make the step, and end it unused. */
#define BOX_ONLY_CREATE_ID "ostler.only-create/1"

/* The host as the plugin sees it. `start` stays for the life of the process. */
const ostler_host_t *box_host(const struct box_start *start);
/* Whether the host has said that it gives a service. Requires: box_host() was called. */
bool box_is_given(ostler_text_t id);

#endif
