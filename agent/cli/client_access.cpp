// SPDX-License-Identifier: Apache-2.0
#include "cli/client_access.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "cli/hub_client.hpp"
#include "cli/person_directories.hpp"
#include "files/file.hpp"

namespace ostler::cli {
namespace {

constexpr std::size_t kLargestAccessFile = 64u << 10;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

void replace_unless_empty(std::string& into, const std::string& value) {
  if (!value.empty()) into = value;
}

std::string without_slashes(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Result<wire::HubAccess> file_or_nothing() {
  auto file = read_client_file();
  if (!file && file.error().code() == Errc::NotFound) return wire::HubAccess();
  return file;
}

}  // namespace

Result<void> require_url(const std::string& what, const std::string& url) {
  if (url.starts_with("http://") || url.starts_with("https://")) return success();
  return Error(Errc::UserFault,
               what + ": " + url + " is no URL; give it as http://HOST[:PORT] or https://...");
}

namespace {

Error no_organization(const std::string& why) {
  return Error(Errc::UserFault, "no organization is named and " + why +
                                    "; name one with --org or "
                                    "OSTLER_ORGANIZATION");
}

}  // namespace

void take_client_flags(CLI::App& app, ClientFlags& flags) {
  app.add_option("--url", flags.url, "Address of the hub")->envname("OSTLER_URL");
  app.add_option("--org", flags.organization, "Slug of the organization")
      ->envname("OSTLER_ORGANIZATION");
}

Result<wire::HubAccess> find_client_access(const ClientFlags& flags) {
  const std::string url = without_slashes(flags.url);
  if (!url.empty()) {
    OSTLER_TRY(require_url("--url or OSTLER_URL", url));
  }
  const std::string token = variable("OSTLER_API_TOKEN");
  wire::HubAccess access;
  const bool needs_file = url.empty() || token.empty();
  if (needs_file) {
    OSTLER_TRY(access, file_or_nothing());
  }
  if (!url.empty() && url != access.url) access = {.url = url, .organization = {}, .token = {}};
  if (!token.empty()) access.token = Secret(token);
  replace_unless_empty(access.organization, flags.organization);
  if (access.url.empty()) {
    return Error(Errc::UserFault,
                 "no hub is known here; start one with \"ostler up\", or name one with \"ostler "
                 "login URL\" or OSTLER_URL and OSTLER_API_TOKEN");
  }
  if (access.token.empty()) {
    return Error(Errc::UserFault, "no API token for " + access.url +
                                      "; set OSTLER_API_TOKEN, or run \"ostler login " +
                                      access.url + "\"");
  }
  return access;
}

Result<wire::HubAccess> find_access_to_organization(const ClientFlags& flags) {
  constexpr int kForbidden = 403;
  OSTLER_TRY(auto access, find_client_access(flags));
  if (!access.organization.empty()) return access;
  const auto known = HubClient(access.url, "", access.token).organizations();
  if (!known && known.error().native() == kForbidden) {
    return no_organization("the API token may not ask the hub for it");
  }
  if (!known) return known.error();
  if (known.value().size() != 1) {
    return no_organization(access.url + " has " + std::to_string(known.value().size()) +
                           " for this token");
  }
  access.organization = known.value().front();
  return access;
}

Result<wire::HubAccess> read_client_file() {
  const auto path = client_file_path();
  OSTLER_TRY(const std::string text, files::read_file(path, kLargestAccessFile));
  auto access = wire::decode_hub_access(text);
  if (access) return access;
  return Error(Errc::Corrupt, path.string() + ": " + access.error().message() +
                                  "; \"ostler login\" writes it anew");
}

Result<void> write_client_file(const wire::HubAccess& access) {
  const auto path = client_file_path();
  OSTLER_TRY(files::ensure_private_directory(path.parent_path()));
  return files::write_file_atomically(path, wire::encode(access) + "\n", 0600, files::Sync::Yes);
}

}  // namespace ostler::cli
