// SPDX-License-Identifier: Apache-2.0
#include "object_store/send.hpp"

#include <thread>

namespace ostler::object_store {
namespace {

constexpr std::size_t kLongestQuote = 300;  // bytes

Result<net::HttpResponse> send_once(net::BlockingHttpClient& client, const MakeRequest& make,
                                    const ReadRefusal& read_refusal) {
  OSTLER_TRY(const auto request, make());
  OSTLER_TRY(auto answer, client.send(request));
  if (auto refusal = read_refusal(answer)) return *std::move(refusal);
  return answer;
}

}  // namespace

Result<net::HttpResponse> send(net::BlockingHttpClient& client, const MakeRequest& make,
                               const agent_client::RetryPolicy& policy,
                               const ReadRefusal& read_refusal) {
  agent_client::Attempts attempts(policy, agent_client::jitter);
  for (;;) {
    auto answer = send_once(client, make, read_refusal);
    if (answer) return answer;
    const auto wait = attempts.next(agent_client::failure_of(answer.error()), {});
    if (!wait) return answer;
    std::this_thread::sleep_for(*wait);
  }
}

bool may_heal(int status) { return status >= 500 || status == 408 || status == 429; }

Errc code_of_status(int status) {
  if (may_heal(status)) return Errc::Unavailable;
  if (status == 401 || status == 403) return Errc::Denied;
  if (status == 404) return Errc::NotFound;
  return status == 409 ? Errc::Conflict : Errc::UserFault;
}

std::string quoted_words(std::string_view text) {
  std::string words;
  for (const char c : text.substr(0, kLongestQuote)) {
    const auto byte = static_cast<unsigned char>(c);
    words += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  return words;
}

}  // namespace ostler::object_store
