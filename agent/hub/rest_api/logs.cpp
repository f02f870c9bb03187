// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "hub/rest_api/handlers.hpp"
#include "hub/rest_api/job_why.hpp"
#include "hub/rest_api/log_range.hpp"
#include "hub/rest_api/log_source.hpp"
#include "hub/rest_api/lookup.hpp"
#include "hub/rest_api/responses.hpp"

namespace ostler::rest_api {
namespace {

constexpr std::string_view kTextType = "text/plain; charset=utf-8";

struct FoundLog {
  FoundJob in;
  std::int64_t size = 0;
};

Lookup<FoundLog> find_log(const Backend& backend, const Call& call) {
  OSTLER_CO_TRY(FoundJob in, co_await find_job(backend, call));
  OSTLER_CO_TRY(const store::LogExtent extent, co_await backend.store.log_extent(in.job.id));
  co_return FoundLog{std::move(in), extent.size};
}

net::ServerResponse text_response(const Backend& backend, const FoundLog& log, std::int64_t begin) {
  net::ServerResponse response{
      .headers = {{"Content-Type", std::string(kTextType)}, {"Accept-Ranges", "bytes"}},
      .body = std::make_unique<LogTextSource>(backend.store, log.in.job.id, begin, log.size)};
  return response;
}

net::ServerResponse end_of_text(const Backend& backend, const FoundLog& log, std::int64_t count) {
  const std::string total = std::to_string(log.size);
  if (log.size == 0) {
    net::ServerResponse refused = message(416, "The log is empty");
    refused.headers.emplace_back("Content-Range", "bytes */0");
    return refused;
  }
  const std::int64_t begin = std::max<std::int64_t>(0, log.size - count);
  net::ServerResponse response = text_response(backend, log, begin);
  response.status = 206;
  response.headers.emplace_back("Content-Range", "bytes " + std::to_string(begin) + "-" +
                                                     std::to_string(log.size - 1) + "/" + total);
  return response;
}

net::ServerResponse json_log(const Backend& backend, const FoundLog& log) {
  const wire::RestBuildAddress build = address_of(log.in.in);
  const wire::RestUrls urls = urls_of(backend, log.in.in.organization);
  const model::Job& job = log.in.job;
  const Timestamp started = job.started_at.value_or(job.created_at);
  wire::LogJsonStream stream(urls.job(build.pipeline, build.number, job.id) + "/log",
                             static_cast<std::uint64_t>(log.size), started.micros * 1000);
  return {.headers = {{"Content-Type", "application/json; charset=utf-8"}},
          .body = std::make_unique<LogJsonSource>(LogTextSource(backend.store, job.id, 0, log.size),
                                                  std::move(stream))};
}

/// Nothing of a log may act in a browser: no script runs, and the page has no origin.
net::ServerResponse html_log(const Backend& backend, const FoundLog& log) {
  const FoundBuild& build = log.in.in;
  const std::string title = build.pipeline.settings.slug + "/" +
                            std::to_string(build.build.number) + " " + name_of_step(log.in.job);
  return {
      .headers = {{"Content-Type", "text/html; charset=utf-8"},
                  {"Content-Security-Policy", "sandbox"}},
      .body = std::make_unique<LogHtmlSource>(
          LogTextSource(backend.store, log.in.job.id, 0, log.size), wire::LogHtmlStream(title))};
}

Answer text_log(const Backend& backend, Call call) {
  OSTLER_CO_TRY(const FoundLog log, co_await find_log(backend, call));
  if (call.range.empty() || call.method == "HEAD") co_return text_response(backend, log, 0);
  OSTLER_CO_TRY(const std::int64_t count, read_suffix_range(call.range));
  co_return end_of_text(backend, log, count);
}

}  // namespace

Answer get_log(const Backend& backend, Call call) {
  const LogFormat format = read_log_format(call.accept);
  // HEAD tells the size of the raw log, whatever the form.
  if (format == LogFormat::Text || call.method == "HEAD") {
    co_return co_await text_log(backend, std::move(call));
  }
  if (!call.range.empty()) {
    co_return bad_request("A range needs \"Accept: text/plain\"");
  }
  OSTLER_CO_TRY(const FoundLog log, co_await find_log(backend, call));
  co_return format == LogFormat::Html ? html_log(backend, log) : json_log(backend, log);
}

Answer get_log_html(const Backend& backend, Call call) {
  if (!call.range.empty()) co_return bad_request("A range needs \"Accept: text/plain\"");
  OSTLER_CO_TRY(const FoundLog log, co_await find_log(backend, call));
  co_return html_log(backend, log);
}

Answer get_log_text(const Backend& backend, Call call) {
  co_return co_await text_log(backend, std::move(call));
}

}  // namespace ostler::rest_api
