// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpolate.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace ostler::pipeline {
namespace {

constexpr int kDeepestExpansion = 32;
constexpr std::size_t kLongestResult = 1u << 20;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_byte(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

Error fault(std::string text) { return Error(Errc::UserFault, std::move(text)); }

std::optional<std::int64_t> number_in(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\n");
  if (first == text.npos) return std::nullopt;
  text = text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int32_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view substring(std::string_view value, std::int64_t offset,
                           std::optional<std::int64_t> length) {
  const auto size = static_cast<std::int64_t>(value.size());
  const std::int64_t from = std::clamp<std::int64_t>(offset < 0 ? offset + size : offset, 0, size);
  std::int64_t end = size;
  if (length) end = std::clamp(*length >= 0 ? from + *length : size + *length, from, size);
  return value.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(end - from));
}

/// One pass over the text. Branches that are not taken are read (so that their faults and their
/// ends are found) but not written.
class Interpolation {
 public:
  Interpolation(std::string_view text, const VariableTable& variables)
      : text_(text), variables_(variables) {}

  Result<std::string> run() {
    OSTLER_TRY(expression(false));
    return std::move(out_);
  }

 private:
  bool at_end() const { return position_ == text_.size(); }
  bool next_is(std::string_view words) const { return text_.substr(position_).starts_with(words); }
  void skip(std::size_t bytes) { position_ += bytes; }

  Result<void> write(std::string_view bytes) {
    if (muted_ > 0) return success();
    if (out_.size() + bytes.size() > kLongestResult) {
      return fault("expands to more than 1 MiB; shorten the variables that it uses");
    }
    out_.append(bytes);
    return success();
  }

  /// Reads to the end of the text or, in braces, to the closing one (which it leaves).
  Result<void> expression(bool in_braces) {
    while (!at_end() && !(in_braces && next_is("}"))) {
      if (next_is("\\\\") || next_is("$(")) {
        OSTLER_TRY(write(text_.substr(position_, 2)));
        skip(2);
      } else if (next_is("\\$") || next_is("$$")) {
        OSTLER_TRY(write("$"));
        skip(2);
      } else if (next_is("$")) {
        OSTLER_TRY(expansion());
      } else {
        OSTLER_TRY(plain_text(in_braces));
      }
    }
    return success();
  }

  Result<void> plain_text(bool in_braces) {
    const std::size_t end = text_.find_first_of(in_braces ? "$\\}" : "$\\", position_ + 1);
    const std::string_view run = text_.substr(position_, end - position_);
    skip(run.size());
    return write(run);
  }

  Result<void> expansion() {
    skip(1);
    if (next_is("{")) return brace_expansion();
    if (at_end() || !is_letter(text_[position_])) return write("$");
    const std::string* value = find(name());
    return value == nullptr ? success() : write(*value);
  }

  Result<void> brace_expansion() {
    const std::size_t start = position_ - 1;
    skip(1);
    if (at_end() || !is_letter(text_[position_])) {
      return fault(quoted(start) +
                   " needs a name that starts with a letter; write $$ for a dollar");
    }
    if (++depth_ > kDeepestExpansion) return fault("expansions are more than 32 deep; use fewer");
    const std::string_view variable = name();
    OSTLER_TRY(operation(variable, start));
    if (!next_is("}")) return fault(quoted(start) + " has no closing brace");
    skip(1);
    --depth_;
    return success();
  }

  Result<void> operation(std::string_view variable, std::size_t start) {
    const std::string* value = find(variable);
    if (next_is("}")) return value == nullptr ? success() : write(*value);
    if (next_is(":-")) {
      skip(2);
      return value_or_default(value != nullptr && !value->empty() ? value : nullptr);
    }
    if (next_is("-")) {
      skip(1);
      return value_or_default(value);
    }
    if (next_is("?")) {
      skip(1);
      return required(variable, value);
    }
    if (next_is(":")) {
      skip(1);
      return substring_of(value == nullptr ? "" : *value, start);
    }
    if (at_end()) return success();
    return fault(quoted(start) + " has an unknown operator; use one of :- - : ?");
  }

  Result<void> value_or_default(const std::string* value) {
    if (value == nullptr) return expression(true);
    OSTLER_TRY(write(*value));
    ++muted_;
    OSTLER_TRY(expression(true));
    --muted_;
    return success();
  }

  Result<void> required(std::string_view variable, const std::string* value) {
    if (value != nullptr || muted_ > 0) return value_or_default(value);
    const std::size_t message_start = out_.size();
    OSTLER_TRY(expression(true));
    const std::string message = out_.substr(message_start);
    return fault("$" + std::string(variable) + ": " + (message.empty() ? "not set" : message));
  }

  Result<void> substring_of(std::string_view value, std::size_t start) {
    const std::size_t end = std::min(text_.find('}', position_), text_.size());
    const std::string_view bounds = text_.substr(position_, end - position_);
    const std::size_t colon = bounds.find(':');
    const auto offset = number_in(bounds.substr(0, colon));
    std::optional<std::int64_t> length;
    if (colon != bounds.npos) length = number_in(bounds.substr(colon + 1));
    if (!offset || (colon != bounds.npos && !length)) {
      return fault(quoted(start) + " needs whole numbers: ${NAME:offset:length}");
    }
    skip(bounds.size());
    return write(substring(value, *offset, length));
  }

  std::string_view name() {
    const std::size_t start = position_;
    while (!at_end() && is_name_byte(text_[position_])) ++position_;
    return text_.substr(start, position_ - start);
  }

  const std::string* find(std::string_view variable) const {
    const auto found = variables_.find(variable);
    return found == variables_.end() ? nullptr : &found->second;
  }

  /// The expansion that begins at `start`, for an error.
  std::string quoted(std::size_t start) const {
    constexpr std::size_t kShown = 40;
    const std::size_t length = std::min(text_.find('}', start), text_.size() - 1) - start + 1;
    return "\"" + std::string(text_.substr(start, std::min(kShown, length))) + "\"";
  }

  std::string_view text_;
  const VariableTable& variables_;
  std::string out_;
  std::size_t position_ = 0;
  int depth_ = 0;
  int muted_ = 0;
};

}  // namespace

Result<std::string> interpolate(std::string_view text, const VariableTable& variables) {
  return Interpolation(text, variables).run();
}

}  // namespace ostler::pipeline
