// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <nlohmann/json.hpp>

#include "wire/rest_build.hpp"
#include "wire/rest_fields.hpp"

namespace ostler::wire {
namespace {

constexpr std::size_t kLongestRef = 1024;

/// What reaches the environment of jobs.
void read_plain(RestFields& fields, std::string_view name, std::string& into) {
  if (!fields.read(name, into)) return;
  if (into.find('\0') != std::string::npos) fields.fail(name, "must not hold a zero byte");
}

/// A commit or branch reaches git's command line and the job's environment: one line, no option.
void read_ref(RestFields& fields, std::string_view name, std::string& into) {
  fields.require(name);
  if (!fields.read(name, into)) return;
  const bool plain =
      std::ranges::none_of(into, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (!plain) fields.fail(name, "must not hold control characters");
  if (into.starts_with('-')) fields.fail(name, "must not begin with a hyphen");
  if (into.size() > kLongestRef) fields.fail(name, "must have at most 1024 bytes");
}

void read_author(RestFields& fields, std::optional<model::Author>& into) {
  const nlohmann::json* object = fields.object("author");
  if (!object) return;
  RestFields part(*object, "author.");
  model::Author author;
  read_plain(part, "name", author.name);
  read_plain(part, "email", author.email);
  read_plain(part, "username", author.username);
  fields.take_errors_of(part);
  if (!author.name.empty() || !author.email.empty() || !author.username.empty()) into = author;
}

void read_pull_request(RestFields& fields, std::optional<model::PullRequest>& into) {
  model::PullRequest pull_request;
  fields.read_text_or_number("pull_request_id", pull_request.id);
  if (!std::ranges::all_of(pull_request.id, [](char c) { return c >= '0' && c <= '9'; })) {
    fields.fail("pull_request_id", "must be the number of a pull request");
  }
  read_plain(fields, "pull_request_base_branch", pull_request.base_branch);
  read_plain(fields, "pull_request_repository", pull_request.repository);
  // Go clients send 0 for "no pull request".
  if (!pull_request.id.empty() && pull_request.id != "0") into = pull_request;
}

void check_names(RestFields& fields, std::string_view field, const model::Variables& values) {
  for (const auto& [name, value] : values) {
    const bool whole = name.find_first_of(std::string_view("=\0", 2)) == std::string::npos &&
                       value.find('\0') == std::string::npos;
    if (name.empty() || !whole) {
      fields.fail(field, "names must not be empty or hold \"=\", and nothing may hold a zero byte");
      return;
    }
  }
}

}  // namespace

Result<RestDecoded<RestBuildRequest>> decode_rest_build_request(std::string_view body) {
  OSTLER_TRY(const nlohmann::json object, parse_rest_body(body));
  RestFields fields(object);
  RestDecoded<RestBuildRequest> decoded;
  model::BuildRequest& build = decoded.value.build;
  build.commit.clear();
  read_ref(fields, "commit", build.commit);
  read_ref(fields, "branch", build.branch);
  read_plain(fields, "message", build.message);
  fields.read("clean_checkout", build.clean_checkout);
  fields.read("env", build.env);
  check_names(fields, "env", build.env);
  read_author(fields, build.author);
  read_pull_request(fields, build.pull_request);
  fields.read("meta_data", decoded.value.meta_data);
  fields.read("ignore_pipeline_branch_filters", decoded.value.ignore_pipeline_branch_filters);
  decoded.errors = std::move(fields).errors();
  return decoded;
}

}  // namespace ostler::wire
