// SPDX-License-Identifier: Apache-2.0
#include "artifact/line_format.hpp"

#include <optional>

namespace ostler::artifact {
namespace {

std::optional<char> escaped(char letter) {
  switch (letter) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\':
    case '"': return letter;
    default: return std::nullopt;
  }
}

std::optional<std::string> field(const wire::Artifact& artifact, char letter) {
  switch (letter) {
    case 'i': return artifact.id;
    case 'p': return artifact.path;
    case 'c': return artifact.created_at ? format_rfc3339(*artifact.created_at, 0) : "";
    case 'j': return artifact.job_id;
    case 's': return std::to_string(artifact.file_size);
    case 'S': return artifact.sha1sum;
    case 'T': return artifact.sha256sum;
    case 'u': return artifact.url;
    default: return std::nullopt;
  }
}

}  // namespace

Result<LineFormat> LineFormat::parse(std::string_view text) {
  std::string parsed;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') {
      parsed += text[at];
      continue;
    }
    const auto letter = ++at < text.size() ? escaped(text[at]) : std::nullopt;
    if (!letter) {
      return Error(Errc::UserFault, "format \"" + std::string(text) +
                                        "\": after a backslash must stand one of a, b, f, n, r, "
                                        "t, v, \\ and \"");
    }
    parsed += *letter;
  }
  return LineFormat(std::move(parsed));
}

std::string LineFormat::line_of(const wire::Artifact& artifact) const {
  std::string line;
  for (std::size_t at = 0; at < text_.size(); ++at) {
    const auto value =
        text_[at] == '%' && at + 1 < text_.size() ? field(artifact, text_[at + 1]) : std::nullopt;
    if (value) {
      line += *value;
      ++at;
    } else {
      line += text_[at];
    }
  }
  return line;
}

}  // namespace ostler::artifact
