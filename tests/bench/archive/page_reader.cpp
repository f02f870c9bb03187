// SPDX-License-Identifier: Apache-2.0
#include "bench/archive/page_reader.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "base/assert.hpp"
#include "bench/chain/table.hpp"
#include "files/file.hpp"

namespace ostler::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCalls = 200;
constexpr double kLongCallMs = 50;  // of such calls a tenth is enough

std::string token_of(const support::HubProcess& hub) {
  auto content = files::read_file(hub.data() / "api-token");
  OSTLER_ASSERT(content.has_value());
  return content.value().substr(0, content.value().find('\n'));
}

}  // namespace

PageReader::PageReader(const support::HubProcess& hub)
    : url_(hub.url() + "/v2/organizations/ostler"), token_(token_of(hub)) {}

double PageReader::read(const Page& page) {
  net::HttpRequest request{.url = url_ + page.path,
                           .headers = {{"Authorization", "Bearer " + token_}},
                           .response_limit = std::size_t{1} << 30};
  const auto start = Clock::now();
  const auto answer = client_.send(request);
  const double millis = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  if (!answer || answer.value().status != 200) {
    std::fprintf(stderr, "GET %s: %s\n", page.path.c_str(),
                 answer ? answer.value().body.c_str() : answer.error().message().c_str());
    std::exit(1);
  }
  size_ = answer.value().body.size();
  return millis;
}

void PageReader::measure(const Page& page) {
  std::vector<double> millis{read(page)};
  const int calls = millis.front() > kLongCallMs ? kCalls / 10 : kCalls;
  for (int i = 1; i < calls; ++i) millis.push_back(read(page));
  std::ranges::sort(millis);
  row(page.name + ", " + std::to_string(size_ / 1024) + " KiB",
      number(millis[millis.size() / 2], "ms"), number(millis[millis.size() * 99 / 100], "ms"), "");
}

}  // namespace ostler::bench
