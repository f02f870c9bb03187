// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ostler::git {

/// Makes libgit2 trust the certificate authorities that the environment names, beside the
/// system's. Reading them takes some 40 ms of CPU: only for connections that speak TLS. No other
/// connection of this process may be open meanwhile.
void trust_named_authorities();

}  // namespace ostler::git
