// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/rest_fields.hpp"
#include "wire/rest_pipeline.hpp"

namespace ostler::wire {
namespace {

constexpr std::size_t kLongestSlug = 100;
constexpr std::size_t kLongestName = 255;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_slug(std::string_view text) {
  return !text.empty() && text.size() <= kLongestSlug && is_letter_or_digit(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

void read_name_and_slug(RestFields& fields, model::PipelineSettings& settings) {
  fields.require("name");
  fields.read("name", settings.name);
  if (settings.name.size() > kLongestName) fields.fail("name", "must have at most 255 bytes");
  if (fields.has("slug")) {
    fields.read("slug", settings.slug);
    std::ranges::transform(settings.slug, settings.slug.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
  } else {
    settings.slug = slug_of(settings.name);
  }
  if (settings.name.empty() || is_slug(settings.slug)) return;
  fields.fail("slug",
              "must begin with a letter or digit, hold only letters, digits and hyphens, and have "
              "at most 100 characters; give one when the name does not make one");
}

void read_configuration(RestFields& fields, std::string& configuration) {
  if (!fields.read("configuration", configuration)) return;
  if (configuration.find_first_not_of(" \t\r\n") != std::string::npos) return;
  fields.fail("configuration",
              "Step configuration is missing, expected `steps: { yaml: \"...\" }`");
}

/// A switch that clients send as false always, and that is refused when it is on.
void refuse_switch(RestFields& fields, std::string_view name) {
  bool on = false;
  if (fields.read(name, on) && on) fields.fail(name, "not supported yet");
}

constexpr std::string_view kPoll = "poll_interval_seconds";
constexpr int kShortestPoll = 10;
constexpr int kLongestPoll = 7 * 24 * 3600;

void read_poll(RestFields& fields, std::optional<int>& seconds) {
  if (!fields.read(kPoll, seconds) || !seconds) return;
  if (*seconds >= kShortestPoll && *seconds <= kLongestPoll) return;
  fields.fail(kPoll, "must be from 10 to 604800 seconds; leave it out for never");
}

void read_optional(RestFields& fields, model::PipelineSettings& settings) {
  fields.read("description", settings.description);
  fields.read("default_branch", settings.default_branch);
  fields.read("branch_configuration", settings.branch_configuration);
  fields.read("emoji", settings.emoji);
  fields.read("color", settings.color);
  fields.read("env", settings.env);
  fields.read("tags", settings.tags);
  fields.read("allow_rebuilds", settings.allow_rebuilds);
  refuse_switch(fields, "skip_queued_branch_builds");
  fields.read("skip_queued_branch_builds_filter", settings.skip_queued_branch_builds_filter);
  refuse_switch(fields, "cancel_running_branch_builds");
  fields.read("cancel_running_branch_builds_filter", settings.cancel_running_branch_builds_filter);
  fields.read("default_command_step_timeout", settings.default_command_step_timeout);
  fields.read("maximum_command_step_timeout", settings.maximum_command_step_timeout);
  read_poll(fields, settings.poll_seconds);
  fields.read("visibility", settings.visibility);
  if (settings.visibility != "private" && settings.visibility != "public") {
    fields.fail("visibility", "must be private or public");
  }
}

}  // namespace

Result<RestDecoded<std::optional<int>>> decode_rest_poll_change(std::string_view body) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<std::optional<int>> decoded;
  for (const auto& [name, value] : object.items()) {
    if (name != kPoll) fields.fail(name, "cannot be changed yet");
  }
  const auto poll = object.find(kPoll);
  if (poll == object.end()) fields.require(kPoll);
  const bool is_off = poll != object.end() && poll->is_number_integer() && *poll == 0;
  if (!is_off) read_poll(fields, decoded.value);
  decoded.errors = std::move(fields).errors();
  return decoded;
}

std::string slug_of(std::string_view name) {
  std::string slug;
  for (const char c : name) {
    if (c != ' ') {
      slug += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  return slug.substr(0, kLongestSlug);
}

Result<RestDecoded<RestPipelineRequest>> decode_rest_pipeline_request(std::string_view body) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestPipelineRequest> decoded;
  model::PipelineSettings& settings = decoded.value.settings;
  read_name_and_slug(fields, settings);
  fields.require("repository");
  fields.read("repository", settings.repository);
  read_configuration(fields, settings.configuration);
  read_optional(fields, settings);
  fields.read("cluster_id", decoded.value.cluster_id);
  decoded.errors = std::move(fields).errors();
  return decoded;
}

}  // namespace ostler::wire
