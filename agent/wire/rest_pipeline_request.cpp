// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/rest_fields.hpp"
#include "wire/rest_pipeline.hpp"
#include "wire/rest_retention.hpp"

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
  fields.read("name", settings.name);
  if (settings.name.size() > kLongestName) fields.fail("name", "must have at most 255 bytes");
  if (fields.has("slug")) {
    fields.read("slug", settings.slug);
    std::ranges::transform(settings.slug, settings.slug.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
  } else if (fields.has("name")) {
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

constexpr std::string_view kPoll = "poll_interval_seconds";
constexpr int kShortestPoll = 10;
constexpr int kLongestPoll = 7 * 24 * 3600;

/// 0 stands for none.
void read_timeout(RestFields& fields, std::string_view name, std::optional<int>& minutes) {
  if (fields.is_zero(name)) {
    minutes.reset();
  } else {
    fields.read(name, minutes);
  }
}

void read_poll(RestFields& fields, std::optional<int>& seconds) {
  if (fields.is_zero(kPoll)) return seconds.reset();
  if (!fields.read(kPoll, seconds) || !seconds) return;
  if (*seconds >= kShortestPoll && *seconds <= kLongestPoll) return;
  fields.fail(kPoll, "must be from 10 to 604800 seconds; 0 for never");
}

void read_optional(RestFields& fields, model::PipelineSettings& settings) {
  fields.read("description", settings.description);
  fields.read("default_branch", settings.default_branch);
  fields.read("branch_configuration", settings.branch_configuration);
  fields.read("emoji", settings.emoji);
  fields.read("color", settings.color);
  fields.read("tags", settings.tags);
  fields.read("allow_rebuilds", settings.allow_rebuilds);
  fields.read("skip_queued_branch_builds", settings.skip_queued_branch_builds);
  fields.read("skip_queued_branch_builds_filter", settings.skip_queued_branch_builds_filter);
  fields.read("cancel_running_branch_builds", settings.cancel_running_branch_builds);
  fields.read("cancel_running_branch_builds_filter", settings.cancel_running_branch_builds_filter);
  read_timeout(fields, "default_command_step_timeout", settings.default_command_step_timeout);
  read_timeout(fields, "maximum_command_step_timeout", settings.maximum_command_step_timeout);
  read_poll(fields, settings.poll_seconds);
  read_rest_retention(fields, settings.retention);
  fields.read("visibility", settings.visibility);
  if (settings.visibility != "private" && settings.visibility != "public") {
    fields.fail("visibility", "must be private or public");
  }
}

}  // namespace

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
  fields.require("name");
  read_name_and_slug(fields, settings);
  fields.require("repository");
  fields.read("repository", settings.repository);
  read_configuration(fields, settings.configuration);
  read_optional(fields, settings);
  fields.read("env", settings.env);
  fields.read("cluster_id", decoded.value.cluster_id);
  decoded.errors = std::move(fields).errors();
  return decoded;
}

Result<RestDecoded<RestPipelineRequest>> decode_rest_pipeline_change(
    std::string_view body, model::PipelineSettings settings) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestPipelineRequest> decoded{{std::move(settings), "", fields.has(kPoll)}, {}};
  model::PipelineSettings& changed = decoded.value.settings;
  for (const std::string_view name : {"name", "repository", "configuration"}) {
    if (fields.has(name)) fields.require(name);
  }
  read_name_and_slug(fields, changed);
  fields.read("repository", changed.repository);
  fields.read("configuration", changed.configuration);
  if (fields.has("steps") && !fields.has("configuration")) {
    fields.fail("steps", "must be given as YAML, in configuration");
  }
  read_optional(fields, changed);
  fields.read("cluster_id", decoded.value.cluster_id);
  decoded.errors = std::move(fields).errors();
  return decoded;
}

}  // namespace ostler::wire
