// SPDX-License-Identifier: Apache-2.0
// What a client reads of jobs' logs and of artifacts.
#include "cli/hub_client.hpp"
#include "wire/rest_urls.hpp"

namespace ostler::cli {

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
