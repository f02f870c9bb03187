// SPDX-License-Identifier: Apache-2.0
#include "pipeline/field_format.hpp"

#include <re2/re2.h>

namespace ostler::pipeline {
namespace {

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

}  // namespace

std::optional<std::string> fault_in_format(std::string_view format) {
  const RE2 expression(piece(format), quiet());
  if (expression.ok()) return std::nullopt;
  return expression.error();
}

bool matches_format(std::string_view text, std::string_view format) {
  return RE2::FullMatch(piece(text), RE2(piece(format), quiet()));
}

}  // namespace ostler::pipeline
