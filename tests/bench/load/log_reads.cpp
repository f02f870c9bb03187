// SPDX-License-Identifier: Apache-2.0
#include "bench/load/log_reads.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "bench/chain/table.hpp"
#include "files/file.hpp"
#include "net/http_client.hpp"

namespace ostler::bench {
namespace {

using Clock = std::chrono::steady_clock;

double time_of(const net::HttpRequest& wanted, bool ends_at_first_byte) {
  net::HttpRequest request = wanted;
  Clock::time_point done;
  std::size_t bytes = 0;
  request.body_sink = [&](const net::HttpResponse& head, std::string_view piece) -> Result<void> {
    if (head.status / 100 != 2) return Error(Errc::Protocol, std::string(piece));
    if (piece.empty()) return success();
    bytes += piece.size();
    done = Clock::now();
    if (ends_at_first_byte) return Error(Errc::Cancelled, "seen enough");
    return success();
  };
  net::BlockingHttpClient client;
  const auto asked = Clock::now();
  const auto answer = client.send(request);
  const bool is_cut = ends_at_first_byte && bytes > 0;
  if (bytes > 0 && (answer || is_cut)) return millis_between(asked, done);
  std::fprintf(stderr, "%s: %s\n", request.url.c_str(),
               answer ? "an empty answer" : answer.error().message().c_str());
  std::exit(1);
}

}  // namespace

std::vector<double> times_of(const support::RunningHub& hub, const LogRead& read, int count) {
  std::string token = files::read_file(hub.data() / "api-token", 1024).value();
  token.erase(token.find_last_not_of("\r\n") + 1);
  net::HttpRequest request{.url = hub.url() + "/v2" + read.path};
  request.headers.emplace_back("Authorization", "Bearer " + token);
  for (const auto& [name, value] : read.headers) request.headers.emplace_back(name, value);
  std::vector<double> times;
  for (int i = 0; i < count; ++i) times.push_back(time_of(request, read.ends_at_first_byte));
  return times;
}

}  // namespace ostler::bench
