// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime_directory.hpp"

#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>

#include "crypto/digest.hpp"
#include "files/file.hpp"

namespace ostler::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameSize = 12;
constexpr std::size_t kLongestPath = sizeof(sockaddr_un::sun_path) - 1;

bool names_fit(const fs::path& directory) {
  return directory.native().size() + 1 + kNameSize + 2 <= kLongestPath;
}

std::string short_name(std::string_view text) {
  return crypto::sha256_hex(text).substr(0, kNameSize);
}

/// A directory of this user's for the state directory `state`, in a place with a short name.
Result<fs::path> place_elsewhere(const fs::path& state) {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  fs::path base = runtime != nullptr && *runtime != '\0'
                      ? fs::path(runtime) / "ostler"
                      : fs::path("/tmp") / ("ostler-" + std::to_string(::geteuid()));
  OSTLER_TRY(files::ensure_private_directory(base));
  return base / short_name(state.native());
}

}  // namespace

Result<RuntimeDirectory> RuntimeDirectory::open(const fs::path& state, const fs::path& wanted) {
  fs::path path = wanted.empty() ? state / "run" : wanted;
  if (!wanted.empty() && !names_fit(wanted)) {
    return Error(Errc::UserFault,
                 "sockets path " + wanted.string() +
                     " is too long for socket names; give a shorter --sockets-path");
  }
  if (!names_fit(path)) {
    OSTLER_TRY(path, place_elsewhere(state));
  }
  OSTLER_TRY(files::ensure_private_directory(path));
  auto control = path / (short_name(state.native()) + ".a");
  return RuntimeDirectory(std::move(path), std::move(control));
}

fs::path RuntimeDirectory::keeper_socket(const std::string& job) const {
  return path_ / (short_name(job) + ".k");
}

fs::path RuntimeDirectory::service_socket(const std::string& service) const {
  return path_ / (short_name(service) + ".s");
}

fs::path RuntimeDirectory::job_socket(const std::string& job) const {
  return path_ / (short_name(job) + ".j");
}

}  // namespace ostler::daemon
