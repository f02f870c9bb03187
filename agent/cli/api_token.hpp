// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/options.hpp"

// `ostler token ... --api`: tokens with which people and programs call the REST API. Whoever may
// write to the hub's directory may make, see and revoke them, without any token.
namespace ostler::cli {

/// Whether the arguments of a `token` command are about API tokens.
bool is_about_api_tokens(const Arguments& arguments);

int create_api_token(const Arguments& arguments);
int list_api_tokens(const Arguments& arguments);
int revoke_api_token(const Arguments& arguments);

}  // namespace ostler::cli
