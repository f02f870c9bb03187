// SPDX-License-Identifier: Apache-2.0
// What jobs of a build have uploaded. Source: rest-api, 17.
#include <charconv>

#include "hub/rest_api/cursor_list.hpp"
#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"
#include "wire/rest_step_upload.hpp"

namespace ostler::rest_api {
namespace {

/// The number of an upload, which is what cursors of the list are.
Result<std::optional<std::int64_t>> read_upload_cursor(const Query& query, std::string_view name) {
  const auto text = query.value(name);
  if (!text) return std::optional<std::int64_t>();
  std::int64_t number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool is_one =
      read.ec == std::errc() && read.ptr == text->data() + text->size() && number > 0;
  if (is_one) return std::optional(number);
  return bad_request(std::string(name) + " is not a cursor of this list; take one from its links");
}

/// What is wrong with `filter[...]`; none of it: `job` has what it says.
std::vector<wire::RestFieldError> read_upload_filter(const Query& query,
                                                     std::optional<JobId>& job) {
  std::vector<wire::RestFieldError> errors;
  for (const auto& [key, value] : query.entries("filter")) {
    const bool is_known = key == "source_job_id";
    if (is_known) job = JobId::parse(value);
    if (is_known && job) continue;
    errors.push_back({"filter[" + key + "]", is_known ? "is not a UUID" : "is not supported"});
  }
  return errors;
}

/// Errors: Corrupt when its uuid is none.
Result<std::string> step_upload_json(const store::KeptUpload& kept, const FoundBuild& in,
                                     const Backend& backend, bool has_definition) {
  const auto uuid = Uuid::parse(kept.uuid);
  if (!uuid) return Error(Errc::Corrupt, "the uuid of a kept upload is not a UUID");
  const std::string build =
      urls_of(backend, in.organization).build(in.pipeline.settings.slug, in.build.number);
  return wire::encode_rest_step_upload({.uuid = *uuid,
                                        .job = kept.job,
                                        .upload = kept.upload,
                                        .replaces = kept.replaces,
                                        .created_jobs = kept.created_jobs,
                                        .size = kept.size,
                                        .created_at = kept.created_at,
                                        .url = build + "/step-uploads/" + uuid->str()},
                                       has_definition);
}

}  // namespace

Answer list_step_uploads(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundBuild found, co_await find_build(backend, call));
  OSTLER_CO_TRY(const std::size_t size, read_cursor_page(call.query));
  store::FindUploads wanted{.build = found.build.id, .limit = static_cast<std::int64_t>(size) + 1};
  OSTLER_CO_TRY(wanted.below, read_upload_cursor(call.query, "after"));
  OSTLER_CO_TRY(wanted.above, read_upload_cursor(call.query, "before"));
  const auto errors = read_upload_filter(call.query, wanted.job);
  if (!errors.empty()) co_return validation_failed(errors);
  const bool is_backwards = wanted.above.has_value();
  OSTLER_CO_TRY(auto uploads, co_await backend.store.pipeline_uploads(std::move(wanted)));
  CursorPage page{.items = {}, .has_more = uploads.size() > size};
  if (page.has_more) uploads.erase(is_backwards ? uploads.begin() : uploads.end() - 1);
  for (const store::KeptUpload& kept : uploads) {
    OSTLER_CO_TRY(page.items.emplace_back(), step_upload_json(kept, found, backend, false));
  }
  if (!uploads.empty()) {
    page.first = std::to_string(uploads.front().number);
    page.last = std::to_string(uploads.back().number);
  }
  co_return cursor_list(call, page);
}

Answer get_step_upload(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundBuild found, co_await find_build(backend, call));
  const auto uuid = Uuid::parse(call.parameter("upload"));
  if (!uuid) co_return not_found();
  store::FindUploads wanted{.build = found.build.id, .uuid = uuid->str(), .limit = 1};
  OSTLER_CO_TRY(const auto uploads, co_await backend.store.pipeline_uploads(std::move(wanted)));
  if (uploads.empty()) co_return not_found();
  OSTLER_CO_TRY(auto text, step_upload_json(uploads.front(), found, backend, true));
  co_return json(200, std::move(text));
}

}  // namespace ostler::rest_api
