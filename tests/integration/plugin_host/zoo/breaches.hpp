// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostler/abi.h>

#include <string>

// Calls of the host from where ostler/abi.h does not allow them.
namespace zoo {

/// From inside run(): what is named "breach in a sink" there and then; of the others, what is left
/// behind for the functions below.
void break_in_run(const ostler_host_t* host, const std::string& how);
/// "breach in cancel".
void break_in_cancel();
/// "breach in destroy", "breach after a failed init", and "breach of a thread": one that run() has
/// left.
void break_in_destroy();

}  // namespace zoo
