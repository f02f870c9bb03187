// SPDX-License-Identifier: Apache-2.0
#include "net/http_message.hpp"

#include <strings.h>
#include <sys/stat.h>

#include <cerrno>

namespace ostler::net {
namespace {

std::int64_t modified_ns(const struct stat& file) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return std::int64_t{file.st_mtim.tv_sec} * kSecond + file.st_mtim.tv_nsec;
}

}  // namespace

std::string_view find_header(const HttpHeaders& headers, std::string_view name) {
  for (const auto& [known, value] : headers) {
    if (known.size() == name.size() && strncasecmp(known.data(), name.data(), name.size()) == 0) {
      return value;
    }
  }
  return {};
}

Result<OpenFileBody> open_file_body(UniqueFd file, std::string name) {
  struct stat found{};
  if (::fstat(file.get(), &found) != 0) return Error::from_errno(errno, "look at " + name);
  return OpenFileBody{std::make_shared<const UniqueFd>(std::move(file)), std::move(name),
                      static_cast<std::uint64_t>(found.st_size), modified_ns(found)};
}

bool is_unchanged(const OpenFileBody& body) {
  struct stat found{};
  return ::fstat(body.file->get(), &found) == 0 && modified_ns(found) == body.modified_ns &&
         static_cast<std::uint64_t>(found.st_size) == body.size;
}

}  // namespace ostler::net
