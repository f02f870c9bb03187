// SPDX-License-Identifier: Apache-2.0
#include "cli/named_file.hpp"

#include "files/file.hpp"

namespace ostler::cli {

Result<std::string> read_named_file(const std::filesystem::path& file, std::size_t limit) {
  auto text = files::read_file(file, limit);
  if (text) return text;
  const Errc code = text.error().code();
  const bool is_wrong_name = code == Errc::NotFound || code == Errc::Denied;
  return is_wrong_name ? Error(Errc::UserFault, text.error().message()) : text.error();
}

}  // namespace ostler::cli
