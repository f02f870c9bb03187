// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/step_result.hpp"

#include <algorithm>

#include "plugin_host/json_value.hpp"
#include "supervise/box_message.hpp"

namespace ostler::plugin_host {
namespace {

using Type = JsonValue::Type;

constexpr std::size_t kLongestReason = 64;
constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kLongestDetail = 64 << 10;

bool is_reason(const std::string& text) {
  return text.size() <= kLongestReason && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

constexpr std::string_view kBreaks("\r\n\0", 3);
constexpr std::string_view kCutMark = "\u2026";

/// A text of UTF-8 without what is longer than a line may be.
std::string cut_line(std::string line) {
  if (line.size() <= kLongestLine) return line;
  std::size_t end = kLongestLine - kCutMark.size();
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;
  return line.erase(end).append(kCutMark);
}

Error broken(const std::string& rule) { return Error(Errc::UserFault, "the result's " + rule); }

Result<void> check_texts(const supervise::BoxResult& said) {
  if (!is_reason(said.reason)) return broken("reason is not [a-z0-9_], at most 64 bytes");
  if (said.detail.empty()) return success();
  const auto detail = parse_json(said.detail, {.size = kLongestDetail});
  if (!detail) return broken("detail is not JSON of at most 64 KiB: " + detail.error().message());
  return success();
}

bool is_good(Outcome outcome) { return outcome == Outcome::Passed || outcome == Outcome::Skipped; }

}  // namespace

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::Passed: return "passed";
    case Outcome::Failed: return "failed";
    case Outcome::Skipped: return "skipped";
    case Outcome::Error: return "error";
    case Outcome::Cancelled: return "cancelled";
  }
  return "error";
}

bool keep_first_line(std::string& text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBreaks), text.size());
  const std::size_t end = std::min(text.find_first_of(kBreaks, begin), text.size());
  const bool has_more = text.find_first_not_of(kBreaks, end) != text.npos;
  const bool is_long = end - begin > kLongestLine;
  text = cut_line(text.substr(begin, end - begin));
  return has_more || is_long;
}

Result<StepResult> read_result(const supervise::BoxResult& said) {
  if (said.outcome < 0 || said.outcome > static_cast<std::int32_t>(Outcome::Cancelled)) {
    return broken("outcome is none: " + std::to_string(said.outcome));
  }
  if (said.exit_status < 0 || said.exit_status > 255) {
    return broken("exit_status is not within 0 to 255: " + std::to_string(said.exit_status));
  }
  OSTLER_TRY(check_texts(said));
  const auto outcome = static_cast<Outcome>(said.outcome);
  const int failure = said.exit_status == 0 ? 1 : said.exit_status;
  return StepResult{.outcome = outcome,
                    .exit_status = is_good(outcome) ? 0 : failure,
                    .is_retryable = said.retryable != 0,
                    .reason = said.reason,
                    .message = said.message,
                    .hint = said.hint,
                    .detail = said.detail};
}

std::string encode_result(const StepResult& result) {
  JsonValue object{.type = Type::Object};
  object.add_member("outcome",
                    {.type = Type::String, .text = std::string(to_string(result.outcome))});
  object.add_member("exit_status",
                    {.type = Type::Number, .text = std::to_string(result.exit_status)});
  object.add_member("retryable",
                    {.type = Type::Boolean, .text = result.is_retryable ? "true" : "false"});
  const std::pair<const char*, const std::string*> texts[] = {
      {"reason", &result.reason}, {"message", &result.message}, {"hint", &result.hint}};
  for (const auto& [name, text] : texts) {
    if (!text->empty()) object.add_member(name, {.type = Type::String, .text = *text});
  }
  auto detail = parse_json(result.detail, {.size = kLongestDetail});
  if (detail) object.add_member("detail", std::move(detail).value());
  return canonical_json(object);
}

std::string describe(const StepResult& result) {
  std::string text(to_string(result.outcome));
  if (!result.reason.empty()) text += " (" + result.reason + ")";
  if (!result.message.empty()) text += ": " + result.message;
  if (!result.hint.empty()) text += "; " + result.hint;
  return text;
}

}  // namespace ostler::plugin_host
