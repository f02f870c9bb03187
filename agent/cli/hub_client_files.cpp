// SPDX-License-Identifier: Apache-2.0
// What a client reads of jobs' logs and of artifacts.
#include <charconv>
#include <fstream>
#include <optional>

#include "cli/hub_client.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {
namespace {

constexpr std::uint64_t kSlack = 256u << 10;
constexpr std::size_t kPiece = 64u << 10;

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

Result<void> HubClient::stream_log(const std::string& job,
                                   const std::function<Result<void>(std::string_view)>& sink) {
  const auto take = [&sink](const net::HttpResponse&, std::string_view piece) {
    return sink(piece);
  };
  OSTLER_TRY(send({.url = organization_url() + "/jobs/" + job + "/log.txt",
                   .headers = {{"Accept", "text/plain"}},
                   .body_sink = take,
                   .total_timeout = std::chrono::milliseconds(0)}));
  return success();
}

Result<std::string> HubClient::log_end(const std::string& job, std::uint64_t most) {
  const std::string url = organization_url() + "/jobs/" + job + "/log.txt";
  auto part =
      send({.url = url,
            .headers = {{"Accept", "text/plain"}, {"Range", "bytes=-" + std::to_string(most)}}});
  constexpr int kNothingThere = 416;
  if (!part && part.error().native() == kNothingThere) return std::string();
  if (!part) return std::move(part).error();
  return std::move(part).value().body;
}

Result<std::vector<wire::RestArtifactAnswer>> HubClient::artifacts(const std::string& pipeline,
                                                                   std::int64_t number,
                                                                   const std::string& glob) {
  OSTLER_TRY(const auto text, artifacts_text(pipeline, number, glob));
  return wire::decode_rest_artifacts(text);
}

Result<std::string> HubClient::artifacts_text(const std::string& pipeline, std::int64_t number,
                                              const std::string& glob) {
  const std::string path = glob.empty() ? "" : "&path=" + wire::percent_encode(glob);
  return all_pages("/pipelines/" + pipeline + "/builds/" + std::to_string(number) +
                   "/artifacts?state=finished" + path);
}

Result<void> HubClient::download(const std::string& url, const std::filesystem::path& to) {
  OSTLER_TRY(send({.url = url, .download_to = to, .total_timeout = std::chrono::milliseconds(0)}));
  return success();
}

}  // namespace ostler::cli
