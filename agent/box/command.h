// SPDX-License-Identifier: Apache-2.0
/* The service that runs programs: the host starts them, never the box. */
#ifndef OSTLER_BOX_COMMAND_H
#define OSTLER_BOX_COMMAND_H

#include <ostler/abi.h>

/* As `run` of ostler_command. */
ostler_status_t box_run_command(const ostler_host_t *host, const ostler_command_options_t *options,
                                ostler_command_end_t *end, const ostler_sink_t *output,
                                const ostler_sink_t *error);

#endif
