// SPDX-License-Identifier: Apache-2.0
#include "cli/hub_client.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace ostler::cli {
namespace {

constexpr std::uint64_t kSlack = 256u << 10;
constexpr std::size_t kPiece = 64u << 10;
constexpr int kPerPage = 100;
constexpr int kMostPages = 1'000;

Error refused(const net::HttpRequest& request, const net::HttpResponse& response) {
  const std::string status = std::to_string(response.status);
  const Errc code = response.status >= 500 ? Errc::Unavailable : Errc::UserFault;
  return Error(code, request.method + " " + request.url + " answered " + status + ": " +
                         wire::rest_error_text(response.body))
      .with_native(response.status);
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The first byte that "bytes <first>-<last>/<total>" names.
std::optional<std::uint64_t> first_of_range(std::string_view content_range) {
  constexpr std::string_view kUnit = "bytes ";
  if (!content_range.starts_with(kUnit)) return std::nullopt;
  content_range.remove_prefix(kUnit.size());
  return number_in(content_range.substr(0, content_range.find('-')));
}

/// How many bytes the file has from `offset` on, all handed to `sink`.
std::uint64_t read_file_from(const std::filesystem::path& path, std::uint64_t offset,
                             LogSink& sink) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  std::string piece(kPiece, '\0');
  std::uint64_t total = 0;
  while (file.read(piece.data(), kPiece) || file.gcount() > 0) {
    const auto count = static_cast<std::size_t>(file.gcount());
    sink.take(std::string_view(piece).substr(0, count));
    total += count;
  }
  return total;
}

}  // namespace

HubClient::HubClient(std::string url, std::string organization, Secret token)
    : url_(std::move(url)), organization_(std::move(organization)), token_(std::move(token)) {}

std::string HubClient::organization_url() const {
  return url_ + "/v2/organizations/" + organization_;
}

std::string HubClient::builds_url(const std::string& pipeline) const {
  return organization_url() + "/pipelines/" + pipeline + "/builds";
}

Result<net::HttpResponse> HubClient::send(net::HttpRequest request) {
  request.headers.emplace_back("Authorization", "Bearer " + token_.reveal());
  request.headers.emplace_back("Content-Type", "application/json");
  OSTLER_TRY(net::HttpResponse response, http_.send(request));
  if (!response.ok()) return refused(request, response);
  return response;
}

Result<wire::RestTokenAnswer> HubClient::token() {
  OSTLER_TRY(const auto response, send({.url = url_ + "/v2/access-token"}));
  return wire::decode_rest_token(response.body);
}

Result<std::vector<std::string>> HubClient::organizations() {
  OSTLER_TRY(const auto response, send({.url = url_ + "/v2/organizations"}));
  return wire::decode_rest_organization_slugs(response.body);
}

Result<std::string> HubClient::create_pipeline(const wire::RestNewPipeline& pipeline) {
  OSTLER_TRY(const auto response, send({.method = "POST",
                                        .url = organization_url() + "/pipelines",
                                        .body = wire::encode_rest_new_pipeline(pipeline)}));
  return wire::decode_rest_pipeline_slug(response.body);
}

Result<wire::RestBuildAnswer> HubClient::create_build(const std::string& pipeline,
                                                      const wire::RestNewBuild& build) {
  OSTLER_TRY(const auto response, send({.method = "POST",
                                        .url = builds_url(pipeline),
                                        .body = wire::encode_rest_new_build(build)}));
  return wire::decode_rest_build(response.body);
}

Result<wire::RestBuildAnswer> HubClient::build(const std::string& pipeline, std::int64_t number) {
  OSTLER_TRY(const auto response, send({.url = builds_url(pipeline) + "/" + std::to_string(number) +
                                               "?exclude_pipeline=true"}));
  return wire::decode_rest_build(response.body);
}

Result<void> HubClient::cancel_build(const std::string& pipeline, std::int64_t number) {
  OSTLER_TRY(send(
      {.method = "PUT", .url = builds_url(pipeline) + "/" + std::to_string(number) + "/cancel"}));
  return success();
}

/// REST gives the end of a log only, so this asks for its size first and for a little more than is
/// missing: what is written between the two requests shifts the end.
Result<std::uint64_t> HubClient::read_log(const std::string& job, std::uint64_t offset,
                                          const std::filesystem::path& scratch, LogSink& sink) {
  const std::string url = organization_url() + "/jobs/" + job + "/log.txt";
  OSTLER_TRY(const auto head, send({.method = "HEAD", .url = url}));
  const auto size = number_in(head.header("Content-Length"));
  if (!size || *size <= offset) return offset;
  const std::string wanted = std::to_string(*size - offset + kSlack);
  OSTLER_TRY(const auto part,
             send({.url = url,
                   .headers = {{"Accept", "text/plain"}, {"Range", "bytes=-" + wanted}},
                   .download_to = scratch}));
  const std::uint64_t first = first_of_range(part.header("Content-Range")).value_or(0);
  if (first > offset) return offset;
  return offset + read_file_from(scratch, offset - first, sink);
}

Result<std::vector<wire::RestArtifactAnswer>> HubClient::artifacts(const std::string& pipeline,
                                                                   std::int64_t number) {
  std::vector<wire::RestArtifactAnswer> all;
  for (int page = 1; page <= kMostPages; ++page) {
    OSTLER_TRY(const auto response,
               send({.url = builds_url(pipeline) + "/" + std::to_string(number) +
                            "/artifacts?state=finished&per_page=" + std::to_string(kPerPage) +
                            "&page=" + std::to_string(page)}));
    OSTLER_TRY(auto some, wire::decode_rest_artifacts(response.body));
    const bool is_last = some.size() < kPerPage;
    std::move(some.begin(), some.end(), std::back_inserter(all));
    if (is_last) break;
  }
  return all;
}

Result<void> HubClient::download(const std::string& url, const std::filesystem::path& to) {
  OSTLER_TRY(send({.url = url, .download_to = to, .total_timeout = std::chrono::milliseconds(0)}));
  return success();
}

}  // namespace ostler::cli
