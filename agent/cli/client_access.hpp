// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "wire/local_api.hpp"

namespace CLI {
class App;
}

// Which hub a person's command speaks to, and with which token.
namespace ostler::cli {

/// What flags say; empty: nothing.
struct ClientFlags {
  std::string url;
  std::string organization;
};

/// Adds `--url` and `--org`.
void take_client_flags(CLI::App& app, ClientFlags& flags);

/// Errors: UserFault, beginning with `what`, when it is not http://... or https://...
Result<void> require_url(const std::string& what, const std::string& url);

/// The flags, else OSTLER_URL, OSTLER_API_TOKEN and OSTLER_ORGANIZATION, else the file that
/// `ostler up` and `ostler login` write. A token of the file goes to the hub of the file only.
/// Errors: UserFault, saying what to set, when address or token is missing; Corrupt when the file
/// cannot be read.
Result<wire::HubAccess> find_client_access(const ClientFlags& flags);

/// The same with an organization: where nobody names one, that which the hub has.
/// Errors: those and those of the hub's client; UserFault, saying what to set, when the token may
/// not ask or the hub has none or several.
Result<wire::HubAccess> find_access_to_organization(const ClientFlags& flags);

/// What the file says; NotFound when there is none. Errors: Corrupt.
Result<wire::HubAccess> read_client_file();
/// Replaces the file, mode 0600.
Result<void> write_client_file(const wire::HubAccess& access);

}  // namespace ostler::cli
