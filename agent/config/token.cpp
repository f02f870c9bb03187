// SPDX-License-Identifier: Apache-2.0
#include "config/token.hpp"

#include <string>

#include "config/values.hpp"
#include "files/file.hpp"

namespace ostler::config {
namespace {

constexpr std::size_t kLongestToken = 64u * 1024;

Result<Secret> read_token(const std::filesystem::path& path, std::string_view setting) {
  auto content = files::read_file(path, kLongestToken);
  if (!content) {
    return Error(Errc::UserFault, "cannot read the token " + std::string(setting) + ": " +
                                      content.error().message());
  }
  std::string token = std::move(content).value();
  const auto last = token.find_last_not_of(" \t\r\n");
  token.resize(last == std::string::npos ? 0 : last + 1);
  token.erase(0, token.find_first_not_of(" \t\r\n"));
  if (token.empty())
    return Error(Errc::UserFault, "the token " + std::string(setting) + " is empty");
  return Secret(std::move(token));
}

}  // namespace

Result<Secret> resolve_token(std::string_view setting) {
  constexpr std::string_view kFile = "file://";
  constexpr std::string_view kDescriptor = "fd://";
  if (setting.starts_with(kFile)) {
    OSTLER_TRY(auto path, parse_path(setting.substr(kFile.size())));
    return read_token(path, setting);
  }
  if (setting.starts_with(kDescriptor)) {
    OSTLER_TRY(auto number, parse_number(setting.substr(kDescriptor.size())));
    return read_token("/proc/self/fd/" + std::to_string(number), setting);
  }
  return Secret(std::string(setting));
}

}  // namespace ostler::config
